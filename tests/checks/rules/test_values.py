"""Values that became something else than they say: https://yaml.org/type/ as go-yaml reads it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

FREE = """\
apiVersion: example.com/v1
kind: Widget
metadata: {name: one, namespace: shop}
spec: {%s}
"""
CHART = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd}
spec:
  project: default
  source: {repoURL: https://charts.example.com, chart: shop, helm: {valuesObject: {a: [{%s}]}}}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  %s
  containers: [{name: shop, image: "registry.example.com/shop:1.4.2"}]
"""


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("country: no", "no is a word that YAML takes for a boolean: it is read as false"),
        ("mode: 010", None),
        ("number: 010", "010 is a number that YAML takes for an octal one: it is read as 8"),
        ("commit: 12e4", "12e4 is a number with an exponent: it is read as 120000"),
        ("port: 8080.0", "8080.0 is a number that loses the zeros at its end: it is read as 8080"),
        ("tag: 1.10", "1.10 is a number that loses the zeros at its end: it is read as 1.1"),
        ("version: 1.0", "1.0 is a number that loses the zeros at its end: it is read as 1"),
        ("account: 1_000", "1_000 is a number whose underscores are dropped: it is read as 1000"),
        ("enabled: yes", None),
        ("useTls: off", None),
        ("ratio: 1.0", None),
        ("share: 0.50", None),
        ("time: 12:30", None),
        ('country: "no"', None),
        ("size: 3", None),
    ],
)
@pytest.mark.parametrize("where", [FREE, CHART])
def test_free_values(
    found: Callable[..., dict[str, str]], where: str, written: str, said: str | None
) -> None:
    messages = list(found("value-misread", where % written).values())

    assert messages == ([] if said is None else [f"warning: {said}"])


@pytest.mark.parametrize(
    "typed",
    [
        "volumes: [{name: a, configMap: {name: a, defaultMode: 0755}}]",  # a mode is written in octal
        "hostNetwork: on",  # a boolean is wanted
        "terminationGracePeriodSeconds: 1e1",  # a number is wanted
        "hostname: no",  # refused, and reported with the schema
    ],
)
def test_where_a_type_tells_nothing_is_said(found: Callable[..., dict[str, str]], typed: str) -> None:
    assert not found("value-misread", POD % typed)


def test_an_octal_user_is_a_slip(found: Callable[..., dict[str, str]]) -> None:
    assert found("value-misread", POD % "securityContext: {runAsUser: 01000}") == {
        "spec.securityContext.runAsUser": "warning: 01000 is a number that YAML takes for an octal one: "
        "it is read as 512"
    }


def test_what_is_no_manifest_is_left_alone(found: Callable[..., dict[str, str]]) -> None:
    assert not found("value-misread", {"values.yaml": "version: 1.10\nname: no\n"})


def test_an_item_of_a_list_is_found_once(found: Callable[..., dict[str, str]]) -> None:
    items = "\n".join(
        f"- {{{line}}}" for line in ("apiVersion: example.com/v1, kind: W, tag: 1.10", "kind: x")
    )

    assert list(found("value-misread", f"apiVersion: v1\nkind: List\nitems:\n{items}\n")) == ["tag"]


APPLICATION = CHART % "" + "---\n"


@pytest.mark.parametrize(
    ("metadata", "path"),
    [
        ("{name: Not_A_Name}", "metadata.name"),
        ("{name: one, labels: {a: on}}", "metadata.labels.a"),
        ('{name: one, labels: {"b c": x}}', 'metadata.labels["b c"]'),
        ("{name: one, annotations: {a: 1}}", "metadata.annotations.a"),
        ("{name: one, label: {a: b}}", "metadata.label"),
    ],
)
def test_the_metadata_of_a_kind_without_schema(
    found: Callable[..., dict[str, str]], metadata: str, path: str
) -> None:
    application = CHART.replace("chart: shop, helm: {valuesObject: {a: [{%s}]}}", "path: shop")
    widget = f"apiVersion: example.com/v1\nkind: Widget\nmetadata: {metadata}\nspec: {{}}\n"

    assert list(found("schema", {"apps/shop.yaml": application, "shop/a.yaml": widget})) == [path]
    assert not found("schema", widget)  # whether anybody applies it is not known
