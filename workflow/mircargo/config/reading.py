"""From the text of a configuration to its values, before anything is known of its keys."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from mircargo.config.look_alikes import Key, read_as_text
from mircargo.config.models import Config
from mircargo.problems import Problem, ProblemsFound, listing, raise_if_no_file, refusal

_OF_WRONG_VALUES: Final = (ValueError, LookupError, AttributeError, TypeError, OverflowError)
"""What PyYAML raises of a value that is not what its tag or form says: `!!int x`, the date `2020-13-45`."""

_OF_KEYS: Final = ("tag:yaml.org,2002:merge", "tag:yaml.org,2002:value")
"""Tags of `<<` and `=`, which mean something in a mapping only."""

_OF_OTHERS: Final = tuple(f"tag:yaml.org,2002:{kind}" for kind in ("set", "omap", "pairs", "binary"))
"""Tags of what no key takes: the items of a set, for one, are in another order each time."""

_OF_NUMBERS: Final = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_PLAIN_NUMBER: Final = re.compile(r"[-+]?((0|[1-9]\d*)(\.\d*)?|\.\d+)(e[-+]?\d+)?|[-+]?\.(inf|nan)", re.IGNORECASE)
"""Numbers that are what they look like."""


class Read(NamedTuple):
    """Settings, what to call their source in messages, and what is wrong with how they are written.

    `misread` are the keys of words that YAML does not read as the text that is meant.
    """

    settings: Any
    where: str
    problems: list[Problem]
    misread: tuple[Key, ...] = ()


def read_settings(source: str) -> Read:
    """Read a YAML file, or JSON text that begins with a brace.

    A key that stands twice in one mapping, and words that YAML does not read as the text that is meant, are among the
    problems; the settings then have what is meant.

    Raises
    ------
    ProblemsFound
        Where there is no such file, or it is not valid.
    """
    if source.lstrip().startswith("{"):
        return Read(_read_json(source), "configuration", [])
    raise_if_no_file(source)
    try:
        content = Path(source).read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        what = "the configuration cannot be read"
        hint = "check the path; it is relative to the working directory"
        raise refusal("unreadable_configuration", what, source, str(error.strerror), hint) from None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        what, hint = "this file is not written in UTF-8", "save it as UTF-8: editors offer that under `save as`"
        raise refusal("not_utf8", what, f"{source}, line {line}", f"byte {content[error.start]:#04x}", hint) from None
    return _read_yaml(text, source)


def without_password(text: str) -> str:
    """Leave out what stands before an @ in addresses: it may be a password, and problems go into logs."""
    return re.sub(r"//[^/\"]*@", "//...@", text)


def _read_json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        found = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise ProblemsFound(_invalid("JSON", "configuration", found)) from None
    except (ValueError, RecursionError) as error:
        raise ProblemsFound(_invalid("JSON", "configuration", str(error))) from None


def _read_yaml(text: str, source: str) -> Read:
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            return Read(None, source, [])
        _refuse_alias_within_itself(node, source)
        misread = read_as_text(node, Config, source, loader)
        problems = [each.problem for each in misread]
        problems += [problem for each in _all(node) for problem in _problems_of(each, source, loader)]
        if any(problem.code == "invalid_scalar" for problem in problems):
            raise ProblemsFound(problems)
        return Read(loader.construct_document(node), source, problems, tuple(each.key for each in misread))
    except RecursionError:
        found = "its parts lie too deep within each other"
        raise ProblemsFound(_invalid("YAML", source, found)) from None
    except yaml.scanner.ScannerError as error:
        if "\\t" not in str(error.problem):
            raise ProblemsFound(_invalid("YAML", source, " ".join(str(error).split()))) from None
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        what, hint = "a tab stands where YAML allows spaces only", "replace tabs at the beginning of lines by spaces"
        raise refusal("tab_in_yaml", what, f"{source}, line {line}", "", hint) from None
    except (yaml.YAMLError, *_OF_WRONG_VALUES) as error:
        raise ProblemsFound(_invalid("YAML", source, " ".join(str(error).split()))) from None


def _invalid(kind: str, source: str, found: str) -> Problem:
    hint = (
        "correct it there; texts with signs such as : # { [ & * ! stand in quotes"
        if kind == "YAML"
        else "correct it there"
    )
    return Problem("invalid_syntax", f"this is not valid {kind}", source, without_password(found)[:300], hint)


def _problems_of(node: yaml.Node, source: str, loader: yaml.SafeLoader) -> Iterator[Problem]:
    """List keys that stand twice, of which YAML takes the last, and values that are not what they look like.

    PyYAML does not tell the line of a wrong value, and reads `010` as 8, `1_000` as 1000, `12:30` as 750.
    """
    if isinstance(node, yaml.MappingNode):
        first: dict[str, int] = {}
        for key in [key for key, _ in node.value if isinstance(key, yaml.ScalarNode) and key.tag not in _OF_KEYS]:
            line = key.start_mark.line + 1
            if key.value in first:
                found = f"'{key.value}' in lines {listing([first[key.value], line])}"
                yield Problem("repeated_key", "a key stands twice", source, found, "give each its own name")
            first.setdefault(key.value, line)
    if node.tag in _OF_OTHERS:
        what = f"a configuration has no {node.tag.rpartition(':')[2]}, but texts, numbers, lists, and keys with values"
        where, hint = f"{source}, line {node.start_mark.line + 1}", "take the tag (`!!`) out"
        yield Problem("yaml_type", what, where, "", hint)
    if not isinstance(node, yaml.ScalarNode) or node.tag in _OF_KEYS:
        return
    where, found = f"{source}, line {node.start_mark.line + 1}", without_password(node.value)[:80]
    try:
        read = loader.construct_object(node)
    except _OF_WRONG_VALUES:
        what, hint = f"this is no {node.tag.rpartition(':')[2]}", "put it into quotation marks if it is text"
        yield Problem("invalid_scalar", what, where, found, hint)
    else:
        if node.tag in _OF_NUMBERS and node.style is None and not _PLAIN_NUMBER.fullmatch(node.value):
            hint = f'put it in quotes, "{node.value}", if it is text; or write the number that is meant'
            yield Problem("yaml_number", f"YAML reads this as the number {read}", where, found, hint)


def _refuse_alias_within_itself(node: yaml.Node, source: str) -> None:
    """Refuse what is a part of itself, by an alias; it would be read for ever, or be said to be wrong at each depth."""
    inside, done = {id(node)}, set()
    waiting = [(node, iter(_parts(node)))]
    while waiting:
        outer, parts = waiting[-1]
        part = next(parts, None)
        if part is None:
            inside.remove(id(outer))
            done.add(id(outer))
            waiting.pop()
        elif id(part) in inside:
            what, hint = "what is named by an alias (`*`) has the alias within it", "write out what is meant"
            raise refusal("alias_within_itself", what, f"{source}, line {part.start_mark.line + 1}", "", hint)
        elif id(part) not in done:
            inside.add(id(part))
            waiting.append((part, iter(_parts(part))))


def _all(node: yaml.Node) -> Iterator[yaml.Node]:
    """Go through every node once, however often aliases name it."""
    seen = {id(node)}
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        for part in _parts(each):
            if id(part) not in seen:
                seen.add(id(part))
                waiting.append(part)


def _parts(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []
