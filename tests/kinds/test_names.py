"""Names as the API server checks them for each kind."""

from __future__ import annotations

import pytest

from chores_infra import kinds

LABEL, SUBDOMAIN = "a" * 63, "a" * 253
CASES = [
    # https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
    (
        "v1",
        "ConfigMap",
        ["web", "a.b", "1", SUBDOMAIN],
        ["", "Web", "a_b", "-a", "a-", "a..b", ".a", "a" * 254, "é"],
    ),
    ("v1", "Namespace", ["web", "1", LABEL], ["a.b", "a" * 64, "-a", "A"]),
    ("v1", "Service", ["web", LABEL], ["1web", "a.b", "a" * 64, "web-"]),
    (
        "rbac.authorization.k8s.io/v1",
        "ClusterRole",
        ["system:node", "A B", "a_b", "..."],
        ["", ".", "..", "a/b", "a%b"],
    ),
    ("batch/v1", "CronJob", ["a" * 52], ["a" * 53]),
    ("traefik.io/v1alpha1", "IngressRoute", ["a.b"], ["A"]),
]


@pytest.mark.parametrize(
    ("api_version", "kind", "name", "is_legal"),
    [
        (api_version, kind, name, is_legal)
        for api_version, kind, legal, illegal in CASES
        for is_legal, names in ((True, legal), (False, illegal))
        for name in names
    ],
)
def test_names(api_version: str, kind: str, name: str, *, is_legal: bool) -> None:
    manifest = {"apiVersion": api_version, "kind": kind, "metadata": {"name": name}}
    at_fault = {problem.field for problem in kinds.validate(manifest)}
    assert ("metadata.name" in at_fault) is not is_legal


@pytest.mark.parametrize(
    ("field", "legal", "illegal"),
    [
        (
            "labels",
            {"app": "", "example.com/app": "A_b.c-1", "a" * 63: "x" * 63},
            {"/a": "", "a" * 64: "", "A.b/": ""},
        ),
        ("labels", {}, {"Example.com/a": "x", "a": "x" * 64, "b": "-", "c": "a b"}),
        ("annotations", {"Example.com/a": "any text: ☃", "a": ""}, {"a b": "", "x/y/z": ""}),
    ],
)
def test_keys_and_values(field: str, legal: dict[str, str], illegal: dict[str, str]) -> None:
    manifest = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "a", field: {**legal, **illegal}},
    }
    assert {problem.path[2] for problem in kinds.validate(manifest)} == set(illegal)


def test_generate_name_does_for_a_name() -> None:
    manifest = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"generateName": "migrate-"}}
    assert [problem.field for problem in kinds.validate(manifest)] == ["spec"]
