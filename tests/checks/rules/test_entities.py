"""References of the Backstage catalog.

Sources: https://backstage.io/docs/features/software-catalog/references/ and
https://backstage.io/docs/features/software-catalog/descriptor-format/
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

Found = Callable[..., dict[str, str]]

KNOWN = "---\n".join(
    f"apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {{}}\n"
    for kind, name in (
        *(("Group", "team-a"), ("User", "jane"), ("System", "shop"), ("Domain", "sales"), ("API", "orders")),
        *(("Component", "web"), ("Resource", "db")),
    )
)


def entity(kind: str, spec: str, metadata: str = "") -> str:
    version = "scaffolder.backstage.io/v1beta3" if kind == "Template" else "backstage.io/v1alpha1"
    return f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: x{metadata}}}\nspec: {{{spec}}}\n"


def tree(text: str) -> dict[str, str]:
    return {"catalog/all.yaml": KNOWN, "shop/catalog-info.yaml": text}


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("Component", "owner: team-a, system: shop, subcomponentOf: web, providesApis: [orders]"),
        ("Component", "owner: user:jane, consumesApis: [api:default/orders, default/orders]"),
        ("Component", "owner: Group:default/Team-A, dependsOn: [resource:db, component:web]"),
        ("Resource", "owner: team-a, system: shop, dependencyOf: [component:default/web]"),
        ("System", "owner: team-a, domain: sales"),
        ("Domain", "owner: team-a, subdomainOf: sales"),
        ("Group", "parent: team-a, children: [team-a], members: [jane]"),
        ("User", "memberOf: [team-a]"),
        ("Template", "owner: group:team-a"),
        ("Location", "targets: [./nothing.yaml]"),
        ("Component", "owner: [not, text], system: {}, dependsOn: text"),
    ],
)
def test_what_is_there(found: Found, kind: str, spec: str) -> None:
    assert not found("entity-missing", tree(entity(kind, spec)))


@pytest.mark.parametrize(
    ("kind", "spec", "field", "said"),
    [
        (
            "Component",
            "system: shp",
            "spec.system",
            "there is no system:default/shp in the repository; did you mean system:default/shop?",
        ),
        ("Component", "owner: jane", "spec.owner", "there is no group:default/jane in the repository"),
        (
            "Component",
            "dependsOn: [component:other/web]",
            "spec.dependsOn[0]",
            "there is no component:other/web in the repository; did you mean component:default/web?",
        ),
        (
            "Component",
            "dependsOn: [web]",
            "spec.dependsOn[0]",
            "'web' names no kind; expected such as component:name",
        ),
        (
            "Component",
            "providesApis: [orders, 'a:b:c']",
            "spec.providesApis[1]",
            "'a:b:c' is no reference; expected [kind:][namespace/]name",
        ),
        (
            "User",
            "memberOf: [team-z]",
            "spec.memberOf[0]",
            "there is no group:default/team-z in the repository; did you mean group:default/team-a?",
        ),
    ],
)
def test_what_is_not(found: Found, kind: str, spec: str, field: str, said: str) -> None:
    assert found("entity-missing", tree(entity(kind, spec))) == {field: f"warning: {said}"}


def test_the_namespace_of_an_entity_is_the_one_it_means(found: Found) -> None:
    other = entity("Component", "system: shop", ", namespace: other")

    assert list(found("entity-missing", tree(other))) == ["spec.system"]
    assert not found("entity-missing", tree(other.replace("system: shop", "system: default/shop")))


def test_kinds_of_which_there_are_none_are_registered_elsewhere(found: Found) -> None:
    assert found("entity-missing", entity("Component", "owner: team-a")) == {
        "spec.owner": "info: there is no group:default/team-a in the repository"
    }
