"""A process to be killed: it writes two versions of an app and removes it, again and again.

A script of its own, with no import that it does not need: two hundred of them are started.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from chores_infra.rendering.places import Places
from chores_infra.rendering.writer import Writer, generated_by

SHOP = Places("shop")
HEADER = generated_by("shop.app:Shop")


def _version(number: int, names: str) -> Mapping[PurePosixPath, str]:
    paths = [SHOP.application_file, *(SHOP.folder / f"{name}.yaml" for name in names), SHOP.intent_file]
    return {path: HEADER + f"version: {number} of {path}\n" * (number * 2000) for path in paths}


# Files that change, that come and that go.
VERSIONS = (_version(1, "abcd"), _version(2, "cdef"))


def write_for_ever(root: Path) -> None:
    """Say so, and begin."""
    print("ready", flush=True)
    while True:
        for files in VERSIONS:
            with Writer(root, [SHOP]) as writer:
                writer.apply(writer.plan(SHOP, files))
        with Writer(root, [SHOP]) as writer:
            writer.apply(writer.plan_removal(SHOP, drop_intent=True))


if __name__ == "__main__":
    write_for_ever(Path(sys.argv[1]))
