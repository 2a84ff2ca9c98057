"""Rules about versions against each other: two that are one, and such as are older than those before them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from chores_infra.checks.finding import Finding, Severity
from chores_infra.release.app_repository import Tag
from chores_infra.release.audit.ancestry import Ancestry
from chores_infra.release.audit.facts import Facts, Images, Named
from chores_infra.release.audit.rule_texts import found
from chores_infra.versions import Version

__all__ = ["older_than_predecessor", "two_versions_one_commit", "two_versions_one_digest"]

_CLOCKS: Final = timedelta(hours=1)
"""How far the clocks of two machines, or two steps of one release, may be apart."""
_HABIT: Final = 5
_TOGETHER: Final = timedelta(minutes=1)
"""Images that are pushed within this time are pushed by one job, in any order."""


def two_versions_one_commit(facts: Facts) -> Iterator[Finding]:
    """Versions that name the same commit, and are not the way of one version to its release."""
    if facts.source is None:
        return
    together: dict[str, list[Named]] = {}
    for named in facts.source.versions:
        together.setdefault(named.tag.commit, []).append(named)
    rivals = {}
    for commit, names in together.items():
        versions = _rivals(
            named.version for named in names if not facts.source.names.has_build(named.tag.name)
        )
        if versions:
            rivals[commit] = versions
    yield from _told("two-versions-one-commit", facts.source.name, rivals, "commit", 12)


def two_versions_one_digest(facts: Facts) -> Iterator[Finding]:
    """Versions that are the same image."""
    if facts.registry is None:
        return
    together: dict[str, set[Version]] = {}
    for version, _, image in facts.registry.versions:
        together.setdefault(image.digest, set()).add(version)
    rivals = {digest: versions for digest, names in together.items() if (versions := _rivals(names))}
    yield from _told("two-versions-one-digest", facts.registry.name, rivals, "image", 19)


def _told(
    rule: str, where: str, rivals: Mapping[str, Sequence[Version]], what: str, length: int
) -> Iterator[Finding]:
    """A finding for each commit or image, but one for all where a repository numbers everything twice."""
    habits: dict[tuple[int, ...], list[str]] = {}
    for one, versions in rivals.items():
        majors = tuple(sorted({version.major for version in versions}))
        habits.setdefault(majors, []).append(one)
    for majors, ones in habits.items():
        if len(majors) > 1 and len(ones) >= _HABIT:
            versions = rivals[ones[-1]]
            yield found(
                rule,
                where,
                "",
                f"{len(ones)} have versions of two numberings, such as {_listed(versions)}",
                severity=Severity.INFO,
            )
            continue
        for one in ones:
            message = f"{_listed(rivals[one])} are the same {what}, {one[:length]}"
            yield found(rule, where, f"{what} {one[:length]}", message)


def _rivals(versions: Iterable[Version]) -> list[Version]:
    """Those versions of one commit of which only one can be meant.

    A final version is often made of its last pre-release, and that of the stage before it (alpha, beta, rc):
    of those, the last one counts. Two candidates of one stage are rivals.
    """
    counted: dict[tuple[object, ...], list[Version]] = {}
    for version in sorted(version for version in versions if not _begins(version)):
        counted.setdefault((version.major, version.minor, version.patch), []).append(version)
    if len(counted) > 1:
        return [group[-1] for group in counted.values()]
    for group in counted.values():
        stages: dict[str, list[Version]] = {}
        for version in group:
            if version.prerelease:
                stage = version.prerelease[0].rstrip("0123456789").lower()
                stages.setdefault(stage, []).append(version)
        for rivals in stages.values():
            if len(rivals) > 1:
                return rivals
    return []


def _begins(version: Version) -> bool:
    """Whether a version only marks where work on the next one begins, as ``v3.1.0-alpha.0`` does."""
    return bool(version.prerelease) and version.prerelease[-1].lower() in {"0", "dev", "snapshot"}


def older_than_predecessor(facts: Facts) -> Iterator[Finding]:
    """Versions that were made before the one that they follow."""
    source = facts.source
    tagged = {} if source is None else _first_of_each(source.versions)
    if source is not None:
        reported = set()
        for before, after in _successions(sorted(tagged)):
            reason = _out_of_order(tagged[before], tagged[after], source.ancestry)
            if reason and after not in reported:
                reported.add(after)
                yield found(
                    "older-than-predecessor",
                    f"{source.name}:{tagged[after].name}",
                    f"version {after}",
                    f"{after} {reason} {before}, which it should follow",
                )
        for before, after in pairwise(sorted(version for version in tagged if not version.prerelease)):
            built_on = source.ancestry is not None and _is_part(
                tagged[after], tagged[before], source.ancestry
            )
            if built_on and after not in reported:
                yield found(
                    "older-than-predecessor",
                    f"{source.name}:{tagged[after].name}",
                    f"version {after}",
                    f"{after} is part of the history of {before}, which it should follow",
                )
    if facts.registry is not None:
        yield from _images_out_of_order(facts.registry, tagged)


def _first_of_each(versions: Iterable[Named]) -> dict[Version, Tag]:
    """One tag for each version: ``v3.0.0`` and ``3.0.0`` are one, and of several builds the first counts."""
    first: dict[Version, Tag] = {}
    for version, tag, _ in versions:
        if version.prerelease and version.prerelease[0].isdigit():
            continue  # v3.1.0-2 comes before v3.1.0 by its name, and is made after it by many
        if version not in first or tag.committed_at < first[version].committed_at:
            first[version] = tag
    return first


def _successions(versions: Sequence[Version]) -> Iterator[tuple[Version, Version]]:
    """Each version with the one that it follows in time.

    A patch follows the patch before it. The first of a line ``3.1`` follows the first of the line before it,
    ``3.0``, and the first of ``4`` the first of ``3``: older lines go on beside newer ones.
    """
    lines: dict[tuple[int, int], Version] = {}
    majors: dict[int, Version] = {}
    for version in versions:
        lines.setdefault(version.line, version)
        majors.setdefault(version.major, version)
    for before, after in pairwise(versions):
        if before.line == after.line:
            yield before, after
    for before, after in pairwise(lines.values()):
        if before.major == after.major:
            yield before, after
    yield from pairwise(majors.values())


def _out_of_order(before: Tag, after: Tag, ancestry: Ancestry | None) -> str:
    """Why a version is older than the one that it follows; empty where it is not."""
    if before.commit == after.commit:
        return ""
    if ancestry is not None:
        if ancestry.contains(after.commit, before.commit):
            return ""  # whatever the clocks said
        if _is_part(after, before, ancestry):
            return "is part of the history of"
    if after.committed_at + _CLOCKS < before.committed_at:
        return f"is of {_moment(after.committed_at)}, before {_moment(before.committed_at)} of"
    return ""


def _is_part(one: Tag, other: Tag, ancestry: Ancestry) -> bool:
    return one.commit != other.commit and ancestry.contains(other.commit, one.commit)


def _images_out_of_order(registry: Images, tagged: Collection[Version]) -> Iterator[Finding]:
    """The same by when images were pushed, for versions that have no tags in a repository."""
    pushed = {
        version: (image.pushed_at, tag)
        for version, tag, image in registry.versions
        if image.pushed_at is not None and version not in tagged
    }
    for before, after in _successions(sorted(pushed)):
        (earlier, _), (later, tag) = pushed[before], pushed[after]
        if later + _TOGETHER < earlier:
            yield found(
                "older-than-predecessor",
                f"{registry.name}:{tag}",
                f"version {after}",
                f"{after} was pushed on {_moment(later)}, before {before} on {_moment(earlier)}",
            )


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _listed(versions: Sequence[Version]) -> str:
    names = [str(version) for version in versions]
    return f"{', '.join(names[:-1])} and {names[-1]}"
