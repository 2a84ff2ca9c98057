"""Names of fields in rules in CEL: what is no identifier there is escaped, as the API server does it.

In a rule, a field ``max-size`` is ``self.max__dash__size``, and ``namespace`` is ``self.__namespace__``. Keys
of maps are not escaped. https://kubernetes.io/docs/reference/using-api/cel/#escaping
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

__all__ = ["escaped", "renamed", "unescaped"]

_KEYWORDS = frozenset(
    {
        *("true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if"),
        *("import", "let", "loop", "package", "namespace", "return", "var", "void", "while"),
    }
)
_SIGNS = {"__": "__underscores__", ".": "__dot__", "-": "__dash__", "/": "__slash__"}
_WORDS = {word: sign for sign, word in _SIGNS.items()}
_SIGN = re.compile(r"__|[./-]")
_WORD = re.compile("|".join(_WORDS))
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def escaped(name: str) -> str:
    """Write the name of a field as rules do.

    >>> escaped("max-size"), escaped("namespace"), escaped("a__b"), escaped("x.y/z")
    ('max__dash__size', '__namespace__', 'a__underscores__b', 'x__dot__y__slash__z')
    """
    return f"__{name}__" if name in _KEYWORDS else _SIGN.sub(lambda found: _SIGNS[found[0]], name)


def unescaped(name: str) -> str:
    """Return the name of the field that a rule means; the inverse of ``escaped``.

    >>> unescaped("max__dash__size"), unescaped("__namespace__"), unescaped("size")
    ('max-size', 'namespace', 'size')
    """
    if name.startswith("__") and name.endswith("__") and name[2:-2] in _KEYWORDS:
        return name[2:-2]
    return _WORD.sub(lambda found: _WORDS[found[0]], name)


def renamed(rule: str, value: Any) -> Any:
    """Return a value with its fields called as a rule calls them: only what the rule names is renamed.

    >>> renamed("self.max__dash__size > 1", {"max-size": 3, "max-age": 4})
    {'max__dash__size': 3, 'max-age': 4}
    """
    names = _names(rule)
    return _with_names(value, names) if names else value


@cache
def _names(rule: str) -> dict[str, str]:
    found = ((unescaped(name), name) for name in _IDENTIFIER.findall(rule) if "__" in name)
    return {name: in_rule for name, in_rule in found if name != in_rule and escaped(name) == in_rule}


def _with_names(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {names.get(name, name): _with_names(inner, names) for name, inner in value.items()}
    return [_with_names(item, names) for item in value] if isinstance(value, list) else value
