"""Rules of routes: typed values that become Traefik's language, and what they come down to."""

from __future__ import annotations

import ast
import operator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra.construct import Tree
from chores_infra.constructs.services import Service
from chores_infra.constructs.traefik import (
    ClientIP,
    Header,
    Host,
    IngressRoute,
    Match,
    Method,
    Path,
    PathPrefix,
    Query,
    Route,
    Rule,
)
from chores_infra.constructs.traefik.rules import All, AnyOf, Not

SERVICE = Service.existing("web", ports=[80])


def ingress(tree: Tree, *rules: Rule, api_version: Any = "traefik.io/v1alpha1") -> IngressRoute:
    routes = [Route(match=rule, service=SERVICE) for rule in rules]
    return IngressRoute(tree, "ingress", name="web", routes=routes, api_version=api_version)


A, B, API = Host("a.example.com"), Host("b.example.com"), PathPrefix("/api")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (A, "Host(`a.example.com`)"),
        (API, "PathPrefix(`/api`)"),
        (Path("/healthz"), "Path(`/healthz`)"),
        (Method("POST"), "Method(`POST`)"),
        (ClientIP("10.0.0.0/8"), "ClientIP(`10.0.0.0/8`)"),
        (Match("HostRegexp(`.+`)"), "HostRegexp(`.+`)"),
        (A & API, "Host(`a.example.com`) && PathPrefix(`/api`)"),
        (A | B, "Host(`a.example.com`) || Host(`b.example.com`)"),
        ((A | B) & API, "(Host(`a.example.com`) || Host(`b.example.com`)) && PathPrefix(`/api`)"),
        (A & API | B, "Host(`a.example.com`) && PathPrefix(`/api`) || Host(`b.example.com`)"),
        (A & ~API, "Host(`a.example.com`) && !PathPrefix(`/api`)"),
        (~(A | B), "!(Host(`a.example.com`) || Host(`b.example.com`))"),
        (~(A & API), "!(Host(`a.example.com`) && PathPrefix(`/api`))"),
        (Match("Host(`x`) || Host(`y`)") & API, "(Host(`x`) || Host(`y`)) && PathPrefix(`/api`)"),
        (A & Method("GET") & API, "Host(`a.example.com`) && Method(`GET`) && PathPrefix(`/api`)"),
    ],
)
@pytest.mark.parametrize("api_version", ["traefik.containo.us/v1alpha1", "traefik.io/v1alpha1"])
def test_rules_that_both_versions_write_alike(
    tree: Tree, valid: Any, rule: Rule, text: str, api_version: str
) -> None:
    assert valid(ingress(tree, rule, api_version=api_version))["routes"][0]["match"] == text


@pytest.mark.parametrize(
    ("rule", "traefik_2", "traefik_3"),
    [
        (Header("X-Canary", "always"), "Headers(`X-Canary`, `always`)", "Header(`X-Canary`, `always`)"),
        (Query("version", "2"), "Query(`version=2`)", "Query(`version`, `2`)"),
    ],
)
def test_rules_that_the_versions_write_differently(
    tree: Tree, rule: Rule, traefik_2: str, traefik_3: str
) -> None:
    assert rule.text("v2") == traefik_2
    assert rule.text("v3") == traefik_3


@pytest.mark.parametrize(
    ("rule", "argument", "message"),
    [
        (Host("https://a.example.com"), "routes[0].match.name", "host name"),
        (Host("a.example.com`) || Host(`b"), "routes[0].match.name", "host name"),
        (Host("*.example.com"), "routes[0].match.name", "host name"),
        (Host("A.example.com"), "routes[0].match.name", "host name"),
        (Host("a.example.com:8080"), "routes[0].match.name", "host name"),
        (PathPrefix("api"), "routes[0].match.path", "starts with '/'"),
        (PathPrefix("/a`b"), "routes[0].match.path", "back quotes"),
        (PathPrefix("/items/{id}"), "routes[0].match.path", "use Match"),
        (Path("/a?b=c"), "routes[0].match.path", "'?'"),
        (A & (API | Path("nope")), "routes[0].match.right.right.path", "starts with '/'"),
        (~Host(""), "routes[0].match.rule.name", "host name"),
        (Match(""), "routes[0].match.expression", "a rule"),
        (Match("Host(`a`)\n"), "routes[0].match.expression", "a rule"),
        (Header("X Canary", "a"), "routes[0].match.name", "header"),
        (Header("X-Canary", "a`b"), "routes[0].match.value", "back quotes"),
        (ClientIP("10.0.0.300"), "routes[0].match.address", "10.0.0.300"),
    ],
)
def test_rules_that_cannot_be(tree: Tree, refused: Any, rule: Rule, argument: str, message: str) -> None:
    problems = refused(lambda: ingress(tree, rule))
    assert list(problems) == [argument]
    assert message in problems[argument]


def test_a_text_is_no_rule(tree: Tree, refused: Any) -> None:
    text: Any = "Host(`a.example.com`)"
    assert "Rule" in refused(lambda: ingress(tree, text))["routes[0].match"]
    assert "says nothing by itself" in refused(lambda: ingress(tree, Rule()))["routes[0].match"]


@pytest.mark.parametrize(
    ("first", "second", "taken"),
    [
        (A, A, "Host(`a.example.com`)"),
        (A & API, API & A, "Host(`a.example.com`) && PathPrefix(`/api`)"),
        (A | B, B, "Host(`b.example.com`)"),
        ((A | B) & API, B & API, "Host(`b.example.com`) && PathPrefix(`/api`)"),
        (Match("Host(`x`)"), Match("Host(`x`)"), "Host(`x`)"),
    ],
)
def test_two_routes_for_the_same_requests(
    tree: Tree, refused: Any, first: Rule, second: Rule, taken: str
) -> None:
    problems = refused(lambda: ingress(tree, first, second))
    assert problems == {"routes[1].match": f"routes[0] takes {taken} already"}


def test_routes_that_only_overlap_are_told_apart_by_priority(tree: Tree, valid: Any) -> None:
    valid(ingress(tree, A, A & API, A & ~API, B, API))


ATOMS = {rule.text("v3"): rule for rule in (A, B, API)}
RULES: st.SearchStrategy[Rule] = st.recursive(
    st.sampled_from([A, B, API]),
    lambda inner: st.one_of(
        st.builds(operator.and_, inner, inner),
        st.builds(operator.or_, inner, inner),
        st.builds(operator.invert, inner),
    ),
    max_leaves=8,
)


def meant(rule: Rule, true: set[str]) -> bool:
    """What a rule says of a request for which these conditions hold."""
    match rule:
        case Not():
            return not meant(rule.rule, true)
        case All():
            return meant(rule.left, true) and meant(rule.right, true)
        case AnyOf():
            return meant(rule.left, true) or meant(rule.right, true)
    return rule.text("v3") in true


@given(rule=RULES, true=st.sets(st.sampled_from(sorted(ATOMS))))
def test_the_text_means_what_the_rule_means(rule: Rule, true: set[str]) -> None:
    """Python reads `not`, `and`, `or` with the precedence of Traefik's `!`, `&&`, `||`."""
    text = rule.text("v3")
    for atom in ATOMS:
        text = text.replace(atom, str(atom in true))
    text = text.replace("&&", "and").replace("||", "or").replace("!", " not ")
    assert ast_value(text) == meant(rule, true)


def ast_value(text: str) -> bool:
    """The value of an expression of booleans."""

    def value(node: ast.expr) -> bool:
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                return all(map(value, values))
            case ast.BoolOp(values=values):
                return any(map(value, values))
            case ast.UnaryOp(operand=operand):
                return not value(operand)
            case ast.Constant(value=bool(constant)):
                return constant
        raise AssertionError(ast.dump(node))

    return value(ast.parse(text.strip(), mode="eval").body)
