"""Modules of the page that need no page: each is imported by itself into a browser."""

from urllib.parse import quote

import pandas as pd
import pytest

from mircargo.report.build import PAGE


@pytest.fixture(scope="module")
def tab(browser):
    return browser.new_page()


def call(tab, module, function, *arguments):
    address = "data:text/javascript," + quote((PAGE / module).read_text())
    script = "async ([address, name, given]) => (await import(address))[name](...given)"
    return tab.evaluate(script, [address, function, arguments])


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "above 0.99"), (0.048, "0.048"), (9.9e-4, "9.9e-04"), (3.3e-42, "3.3e-42"), (0, "below 1e-300")],
)
def test_p_values_are_written_as_in_the_sentences(tab, value, text):
    assert call(tab, "numbers.js", "formatP", value) == text


@pytest.mark.parametrize("odd", ["plain", 'a "quoted" name', '"', "a\ttab", "two\nlines", "with a\u2028line", ""])
def test_tables_are_read_as_pandas_writes_them(tab, odd):
    table = pd.DataFrame({"feature": [odd, "b"], "call": ["up", odd]})
    text = table.to_csv(sep="\t", index=False, lineterminator="\n")
    assert call(tab, "tables.js", "parseTable", text) == table.to_dict("records")


def test_a_cell_is_quoted_as_pandas_quotes_it(tab):
    for cell in ("plain", 'a "quoted" name', "a\ttab", "two\nlines"):
        written = pd.DataFrame([cell]).to_csv(sep="\t", index=False, header=False, lineterminator="\n")
        assert call(tab, "tables.js", "quoteCell", cell) + "\n" == written


@pytest.mark.parametrize("cell", ["NA", ""])
def test_what_is_missing_is_no_number_and_is_written_as_a_dash(tab, cell):
    assert call(tab, "numbers.js", "formatSigned", call(tab, "tables.js", "toNumber", cell)) == "\u2013"
