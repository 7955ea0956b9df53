"""Words that YAML takes for something else where a text is meant: `yes`, `2020-01-31`, `12:30`, `010`."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import UnionType
from typing import Annotated, Any, Final, NamedTuple, TypeAlias, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, BeforeValidator

from mircargo.config.levels import Interaction, Level, as_levels, level_text, level_texts
from mircargo.problems import Problem

_TEXT: Final = "tag:yaml.org,2002:str"
_MERGE: Final = "tag:yaml.org,2002:merge"
_READ_AS: Final = ("bool", "int", "float", "timestamp", "null")

Key: TypeAlias = tuple[int | str, ...]
"""Where a value stands: keys, and places in lists."""


class Misread(NamedTuple):
    """A word that YAML does not read as the text that is meant."""

    key: Key
    problem: Problem


def read_as_text(node: yaml.Node, model: type[BaseModel], source: str, loader: yaml.SafeLoader) -> list[Misread]:
    """List the words that a model takes as text and YAML does not; they then count as the text that they are.

    Parameters
    ----------
    node
        What YAML made of a file; tags of such words are changed in it.
    model
        What the file should hold.
    source
        The file, for messages.
    loader
        What made the node.
    """
    return list(dict.fromkeys(_Walk(source, loader).walk(node, model, (), ())))


class _Walk:
    """Goes through a document beside the types that it should have."""

    def __init__(self, source: str, loader: yaml.SafeLoader) -> None:
        self.source, self.loader = source, loader
        self.seen: set[tuple[int, str]] = set()

    def walk(self, node: yaml.Node, kind: Any, marks: tuple[Any, ...], key: Key) -> Iterator[Misread]:
        if (id(node), repr(kind)) in self.seen:  # an alias may lie within itself
            return
        self.seen.add((id(node), repr(kind)))
        while get_origin(kind) is Annotated:
            kind, *more = get_args(kind)
            marks = (*more, *marks)
        if get_origin(kind) in (Union, UnionType):
            kinds = [each for each in get_args(kind) if each is not type(None)]
            if not _is_null(node):  # which stands for what the key is without
                for each in kinds:
                    yield from self.walk(node, each, marks, key)
            return
        if isinstance(node, yaml.MappingNode):
            yield from self._mapping(node, kind, key)
        elif isinstance(node, yaml.SequenceNode) and get_origin(kind) is list:
            for at, item in enumerate(node.value):
                yield from self.walk(item, *_inside(kind), (*key, at))
        elif isinstance(node, yaml.ScalarNode):
            of_levels = any(
                isinstance(mark, BeforeValidator) and mark.func in (level_text, level_texts) for mark in marks
            )
            one_of_several = get_origin(kind) is list and of_levels
            if kind is str or one_of_several:
                yield from self._text(node, key, of_levels)

    def _mapping(self, node: yaml.MappingNode, kind: Any, key: Key) -> Iterator[Misread]:
        own: Mapping[str, Any] = {}
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            own = kind.model_fields
            if kind is Interaction and len(node.value) == 1 and node.value[0][0].value not in own:
                kind = dict[str, Level]
        for name, value in node.value:
            if name.tag == _MERGE:
                parts = value.value if isinstance(value, yaml.SequenceNode) else [value]
                for part in parts:
                    yield from self.walk(part, kind, (), key)
            elif get_origin(kind) is dict:
                below = (*key, str(name.value))
                if isinstance(name, yaml.ScalarNode):
                    yield from self._text(name, below, False, "the name ")
                yield from self.walk(value, *_inside(kind), below)
            elif isinstance(name.value, str) and name.value in own:
                field = own[name.value]
                yield from self.walk(value, field.annotation, tuple(field.metadata), (*key, name.value))

    def _text(self, node: yaml.ScalarNode, key: Key, level: bool, what: str = "") -> Iterator[Misread]:
        """Say that a word should be in quotes, and have it count as if it were."""
        kind = node.tag.rpartition(":")[2]
        if node.style is not None or kind not in _READ_AS:
            return
        try:
            value = self.loader.construct_object(node)
        except (ValueError, LookupError, AttributeError, TypeError, OverflowError):
            if kind != "timestamp":
                return  # a number that is none, which is said of any key
            value = date.min  # a date that is none: `2020-13-45`
        written = node.value
        if level and kind in ("int", "float") and level_text(value) == as_levels([written])[0]:
            return
        where = f"{self.source}, line {node.start_mark.line + 1}, {'.'.join(map(str, key))}"
        node.tag = _TEXT
        for cache in (self.loader.constructed_objects, self.loader.recursive_objects):
            cache.pop(node, None)
        if not written:
            missing = f"{what or 'a text '}is missing"
            yield Misread(key, Problem("yaml_nothing", missing, where, "", "write one after the colon"))
            return
        quotes = f'"{written}"' if "'" in written else f"'{written}'"
        found = f"YAML reads {what or 'this '}as {_read(value)}", where, written, f"put it in quotes: {quotes}"
        number = kind in ("int", "float")
        yield Misread(key, Problem("yaml_number", *found) if number else Problem("yaml_type", *found))


def misread(value: Any, where: str) -> Problem:
    """Say of a value that is no text, whose source is not known, what may have become of it."""
    hint = "put it in quotes, as it stands in the sample sheet: 'yes', 'no', '2020-01-31'"
    found = value.isoformat() if isinstance(value, date) else str(value).lower() if isinstance(value, bool) else ""
    return Problem("yaml_type", f"YAML reads this as {_read(value)}", where, found, hint)


def _read(value: Any) -> str:
    if isinstance(value, bool):
        return f"{str(value).lower()}, as it does {'yes and on' if value else 'no and off'}"
    if isinstance(value, date):
        return "a date"
    return "nothing" if value is None else f"the number {value}"


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")


def _inside(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    return get_args(kind)[-1], ()
