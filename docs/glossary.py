"""Make glossary.md: `python docs/glossary.py`. Words are explained in `mircargo.glossary`, the report's as well."""

from pathlib import Path

from mircargo.glossary import GLOSSARY, OF_A_RECIPIENT

PAGE = Path(__file__).parent / "glossary.md"
INTRODUCTION = """# Words
<!-- Made by `python docs/glossary.py` from workflow/mircargo/glossary.py; do not edit it by hand. -->

The words of the report, as its tooltips explain them; formulas and sources stand under [methods](methods.md).

| word | meaning |
| --- | --- |
"""


def page() -> str:
    return INTRODUCTION + "".join(f"| {word} | {meaning} |\n" for word, meaning in (GLOSSARY | OF_A_RECIPIENT).items())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
