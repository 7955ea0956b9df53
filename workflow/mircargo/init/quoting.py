"""Texts as YAML reads them."""

import re

import yaml


def quoted(text: str) -> str:
    """Write a text so that YAML reads the same text, plain where it can be."""
    if re.fullmatch(r"[A-Za-z][\w./-]*", text, re.ASCII) and yaml.safe_load(text) == text:
        return text
    return str(yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10**9)).rstrip("\n")
