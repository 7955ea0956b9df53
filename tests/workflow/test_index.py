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


def test_a_report_holds_the_files_of_its_figures_after_a_run_that_drew_them_and_ended(example_copy):
    folder, chosen = example_copy.folder / "results" / "meta", example_copy.folder / "both.yaml"
    asked = (folder / "both.report.html").relative_to(example_copy.folder).as_posix()
    text = (example_copy.folder / "config" / "config.yaml").read_text() + META
    chosen.write_text(text)
    example_copy.complete(asked, "--configfile", "both.yaml")
    chosen.write_text(text.replace("[svg, pdf, png]", "[png]"))
    # As Ctrl-C may leave it: the .svg, which is what the report names as its input, has the same content.
    example_copy.complete("results/meta/figures/forest_both.svg", "--configfile", "both.yaml")
    assert {path.suffix for path in (folder / "figures").iterdir()} == {".svg", ".png", ".tsv"}
    example_copy.complete(asked, "--configfile", "both.yaml")
    held = re.findall(r'data-path="figures/([^"]+)"', (folder / "both.report.html").read_text())
    assert set(held) == {path.name for path in (folder / "figures").iterdir() if path.suffix != ".png"}


def test_formats_of_figures_that_make_the_same_files_run_nothing_again(example_copy):
    config = example_copy.folder / "config" / "config.yaml"
    text = config.read_text()
    for same in ("[png, pdf]", "[pdf, png, svg, pdf]"):
        config.write_text(text.replace("[svg, pdf, png]", same))
        assert example_copy.rules_to_run() == {}
