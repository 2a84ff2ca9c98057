"""The Applications that ApplicationSets make of the repository itself: git and list generators.

What depends on something outside the repository (clusters, pull requests, a matrix with one of them) is not
known here, and yields nothing.

Source: https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Git/
and https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/GoTemplate/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from chores_infra.checks.applications import Application
from chores_infra.checks.fields import at, items, mapping, text
from chores_infra.checks.globs import matches_folder
from chores_infra.checks.resources import Resource

__all__ = ["ContentOf", "generated"]

ContentOf = Callable[[PurePosixPath], Any]
"""The value of a file of the repository, or None."""

Parameters = Mapping[str, Any]

_PLACEHOLDER: Final = re.compile(r"\{\{-?\s*(?P<expression>[^{}]*?)\s*-?\}\}")
_INDEX: Final = re.compile(r"index\s+\.?(?P<list>[\w.]+)\s+(?P<number>\d+)")


def generated(
    application_set: Resource, files: Collection[PurePosixPath], content_of: ContentOf
) -> Iterator[Application]:
    """The Applications that an ApplicationSet makes, as far as the repository tells.

    Args:
        application_set: the ApplicationSet.
        files: every file of the repository.
        content_of: reads a file for the git file generator.
    """
    template = mapping(application_set.at("spec", "template"))
    for generator in items(application_set.at("spec", "generators")):
        own = mapping(at(generator, "git", "template")) or mapping(at(generator, "list", "template"))
        for parameters in _parameters(mapping(generator), files, content_of):
            filled = _filled(_merged(template, own), parameters)
            name = text(at(filled, "metadata", "name"))
            if name and isinstance(filled.get("spec"), dict):
                fields = ("spec", "template", "spec")
                yield Application(
                    application_set, name=name, spec=filled["spec"], fields=fields, generated=True
                )


def _parameters(
    generator: Mapping[str, Any], files: Collection[PurePosixPath], content_of: ContentOf
) -> Iterator[Parameters]:
    """The parameter sets of one generator."""
    for element in items(at(generator, "list", "elements")):
        yield mapping(element)
    git = mapping(generator.get("git"))
    folders = {parent for file in files for parent in file.parents if parent.parts}
    for folder in sorted(_chosen(items(git.get("directories")), folders)):
        yield _path_parameters(folder, folder)
    for file in sorted(_chosen(items(git.get("files")), files)):
        yield {**mapping(content_of(file)), **_path_parameters(file.parent, file)}


def _chosen(patterns: Any, paths: Collection[PurePosixPath]) -> Iterator[PurePosixPath]:
    """The paths that a generator takes: matched by one pattern, and by none that excludes."""
    wanted = [text(at(each, "path")) for each in patterns if not at(each, "exclude")]
    refused = [text(at(each, "path")) for each in patterns if at(each, "exclude") is True]
    for path in paths:
        name = path.as_posix()
        if any(matches_folder(each, name) for each in wanted):
            hidden = any(part.startswith(".") for part in path.parts)
            if not hidden and not any(matches_folder(each, name) for each in refused):
                yield path


def _path_parameters(folder: PurePosixPath, path: PurePosixPath) -> dict[str, Any]:
    """What both template languages call the path: ``path`` is a text in one and an object in the other."""
    normalized = re.sub(r"[^a-z0-9.-]", "-", folder.name.lower())
    flat = {
        "path": folder.as_posix(),
        "path.path": folder.as_posix(),
        "path.basename": folder.name,
        "path.basenameNormalized": normalized,
        "path.filename": path.name,
        "path.filenameNormalized": re.sub(r"[^a-z0-9.-]", "-", path.name.lower()),
    }
    segments = {f"path[{number}]": part for number, part in enumerate(folder.parts)}
    return {**flat, **segments, "path.segments": list(folder.parts)}


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """A generator's own template over that of the ApplicationSet."""
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = _merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _filled(value: Any, parameters: Parameters) -> Any:
    """A template with its placeholders replaced; one that is not understood stays as it is."""
    if isinstance(value, dict):
        return {_filled(key, parameters): _filled(inner, parameters) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, parameters) for inner in value]
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda found: _value(found, parameters), value)
    return value


def _value(found: re.Match[str], parameters: Parameters) -> str:
    expression = found["expression"].removeprefix(".")
    indexed = _INDEX.fullmatch(expression)
    if indexed is not None:
        several = parameters.get(indexed["list"])
        number = int(indexed["number"])
        if isinstance(several, list) and number < len(several):
            return str(several[number])
    value: Any = parameters.get(expression)
    if value is None:
        value = at(parameters, *expression.split("."))
    return found[0] if value is None or isinstance(value, dict | list) else str(value)
