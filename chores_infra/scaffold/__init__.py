"""A new project: configuration, a first app, its tests, and what holds them together in CI."""

from __future__ import annotations

import keyword
import re
from importlib import resources
from os.path import lexists
from pathlib import Path, PurePosixPath
from typing import Final

from chores_infra.environments import Environment
from chores_infra.errors import ConfigurationError, FileError
from chores_infra.rendering.places import Places
from chores_infra.scaffold.requirement import installed_requirement

__all__ = ["create_project", "default_name", "project_files"]

_FILES: Final = {
    ".github/workflows/check.yaml": "check.yaml",
    ".github/workflows/comment.yaml": "comment.yaml",
    ".github/workflows/deploy.yaml": "deploy.yaml",
    ".github/workflows/preview.yaml": "preview.yaml",
    ".gitattributes": "gitattributes",
    ".gitignore": "gitignore",
    ".pre-commit-config.yaml": "pre-commit-config.yaml",
    "README.md": "README.md",
    "apps/__init__.py": "apps.py",
    "apps/@module@.py": "app.py",
    "chores-infra.toml": "chores-infra.toml",
    "pyproject.toml": "pyproject.toml",
    "requirements.txt": "requirements.txt",
    "tests/test_@module@.py": "test_app.py",
}
#: A namespace has at most 63 characters, and is called after the app and its environment.
_LONGEST_NAME: Final = 63 - len(f"-{max(Environment, key=len)}")
_PLACEHOLDER: Final = re.compile(r"@(\w+)@")


def default_name(folder: Path) -> str:
    """The name of an app that a folder's name suggests.

    >>> default_name(Path("/home/me/My Shop"))
    'my-shop'

    Raises:
        ConfigurationError: there is not one letter in the folder's name.
    """
    words = re.findall(r"[a-z0-9]+", folder.absolute().name.lower())
    if not words:
        raise ConfigurationError(f"{folder}: no name for the app is in that; give one, such as --name shop")
    return "-".join(words)[:_LONGEST_NAME].rstrip("-")


def project_files(name: str) -> dict[PurePosixPath, str]:
    """The files of a new project for an app of this name.

    Raises:
        ConfigurationError: the name cannot be that of an app.
    """
    _check_name(name)
    module = name.replace("-", "_")
    if keyword.iskeyword(module):
        module = f"app_{module}"
    class_name = "".join(word.capitalize() for word in module.split("_"))
    if keyword.iskeyword(class_name) or re.search(rf"\b{class_name}\b", _template("app.py")):
        # The template has a class of that name already.
        class_name += "App"
    words = {
        "name": name,
        "module": module,
        "Class": class_name,
        "requirement": installed_requirement(),
    }

    def filled(text: str) -> str:
        return _PLACEHOLDER.sub(lambda found: words[found[1]], text)

    return {PurePosixPath(filled(path)): filled(_template(name)) for path, name in _FILES.items()}


def create_project(folder: Path, name: str) -> list[PurePosixPath]:
    """Write a new project; answers the files, relative to the folder.

    Raises:
        ConfigurationError: the name cannot be that of an app.
        FileError: files are in the way, all of which are named, or cannot be written. Nothing is left then.
    """
    files = project_files(name)
    clashes = sorted(path for path in files if _is_taken(folder, path))
    if clashes:
        raise FileError(
            folder, f"has {', '.join(map(str, clashes))} already; choose another folder, or move them away"
        )
    made: list[Path] = []
    try:
        for path, text in files.items():
            target = folder / path
            for missing in _missing_folders(target.parent):
                missing.mkdir()
                made.append(missing)
            with target.open("x", encoding="utf-8", newline="\n") as file:
                made.append(target)
                file.write(text)
    except OSError as error:
        for created in reversed(made):
            created.rmdir() if created.is_dir() else created.unlink()
        raise FileError(
            error.filename or folder, f"cannot be written: {error.strerror}; nothing was made"
        ) from None
    return sorted(files)


def _check_name(name: str) -> None:
    """Hold the name to what the project makes of it: places in every environment, and a Service."""
    try:
        for environment in sorted(Environment, key=len, reverse=True):
            Places(name, environment)
    except FileError as error:
        raise ConfigurationError(f"--name: {str(error).removeprefix(f'{error.file}: ')}") from None
    if name[0].isdigit():
        raise ConfigurationError(
            f"--name: {name!r} begins with a digit, which the name of a Service cannot; "
            f"choose another, such as --name {f'app-{name}'[:_LONGEST_NAME].rstrip('-')}"
        )


def _template(name: str) -> str:
    file = resources.files(__name__) / "templates" / f"{name}.tmpl"
    return file.read_text(encoding="utf-8")


def _is_taken(folder: Path, path: PurePosixPath) -> bool:
    """Whether something is where a file is to be, or a file where one of its folders is to be."""
    # Unlike Path.exists, lexists answers for names too long to be; writing there says what is wrong.
    if lexists(folder / path):
        return True
    return any(lexists(folder / parent) and not (folder / parent).is_dir() for parent in path.parents)


def _missing_folders(folder: Path) -> list[Path]:
    """What is not there yet of a folder and those around it, the outermost first."""
    return [each for each in (*reversed(folder.parents), folder) if not each.exists()]
