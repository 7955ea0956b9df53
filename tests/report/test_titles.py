"""Where a contrast has a title, nobody reads its name on the page but in the names of files."""

import re
from html import unescape

import pytest

from factories import Made, make
from mircargo.report.build import build

TITLES = {"c1": "Injury in DRG <7 d>", "c2": "Injury in Exosomes"}


class Titled(Made):
    @property
    def configuration(self):
        settings = super().configuration
        settings["contrasts"] = {name: each | {"title": TITLES[name]} for name, each in settings["contrasts"].items()}
        settings["comparisons"] = {"release": settings["comparisons"]["release"] | {"title": "What EVs Carry"}}
        return settings


def read_by_people(page: str) -> str:
    """Return the texts of a page and what it is called for those who cannot see; not the configuration at its end."""
    page = re.sub(r"<(script|style|pre)\b.*?</\1>", "", page, flags=re.DOTALL)
    labels = re.findall(r'(?:aria-label|alt)="([^"]*)"', page)
    texts = re.sub(r"<code>.*?</code>|<button[^>]*data-path.*?</button>", "", page, flags=re.DOTALL)
    return unescape("\n".join([*labels, *re.split(r"<[^>]+>", texts)]))


@pytest.mark.parametrize("name", ["c1", "c2", "release"])
def test_people_read_the_title_and_machines_the_name(tmp_path, name):
    page = build("study", make(Titled(), tmp_path / "study"))
    text = read_by_people(page)
    allowed = r"Downloads of \w+|\S+\.tsv"
    assert not re.search(rf"\b{name}\b(?!\w)", re.sub(allowed, "", re.sub(r"\brelease\b(?! *[:<])", "", text)))
    for title in (*TITLES.values(), "What EVs Carry"):
        assert title in text
    assert f"{TITLES['c1']}: ~ condition" in text, "the methods paragraph"
    assert '<option value="c2">Injury in Exosomes</option>' in page
    assert 'data-path="figures/volcano_c1.svg"' in page
    assert '"name": "c1", "title": "Injury in DRG' in page or '"name":"c1","title":"Injury in DRG' in page


class WithCommas(Made):
    @property
    def configuration(self):
        settings = super().configuration
        contrasts = {name: each | {"title": f"wt, {name} against sham"} for name, each in settings["contrasts"].items()}
        return settings | {"contrasts": contrasts}


def test_titles_with_commas_are_told_apart_in_the_first_line(tmp_path):
    page = build("study", make(WithCommas(n_contrasts=3), tmp_path / "study"))
    line = unescape(re.sub("<[^>]+>", "", re.search('<p class="headline">(.*?)</p>', page)[1]))
    assert re.search("wt, c. against sham; wt, c. against sham", line), line


def test_without_a_title_the_name_is_read(tmp_path):
    page = build("study", make(Made(), tmp_path / "study"))
    assert "<option>c2</option>" in page
    assert "c1: ~ condition" in page
