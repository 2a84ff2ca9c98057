"""CEL rules of real CRDs, with the messages that their authors wrote: what the API server answers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chores_infra import kinds
from chores_infra.kinds import cel
from chores_infra.kinds.cel_functions import _is_cidr, _is_ip, _is_url

Manifest = dict[str, Any]

ROUTE = ("gateway.networking.k8s.io/v1", "HTTPRoute")


def manifest(api_version: str, kind: str, spec: Manifest) -> Manifest:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "shop"}, "spec": spec}


def problems(api_version: str, kind: str, spec: Manifest) -> list[str]:
    return [str(problem) for problem in kinds.validate(manifest(api_version, kind, spec))]


def route(**rule: Any) -> Manifest:
    return {"parentRefs": [{"name": "web"}], "rules": [rule]}


@pytest.mark.parametrize(
    ("kind", "spec", "expected"),
    [
        (
            ROUTE,
            route(matches=[{"path": {"value": "shop"}}]),
            "spec.rules[0].matches[0].path: value must be an absolute path and start with '/' when type one "
            "of ['Exact', 'PathPrefix']",
        ),
        (
            ROUTE,
            route(timeouts={"request": "1s", "backendRequest": "2s"}),
            "spec.rules[0].timeouts: backendRequest timeout cannot be longer than request timeout",
        ),
        (
            ("gateway.networking.k8s.io/v1", "TLSRoute"),
            {"hostnames": ["10.0.0.1"], "rules": [{"backendRefs": [{"name": "web", "port": 443}]}]},
            "spec.hostnames: Hostnames cannot contain an IP",
        ),
        (
            ("cert-manager.io/v1", "Issuer"),
            {
                "venafi": {
                    "zone": "shop",
                    "tpp": {"url": "https://tpp.example.com", "credentialsRef": {"name": "tpp"}},
                    "cloud": {"apiTokenSecretRef": {"name": "cloud"}},
                }
            },
            "spec.venafi: exactly one of tpp, cloud, or ngts must be configured",
        ),
        (
            ("postgresql.cnpg.io/v1", "Database"),
            {"name": "template0", "owner": "shop", "cluster": {"name": "db"}},
            "spec.name: the name template0 is reserved",
        ),
        (
            ("external-secrets.io/v1alpha1", "PushSecret"),
            {
                "selector": {"secret": {"name": "shop"}},
                "secretStoreRefs": [{"name": "vault"}],
                "dataTo": [{"storeRef": {"name": "vault"}, "remoteKey": "a", "rewrite": [{"regexp": {
                    "source": "a", "target": "b"}}]}],
            },
            "spec.dataTo[0]: remoteKey and rewrite are mutually exclusive: rewrite is only supported in "
            "per-key mode (without remoteKey)",
        ),
        (
            ("pkg.crossplane.io/v1", "Provider"),
            {"package": "provider-aws:v1.0.0"},
            "spec.package: must be a fully qualified image name, "
            "including the registry, repository, and tag "
            "or digest. For example, 'registry.example.com/repo/package:tag' or "
            "'registry.example.com/repo/package[:tag]@sha256:"
            "1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcdef'.",
        ),
        (
            ("security.istio.io/v1", "RequestAuthentication"),
            {"jwtRules": [{"issuer": "shop", "jwksUri": "ftp://example.com"}]},
            "spec.jwtRules[0].jwksUri: url must have scheme http:// or https://",
        ),
        (
            ("traefik.io/v1alpha1", "Middleware"),
            {"addPrefix": {"prefix": "shop"}},
            "spec.addPrefix.prefix: must start with a '/'",
        ),
    ],
)  # fmt: skip
def test_a_violated_rule_is_a_problem_with_its_message(
    kind: tuple[str, str], spec: Manifest, expected: str
) -> None:
    assert problems(*kind, spec) == [expected]


def test_rules_see_the_defaults_of_the_server() -> None:
    # The type of a path is PathPrefix by default; the rule only speaks of Exact and PathPrefix.
    assert problems(*ROUTE, route(matches=[{"path": {"value": "/shop"}}])) == []
    assert problems(*ROUTE, route(matches=[{"path": {"type": "RegularExpression", "value": "sh"}}])) == []


def test_a_field_whose_name_cel_reserves_is_read() -> None:
    parents = [{"name": "web", "namespace": "blue"}, {"name": "web", "namespace": "green"}]
    assert problems(*ROUTE, {"parentRefs": parents}) == []
    parents[1]["namespace"] = "blue"
    assert problems(*ROUTE, {"parentRefs": parents}) == [
        "spec.parentRefs: sectionName must be unique when parentRefs includes 2 or more references to the "
        "same parent"
    ]


def test_a_kyverno_rule_is_evaluated_where_it_stands() -> None:
    spec = {
        "evaluation": {"admission": {"enabled": True}},
        "generate": [{"expression": "generator.Apply()", "template": {"source": {}}}],
    }
    found = problems("policies.kyverno.io/v1", "GeneratingPolicy", spec)
    assert any("expression" in problem and "template" in problem for problem in found)


def test_rules_about_a_change_are_not_checked() -> None:
    database = manifest(
        "postgresql.cnpg.io/v1", "Database", {"name": "shop", "owner": "shop", "cluster": {"name": "db"}}
    )
    checked = kinds.check(database)
    assert checked.problems == ()
    assert [str(skipped) for skipped in checked.not_checked] == [
        "spec.name: only the server knows the object before a change: self == oldSelf",
        "spec.cluster: only the server knows the object before a change: self == oldSelf",
    ]


def test_without_the_library_rules_are_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    cel._environment.cache_clear()
    cel._program.cache_clear()
    monkeypatch.setitem(sys.modules, "cel_expr_python.cel", None)
    try:
        spec = {"addPrefix": {"prefix": "shop"}}
        checked = kinds.check(manifest("traefik.io/v1alpha1", "Middleware", spec))
    finally:
        cel._environment.cache_clear()
        cel._program.cache_clear()
    assert checked.problems == ()
    assert [str(skipped) for skipped in checked.not_checked] == [
        "spec.addPrefix.prefix: the library of CEL is not installed (pip install 'chores-infra[cel]'): "
        "self.startsWith('/')"
    ]


def outcome(text: str, value: object) -> list[tuple[str, bool]]:
    found = cel.cel_rule("cel")(text, "says")(value) or []
    return [(message, isinstance(message, cel.NotChecked)) for _, message in found]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("self.nothing()", 1),
        ("self.a < 'x'", {"a": 1}),
        ("self", 1),
        ("(", 1),
        ("self.all(a, self.all(b, self.all(c, a + b + c >= 0)))", list(range(200))),
        ("self == 'x'", "\ud800"),
        ("self == 1", 2**70),
        ("self.matches('(')", "x"),
    ],
)
def test_what_cannot_be_evaluated_is_neither_passed_nor_refused(text: str, value: object) -> None:
    [(message, is_not_checked)] = outcome(text, value)
    assert is_not_checked
    assert message.endswith(text)


def test_an_error_that_the_server_has_as_well_is_a_problem() -> None:
    assert outcome("self.a == 1", {}) == [
        ('the rule "self.a == 1" cannot be evaluated: Key not found in map : "a"', False)
    ]
    [(_, is_not_checked)] = outcome("int(self) > 0", "x")
    assert not is_not_checked


def test_text_is_measured_and_matched_as_go_does() -> None:
    assert outcome("self.size() == 2", "é💥") == []
    assert outcome("self.matches('^\\\\d$')", "\u0661") == [("says", False)]


@pytest.mark.parametrize(
    ("function", "right", "wrong"),
    [
        # The examples of https://kubernetes.io/docs/reference/using-api/cel/
        (_is_ip, ["127.0.0.1", "::1"], ["127.0.0.256", ":::1", "fe80::1%eth0", "::ffff:1.2.3.4", "01.1.1.1"]),
        (_is_cidr, ["192.168.0.0/16", "::1/128"], ["192.168.0.0/33", "::1/129", "10.0.0.0", "10.0.0.0/08"]),
        (
            _is_url,
            ["https://user:pass@example.com:80/path?query=val#fragment", "/absolute-path"],
            ["../relative-path", "docker.io/shop", "https://a b"],
        ),
    ],
)
def test_addresses_and_urls(function: Callable[[str], bool], right: list[str], wrong: list[str]) -> None:
    assert [text for text in right if not function(text)] == []
    assert [text for text in wrong if function(text)] == []


def test_every_rule_of_every_known_kind_compiles() -> None:
    texts = set()
    for file in sorted((Path(kinds.__file__).parent / "schemas").glob("*.json")):
        texts |= set(rules(json.loads(file.read_text("utf-8"))))
    assert len(texts) >= 120
    assert [text for text in texts if isinstance(cel._program(text), cel.NotChecked)] == []


def rules(value: Any) -> Iterator[str]:
    """Yield the text of each rule in a generated schema file."""
    if isinstance(value, list) and "cel" in value[:2] and value.index("cel") == len(value) - 3:
        yield value[-2]
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from rules(inner)


def test_the_library_is_imported_only_for_a_value_that_has_a_rule() -> None:
    code = (
        "import sys; from chores_infra import kinds; middleware = {'apiVersion': 'traefik.io/v1alpha1', "
        "'kind': 'Middleware', 'metadata': {'name': 'a'}, 'spec': {'compress': {}}}; "
        "assert kinds.validate(middleware) == []; "
        "print([name for name in sys.modules if 'cel_expr' in name])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
