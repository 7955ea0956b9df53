"""A run with a meta-analysis: its page and the index are made, said at the end, and lead where they say."""

import re

from mircargo.io import read_result

META = """
meta:
  both:
    title: Injury in DRG and exosomes
    contrasts: [example.drg_injury, example.exosome_injury]
"""


def test_a_run_with_a_meta_analysis_ends_with_its_sentence_and_an_index(example_copy):
    results = example_copy.folder / "results"
    assert not (results / "index.html").exists(), "a run of one study needs none"
    config = (example_copy.folder / "config" / "config.yaml").read_text()
    (example_copy.folder / "both.yaml").write_text(config + META)
    wanted = ("--configfile", "both.yaml")
    rules = ("pool_studies", "replicate_calls", "plot_meta", "write_meta_report", "write_index")
    assert example_copy.rules_to_run(*wanted) == dict.fromkeys(rules, 1)
    end = example_copy.complete(*wanted).stdout.splitlines()
    assert example_copy.rules_to_run(*wanted) == {}

    sentence = read_result(results / "meta" / "both.target.tsv")["sentence"][0]
    assert end[-5:] == [
        "both (meta-analysis): Injury in DRG and exosomes",
        f"  {sentence}",
        "  report: results/meta/both.report.html",
        "index: results/index.html",
        "Next: open results/index.html in a browser; for a table of your own: mircargo init TABLE",
    ]
    said = example_copy.call("mircargo", "summary", "both.yaml")
    assert said.stdout.splitlines() == end[-len(said.stdout.splitlines()) - 1 : -1]

    for page in (results / "index.html", results / "meta" / "both.report.html"):
        links = re.findall(r'<a href="([^"#]+)', page.read_text())
        assert [link for link in links if not (page.parent / link).exists()] == []
        assert len(set(links)) >= 1
    index = (results / "index.html").read_text()
    for words in ("DRG and exosomes after nerve injury (simulated)", "is up 2.8-fold in drg, injured against control"):
        assert words in index
    listing = example_copy.complete("--summary", *wanted).stdout
    assert "results/index.html" in listing
