"""Many simulated studies: each is the study of its seed, and the configuration runs and pools them all."""

from dataclasses import replace

import pytest

from mircargo.checks.study import examine_study
from mircargo.config import load
from mircargo.features.mirbase import load_mature
from mircargo.io import read_counts
from mircargo.simulate.example import Settings, simulate
from mircargo.simulate.many import write_many

SMALL = Settings(seed=7, animals_per_group=3, n_mirnas=80)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return load(str(write_many(load_mature(), 3, tmp_path_factory.mktemp("many"), SMALL)))


def test_each_study_is_that_of_its_seed(written):
    for position, study in enumerate(written.studies.values()):
        made = simulate(load_mature(), replace(SMALL, seed=7 + position))
        for table, counts in zip(study.counts, (made.drg, made.exosome), strict=True):
            assert read_counts(table.table).equals(counts)


def test_studies_differ_and_pass_the_check(written):
    tables = [read_counts(study.counts[0].table) for study in written.studies.values()]
    assert not tables[0].equals(tables[1])
    assert all(study.simulated for study in written.studies.values())
    for name in written.studies:
        problems, _ = examine_study(written, name)
        assert [problem for problem in problems if problem.severity == "error"] == []


def test_all_studies_are_pooled(written):
    assert list(written.studies) == ["study_001", "study_002", "study_003"]
    assert written.meta["exosome"].contrasts == [f"study_00{n}.exosome_injury" for n in (1, 2, 3)]


def test_one_study_alone_is_not_pooled(tmp_path):
    config = load(str(write_many(load_mature(), 1, tmp_path, SMALL)))
    assert (list(config.studies), config.meta) == (["study_001"], {})


def test_no_study_is_refused(tmp_path):
    with pytest.raises(ValueError, match="at least 1"):
        write_many(load_mature(), 0, tmp_path, SMALL)
    assert not list(tmp_path.iterdir())
