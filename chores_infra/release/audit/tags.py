"""Rules about tags by themselves: how they are written, where they are, and whether they stayed there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Final

from chores_infra.checks.finding import Finding, Severity
from chores_infra.release.app_repository import Tag
from chores_infra.release.audit.facts import AppRepository, Facts, Images
from chores_infra.release.audit.names import SHORT, MalformedTag, TagNames
from chores_infra.release.audit.rule_texts import found
from chores_infra.versions import Version

__all__ = ["floating_tag_elsewhere", "malformed_tag", "not_on_main", "tag_moved"]

_HABIT: Final = 5
"""So many tags of one form are a habit: one finding tells of them."""
_CLOCKS: Final = timedelta(hours=1)
"""How far the clocks of two machines may be apart."""


def malformed_tag(facts: Facts) -> Iterator[Finding]:
    """Tags that are nearly versions: no command can deploy them."""
    if facts.source is not None:
        source = facts.source
        short = [MalformedTag(named.tag.name, SHORT) for named in source.versions if named.short]
        names = [tag.name for tag in source.tags]
        yield from _malformed(source.name, source.names, names, short)
    if facts.registry is not None:
        registry = facts.registry
        yield from _malformed(registry.name, registry.names, registry.by_tag, [])


def _malformed(
    where: str,
    names: TagNames,
    tags: Iterable[str],
    short: list[MalformedTag],
) -> Iterator[Finding]:
    forms: dict[str, list[str]] = {}
    for malformed in (*short, *(each for name in tags if (each := names.malformed(name)))):
        forms.setdefault(malformed.form, []).append(malformed.tag)
    for form, found_tags in forms.items():
        listed = sorted(found_tags)
        if len(listed) >= _HABIT:
            yield found(
                "malformed-tag",
                where,
                "",
                f"{len(listed)} tags have {form}, such as {listed[0]!r}: none of them can be deployed",
                severity=Severity.INFO,
            )
            continue
        for tag in listed:
            yield found("malformed-tag", f"{where}:{tag}", f"tag {tag}", f"{tag!r} has {form}")


def not_on_main(facts: Facts) -> Iterator[Finding]:
    """Versions that are neither on the main line nor on a line of their own that goes on beside it."""
    source = facts.source
    if source is None or source.ancestry is None or not source.branches.main:
        return
    ancestry = source.ancestry
    heads = (*source.branches.main, *source.branches.lines)
    off = [
        named
        for named in source.versions
        if not any(ancestry.contains(head, named.tag.commit) for head in heads)
    ]
    finals = [named for named in off if not named.version.prerelease]
    if len(finals) >= _HABIT and 2 * len(finals) > len(source.finals):
        yield found(
            "not-on-main",
            source.name,
            "",
            f"{len(off)} versions, as most here, are on no branch, but made beside {source.branches.name}",
            severity=Severity.INFO,
        )
        return
    latest = max((named.version for named in source.finals), default=None)
    for named in off:
        if not _older_line(named.version, latest, source):
            yield found(
                "not-on-main",
                f"{source.name}:{named.tag.name}",
                f"version {named.version}",
                f"{named.version} ({named.tag.commit[:12]}) is not on {source.branches.name}, "
                "nor on a release branch",
                # A candidate is often made to try what is not on the main line yet.
                severity=Severity.INFO if named.version.prerelease else None,
            )


def _older_line(version: Version, latest: Version | None, source: AppRepository) -> bool:
    """Whether a version is a patch of an older line, built on the patch before it: its branch may be gone."""
    if latest is None or not version.patch or version.line == latest.line:
        return False
    tag = source.of(version)
    line = [each for each in source.versions if each.version.line == version.line and each.version < version]
    return (
        bool(line)
        and tag is not None
        and source.ancestry is not None
        and any(source.ancestry.contains(tag.commit, each.tag.commit) for each in line)
    )


def floating_tag_elsewhere(facts: Facts) -> Iterator[Finding]:
    """``latest``, ``v3`` and ``v3.1`` that are not at the newest version that they stand for."""
    if facts.source is not None:
        yield from _floating_in_git(facts.source)
    if facts.registry is not None:
        yield from _floating_images(facts.registry)


def _floating_in_git(source: AppRepository) -> Iterator[Finding]:
    finals = [(named.version, named.tag.commit) for named in source.finals if not named.short]
    newest = _newest(version for version, _ in finals)
    own = {named.tag.name for named in source.versions}
    for tag in source.tags:
        if tag.name in own:
            continue
        wanted = _stands_for(tag.name, source.names, newest)
        if wanted is None or tag.commit in {commit for version, commit in finals if version == wanted}:
            continue
        there = [version for version, commit in finals if commit == tag.commit]
        latest_of_main = source.names.is_latest(tag.name) and not there
        target = source.of(wanted)
        if (
            latest_of_main
            and target
            and source.ancestry
            and source.ancestry.contains(tag.commit, target.commit)
        ):
            continue
        at = str(max(there)) if there else f"commit {tag.commit[:12]}, which is no version"
        yield _floating(f"{source.name}:{tag.name}", tag.name, at, wanted)


def _floating_images(registry: Images) -> Iterator[Finding]:
    finals = [(version, image) for version, _, image in registry.versions if not version.prerelease]
    newest = _newest(version for version, _ in finals)
    for tag, image in registry.by_tag.items():
        wanted = _stands_for(tag, registry.names, newest)
        if wanted is None:
            continue
        right = [each for version, each in finals if version == wanted]
        if image.digest in {each.digest for each in right}:
            continue
        there = [version for version, each in finals if each.digest == image.digest]
        if registry.names.is_latest(tag) and not there:
            # Many push latest for each build of the main branch: then it is newer than the newest version.
            moments = [each.pushed_at for each in right if each.pushed_at is not None]
            if image.pushed_at is None or not moments or image.pushed_at >= max(moments):
                continue
        at = str(max(there)) if there else f"image {image.digest[:19]}, which is no version"
        yield _floating(f"{registry.name}:{tag}", tag, at, wanted)


def _stands_for(tag: str, names: TagNames, newest: Mapping[tuple[int, ...], Version]) -> Version | None:
    """The version that a tag that moves should be at; None for any other tag."""
    numbers = () if names.is_latest(tag) else names.partial(tag)
    return None if numbers is None else newest.get(numbers)


def _newest(versions: Iterable[Version]) -> dict[tuple[int, ...], Version]:
    """The greatest version of all (``()``), of each major (``(3,)``) and of each line (``(3, 1)``)."""
    newest: dict[tuple[int, ...], Version] = {}
    for version in sorted(versions):
        newest |= {(): version, (version.major,): version, version.line: version}
    return newest


def _floating(file: str, tag: str, at: str, wanted: Version) -> Finding:
    return found("floating-tag-elsewhere", file, f"tag {tag}", f"{tag} is at {at}; expected {wanted}")


def tag_moved(facts: Facts) -> Iterator[Finding]:
    """Tags of versions that name something else than was recorded, or than they say themselves."""
    reported: set[str] = set()
    for finding in (*_moved_images(facts), *_moved_commits(facts), *_renamed(facts), *_tagged_again(facts)):
        if finding.resource not in reported:
            reported.add(finding.resource)
            yield finding


def _moved_images(facts: Facts) -> Iterator[Finding]:
    if facts.infrastructure is None:
        return
    running = {
        (where, str(each.release), each.digest)
        for where, each in facts.infrastructure.intent.environments.items()
    }
    recorded: dict[str, dict[str, str]] = {}
    for deployment in facts.infrastructure.deployments:
        release = deployment.release
        if deployment.digest is None or not isinstance(release, Version):
            continue
        digests = recorded.setdefault(str(release), {})
        digests.setdefault(deployment.digest, f"on {deployment.at:%Y-%m-%d}")
        now = facts.registry.by_tag.get(deployment.tag) if facts.registry else None
        is_running = (deployment.environment, str(release), deployment.digest) in running
        if now is not None and not is_running:  # of what runs, digest-changed tells
            digests.setdefault(now.digest, "now")
    for version, digests in recorded.items():
        if len(digests) > 1:
            told = ", ".join(f"{digest[:19]} {when}" for digest, when in digests.items())
            yield found(
                "tag-moved",
                facts.infrastructure.file,
                f"version {version}",
                f"{version} was deployed as several images: {told}",
                severity=Severity.ERROR,
            )


def _moved_commits(facts: Facts) -> Iterator[Finding]:
    if facts.infrastructure is None or facts.source is None:
        return
    for deployment in facts.infrastructure.deployments:
        release, commit = deployment.release, deployment.app_commit
        tag = facts.source.of(release) if isinstance(release, Version) else None
        if tag is not None and commit is not None and not tag.commit.startswith(commit):
            yield found(
                "tag-moved",
                f"{facts.source.name}:{tag.name}",
                f"version {release}",
                f"{tag.name} names commit {tag.commit[:12]}; it was {commit[:12]} when it was deployed on "
                f"{deployment.at:%Y-%m-%d}",
                severity=Severity.ERROR,
            )


def _renamed(facts: Facts) -> Iterator[Finding]:
    """Annotated tags that give themselves the name of another version."""
    source = facts.source
    for named in source.versions if source else ():
        tag: Tag = named.tag
        said = source.names.version(tag.said) if source and tag.said and tag.said != tag.name else None
        if source and said is not None and said != named.version:
            yield found(
                "tag-moved",
                f"{source.name}:{tag.name}",
                f"version {named.version}",
                f"{tag.name} is an annotated tag that calls itself {tag.said}: made for another version",
            )


def _tagged_again(facts: Facts) -> Iterator[Finding]:
    """Annotated tags that are younger than the first deployment of their version."""
    if facts.infrastructure is None or facts.source is None:
        return
    for deployment in facts.infrastructure.deployments:
        release = deployment.release
        tag = facts.source.of(release) if isinstance(release, Version) else None
        if tag is not None and tag.tagged_at is not None and tag.tagged_at > deployment.at + _CLOCKS:
            yield found(
                "tag-moved",
                f"{facts.source.name}:{tag.name}",
                f"version {release}",
                f"{tag.name} was made on {tag.tagged_at:%Y-%m-%d %H:%M}, after it was deployed on "
                f"{deployment.at:%Y-%m-%d %H:%M}: it was made again",
            )
