"""The pieces of the report that need no browser."""

import base64
import graphlib
import gzip
import json
import re

import pandas as pd
import pytest

from factories import TARGET, Made, make
from mircargo.config import parse
from mircargo.io import read_json, write_json, write_table
from mircargo.report.build import PAGE
from mircargo.report.charts import specs
from mircargo.report.methods import REFERENCES, methods_paragraph, references_of
from mircargo.report.pack import json_for_script, link_modules, packed
from mircargo.report.sections import answers
from mircargo.report.stress_chart import MOST_SAMPLES, condensed
from mircargo.report.synonyms import synonyms
from mircargo.results.contract import STRESS_FACTS, STRESS_VARIANTS
from mircargo.results.reader import StudyResults


def test_packed_content_is_the_same_each_time_and_comes_back():
    content = "miRNA\t\u2013\n".encode() * 100
    assert packed(content) == packed(content)
    as_python_has_it = packed(content).translate(str.maketrans(".:,", "<>&"))
    assert gzip.decompress(base64.b85decode(as_python_has_it)) == content
    assert not set(packed(bytes(range(256)) * 9)) & set("<>&\"'")


def test_json_cannot_end_the_element_it_stands_in():
    value = {"</script><!--": ["<b>&amp;", '"quoted"']}
    text = json_for_script(value)
    assert not re.search(r"[<>&]", text)
    assert json.loads(text) == value


def test_target_is_known_by_its_names_in_every_release():
    features = pd.DataFrame(
        {
            "feature": ["mmu-miR-21a-5p", "mmu-mir-21a", "rno-miR-21-5p", "novel-1"],
            "accession": ["MIMAT0000530", "MI0000569", "MIMAT0000790", None],
        }
    )
    found = synonyms(features)
    # MIMAT0000530 was mmu-miR-21 up to release 17, mmu-miR-21-5p in 18, and is mmu-miR-21a-5p from 19 on.
    assert found["mmu-miR-21a-5p"] == ["MIMAT0000530", "mmu-miR-21", "mmu-miR-21-5p", "mmu-mir-21a"]
    assert {"MI0000569", "mmu-miR-21", "mmu-miR-21a-5p", "mmu-miR-21a-3p", "mmu-miR-21*"} <= {*found["mmu-mir-21a"]}
    assert found["rno-miR-21-5p"] == ["MIMAT0000790", "rno-miR-21", "rno-mir-21"]
    assert found["novel-1"] == []


def test_stress_test_keeps_what_matters_and_the_range_of_the_rest():
    samples = [(f"without sample s{i}", "sample", 1 + i / 10, "none" if i < 10 else "up") for i in range(12)]
    rows = [("as configured", "base", 1.0, "up"), *samples, ("TMM", "size_factors", 1.234, "none")]
    table = pd.DataFrame(rows, columns=["variant", "kind", "log2FoldChange", "call"])
    table = table.assign(feature="f", ci_low=0.5, ci_high=3.0, padj=0.01)
    found = [line.split("\t") for line in condensed(table).splitlines()]
    assert found[0] == ["feature", "variant", "kind", "n", "log2FoldChange", "ci_low", "ci_high", "call"]
    # Ten variants lose the call; the first eight are drawn, two and the two that keep it are the rest: 1.8 to 2.1.
    assert [row[1] for row in found[1:-2]] == ["as configured", *(f"without sample s{i}" for i in range(MOST_SAMPLES))]
    assert found[-2] == ["f", "sample", "rest", "4", "NA", "1.80", "2.10", ""]
    assert found[-1] == ["f", "TMM", "size_factors", "1", "1.23", "0.50", "3.00", "none"]
    in_blocks = [line.split("\t") for line in condensed(table, in_blocks=True).splitlines()]
    assert in_blocks[-2] == ["f", "block of samples", *found[-2][2:]]


def test_what_could_overturn_a_call_comes_from_its_variants(tmp_path):
    """Names are free text: a sample whose name has a semicolon is one reason, not two."""
    folder = make(Made(n_contrasts=1), tmp_path / "mine")
    odd = "without sample a; b"
    rows = [("as configured", "base", "up"), (odd, "sample", "none"), ("TMM", "size_factors", "up")]
    rows += [("limma-voom", "engine", "down")]
    table = pd.DataFrame(rows, columns=["variant", "kind", "call"]).assign(feature=TARGET)
    write_table(table, STRESS_VARIANTS.within(folder, contrast="c1"))
    assert answers(StudyResults("mine", folder))[0]["overturned_by"] == [odd, "limma-voom (down)"]
    stress = STRESS_FACTS.within(folder, contrast="c1")
    write_json(read_json(stress) | {"not_robust": ["copies"]}, stress)
    (answer,) = answers(StudyResults("mine", folder))
    assert answer["overturned_by"] == ["libraries that are counted more than once", odd, "limma-voom (down)"]


def test_charts_name_their_data_and_hold_none():
    for name, spec in specs().items():
        text = json.dumps(spec)
        assert '"values": [{' not in text, name
        assert '"url"' not in text, name
    parameters = {each["name"] for each in specs()["volcano"]["params"]}
    assert parameters == {"hovered", "pinned", "view_x", "view_y"}


def facts(**changes):
    found = {"formula": "~ g", "groups": {"a": 3, "b": 3}, "dispersion_trend": "mean", "reduced_formula": None}
    return found | {"size_factor_methods": {"all": "ratio"}, "not_shrunken": None} | changes


def paragraph(fit_facts, thresholds=(), **changes):
    settings = {"title": "t", "species": "mmu", "counts": [{"table": "t.tsv"}], "samples": "s.tsv"}
    contrast = {"variable": "g", "level": "b", "reference": "a"}
    config = parse(
        {"studies": {"mine": settings | {"contrasts": {"c": contrast}} | changes}, "thresholds": dict(thresholds)}
    )
    versions = dict.fromkeys(["mircargo", "snakemake", "pydeseq2"], "1")
    return methods_paragraph(config.studies["mine"], config.thresholds_of("mine"), {"c": fit_facts}, versions, {})


@pytest.mark.parametrize(
    ("named", "said", "not_said"),
    [
        ({}, ["were named after miRBase 22.1 (Kozomara", "cannot be misread ones"], ["candidate"]),
        (
            {"species": "ssc", "mirbase": {"file": "in/pig.fa"}},
            [
                "were named after pig.fa of miRBase (release not known; Kozomara",
                "species ssc",
                "cannot be misread ones",
            ],
            ["22.1"],
        ),
        (
            {"species": "other"},
            ["were read, with the features named as there, by mircargo", "none is more than a candidate"],
            ["miRBase", "Kozomara", "cannot be misread ones"],
        ),
    ],
    ids=["built in", "of a file", "as they are"],
)
def test_the_methods_say_where_names_are_from(named, said, not_said):
    contrast = {"variable": "g", "level": "b", "reference": "a", "exosome": True}
    text = paragraph(facts(), contrasts={"c": contrast}, **named)
    assert [part for part in said if part not in text] == []
    assert [part for part in not_said if part in text] == []


def test_every_citation_has_its_reference_and_no_other_is_listed():
    text = paragraph(facts())
    cited = set(re.findall(r"[A-ZÀ-Ž][\w-]+(?: et al\.| and [A-Z]\w+)? (?:19|20)\d\d", text))
    assert cited == {key for key, entry in REFERENCES.items() if entry in references_of(text)}
    assert "Chevillet et al. 2014" not in cited, "no exosomes, no word of them"


def test_paragraph_leaves_out_what_was_not_done():
    joint = paragraph(facts(reduced_formula="~ 1", not_shrunken="a joint test"))
    assert "likelihood-ratio tests: c (against ~ 1)" in joint
    assert "was below 0.05 and, of a joint test, the interval of its fold change beyond 0;" in joint
    question = {"term": "slope", "where": {}, "at": {}, "words": "each unit of dose, over 6 samples from 0 to 5"}
    slope = paragraph(facts(asked=question))
    assert "c: ~ g, 3 a, 3 b, asked: each unit of dose, over 6 samples from 0 to 5." in slope
    assert "within ±0.585 (a slope: over all of its numbers), and inconclusive" in slope
    for absent in ("Wald", "limma-voom", "error of preparation", "Shrunken"):
        assert absent not in joint
    assert "error of preparation" not in paragraph(facts(), {"preparation_log2_sd": 0})
    spiked = paragraph(facts(), spike_ins=["UniSp*"], size_factors={"method": "spike_ins"})
    assert "over a fifth of a library's reads" not in spiked
    assert "Co-cargo" in paragraph(
        facts(), contrasts={"c": {"variable": "g", "level": "b", "reference": "a", "exosome": True}}
    )


def write_modules(folder, **modules):
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text)


def test_modules_are_linked_after_those_they_import_from(tmp_path):
    # By name they would come in the other order.
    write_modules(
        tmp_path,
        a='import { twice } from "./b.js";\nimport { ONE, THREE } from "./c.js";\nanswer = twice(THREE) + ONE;\n',
        b='import { ONE } from "./c.js";\n\nexport function twice(x) {\n  return (ONE + ONE) * x;\n}\n',
        c="/** export const */\nexport const ONE = 1;\nexport const THREE = 3;\nexport async function none() {}\n",
    )
    assert link_modules(tmp_path, "a.js") == (
        "/** export const */\nconst ONE = 1;\nconst THREE = 3;\nasync function none() {}\n"
        "\n\nfunction twice(x) {\n  return (ONE + ONE) * x;\n}\n"
        "\nanswer = twice(THREE) + ONE;\n"
    )


def test_modules_that_import_each_other_are_refused(tmp_path):
    write_modules(tmp_path, a='import { b } from "./b.js";\n', b='import { a } from "./a.js";\n')
    with pytest.raises(graphlib.CycleError, match=r"a\.js"):
        link_modules(tmp_path, "a.js")


@pytest.mark.parametrize(("entry", "least"), [("main.js", 50), ("meta.js", 30), ("index.js", 5)])
def test_modules_of_a_page_can_be_one_script(entry, least):
    text = link_modules(PAGE, entry)
    assert re.findall(r"^(?:import|export)\b.*", text, re.MULTILINE) == []
    names = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", text, re.MULTILINE)
    assert len(names) > least
    assert sorted(names) == sorted(set(names))
    assert "</script" not in text


@pytest.mark.parametrize("entry", ["main.js", "meta.js", "index.js"])
def test_scripts_neither_compile_text_nor_ask_the_network(entry):
    text = link_modules(PAGE, entry)
    for forbidden in ("eval(", "new Function", "fetch(", "XMLHttpRequest", "document.write", "http:", "https:"):
        assert forbidden not in text


def test_charts_of_the_page_are_those_declared():
    kept = (PAGE / "charts.json").read_text(encoding="utf-8")
    assert kept == json.dumps(specs(), indent=2, ensure_ascii=False) + "\n", "make them again: mircargo reference ."
