"""Which images a manifest runs, and by what each is known from one commit to the next."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, Final, NamedTuple, TypeAlias

__all__ = ["Image", "Key", "Slot", "image_of", "slots"]

# They hold texts of others: an image in there is a setting, or a description.
_NEVER: Final = frozenset({"ConfigMap", "Secret", "CustomResourceDefinition"})
_LONGEST: Final = 512
_PARAMETER: Final = "image.tag"
_CHART: Final = "chart"

Key: TypeAlias = tuple[str, str]
"""The object and the container: ``("Deployment/shop", "web")``."""


class Image(NamedTuple):
    """A reference to an image, or to a chart: what comes before the tag, the tag, the digest; or nothing.

    >>> image_of("registry.example.com:5000/shop:1.4.2")
    Image(repository='registry.example.com:5000/shop', tag='1.4.2', digest='')
    """

    repository: str
    tag: str = ""
    digest: str = ""

    @property
    def name(self) -> str:
        """The last part of the repository, which stays when a registry moves."""
        return self.repository.rstrip("/").rpartition("/")[2]


class Slot(NamedTuple):
    """A place in a manifest that says which image runs: in ``holder``, under ``fields``.

    The image is the text of the only field, or made of the fields repository, tag and digest.
    """

    key: Key
    holder: MutableMapping[str, Any]
    fields: tuple[str, ...]
    repository: str = ""

    def texts(self) -> tuple[str, ...]:
        """What the fields say; nothing for those that are not there."""
        found = (self.holder.get(field) for field in self.fields)
        return tuple("" if each is None else str(each) for each in found)

    def blank(self) -> None:
        """Take out what says which version it is, so that the rest can be compared."""
        for field in self.fields[-2:] if len(self.fields) > 1 else self.fields:
            if field in self.holder:
                self.holder[field] = ""

    def image(self, texts: tuple[str, ...]) -> Image:
        """The image for what the fields say."""
        if len(self.fields) == 1 and not self.repository:
            return image_of(texts[0])
        if len(self.fields) == 1:
            return Image(self.repository, texts[0])
        repository, tag, digest = texts
        return Image(repository or self.repository, tag, digest)


def image_of(text: str) -> Image:
    """The parts of a reference to an image (https://github.com/distribution/reference)."""
    name, _, digest = text.partition("@")
    head, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    return Image(sys.intern(f"{head}{slash}{last}"), tag, digest)


def slots(value: object, file: str) -> Iterator[Slot]:
    """Every place of a document that says which image or chart runs.

    These are ``image`` wherever it stands (pods, custom resources), ``repository`` with ``tag`` (values of
    charts), ``images`` of a kustomization, and the chart of an Argo CD Application.

    Args:
        value: the document.
        file: the path of its file; a document without a name is known by it.
    """
    if not isinstance(value, dict):
        return
    kind = value.get("kind") if isinstance(value.get("kind"), str) else ""
    if kind in _NEVER:
        return
    name = _mapping(value.get("metadata")).get("name")
    last = file.rpartition("/")[2]
    owner = f"{kind}/{name}" if kind and isinstance(name, str) else last
    if kind == "Kustomization" or last.lower().startswith(("kustomization", ".argocd-source")):
        yield from _kustomized(value, owner)
    if kind == "Application":
        yield from _sources(value, owner)
    yield from _below(value, owner, "")


def _below(value: object, owner: str, field: str) -> Iterator[Slot]:
    if isinstance(value, list):
        for each in value:
            yield from _below(each, owner, field)
    elif isinstance(value, dict):
        image = value.get("image")
        if isinstance(image, str) and image and len(image) <= _LONGEST and not any(map(str.isspace, image)):
            yield Slot((owner, _name(value, field)), value, ("image",))
        elif isinstance(value.get("repository"), str) and isinstance(value.get("tag"), str | int | float):
            yield Slot((owner, _name(value, field)), value, ("repository", "tag", "digest"))
        for key, inner in value.items():
            if isinstance(inner, dict | list) and key != "images":
                yield from _below(inner, owner, field if key == "image" else key)


def _name(value: Mapping[str, Any], field: str) -> str:
    name = value.get("name")
    return name if isinstance(name, str) and name else field or "image"


def _kustomized(value: Mapping[str, Any], owner: str) -> Iterator[Slot]:
    """https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/."""
    for holder in (value, _mapping(value.get("kustomize"))):
        images = holder.get("images")
        for entry in images if isinstance(images, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get("name"), str):
                name = entry["name"]
                yield Slot((owner, name), entry, ("newName", "newTag", "digest"), name)


def _sources(value: Mapping[str, Any], owner: str) -> Iterator[Slot]:
    """The charts of an Application, and the tags of images that it gives to one."""
    spec = _mapping(value.get("spec"))
    several = spec.get("sources")
    for source in (spec.get("source"), *(several if isinstance(several, list) else ())):
        if not isinstance(source, dict):
            continue
        chart, repository = source.get("chart"), source.get("repoURL")
        if isinstance(chart, str) and isinstance(repository, str):
            yield Slot((owner, chart), source, ("targetRevision",), f"{repository.rstrip('/')}/{chart}")
        helm = source.get("helm")
        if not isinstance(helm, dict):
            continue
        parameters = helm.get("parameters")
        for each in parameters if isinstance(parameters, list) else ():
            if isinstance(each, dict) and str(each.get("name", "")).endswith(_PARAMETER):
                name = str(each["name"]).removesuffix(_PARAMETER).rstrip(".") or _CHART
                yield Slot((owner, name), each, ("value",), name)
        _embedded(helm)


def _embedded(helm: MutableMapping[str, Any]) -> None:
    """Let values that are written as text be read as what they are."""
    text = helm.get("values")
    if isinstance(text, str):
        from chores_infra.rendering.reader import read_source

        reading = read_source(text)
        if len(reading.documents) == 1 and not any(problem.breaks for problem in reading.problems):
            helm["values"] = reading.documents[0].value


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
