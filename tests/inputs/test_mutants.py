"""A sample of the trial of mutants; `mutants.py` has the whole, run by hand."""

import mutants


def test_a_sample_of_mutants_of_real_tables_is_read_right_or_refused(shared):
    trial = mutants.run(shared / "data", number=200, seed=7, most_rows=60)
    assert trial.wrong == []
    assert trial.tracebacks == []
    assert len(trial.needless) <= 0.02 * trial.good
    assert len(trial.kinds) > 25
    # It tries what it says: some are read, some refused.
    assert 50 < trial.read < trial.tried - 30
