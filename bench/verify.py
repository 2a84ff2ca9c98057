"""Hold what a peer rendered to what every peer has to render: the same objects, key by key."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml
from measure import BrokenPeerError, Case
from objects import Manifest


def verify(case: Case, folder: Path, wanted: Iterable[Manifest]) -> int:
    """Compare the manifests of a run in ``folder``, as a set, to ``wanted``; answer how many there are.

    Raises:
        BrokenPeerError: an object is missing, different or too many.
    """
    found = Counter(text for file in case.rendered(folder) for text in _texts(file.read_bytes()))
    expected = Counter(map(_canonical, wanted))
    if found == expected:
        return found.total()
    lines = [f"{case.name}: found {found.total()} objects, expected {expected.total()}"]
    lines += [f"  missing:    {text}" for text in sorted((expected - found).elements())[:3]]
    lines += [f"  unexpected: {text}" for text in sorted((found - expected).elements())[:3]]
    raise BrokenPeerError("\n".join(lines))


@cache
def _texts(data: bytes) -> list[str]:
    """The objects in a file. Most of our cases write the same files, and parsing is what takes time."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [_canonical(manifest) for manifest in yaml.load_all(data, Loader=loader) if manifest]


def _canonical(manifest: Manifest) -> str:
    return json.dumps(manifest, sort_keys=True, default=repr)
