"""Manifests to YAML text: our own writer for the JSON subset of YAML.

Style: two spaces, sequences not indented under their key, double quotes only where needed, ``apiVersion``,
``kind`` and ``metadata`` first and then the order given, one ``---`` between documents, a newline at the end.
What a reader of any kind would take for something else is refused or quoted, never written and hoped for:
`chores_infra.rendering.scalars` has the rule for strings, this module has the shape and the other types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, Final

from chores_infra.errors import YamlError
from chores_infra.rendering.comments import CommentTree, comment_tree
from chores_infra.rendering.field_path import FieldPath, format_path
from chores_infra.rendering.scalars import INDENT, is_name, literal_block, one_line, quoted

__all__ = ["MAX_DEPTH", "dump", "dump_all", "join_documents"]

MAX_DEPTH: Final = 100
"""How many levels a manifest may be indented; the deepest real ones are schemas in CRDs."""

_MAX_INDENT = MAX_DEPTH * INDENT
_MAX_LINES = 500_000  # a value that is shared again and again would otherwise never end
_MAX_SIMPLE_KEY = 1000  # parsers look for the colon of a simple key within 1,024 characters
_INT64 = range(-(2**63), 2**63)
_FIRST = ("apiVersion", "kind", "metadata")
_STEP = " " * INDENT

# Strings that were written before, with their text on one line. Most strings of a manifest are names, keys
# and labels that come again and again; the bound keeps the memory of 10,000 apps that of one.
_known: dict[str, str] = {}
_KNOWN_LIMIT = 8192
_KNOWN_LENGTH = 64


def dump(manifest: Mapping[str, Any], comments: Mapping[FieldPath | str, str] | None = None) -> str:
    r"""One document.

    Args:
        manifest: a mapping with string keys of mappings, sequences, strings, numbers, booleans and None.
        comments: text that is written above a field, by the field's path: ``("spec", "replicas")`` or
            ``"spec.replicas"``; ``()`` or ``""`` is the head of the document.

    Raises:
        YamlError: a value that YAML cannot carry without loss, with its path, or a comment on no field.

    >>> print(dump({"kind": "ConfigMap", "data": {"DEBUG": "no"}}, {"data.DEBUG": "text"}))
    kind: ConfigMap
    data:
      # text
      DEBUG: "no"
    <BLANKLINE>
    """
    tree = comment_tree(comments) if comments else None
    out: list[str] = []
    try:
        if not isinstance(manifest, Mapping):
            raise _Refusal(f"a document is a mapping, found {_type(manifest)}")  # noqa: TRY301
        if tree is not None:
            tree.write("", out)
        if manifest:
            _mapping(_head_first(manifest), "", "", tree, out)
        else:
            out.append("{}\n")
    except _Refusal as refusal:
        path = format_path(reversed(refusal.steps))
        raise YamlError(refusal.message, path=path) from None
    if tree is not None:
        tree.check_all_written()
    return "".join(out)


def dump_all(manifests: Iterable[Mapping[str, Any]]) -> str:
    r"""Several documents with one ``---`` between them.

    >>> dump_all([{"a": 1}, {"b": 2}])
    'a: 1\n---\nb: 2\n'
    """
    return join_documents(dump(manifest) for manifest in manifests)


def join_documents(documents: Iterable[str]) -> str:
    """Documents that were written by `dump`, as one text."""
    return "---\n".join(documents)


class _Refusal(Exception):  # noqa: N818  (an answer that travels up, not an error that anybody sees)
    """What cannot be written, and on the way up the steps to it, innermost first."""

    def __init__(self, message: str, *, about_key: bool = False) -> None:
        self.message = message
        self.steps: list[str | int] = []
        self.about_key = about_key


def _head_first(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same manifest with the keys first that say what it is."""
    head = [key for key in _FIRST if key in manifest]
    if all(key == expected for key, expected in zip(manifest, head, strict=False)):
        return manifest
    return {key: manifest[key] for key in head} | dict(manifest)


def _mapping(  # noqa: PLR0912  (one flat loop: all of the time is spent here)
    mapping: Mapping[str, Any],
    lead: str,
    indent: str,
    comments: CommentTree | None,
    out: list[str],
) -> None:
    """Append the lines of a mapping; `lead` goes before the first, `indent` before the others."""
    if len(indent) > _MAX_INDENT or len(out) > _MAX_LINES:
        raise _Refusal(_too_much(indent))
    append = out.append
    known = _known.get
    deeper = indent + _STEP
    comment: CommentTree | None = None
    key: str = ""
    try:
        for key, value in mapping.items():
            if comments is not None:
                comment = comments.below(key)
                if comment is not None:
                    comment.write(_spaces(lead), out)
            head = known(key)
            if head is None:
                head = _key(key)
                if len(head) > _MAX_SIMPLE_KEY:
                    lead = f"{lead}? {head}\n{indent}"
                    head = ""
            kind = type(value)
            if kind is str:
                append(f"{lead}{head}: {known(value) or _string(value, deeper)}\n")
            else:
                if kind not in _EXACT:
                    value, kind = _standard(value)  # noqa: PLW2901
                if kind is dict and value:
                    append(f"{lead}{head}:\n")
                    _mapping(value, deeper, deeper, comment, out)
                elif kind is list and value:
                    append(f"{lead}{head}:\n")
                    _sequence(value, indent, indent, comment, out)
                else:
                    append(f"{lead}{head}: {_EXACT[kind](value, deeper)}\n")
            lead = indent
    except _Refusal as refusal:
        if refusal.about_key:
            refusal.about_key = False
        else:
            refusal.steps.append(key)
        raise


def _sequence(
    sequence: Sequence[Any], lead: str, indent: str, comments: CommentTree | None, out: list[str]
) -> None:
    """Append the lines of a sequence; `lead` goes before the first dash, `indent` before the others."""
    if len(indent) > _MAX_INDENT or len(out) > _MAX_LINES:
        raise _Refusal(_too_much(indent))
    append = out.append
    deeper = indent + _STEP
    comment: CommentTree | None = None
    index = 0
    try:
        for index, value in enumerate(sequence):
            if comments is not None:
                comment = comments.below(index)
                if comment is not None:
                    comment.write(_spaces(lead), out)
            kind = type(value)
            if kind not in _EXACT:
                value, kind = _standard(value)  # noqa: PLW2901
            if kind is dict and value:
                _mapping(value, f"{lead}- ", deeper, comment, out)
            elif kind is list and value:
                _sequence(value, f"{lead}- ", deeper, comment, out)
            else:
                append(f"{lead}- {_EXACT[kind](value, deeper)}\n")
            lead = indent
    except _Refusal as refusal:
        refusal.steps.append(index)
        raise


def _key(key: object) -> str:
    if not isinstance(key, str):
        known = key is None or (isinstance(key, int | float) and abs(key) < 2**63)
        found = f"{_type(key)} {key!r}" if known else _type(key)
        raise _Refusal(f"keys are strings, found {found}; write it as text", about_key=True)
    try:
        return _string(str.__str__(key), "", block=False)
    except _Refusal as refusal:
        refusal.about_key = True
        raise


def _spaces(lead: str) -> str:
    """The spaces before the first dash, which is where a comment stands."""
    return lead[: len(lead) - len(lead.lstrip(" "))]


def _string(text: str, indent: str, *, block: bool = True) -> str:
    if not is_name(text):
        try:
            if "\n" in text:
                written = literal_block(text, indent) if block else None
                return quoted(text) if written is None else written
            written = one_line(text)
        except ValueError as error:
            raise _Refusal(f"{error}, and no YAML file can hold it") from None
    else:
        written = text
    if len(text) <= _KNOWN_LENGTH:
        if len(_known) >= _KNOWN_LIMIT:
            _known.clear()
        _known[text] = written
    return written


def _integer(value: int, _indent: str) -> str:
    if value not in _INT64:
        raise _Refusal("the integer needs more than 64 bits; write it as text")
    return str(value)


def _float(value: float, _indent: str) -> str:
    text = repr(value)
    if not text.lstrip("-")[0].isdigit():
        raise _Refusal(f"{text} is no number that JSON knows")
    # 1e+16 is a string to YAML 1.1, which wants the dot.
    return text.replace("e", ".0e") if "e" in text and "." not in text else text


_EXACT: Final[dict[type, Callable[[Any, str], str]]] = {
    str: _string,
    bool: lambda value, _indent: "true" if value else "false",
    int: _integer,
    float: _float,
    type(None): lambda _value, _indent: "null",
    dict: lambda _value, _indent: "{}",
    list: lambda _value, _indent: "[]",
}
"""What is written for a value of exactly this type, where it fits on one line."""


def _standard(value: object) -> tuple[Any, type]:
    """The value as one of the types in `_EXACT`; subclasses are taken for the data that they hold."""
    match value:
        case str():
            return str.__str__(value), str
        case int():
            return int.__int__(value), int
        case float():
            return float.__float__(value), float
        case Mapping():
            return dict(value), dict
        case list() | tuple():
            return list(value), list
    raise _Refusal(f"found {_type(value)}, which YAML has no type for; {_way_out(value)}")


def _way_out(value: object) -> str:
    if isinstance(value, Enum):
        return "use its .value"
    if isinstance(value, (bytes, bytearray)):
        return "decode it, or encode it as base64 text"
    return "use text, a number, a boolean, None, a list or a dict"


def _too_much(indent: str) -> str:
    if len(indent) > _MAX_INDENT:
        return f"nested deeper than {MAX_DEPTH} levels; does it contain itself?"
    return f"more than {_MAX_LINES:,} lines; is one value shared again and again?"


def _type(value: object) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
