"""MultiQC's sections: what the numbers are, and that nothing of the study is taken for HTML."""

import pytest

from mircargo.export.multiqc import sections
from mircargo.problems import ProblemsFound


def test_sections_hold_the_study_and_its_numbers(folder):
    made = sections("tiny", folder, simulated=True)
    assert list(made) == ["general", "target", "contrasts", "warnings", "reads", "composition", "pca"]
    assert {section["id"] for section in made.values()} == {f"mircargo_tiny_{name}" for name in made}
    assert {(section["parent_id"], section["parent_name"]) for section in made.values()} == {("mircargo", "mircargo")}
    assert all(section["description"].endswith("Simulated data.") for section in made.values())
    # Four samples of 200 reads, of which 50 were dropped; counts of feature i in sample j are 10 i + j.
    assert "800 reads" in made["reads"]["description"]
    assert "75.0% kept, 0.0% repeated on other rows of a feature, 25.0% dropped" in made["reads"]["description"]
    assert made["composition"]["data"]["s1"]["&lt;b&gt;bold&lt;/b&gt;"] == 51
    assert made["composition"]["data"]["s1"]["all others"] == 0
    assert "33%" in made["composition"]["description"], "50 of 150, and 53 of 168"
    assert made["general"]["data"]["s2"]["total"] == 150
    assert made["general"]["headers"]["size_factor"]["title"] == "Size factor"
    counted = {"samples": 4, "tested": 4, "up": 1, "robust_up": 0, "down": 1, "robust_down": 1, "no_call": 2}
    row = made["contrasts"]["data"]["history"]
    assert row == counted | {"not_tested": 2, "note": "=few &lt;b&gt;samples&lt;/b&gt;"}
    assert made["pca"]["data"]["s1"]["x"] == 2
    assert "80% of the variance in PC1" in made["pca"]["description"]


def test_text_of_the_study_is_no_html(folder):
    made = sections("tiny", folder, simulated=False)
    assert "<script>" not in str(made)
    assert "<b>" not in str(made)
    assert made["warnings"]["data"]["1"]["where"] == "sample s1&#44; s2"
    assert not any("Simulated" in section["description"] for section in made.values())


def test_results_that_are_not_there_are_named(folder):
    (folder / "figures" / "pca.tsv").unlink()
    with pytest.raises(ProblemsFound, match=r"figures/pca\.tsv"):
        sections("tiny", folder, simulated=False)


def test_people_read_titles(folder):
    made = sections("tiny", folder, simulated=False, titles={"history": "Past & Present"})["target"]
    assert made["description"].startswith("Past &amp; Present: ")
    names = list(made["data"])
    assert "history" not in names
    assert names[0].startswith("Past ")
