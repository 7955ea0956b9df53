"""The command end to end on a few studies, and the table behind its figure."""

import pandas as pd
import pytest
from click.testing import CliRunner

from mircargo.cli.benchmark import benchmark
from mircargo.figures.benchmark_scores import plot, tabulate
from mircargo.io import read_result
from mircargo.problems import ProblemsFound


def run(*arguments: str):
    return CliRunner().invoke(benchmark, list(arguments), catch_exceptions=False)


@pytest.mark.slow
def test_the_command_writes_what_it_says_and_the_same_on_more_cores(tmp_path):
    asked = ["--studies", "2", "--settings", "no_change,one_empty", "--per-group", "3", "--callers", "plain"]
    outputs = [run(*asked, "--cores", cores, "--out", str(tmp_path / cores)).output for cores in ("1", "2")]
    files = {path.name for path in (tmp_path / "1").iterdir()}
    assert files == {
        "benchmark.tsv",
        "quality.tsv",
        "summary.tsv",
        "bars.tsv",
        "scores.svg",
        "scores.pdf",
        "scores.png",
        "scores.tsv",
    }
    for name in files:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes(), name
    assert "met     one_empty, plain: 2 of 2 refused so" in outputs[0]
    scores = read_result(tmp_path / "1" / "benchmark.tsv")
    assert scores.groupby("setting")["outcome"].unique().map(list).to_dict() == {
        "no_change": ["fitted"],
        "one_empty": ["refused"],
    }


def test_unknown_names_are_all_listed():
    with pytest.raises(ProblemsFound) as caught:
        run("--callers", "plan,plain,x")
    assert [problem.found for problem in caught.value.problems] == ["'plan'", "'x'"]
    assert "did you mean 'plain'?" in caught.value.problems[0].hint
    assert "Nothing to score" in run("--studies", "0").output


def test_figure_shows_means_of_studies_and_medians_of_groups():
    summary = pd.DataFrame(
        {
            "setting": ["a", "b"],
            "caller": "plain",
            "per_group": 3,
            "studies": [5, 5],
            "mean_fdr": [0.1, None],
            "mean_tpr": [0.5, None],
            "mean_unchanged_called": [0.02, None],
        }
    )
    pools = pd.DataFrame(
        {"caller": "plain", "fdr": [0.1, 0.2, 0.6], "tpr": [0.9, 0.8, 0.1], "unchanged_called": [0.0, 0.1, 0.9]}
    )
    table = tabulate(summary, pools).set_index("setting")
    assert list(table.index) == ["a", "pools"]  # b was never fitted
    assert table.loc["pools", ["n", "fdr", "tpr", "unchanged_called"]].tolist() == [3, 0.2, 0.8, 0.1]
    figure = plot(table.reset_index(), alpha=0.05, reference={"pools": {"fdr": 0.031}})
    assert figure.axes[0].get_xlabel().replace("\n", " ") == "of the calls, the share that is false"
