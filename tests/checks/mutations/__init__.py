"""Breaks the references of a repository, one at a time, and counts what the checks find at the right line.

    CHORES_INFRA_SHARED=../shared python -m tests.checks.mutations

Each mutation edits one line of one file: the name in a reference, the name of what is referred to, a key, a
port, a label of a selector, the path of an Application. Seeded, so that two runs are one. What breaks nothing
is no mutation: the name of an ExternalSecret whose Secret is named elsewhere, or a Secret that cert-manager
makes under whatever name the Ingress gives.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from chores_infra.checks.context import Context
from chores_infra.checks.fields import each
from chores_infra.checks.finding import Severity
from chores_infra.checks.loading import from_texts
from chores_infra.checks.pods import pods_of
from chores_infra.checks.providers import Provider
from chores_infra.checks.registry import built_in_rules
from chores_infra.checks.resolution import Presence
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Rule
from chores_infra.checks.validation import findings_of
from chores_infra.rendering.field_path import FieldPath

__all__ = ["FAMILIES", "Mutation", "mutations", "run", "table", "texts_of"]

FAMILIES = (
    "reference renamed",
    "target renamed",
    "key changed",
    "key dropped",
    "port changed",
    "selector changed",
    "pod label changed",
    "application path changed",
)
COUNT = 200
SEED = 20251220
RULES = frozenset(
    {
        "application-reads-nothing",
        "key-missing",
        "port-missing",
        "reference-missing",
        "schema",
        "selects-nothing",
        "target-port-missing",
    }
)


class Mutation(NamedTuple):
    """One edit: ``old`` becomes ``new`` in a line; a finding must stand in one of the ``expected`` places."""

    family: str
    file: str
    line: int
    old: str
    new: str
    expected: tuple[tuple[str, int], ...]


def texts_of(root: Path) -> dict[str, str]:
    """The files of a tree by their paths in it."""
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def mutations(texts: Mapping[str, str]) -> list[Mutation]:
    """Every mutation that a repository offers, in a seeded order."""
    context = Context(from_texts(texts))
    found = dict.fromkeys(_all(context))
    ordered = sorted(found)
    random.Random(SEED).shuffle(ordered)
    return [mutation for mutation in ordered if _edited(texts, mutation) is not None]


def run(
    texts: Mapping[str, str], chosen: Sequence[Mutation]
) -> tuple[Counter[str], Counter[str], list[Mutation]]:
    """How many of each family were found, how many were made, and those that were missed."""
    rules = [rule for rule in built_in_rules() if rule.id in RULES]
    known = {finding[:3] for finding in _findings(texts, rules)}
    caught: Counter[str] = Counter()
    made: Counter[str] = Counter()
    missed: list[Mutation] = []
    for mutation in chosen:
        edited = _edited(texts, mutation)
        assert edited is not None
        made[mutation.family] += 1
        new = {
            (file, line)
            for file, rule, path, line in _findings(edited, rules)
            if (file, rule, path) not in known
        }
        if new & set(mutation.expected):
            caught[mutation.family] += 1
        else:
            missed.append(mutation)
    return caught, made, missed


def table(caught: Counter[str], made: Counter[str]) -> str:
    """The figures for the documentation."""
    rows = "\n".join(
        f"| {family} | {made[family]} | {caught[family]} |" for family in FAMILIES if made[family]
    )
    return f"| mistake | made | found at its line |\n|---|---|---|\n{rows}\n"


def _findings(texts: Mapping[str, str], rules: Sequence[Rule]) -> set[tuple[str, str, str, int]]:
    found = findings_of(Context(from_texts(texts)), rules)
    return {
        (each.file, each.rule, f"{each.resource} {each.path}", each.line or 0)
        for each in found
        if each.severity is not Severity.INFO
    }


def _edited(texts: Mapping[str, str], mutation: Mutation) -> dict[str, str] | None:
    """The repository with the mutation; None where the line does not say it in these words."""
    lines = texts[mutation.file].split("\n")
    line = lines[mutation.line - 1]
    before, found, after = line.rpartition(mutation.old)
    if not found or "#" in before:
        return None
    lines[mutation.line - 1] = f"{before}{mutation.new}{after}"
    return {**texts, mutation.file: "\n".join(lines)}


def _all(context: Context) -> Iterator[Mutation]:
    yield from _of_references(context)
    yield from _of_selectors(context)
    for reading in context.repository.readings:
        source, resource = reading.source, reading.application.resource
        if (
            reading.files
            and source.folder is not None
            and len(resource.document.value)
            and source.spec.get("path")
        ):
            path = (*source.field, "path")
            yield _mutation(
                "application path changed", resource, path, str(source.spec["path"]), "-gone", resource
            )


def _of_references(context: Context) -> Iterator[Mutation]:
    for reference, resolution in context.resolver.references:
        if resolution.presence is not Presence.FOUND or reference.optional or len(resolution.providers) != 1:
            continue
        (provider,) = resolution.providers
        source = reference.source
        if provider.by is source:
            continue  # cert-manager makes it under whatever name stands here
        place = (source.file, source.position(reference.path).line)
        yield _mutation("reference renamed", source, reference.path, reference.name, "-gone", source)
        named = _name_of(provider)
        if named is not None:
            line = provider.by.position(named).line
            yield Mutation(
                "target renamed", provider.by.file, line, provider.name, f"{provider.name}-moved", (place,)
            )
        for key in reference.keys:
            if provider.keys is not None:
                yield _mutation("key changed", source, key.path, str(key.name), "-gone", source)
                yield from _key_dropped(
                    provider, str(key.name), (source.file, source.position(key.path).line)
                )
        for port in reference.ports:
            if provider.ports is not None:
                yield _mutation("port changed", source, port.path, str(port.name), "1", source)


def _key_dropped(provider: Provider, key: str, place: tuple[str, int]) -> Iterator[Mutation]:
    """The key where it is made, as another one."""
    for pattern in ("data.*", "stringData.*", "spec.encryptedData.*", "spec.target.template.data.*"):
        for path, _ in provider.by.each(pattern):
            if path[-1] == key:
                line = provider.by.position(path).line
                yield Mutation("key dropped", provider.by.file, line, f"{key}:", f"{key}-other:", (place,))
    for path, value in provider.by.each("spec.data[].secretKey"):
        if value == key:
            line = provider.by.position(path).line
            yield Mutation("key dropped", provider.by.file, line, key, f"{key}-other", (place,))


def _of_selectors(context: Context) -> Iterator[Mutation]:
    for service in context.repository.of_kind("", "Service"):
        pods = context.pods.of_service(service)
        if len(pods) != 1:
            continue
        selector = service.at("spec", "selector")
        place = (service.file, service.position(("spec", "selector")).line)
        for key, value in selector.items():
            line = service.position(("spec", "selector", key)).line
            yield Mutation("selector changed", service.file, line, str(value), f"{value}-gone", (place,))
        (pod,) = pods
        if [each.owner for each in pods_of(pod.owner)] == [pod.owner]:
            key, value = next(iter(selector.items()))
            path = pod.field("metadata", "labels", key)
            owner = pod.owner
            # The workload's own selector no longer fits either, which the schema says at the labels.
            expected = (place, (owner.file, owner.position(path).line))
            line = owner.position(path).line
            yield Mutation("pod label changed", owner.file, line, str(value), f"{value}-moved", expected)
        for path, target in each(service.manifest, "spec.ports[].targetPort"):
            if any(pod.ports()):
                yield _mutation("port changed", service, path, str(target), "1", service)


def _name_of(provider: Provider) -> FieldPath | None:
    """Where the name of an object stands: in what an operator makes it from, or as the manifest's own."""
    for pattern in ("spec.target.name", "spec.secretName", "spec.writeConnectionSecretToRef.name"):
        for path, value in provider.by.each(pattern) if provider.is_made else ():
            if value == provider.name:
                return path
    return ("metadata", "name") if provider.by.name == provider.name else None


def _mutation(
    family: str, resource: Resource, path: FieldPath, old: str, added: str, blamed: Resource
) -> Mutation:
    line = resource.position(path).line
    return Mutation(family, resource.file, line, old, f"{old}{added}", ((blamed.file, line),))


def main() -> None:
    """Print the table, and what was missed."""
    texts = texts_of(Path(os.environ["CHORES_INFRA_SHARED"]) / "corpus" / "2025-12")
    caught, made, missed = run(texts, mutations(texts)[:COUNT])
    for mutation in missed:
        print(mutation, file=sys.stderr)
    print(table(caught, made), end="")


if __name__ == "__main__":
    main()
