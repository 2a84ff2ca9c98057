"""Comparisons that reports are made of: of real apps, of forty at once, and with hostile values."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from chores_infra.app import Target
from chores_infra.apps.chores_tracker import ChoresTracker
from chores_infra.diff import Comparison, Located, compare
from chores_infra.environments import Environment
from chores_infra.rendering.reader import read
from chores_infra.synthesis import render
from chores_infra.versions import Version

HOSTILE = "</script><script>alert(1)</script> `x` ``` @admins #1 https://example.com [a](b) \x1b[2J \u202e|"


def rendered(names: Iterable[str], version: str) -> list[Located]:
    """The manifests of the reference app under some names."""
    found = []
    for name in names:
        release = Version.parse(version)
        target = Target(Environment.PRODUCTION, release, version.removeprefix("v"))
        for path, text in render(ChoresTracker.named(name), target).files.items():
            found += [Located(document.value, str(path)) for document in read(text)]
    return found


def forty_apps() -> Comparison:
    """v3.0.0 to v3.1.0 in 40 apps, two of which go to another version."""
    names = [f"shop-{number}" for number in range(40)]
    after = rendered(names[:38], "v3.1.0") + rendered(names[38:], "v3.2.0")
    return compare(rendered(names, "v3.0.0"), after)


@pytest.fixture(scope="session")
def forty() -> Comparison:
    """A change in many apps at once."""
    return forty_apps()


@pytest.fixture(scope="session")
def deployed() -> Comparison:
    """v3.0.0 to v3.1.0 of chores-tracker."""
    return compare(rendered(["chores-tracker"], "v3.0.0"), rendered(["chores-tracker"], "v3.1.0"))


@pytest.fixture(scope="session")
def hostile() -> Comparison:
    """Names and values that want to be markup, in every place where a report shows one."""

    def manifest(value: str, lines: str) -> Located:
        metadata = {"name": HOSTILE, "namespace": HOSTILE, "labels": {HOSTILE: value}}
        data = {"KEY": value, "lines": f"a\n{lines}\nc\n"}
        return Located(
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}, f"{HOSTILE}.yaml"
        )

    return compare([manifest("before", "b")], [manifest(HOSTILE, HOSTILE)])
