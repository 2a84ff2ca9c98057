"""A Python package of a user's kinds: types for type checkers, schemas, and the definitions themselves.

The definitions are kept in it, so that one more can be added, and all be made again by a newer release.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from chores_infra.custom_kinds.definitions import Definition, read_definitions
from chores_infra.custom_kinds.making import files_of
from chores_infra.errors import ConfigurationError, FileError, NotOurFileError
from chores_infra.kindgen.generate import GENERATED_BY_ADD
from chores_infra.rendering.yaml_text import dump

__all__ = ["make_package"]

_FOLDERS: Final = ("crds", "schemas", "types")
_MARKED: Final = 400
"""Characters at the beginning of a file among which the line stands that makes it ours."""

_INIT: Final = f'''# {GENERATED_BY_ADD}
"""Kinds of CustomResourceDefinitions.

For type checkers: ``from {{package}}.types.example_com_v1 import Widget``. Where the configuration names this
folder under ``kinds``, manifests are held to its schemas.
"""
'''


def make_package(folder: Path, paths: Iterable[Path]) -> list[Path]:
    """Add definitions to a package, or make it; return the files that changed.

    A definition that is there already is replaced. Either everything is written, or nothing.

    Raises:
        DefinitionError: with everything that is wrong with any definition, each with file and line.
        FileError: something is in the way, or cannot be read or written.
        ConfigurationError: the folder's name is no name of a package.
    """
    name = folder.absolute().name
    if not name.isidentifier():
        raise ConfigurationError(
            f"{folder}: Python cannot import a package called {name!r}; take another name"
        )
    added = read_definitions(paths)
    replaced = {_name(each) for each in added}
    kept = [each for each in _kept(folder) if each.name not in replaced]
    definitions = [*kept, *added]
    files = files_of(definitions)
    files |= {f"crds/{each.name}.yaml": f"# {GENERATED_BY_ADD}\n{dump(each.value)}" for each in definitions}
    files |= {"__init__.py": _INIT.format(package=name), "py.typed": ""}
    return _write(folder, files)


def _name(definition: Definition) -> object:
    metadata = definition.value.get("metadata")
    return metadata.get("name") if isinstance(metadata, dict) else None


def _kept(folder: Path) -> list[Definition]:
    crds = folder / "crds"
    return read_definitions([crds]) if crds.is_dir() and any(crds.iterdir()) else []


def _write(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Write all files beside their places first, and rename them when all are there."""
    stale = [
        file
        for name in _FOLDERS
        if (folder / name).is_dir()
        for file in sorted((folder / name).iterdir())
        if f"{name}/{file.name}" not in files and file.is_file() and _is_ours(file)
    ]
    _refuse_what_is_in_the_way(folder, files)
    changed = [folder / name for name, text in sorted(files.items()) if _text(folder / name) != text]
    beside = {file: file.with_name(f".{file.name}.new") for file in changed}
    try:
        for name in _FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
        for file, new in beside.items():
            new.write_text(files[file.relative_to(folder).as_posix()], "utf-8")
        for file, new in beside.items():
            new.replace(file)
        for file in stale:
            file.unlink()
    except OSError as error:
        raise FileError(error.filename or folder, f"cannot be written: {error.strerror}") from None
    finally:
        for new in beside.values():
            with suppress(OSError):
                new.unlink(missing_ok=True)
    return sorted([*changed, *stale])


def _refuse_what_is_in_the_way(folder: Path, files: Mapping[str, str]) -> None:
    for path in (folder, *(folder / name for name in _FOLDERS)):
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            raise FileError(path, "is in the way: expected a folder")
    for name in sorted(files):
        file = folder / name
        if file.is_symlink() or (file.exists() and not file.is_file()):
            raise FileError(file, "is in the way: expected a file")
        if file.exists() and file.stat().st_size and not _is_ours(file):
            raise NotOurFileError(file, "was not made by chores-infra kinds add, so it is not overwritten")


def _is_ours(file: Path) -> bool:
    text = _text(file)
    return text is not None and GENERATED_BY_ADD in text[:_MARKED]


def _text(file: Path) -> str | None:
    try:
        return file.read_text("utf-8") if file.is_file() and not file.is_symlink() else None
    except (OSError, UnicodeDecodeError):
        return None
