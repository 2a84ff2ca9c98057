"""Two manifests of one object: an error where both are applied, a warning where one of them is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chores_infra.checks.context import Context
from chores_infra.checks.finding import Severity
from chores_infra.checks.rules.identities import DuplicateIdentity

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: %s, namespace: argo-cd}
spec:
  source: {repoURL: https://example.com/infrastructure, path: %s}
  destination: {namespace: shop}
"""
SETTINGS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}\ndata: {}\n"


@pytest.mark.parametrize(
    ("apps", "severities"),
    [
        ((), {"a": None, "b": None}),
        (("a", "b"), {"a": None, "b": None}),
        (("a",), {"a": Severity.WARNING, "b": Severity.WARNING}),
        (("other",), {"a": Severity.WARNING, "b": Severity.WARNING}),
    ],
    ids=["no Applications", "both are applied", "one is applied", "none is applied"],
)
def test_how_bad_it_is(
    context: Callable[..., Context], apps: tuple[str, ...], severities: dict[str, Severity | None]
) -> None:
    texts = {f"apps/{app}.yaml": APPLICATION % (app, app) for app in apps}
    texts |= {f"{folder}/settings.yaml": SETTINGS for folder in ("a", "b")}
    texts["other/more.yaml"] = SETTINGS.replace("settings", "more")

    hits = DuplicateIdentity().check(context(texts))

    assert {hit.where.file[0]: hit.severity for hit in hits} == severities


def test_applications_that_nobody_applies_are_where_everything_begins(
    context: Callable[..., Context],
) -> None:
    texts = {f"apps/{name}.yaml": APPLICATION % ("shop", "shop") for name in ("one", "two")}

    assert [hit.severity for hit in DuplicateIdentity().check(context(texts))] == [None, None]
