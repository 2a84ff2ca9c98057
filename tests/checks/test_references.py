"""Every field that names another object, as the API references of the kinds say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chores_infra.checks.context import Context
from chores_infra.checks.references import references_of
from chores_infra.checks.repository import Repository
from chores_infra.rendering.field_path import format_path

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop}\nspec:\n"


def manifest(api_version: str, kind: str, spec: str, more: str = "") -> str:
    return (
        f"apiVersion: {api_version}\nkind: {kind}\n"
        f"metadata: {{name: x, namespace: shop{more}}}\nspec: {spec}\n"
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
        (
            POD + "  containers: [{envFrom: [{configMapRef: {name: a}}, {secretRef: {name: b}}]}]\n",
            {
                "spec.containers[0].envFrom[0].configMapRef.name": "ConfigMap/shop/a",
                "spec.containers[0].envFrom[1].secretRef.name": "Secret/shop/b",
            },
        ),
        (
            POD + "  initContainers: [{env: [{valueFrom: {secretKeyRef: {name: a, key: k}}}]}]\n",
            {"spec.initContainers[0].env[0].valueFrom.secretKeyRef.name": "Secret/shop/a#k"},
        ),
        (
            POD
            + "  volumes: [{configMap: {name: a, items: [{key: k, path: p}]}}, {secret: {secretName: b}}]\n",
            {
                "spec.volumes[0].configMap.name": "ConfigMap/shop/a#k",
                "spec.volumes[1].secret.secretName": "Secret/shop/b",
            },
        ),
        (
            POD + "  volumes: [{projected: {sources: [{secret: {name: a}}]}},"
            " {persistentVolumeClaim: {claimName: b}}]\n",
            {
                "spec.volumes[0].projected.sources[0].secret.name": "Secret/shop/a",
                "spec.volumes[1].persistentVolumeClaim.claimName": "PersistentVolumeClaim/shop/b",
            },
        ),
        (
            POD + "  serviceAccountName: a\n  imagePullSecrets: [{name: b}]\n  priorityClassName: c\n",
            {
                "spec.serviceAccountName": "ServiceAccount/shop/a",
                "spec.imagePullSecrets[0].name": "Secret/shop/b",
                "spec.priorityClassName": "PriorityClass/c",
            },
        ),
        (
            POD + "  volumes: [{name: v, configMap: {name: a}}]\n"
            "  containers: [{volumeMounts: [{name: v, mountPath: /x, subPath: k}]}]\n",
            {
                "spec.volumes[0].configMap.name": "ConfigMap/shop/a",
                "spec.containers[0].volumeMounts[0].subPath": "ConfigMap/shop/a#k",
            },
        ),
        (
            manifest(
                "batch/v1", "CronJob", "{jobTemplate: {spec: {template: {spec: {serviceAccountName: a}}}}}"
            ),
            {"spec.jobTemplate.spec.template.spec.serviceAccountName": "ServiceAccount/shop/a"},
        ),
        (
            manifest(
                "argoproj.io/v1alpha1", "Rollout", "{template: {spec: {imagePullSecrets: [{name: a}]}}}"
            ),
            {"spec.template.spec.imagePullSecrets[0].name": "Secret/shop/a"},
        ),
        # https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/
        (
            manifest(
                "networking.k8s.io/v1",
                "Ingress",
                "{ingressClassName: nginx, tls: [{secretName: t}], rules: "
                "[{http: {paths: [{backend: {service: {name: a, port: {number: 80}}}}]}}]}",
                ", annotations: {cert-manager.io/cluster-issuer: letsencrypt}",
            ),
            {
                "spec.ingressClassName": "IngressClass/nginx",
                "spec.tls[0].secretName": "Secret/shop/t",
                "spec.rules[0].http.paths[0].backend.service.name": "Service/shop/a:80",
                'metadata.annotations["cert-manager.io/cluster-issuer"]': "ClusterIssuer/letsencrypt",
            },
        ),
        # https://doc.traefik.io/traefik/reference/dynamic-configuration/kubernetes-crd/
        (
            manifest(
                "traefik.containo.us/v1alpha1",
                "IngressRoute",
                "{routes: [{services: [{name: a, port: http}, {name: t, kind: TraefikService}],"
                " middlewares: [{name: m, namespace: other}]}], tls: {secretName: s}}",
            ),
            {
                "spec.routes[0].services[0].name": "Service/shop/a:http",
                "spec.routes[0].services[1].name": "TraefikService/shop/t",
                "spec.routes[0].middlewares[0].name": "Middleware/other/m",
                "spec.tls.secretName": "Secret/shop/s",
            },
        ),
        # https://gateway-api.sigs.k8s.io/reference/spec/
        (
            manifest(
                "gateway.networking.k8s.io/v1",
                "HTTPRoute",
                "{parentRefs: [{name: main, namespace: edge}],"
                " rules: [{backendRefs: [{name: a, port: 80}]}]}",
            ),
            {
                "spec.parentRefs[0].name": "Gateway/edge/main",
                "spec.rules[0].backendRefs[0].name": "Service/shop/a:80",
            },
        ),
        # https://istio.io/latest/docs/reference/config/networking/virtual-service/
        (
            manifest(
                "networking.istio.io/v1",
                "VirtualService",
                "{gateways: [mesh, edge/main],"
                " http: [{route: [{destination: {host: a.other.svc.cluster.local,"
                " port: {number: 80}}}, {destination: {host: b}}, {destination: {host: example.com}}]}]}",
            ),
            {
                "spec.http[0].route[0].destination.host": "Service/other/a:80",
                "spec.http[0].route[1].destination.host": "Service/shop/b",
                "spec.gateways[1]": "Gateway/edge/main",
            },
        ),
        # https://external-secrets.io/latest/api/externalsecret/
        (
            manifest(
                "external-secrets.io/v1beta1",
                "ExternalSecret",
                "{secretStoreRef: {name: a}, data: [{secretKey: k, remoteRef: {key: r}}]}",
            ),
            {"spec.secretStoreRef.name": "SecretStore/shop/a"},
        ),
        (
            manifest(
                "external-secrets.io/v1",
                "ExternalSecret",
                "{secretStoreRef: {name: a, kind: ClusterSecretStore}}",
            ),
            {"spec.secretStoreRef.name": "ClusterSecretStore/a"},
        ),
        (
            manifest(
                "external-secrets.io/v1",
                "SecretStore",
                "{provider: {vault: {auth: {tokenSecretRef: {name: a, key: token}}}}}",
            ),
            {"spec.provider.vault.auth.tokenSecretRef.name": "Secret/shop/a#token"},
        ),
        # https://cert-manager.io/docs/configuration/#cluster-resource-namespace
        (
            "apiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata: {name: x}\n"
            "spec: {acme: {solvers: [{dns01: {route53: {accessKeyIDSecretRef: {name: a, key: k}}}}],"
            " privateKeySecretRef: {name: made-by-cert-manager}}}\n",
            {"spec.acme.solvers[0].dns01.route53.accessKeyIDSecretRef.name": "Secret/cert-manager/a#k"},
        ),
        # https://doc.crds.dev/github.com/crossplane-contrib/provider-sql
        (
            "apiVersion: mysql.sql.crossplane.io/v1alpha1\nkind: Grant\nmetadata: {name: g}\n"
            "spec: {providerConfigRef: {name: p},"
            " forProvider: {userRef: {name: u}, databaseRef: {name: d}}}\n",
            {
                "spec.providerConfigRef.name": "ProviderConfig/p",
                "spec.forProvider.userRef.name": "User/u",
                "spec.forProvider.databaseRef.name": "Database/d",
            },
        ),
        (
            "apiVersion: mysql.sql.crossplane.io/v1alpha1\nkind: User\nmetadata: {name: u}\n"
            "spec: {forProvider: {passwordSecretRef: {name: s, namespace: shop, key: k}}}\n",
            {"spec.forProvider.passwordSecretRef.name": "Secret/shop/s#k"},
        ),
        # https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/
        (
            manifest(
                "autoscaling/v2",
                "HorizontalPodAutoscaler",
                "{scaleTargetRef: {apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: a}}",
            ),
            {"spec.scaleTargetRef.name": "Rollout/shop/a"},
        ),
        # https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/role-binding-v1/
        (
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\n"
            "metadata: {name: b, namespace: shop}\n"
            "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}\n"
            "subjects: [{kind: ServiceAccount, name: a, namespace: other}, {kind: User, name: u}]\n",
            {"roleRef.name": "ClusterRole/r", "subjects[0].name": "ServiceAccount/other/a"},
        ),
        # https://argo-rollouts.readthedocs.io/en/stable/features/specification/
        (
            manifest(
                "argoproj.io/v1alpha1",
                "Rollout",
                "{strategy: {canary: {stableService: a, canaryService: b,"
                " trafficRouting: {istio: {virtualService: {name: v}}},"
                " steps: [{analysis: {templates: [{templateName: t}]}}]}}}",
            ),
            {
                "spec.strategy.canary.stableService": "Service/shop/a",
                "spec.strategy.canary.canaryService": "Service/shop/b",
                "spec.strategy.canary.trafficRouting.istio.virtualService.name": "VirtualService/shop/v",
                "spec.strategy.canary.steps[0].analysis.templates[0].templateName": "AnalysisTemplate/shop/t",
            },
        ),
        # Any operator that follows the conventions of the API.
        (
            manifest(
                "example.com/v1",
                "Widget",
                "{auth: {passwordSecretRef: {name: a, key: k}},"
                " settings: [{configMapKeyRef: {name: b, key: l}}],"
                " template: {secretRef: {name: not-its-own}}}",
            ),
            {
                "spec.auth.passwordSecretRef.name": "Secret/shop/a#k",
                "spec.settings[0].configMapKeyRef.name": "ConfigMap/shop/b#l",
            },
        ),
        # What is of another type than it should be refers to nothing.
        (
            POD + "  containers: {envFrom: 1}\n  volumes: [1, {configMap: [a]}, null]\n"
            "  serviceAccountName: {}\n",
            {},
        ),
    ],
)
def test_references(repository: Callable[..., Repository], text: str, found: dict[str, str]) -> None:
    (resource,) = repository(text).resources

    assert {
        format_path(each.path): str(each)
        + "".join(f"#{key.name}" for key in each.keys)
        + "".join(f":{port.name}" for port in each.ports)
        for each in references_of(resource)
    } == found


def test_optional_references_are_told_apart(repository: Callable[..., Repository]) -> None:
    text = POD + "  containers: [{envFrom: [{configMapRef: {name: a, optional: true}}]}]\n"
    (resource,) = repository(text).resources

    assert [each.optional for each in references_of(resource)] == [True]


@pytest.mark.parametrize(
    ("field", "target"),
    [
        ("credentialsSecret: {name: a, key: b}", "Secret/shop/a"),
        ("serviceAccountName: a", "ServiceAccount/shop/a"),
        ("serviceRef: {name: a, port: 80}", "Service/shop/a"),
        ("factoryRef: {name: a}", "Factory/shop/a"),
        ("origin: {sourceRef: {apiVersion: other.example.com/v1, kind: Source, name: a}}", "Source/shop/a"),
        ("targetRef: {apiVersion: apps/v1, kind: Deployment, name: a}", "Deployment/shop/a"),
    ],
)
def test_kinds_that_nobody_knows_refer_as_most_operators_call_it(
    context: Callable[..., Context], field: str, target: str
) -> None:
    widget = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w, namespace: shop}\nspec: {%s}\n"

    (resource,) = context({"w.yaml": widget % field}).repository.resources

    assert [str(reference) for reference in references_of(resource)] == [target]


def test_what_only_looks_like_a_reference_is_one_where_such_objects_are(
    context: Callable[..., Context],
) -> None:
    widget = (
        "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w, namespace: shop}\n"
        "spec: {factoryRef: {name: a}}\n"
    )
    factory = widget.replace("Widget", "Factory").replace("name: w", "name: b").replace("factoryRef", "x")

    assert [*context({"w.yaml": widget}).resolver.references] == []
    assert len(context({"w.yaml": widget, "f.yaml": factory}).resolver.references) == 1
