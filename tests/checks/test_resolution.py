"""What references lead to: manifests, what operators make of them, what others make, or nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chores_infra.checks.context import Context
from chores_infra.checks.resolution import Presence, Resolution

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd}
spec:
  source: {repoURL: https://example.com/infrastructure, path: shop}
  destination: {namespace: shop}
"""
CHART = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: redis, namespace: argo-cd}
spec:
  source: {repoURL: https://charts.example.com, chart: redis}
  destination: {namespace: shop}
"""


def uses(reference: str) -> str:
    return (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop}\n"
        f"spec: {{containers: [{{envFrom: [{reference}]}}]}}\n"
    )


SECRET = "{secretRef: {name: credentials}}"
KEYS = frozenset({"user", "password"})


@pytest.fixture
def resolved(context: Callable[..., Context]) -> Callable[..., Resolution]:
    """What the single reference of the pod leads to."""

    def resolve(
        pod: str, *manifests: str, apps: tuple[str, ...] = (APPLICATION,), externals: str = ""
    ) -> Resolution:
        texts = {f"apps/{number}.yaml": app for number, app in enumerate(apps)}
        texts |= {f"shop/{number}.yaml": text for number, text in enumerate((pod, *manifests))}
        found = context(texts, *filter(None, [externals])).resolver.references
        return next(resolution for reference, resolution in found if reference.source.kind == "Pod")

    return resolve


def test_a_manifest_is_found_in_the_namespace_of_its_application(resolved: Callable[..., Resolution]) -> None:
    config_map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {A: b}\n"

    resolution = resolved(uses("{configMapRef: {name: settings}}"), config_map)

    assert resolution.presence is Presence.FOUND
    assert resolution.providers[0].keys == frozenset({"A"})


@pytest.mark.parametrize(
    ("manifest", "keys"),
    [
        # https://external-secrets.io/latest/api/externalsecret/
        (
            "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: x}\n"
            "spec: {target: {name: credentials}, data: [{secretKey: user}, {secretKey: password}]}\n",
            KEYS,
        ),
        (
            "apiVersion: external-secrets.io/v1beta1\nkind: ExternalSecret\nmetadata: {name: credentials}\n"
            "spec: {data: [{secretKey: user}], target: {template: {data: {user: a, password: b}}}}\n",
            KEYS,
        ),
        (
            "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: credentials}\n"
            "spec: {dataFrom: [{extract: {key: all}}]}\n",
            None,
        ),
        # https://github.com/bitnami-labs/sealed-secrets
        (
            "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: credentials}\n"
            "spec: {encryptedData: {user: x, password: y}}\n",
            KEYS,
        ),
        # https://cert-manager.io/docs/usage/certificate/
        (
            "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: x}\n"
            "spec: {secretName: credentials}\n",
            frozenset({"tls.crt", "tls.key", "ca.crt"}),
        ),
        (
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\n"
            "metadata: {name: x, annotations: {cert-manager.io/issuer: y}}\n"
            "spec: {tls: [{secretName: credentials}]}\n",
            frozenset({"tls.crt", "tls.key", "ca.crt"}),
        ),
        # https://docs.crossplane.io/latest/managed-resources/managed-resources/
        (
            "apiVersion: mysql.sql.crossplane.io/v1alpha1\nkind: User\nmetadata: {name: x}\n"
            "spec: {forProvider: {}, writeConnectionSecretToRef: {name: credentials, namespace: shop}}\n",
            None,
        ),
    ],
)
def test_operators_make_secrets(
    resolved: Callable[..., Resolution], manifest: str, keys: frozenset[str] | None
) -> None:
    resolution = resolved(uses(SECRET), manifest)

    assert resolution.presence is Presence.FOUND
    assert resolution.providers[0].keys == keys
    assert resolution.providers[0].is_made is True


def test_nothing_is_missing_for_certain_where_all_is_here(resolved: Callable[..., Resolution]) -> None:
    other = "apiVersion: v1\nkind: Secret\nmetadata: {name: credential}\n"

    assert resolved(uses(SECRET)).presence is Presence.MISSING
    assert resolved(uses(SECRET), other).near == "credential"


def test_another_namespace_has_other_objects(resolved: Callable[..., Resolution]) -> None:
    other = "apiVersion: v1\nkind: Secret\nmetadata: {name: credentials, namespace: elsewhere}\n"

    assert resolved(uses(SECRET), other).presence is Presence.MISSING


def test_a_chart_may_make_what_is_not_here(resolved: Callable[..., Resolution]) -> None:
    resolution = resolved(uses(SECRET), apps=(APPLICATION, CHART))

    assert resolution.presence is Presence.UNKNOWN
    assert "Application redis" in resolution.reason


def test_without_applications_others_may_make_it(resolved: Callable[..., Resolution]) -> None:
    assert resolved(uses(SECRET), apps=()).presence is Presence.UNKNOWN


@pytest.mark.parametrize("pattern", ["Secret/shop/credentials", "Secret/*/credentials", "Secret/shop/cred*"])
def test_externals_are_declared(resolved: Callable[..., Resolution], pattern: str) -> None:
    assert resolved(uses(SECRET), externals=pattern).presence is Presence.EXTERNAL
    assert resolved(uses(SECRET), externals="Secret/other/*").presence is Presence.MISSING


def test_kubernetes_itself_makes_some(resolved: Callable[..., Resolution]) -> None:
    assert resolved(uses("{configMapRef: {name: kube-root-ca.crt}}")).presence is Presence.BUILT_IN


@pytest.mark.parametrize(
    ("script", "presence"),
    [
        ("kubectl create secret generic credentials -n shop", Presence.UNKNOWN),
        ("kubectl -n shop create secret docker-registry credentials --docker-server=x", Presence.UNKNOWN),
        ("for NS in blog shop; do kubectl create secret tls 'credentials' -n $NS; done", Presence.UNKNOWN),
        ("kubectl create secret generic credentials -n blog", Presence.MISSING),
        ("kubectl get secret credentials -n shop", Presence.MISSING),
    ],
)
def test_a_script_makes_what_it_says(
    resolved: Callable[..., Resolution], script: str, presence: Presence
) -> None:
    job = (
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: sync, namespace: tools}\n"
        'spec: {template: {spec: {containers: [{command: [sh, -c, "' + script + '"]}]}}}\n'
    )

    assert resolved(uses(SECRET), job).presence is presence


def test_claims_of_a_stateful_set_are_made(context: Callable[..., Context]) -> None:
    checked = context(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db, namespace: shop}\n"
        "spec: {replicas: 2, volumeClaimTemplates: [{metadata: {name: data}}]}\n"
        "---\n"
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop}\n"
        "spec: {volumes: [{persistentVolumeClaim: {claimName: data-db-1}}]}\n"
    )

    (found,) = [each for reference, each in checked.resolver.references if reference.source.kind == "Pod"]
    assert found.presence is Presence.FOUND


def test_the_one_namespace_that_has_it_is_told(context: Callable[..., Context]) -> None:
    user = (
        "apiVersion: mysql.sql.crossplane.io/v1alpha1\nkind: User\nmetadata: {name: shop}\n"
        "spec: {forProvider: {passwordSecretRef: {name: credentials, key: password, namespace: shp}}}\n"
    )
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: credentials, namespace: shop}\ndata: {}\n"
    found = context({"apps/shop.yaml": APPLICATION, "shop/user.yaml": user, "shop/secret.yaml": secret})

    (resolution,) = [
        resolution for reference, resolution in found.resolver.references if reference.name == "credentials"
    ]

    assert (resolution.presence, resolution.elsewhere) == (Presence.UNKNOWN, "shop")


@pytest.mark.parametrize(
    ("others", "presence"), [((), Presence.UNKNOWN), (("other",), Presence.MISSING)], ids=["none", "some"]
)
def test_argo_cd_makes_no_project_but_the_default_one(
    context: Callable[..., Context], others: tuple[str, ...], presence: Presence
) -> None:
    projects = {
        f"apps/{name}.yaml": f"apiVersion: argoproj.io/v1alpha1\nkind: AppProject\n"
        f"metadata: {{name: {name}, namespace: argo-cd}}\nspec: {{}}\n"
        for name in others
    }
    app = APPLICATION.replace("spec:\n", "spec:\n  project: team\n", 1)

    found = context({"apps/shop.yaml": app, **projects}).resolver.references

    assert [resolution.presence for reference, resolution in found if reference.name == "team"] == [presence]


@pytest.mark.parametrize(
    ("name", "near"),
    [("ngnx", "nginx"), ("nginx", None), ("traefik", None), ("nginx2", None)],
    ids=["slip", "the usual", "another", "one of a row"],
)
def test_a_name_that_only_others_make_is_held_to_how_all_the_others_spell_it(
    context: Callable[..., Context], name: str, near: str | None
) -> None:
    ingress = (
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: %s, namespace: shop}\n"
        "spec: {ingressClassName: %s}\n"
    )
    texts = {f"shop/{number}.yaml": ingress % (f"i{number}", "nginx") for number in range(3)}
    texts["shop/odd.yaml"] = ingress % ("odd", name)

    found = context({"apps/shop.yaml": APPLICATION, **texts}).resolver.references

    assert [resolution.near for reference, resolution in found if reference.source.name == "odd"] == [near]
