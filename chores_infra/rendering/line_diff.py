"""A difference between two versions of a file that a person can read, and that gives no secret away."""

from __future__ import annotations

import difflib
import re
from typing import Any

from chores_infra.errors import YamlError
from chores_infra.rendering.reader import read
from chores_infra.rendering.yaml_text import dump_all

__all__ = ["line_diff"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_COPY_OF_ALL = "kubectl.kubernetes.io/last-applied-configuration"
_NO_NEWLINE = "\\ No newline at end of file\n"


def line_diff(old: str | None, new: str | None, path: str) -> str:
    r"""The unified difference; empty if the texts are equal.

    Where one of the texts holds a Secret, both are shown as their values without comments, and the values of
    the Secret are replaced by numbers, equal ones by the same. Control characters are shown as escapes.

    Args:
        old: the text before; None if there was no file.
        new: the text after; None if there will be no file.
        path: the file's name in the heading.

    >>> print(line_diff("replicas: 1\n", "replicas: 2\n", "web.yaml"), end="")
    --- a/web.yaml
    +++ b/web.yaml
    @@ -1 +1 @@
    -replicas: 1
    +replicas: 2
    """
    if old == new:
        return ""
    shown_old, shown_new, hidden = _without_secrets(old, new, path)
    before = "/dev/null" if old is None else f"a/{path}"
    after = "/dev/null" if new is None else f"b/{path}"
    lines = list(difflib.unified_diff(_lines(shown_old), _lines(shown_new), before, after))
    if not lines:
        lines = [f"--- {before}\n", f"+++ {after}\n", f"({hidden or 'the files are empty'})\n"]
    return "".join(_CONTROL.sub(_escape, line) for line in lines)


def _without_secrets(old: str | None, new: str | None, path: str) -> tuple[str, str, str]:
    """Both texts as they can be shown, and what to say if they are equal then."""
    shown: list[str] = []
    numbers: dict[str, int] = {}
    texts = (old or "", new or "")
    try:
        documents = [[document.value for document in read(text, path)] for text in texts]
    except YamlError:
        if any("Secret" in text for text in texts):
            return "", "", "not shown: it mentions a Secret, and a version of it is no valid YAML"
        return *texts, ""
    if not any(_holds_secret(value) for values in documents for value in values):
        return *texts, ""
    try:
        for values in documents:
            masked = [_masked(value, numbers) for value in values]
            shown.append(dump_all(value if isinstance(value, dict) else {"": value} for value in masked))
    except YamlError:
        return "", "", "not shown: it holds a Secret, and a value that cannot be written"
    return shown[0], shown[1], "only comments or the form differ; it holds a Secret, so they are not shown"


def _is_secret(value: Any) -> bool:
    return isinstance(value, dict) and value.get("kind") == "Secret"


def _holds_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return _is_secret(value) or _holds_secret(list(value.values()))
    return isinstance(value, list) and any(_holds_secret(inner) for inner in value)


def _masked(value: Any, numbers: dict[str, int], *, all_of_it: bool = False) -> Any:
    """The value with every secret replaced by its number."""
    if isinstance(value, dict):
        secret = _is_secret(value)
        return {
            key: _masked(
                inner,
                numbers,
                all_of_it=all_of_it or key == _COPY_OF_ALL or (secret and key in {"data", "stringData"}),
            )
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_masked(inner, numbers, all_of_it=all_of_it) for inner in value]
    if not all_of_it:
        return value
    return f"(hidden value {numbers.setdefault(repr(value), len(numbers) + 1)})"


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    last = lines.pop()
    return [*(f"{line}\n" for line in lines), *([f"{last}\n{_NO_NEWLINE}"] if last else [])]


def _escape(match: re.Match[str]) -> str:
    return f"\\x{ord(match.group()):02x}"
