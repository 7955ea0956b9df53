"""What the libraries of a contrast say of its features by themselves: relatives, shared reads, and all cautions."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from mircargo.cargo.cautions import COUNTS, Caution, cautions, with_markers
from mircargo.cargo.cross_mapping import mature_sequences, relatives
from mircargo.cargo.signatures import Signature, signatures
from mircargo.checks.same_reads import stands_for
from mircargo.vocabulary import ALL_ZERO, LOW_COUNT

UNCHECKED = "no sequence is known, so nothing says that its reads are not misread ones of another: a candidate at most"


@dataclass(frozen=True, eq=False)
class Libraries:
    """The libraries of a contrast, and the study that they are of."""

    counts: pd.DataFrame  # features x samples, integers; all of the study, so that shadows can be told from others
    features: pd.DataFrame  # `counts/features.tsv`
    size_factors: Mapping[str, float]  # of the contrast's samples
    # The group of each of these samples; correlations are of what is left when group means are taken out.
    groups: pd.Series
    # The fraction of each sample, within which a shadow's share is constant; None where there is only one.
    strata: pd.Series | None = None
    blood: bool = False  # whether the samples come from blood


@dataclass(frozen=True, eq=False)
class Examined:
    """The fitted features of a contrast, and what makes one wary of each.

    Attributes
    ----------
    fitted
        Rows of `differential/{contrast}.tsv` that were fitted, indexed by feature.
    counts
        Fitted features x samples of the contrast, integers.
    known
        `counts/features.tsv` of the fitted features; accessions with those of markers of the same sequence.
    sequences
        Mature sequences, missing where unknown; several are joined by `/`.
    related
        Table of `cross_mapping.relatives`.
    again
        Features whose reads stand on another feature too: that feature, and the reason in words.
    signed
        Signatures that go with the groups.
    """

    fitted: pd.DataFrame
    counts: pd.DataFrame
    known: pd.DataFrame
    sequences: pd.Series
    related: pd.DataFrame
    again: Mapping[str, tuple[str, str]]
    signed: list[Signature]
    blood: bool

    def cautions(self, called: pd.Index, unchecked: pd.Index) -> dict[str, list[Caution]]:
        """List the cautions of each feature, those of its reads first.

        Parameters
        ----------
        called
            Features with a call: a signature may have made it.
        unchecked
            Features that are said to have no known sequence.
        """
        found = cautions(self.counts, self.known, self.related, self.blood)
        for feature, (_, reason) in self.again.items():
            if feature in found:
                found[feature] = [Caution(reason, COUNTS, "same_reads"), *found[feature]]
        for feature in unchecked:
            found[feature] = [*found[feature], Caution(UNCHECKED, COUNTS, "no_sequence")]
        for signature in self.signed:
            for feature in signature.features.intersection(called):
                found[feature] = [*found[feature], signature.caution]
        return found


def examine(results: pd.DataFrame, libraries: Libraries, target: str | None, alpha: float) -> Examined:
    """Look at the fitted features of a contrast; `results` is its `differential/{contrast}.tsv`."""
    fitted = results[~results["status"].isin([ALL_ZERO, LOW_COUNT])].set_index("feature")
    own = libraries.counts.loc[fitted.index, list(libraries.groups.index)]
    known = with_markers(libraries.features.set_index("feature")).reindex(fitted.index)
    sequences = mature_sequences(libraries.features)
    related = relatives(libraries.counts.loc[fitted.index], sequences, libraries.strata)
    again = stands_for(libraries.counts, libraries.features, target)
    signed = signatures(own, libraries.size_factors, libraries.groups, known["accession"], target, alpha)
    return Examined(fitted, own, known, sequences.reindex(fitted.index), related, again, signed, libraries.blood)
