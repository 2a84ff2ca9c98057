"""Keep pydantic from looking for plugins: an eighth of the time of a short run.

Looking reads the metadata of every installed package, and what reads it (``importlib.metadata``, with
``email``, ``zipfile`` and ``socket`` behind it) is imported whether plugins are disabled or not.
"""

from __future__ import annotations

import importlib
import os
import sys
from types import ModuleType
from typing import Any

__all__ = ["disable_plugins"]

_LOADER = "pydantic.plugin._loader"


class _NoPlugins(ModuleType):
    """Stands for the module that looks for plugins, as far as it says that there are none."""

    @staticmethod
    def get_plugins() -> tuple[()]:
        return ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # asked by the import system
            raise AttributeError(name)
        # A pydantic that wants more of the module than this gets the real one.
        if sys.modules.get(_LOADER) is self:
            del sys.modules[_LOADER]
        return getattr(importlib.import_module(_LOADER), name)


def disable_plugins() -> None:
    """Disable them for this process, unless the user's ``PYDANTIC_DISABLE_PLUGINS`` says otherwise.

    It has to come before the first import of pydantic.
    """
    if os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__") == "__all__":
        sys.modules.setdefault(_LOADER, _NoPlugins(_LOADER))
