"""Names of modules and nested types."""

from __future__ import annotations

import keyword
import re

__all__ = ["camel", "is_attribute", "module_name"]


def module_name(group: str, version: str) -> str:
    """Name the module and schema file of a group and version.

    >>> module_name("", "v1"), module_name("networking.k8s.io", "v1")
    ('core_v1', 'networking_k8s_io_v1')
    """
    return re.sub(r"\W", "_", f"{group or 'core'}_{version}")


def camel(*parts: str) -> str:
    """Join field names into a type name.

    >>> camel("Application", "spec", "ignore-differences")
    'ApplicationSpecIgnoreDifferences'
    """
    words = (word for part in parts for word in re.split(r"[^0-9A-Za-z]+", part) if word)
    return "".join(word[0].upper() + word[1:] for word in words)


def is_attribute(name: str) -> bool:
    """Whether a field can be written in class syntax (``from`` and ``$ref`` cannot).

    >>> is_attribute("image"), is_attribute("from"), is_attribute("x-kubernetes-map-type")
    (True, False, False)
    """
    return name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("__")
