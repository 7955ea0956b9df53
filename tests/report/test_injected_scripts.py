"""A script that gets into a page by a name that is not escaped does not run: a page allows its own scripts only."""

import re

import pytest

from chromium import open_page
from factories import Made, make
from mircargo.report.build import build
from mircargo.report.index_page import build_index
from mircargo.report.meta_page import build_meta
from pools import Pool, make_pool

RUN = "void (window.ran ??= []).push"
INJECTED = f"""<script>{RUN}('script')</script>
<script type="module">{RUN}('module')</script>
<img src="x" onerror="{RUN}('picture')">
<svg onload="{RUN}('drawing')"></svg>
<a id="bad" href="javascript:{RUN}('link')">here</a>
<script src="data:text/javascript,{RUN}('elsewhere')"></script>"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    make(Made(), folder / "results" / "mine")
    meta = make_pool(Pool(folds=(1, 2, 3)), folder)
    return {
        "study": build("mine", folder / "results" / "mine"),
        "meta-analysis": build_meta("many", meta),
        "index": build_index(["mine"], ["many"], folder / "results"),
    }


def scripts_that_ran(browser, path, text):
    path.write_text(text.replace("</h1>", f"</h1>{INJECTED}", 1))
    page = open_page(browser, path)
    page.locator("html[data-ready]").wait_for(state="attached")
    page.locator("#bad").click()
    page.wait_for_timeout(200)
    ran, messages = page.evaluate("window.ran ?? []"), page.messages
    page.close()
    return set(ran), messages


@pytest.mark.parametrize("kind", ["study", "meta-analysis", "index"])
def test_injected_script_does_not_run_and_the_page_works(kind, pages, browser, tmp_path):
    ran, messages = scripts_that_ran(browser, tmp_path / "page.html", pages[kind])
    assert ran == set()
    assert sum("Content Security Policy" in message for message in messages) >= 6
    # Without the policy each of them runs.
    text = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", pages[kind])
    ran, _ = scripts_that_ran(browser, tmp_path / "page.html", text)
    assert ran == {"script", "module", "picture", "drawing", "link", "elsewhere"}
