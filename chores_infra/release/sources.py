"""What an app is made from, as one digest: the source of its modules, and of everything that they import.

Only the user's own modules are read. What is installed counts by its version, this package by its
content. A module's imports are found in its source, wherever they stand; one that imports by computed
names counts as if it imported everything that was loaded.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from importlib.util import resolve_name
from pathlib import Path
from typing import Any, Final

from chores_infra.app import App
from chores_infra.watching import is_library

__all__ = ["Sources"]

_PACKAGE: Final = Path(__file__).parent.parent
#: Generated, and for type checkers only.
_TYPES: Final = _PACKAGE / "kinds" / "types"
_COMPUTED: Final = frozenset(("__import__", "eval", "exec", "import_module", "run_module", "run_path"))


class Sources:
    """The digests of what apps are made from.

    Args:
        opened: files that modules read while they were imported.
    """

    def __init__(self, opened: Iterable[str] = ()) -> None:
        self._opened = sorted(opened)
        self._common: bytes | None = None
        self._digests: dict[type, bytes | None] = {}
        self._modules: dict[str, _Module | None] = {}

    def digest(self, app: type[App[Any]]) -> bytes | None:
        """The digest for an app's class; None where it cannot be known what the class is made from."""
        if app not in self._digests:
            self._digests[app] = self._digest(app)
        return self._digests[app]

    def _digest(self, app: type[App[Any]]) -> bytes | None:
        bases = [base for base in app.__mro__ if not _is_known(base)]
        if not all(map(_is_found_by_name, bases)):
            return None
        digest = sha256(self._everywhere())
        for name, module in sorted(self._closure({base.__module__ for base in bases}).items()):
            if module is None:
                return None
            digest.update(b"%b\0%b" % (name.encode(), module.digest))
        return digest.digest()

    def _everywhere(self) -> bytes:
        """What every app is made from."""
        if self._common is None:
            digest = sha256(sys.version.encode())
            for part in (*_installed(), *_own_files(), *map(_file_digest, self._opened)):
                digest.update(b"%d:%b" % (len(part), part))
            self._common = digest.digest()
        return self._common

    def _closure(self, names: set[str]) -> dict[str, _Module | None]:
        found: dict[str, _Module | None] = {}
        todo = list(names)
        while todo:
            name = todo.pop()
            if name in found:
                continue
            module = self._module(name)
            if module is None and name not in names:
                continue  # not a module of the user's, but a name in one or a library
            found[name] = module
            if module is not None:
                todo += _users_modules() if module.computed else module.imports
        return found

    def _module(self, name: str) -> _Module | None:
        if name not in self._modules:
            self._modules[name] = _Module.read(name)
        return self._modules[name]


class _Module:
    """The source of one of the user's modules."""

    def __init__(self, source: bytes, imports: set[str], *, computed: bool) -> None:
        self.digest = sha256(source).digest()
        self.imports = imports
        self.computed = computed

    @classmethod
    def read(cls, name: str) -> _Module | None:
        """Read it; None where there is none of that name, or it is no Python."""
        file = _file_of(name)
        if file is None:
            return None
        try:
            source = file.read_bytes()
            tree = ast.parse(source)
        except (OSError, SyntaxError, ValueError, RecursionError):
            return None
        package = name if file.name == "__init__.py" else name.rpartition(".")[0]
        imports = {part for found in _imports(tree, package) for part in _with_parents(found)}
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        names |= {imported.rpartition(".")[2] for imported in imports}
        return cls(source, imports | set(_with_parents(name)), computed=not names.isdisjoint(_COMPUTED))


def _imports(tree: ast.AST, package: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                try:
                    base = resolve_name("." * node.level + base, package)
                except ImportError:
                    continue  # it would fail when it is run
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _with_parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _file_of(name: str) -> Path | None:
    """The file of a module of the user's, loaded or not; None for libraries, and where there is none."""
    module = sys.modules.get(name)
    if module is not None:
        file = getattr(module, "__file__", None)
        return Path(file) if file is not None and not is_library(file) else None
    parts = name.split(".")
    for folder in sys.path:
        for file in (Path(folder, *parts, "__init__.py"), Path(folder, *parts).with_suffix(".py")):
            if not is_library(str(file)) and file.is_file():
                return file
    return None


def _users_modules() -> list[str]:
    return [name for name in tuple(sys.modules) if _file_of(name) is not None]


def _is_known(base: type) -> bool:
    """Whether a class is Python's own, of an installed package, or of this one; builtins have no file."""
    module = sys.modules.get(base.__module__)
    file = getattr(module, "__file__", None)
    return module is not None and base.__module__ != "__main__" and (file is None or is_library(file))


def _is_found_by_name(base: type) -> bool:
    """Whether a class is what its module has under its name, and not made by a function."""
    found: Any = sys.modules.get(base.__module__)
    for part in base.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is base


@cache
def _installed() -> list[bytes]:
    """The names of what describes installed packages, which have their versions in them."""
    return sorted(
        found.name.encode()
        for folder in dict.fromkeys(sys.path)
        if folder.endswith(("site-packages", "dist-packages"))
        for pattern in ("*.dist-info", "*.egg-info")
        for found in Path(folder).glob(pattern)
    )


@cache
def _own_files() -> list[bytes]:
    files = sorted(
        file
        for file in _PACKAGE.rglob("*")
        if file.suffix != ".pyc" and _TYPES not in file.parents and file.is_file()
    )
    return [_file_digest(str(file)) for file in files]


def _file_digest(file: str) -> bytes:
    try:
        return file.encode("utf-8", "surrogateescape") + sha256(Path(file).read_bytes()).digest()
    except OSError as error:
        return f"{file}: {error.errno}".encode("utf-8", "surrogateescape")
