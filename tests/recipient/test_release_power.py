"""Power of a release, against simulated interactions of pairs."""

import numpy as np
import pandas as pd

from mircargo.benchmark.two_groups import draw_changes, negative_binomial
from mircargo.config import Comparison, Contrast, Thresholds
from mircargo.model.design.matrix import release_design
from mircargo.model.engines.deseq2 import fit
from mircargo.recipient.power import Layout, Limit, Scatter, draws, power_of_wald

N, OF_EACH, STUDIES, CUTOFF = 4, 24, 20, 0.01
# Mean in the source and in the exosomes, dispersion, release.
TRUTHS = [(*means, d, fold) for means in ((400, 60), (30, 200)) for d in (0.05, 0.2) for fold in (1.5, 2.0, 4.0)]
OTHERS = 300


def sheet():
    animals = [f"m{i}" for i in range(2 * N)]
    rows = {"fraction": ["cell"] * 2 * N + ["exosome"] * 2 * N, "subject": animals * 2}
    condition = (["control"] * N + ["injured"] * N) * 2
    names = [f"{fraction}_{animal}" for fraction, animal in zip(rows["fraction"], rows["subject"], strict=True)]
    return pd.DataFrame(rows | {"condition": condition}, index=pd.Index(names, name="sample"))


def design(samples):
    asked = {"variable": "condition", "level": "injured", "reference": "control"}
    exosome, source = (Contrast(**asked, subset={"fraction": [each]}) for each in ("exosome", "cell"))
    comparison = Comparison(exosome="exo", source="cell", subject="subject")
    return release_design(samples, comparison, exosome, source, [], "a comparison")


def simulated(samples, rng):
    outside = (samples["fraction"] == "exosome").to_numpy()
    moved = outside & (samples["condition"] == "injured").to_numpy()
    sign = np.tile([1.0, -1.0], OF_EACH // 2)
    base = np.exp(rng.normal(4, 1.5, OTHERS))
    source = np.concatenate([base, *(np.full(OF_EACH, each[0]) for each in TRUTHS)])
    exosome = np.concatenate([base * np.exp(rng.normal(0, 1, OTHERS)), *(np.full(OF_EACH, each[1]) for each in TRUTHS)])
    own = (0.05 + 1.5 / base) * np.exp(rng.normal(0, 0.5, OTHERS))
    dispersion = np.concatenate([own, *(np.full(OF_EACH, each[2]) for each in TRUTHS)])
    release = [draw_changes(OTHERS, (0.1, 0.1), (0.585, 0.8), rng), *(sign * np.log2(each[3]) for each in TRUTHS)]
    release = np.concatenate(release)
    of_animal = rng.normal(0, 0.4, (len(source), 2 * N))
    level = np.where(outside, exosome[:, None], source[:, None]) * np.exp(np.tile(of_animal, 2))
    counts = negative_binomial(level * np.exp2(np.outer(release, moved)), dispersion[:, None], rng)
    table = pd.DataFrame(counts, index=[f"f{i}" for i in range(len(source))], columns=samples.index)
    return table.rename_axis("feature"), np.sign(release)


def test_power_of_a_release_is_what_simulated_pairs_find():
    rng, samples = np.random.default_rng(5), sheet()
    asked = design(samples)
    assert asked.matrix.shape[1] == 2 * N + 2, "subjects are blocked"
    parts, priors = [], []
    for _ in range(STUDIES):
        counts, sign = simulated(samples, rng)
        found = fit(counts, asked, Thresholds(), details=True)
        called = (found.results["pvalue"] < CUTOFF) & (np.sign(found.results["log2FoldChange"]) == sign)
        of = np.repeat(np.arange(-1, len(TRUTHS)), [OTHERS, *[OF_EACH] * len(TRUTHS)])
        parts.append(found.results.assign(called=called, of=of))
        priors.append(found.facts["dispersion_prior_variance"])
    results = pd.concat(parts)
    layout = Layout(asked.matrix.to_numpy(dtype=float), asked.contrast, np.ones(4 * N), N)
    outside = (samples.loc[asked.matrix.index, "fraction"] == "exosome").to_numpy()
    off = {}
    for place, (cell, exosome, d, fold) in enumerate(TRUTHS):
        own = results[results["of"] == place]
        scatter = Scatter(d, float(np.exp(np.log(own["dispersion_trend"]).mean())), float(np.mean(priors)))
        means = np.where(outside, exosome, cell) * np.exp(0.4**2 / 2)
        changes = (np.log2(fold), -np.log2(fold))
        power = np.mean([power_of_wald(draws(layout, means, c, scatter, N), c, Limit(CUTOFF)) for c in changes])
        off[cell, exosome, d, fold] = power - own["called"].mean()
    # 480 features of each: chance alone makes differences of 0.02.
    assert np.mean(np.abs(list(off.values())) <= 0.05) >= 0.9, {key: round(value, 3) for key, value in off.items()}
