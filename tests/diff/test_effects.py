"""Each class is given for what an API server, a controller or Argo CD really does with the change.

The reasons are those of the Kubernetes documentation: which fields the API server refuses to change, what
rolls out pods, what is read when. A case is a manifest, a piece of it before and after, and its classes.
"""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.diff import Comparison, Located, What, compare
from chores_infra.rendering.reader import read


def located(text: str, file: str = "a.yaml") -> list[Located]:
    return [Located(document.value, file) for document in read(text) if document.value]


def classes(comparison: Comparison) -> list[str]:
    (change,) = comparison.changes
    return [str(each) for each in change.classes]


def differ(before: str, after: str) -> list[str]:
    return classes(compare(located(before), located(after)))


def head(api_version: str, kind: str, metadata: str = "") -> str:
    return f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: web, namespace: shop{metadata}}}\n"


POD = """\
      containers:
      - name: web
        image: shop:1.0.0
        args: [serve]
        env: [{name: A, value: "1"}, {name: B, value: "2"}]
        ports: [{name: http, containerPort: 80}]
        readinessProbe: {httpGet: {path: /, port: 80}}
        volumeMounts: [{name: data, mountPath: /data}]
      initContainers:
      - {name: migrate, image: "shop:1.0.0", command: [alembic, upgrade, head]}
      volumes:
      - {name: data, persistentVolumeClaim: {claimName: data}}
"""
TEMPLATE = f"  template:\n    metadata: {{labels: {{app: web, team: a}}}}\n    spec:\n{POD}"
WORKLOAD = f"spec:\n  replicas: 2\n  selector: {{matchLabels: {{app: web}}}}\n{TEMPLATE}"
DEPLOYMENT = head("apps/v1", "Deployment") + WORKLOAD
STATEFUL_SET = (
    head("apps/v1", "StatefulSet")
    + WORKLOAD
    + "  serviceName: web\n  volumeClaimTemplates:\n  - metadata: {name: data}\n"
    + "    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n"
)
DAEMON_SET = (head("apps/v1", "DaemonSet") + WORKLOAD).replace("  replicas: 2\n", "")
JOB = (
    head("batch/v1", "Job")
    + "spec:\n"
    + TEMPLATE.replace("migrate", "wait").replace("alembic, upgrade", "sleep")
)
CRON_JOB = head("batch/v1", "CronJob") + (
    "spec:\n  schedule: '0 1 * * *'\n  jobTemplate:\n    spec:\n      template:\n        spec:\n"
    "          restartPolicy: Never\n          containers: [{name: web, image: 'shop:1.0.0'}]\n"
)
CLAIM = head("v1", "PersistentVolumeClaim") + (
    "spec: {storageClassName: fast, accessModes: [ReadWriteOnce], resources: {requests: {storage: 2Gi}}}\n"
)
SERVICE = head("v1", "Service") + (
    "spec: {type: ClusterIP, clusterIP: 10.0.0.1, selector: {app: web}, ports: [{name: http, port: 80}]}\n"
)
INGRESS = head("networking.k8s.io/v1", "Ingress") + (
    "spec:\n  rules:\n  - host: a.example.com\n    http:\n      paths:\n"
    "      - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}\n"
    "  tls: [{hosts: [a.example.com], secretName: tls}]\n"
)
ROUTE = head("traefik.io/v1alpha1", "IngressRoute") + (
    "spec:\n  entryPoints: [web]\n  routes:\n  - match: Host(`a.example.com`)\n    kind: Rule\n"
    "    services: [{name: web, port: 80}]\n    middlewares: [{name: login}, {name: gzip}]\n"
)
HTTP_ROUTE = head("gateway.networking.k8s.io/v1", "HTTPRoute") + (
    "spec:\n  hostnames: [a.example.com]\n  parentRefs: [{name: gate}]\n"
    "  rules:\n  - backendRefs: [{name: web, port: 80, weight: 1}]\n"
)
GATEWAY = head("gateway.networking.k8s.io/v1", "Gateway") + (
    "spec:\n  gatewayClassName: x\n"
    "  listeners: [{name: http, port: 80, protocol: HTTP, hostname: a.example.com}]\n"
)
ROLE = head("rbac.authorization.k8s.io/v1", "Role") + (
    "rules: [{apiGroups: [''], resources: [secrets], verbs: [get, list]}]\n"
)
BINDING = head("rbac.authorization.k8s.io/v1", "RoleBinding") + (
    "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}\n"
    "subjects: [{kind: ServiceAccount, name: web}]\n"
)
POLICY = head("networking.k8s.io/v1", "NetworkPolicy") + (
    "spec: {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: a}}}]}]}\n"
)
CONFIG_MAP = head("v1", "ConfigMap") + 'data: {LEVEL: info, PORT: "80"}\n'
SECRET = head("v1", "Secret") + "type: Opaque\nstringData: {user: a}\n"
EXTERNAL_SECRET = head("external-secrets.io/v1", "ExternalSecret") + (
    "spec:\n  refreshInterval: 1h\n  secretStoreRef: {name: vault, kind: SecretStore}\n"
    "  target: {name: web}\n  data: [{secretKey: user, remoteRef: {key: shop, property: user}}]\n"
)
STORE = head("external-secrets.io/v1", "SecretStore") + (
    "spec: {provider: {vault: {server: 'https://vault', auth: {tokenSecretRef: {name: a, key: b}}}}}\n"
)
DATABASE = (
    "apiVersion: mysql.sql.crossplane.io/v1alpha1\nkind: Database\nmetadata: {name: web}\n"
    "spec: {deletionPolicy: Orphan, forProvider: {}, providerConfigRef: {name: mysql}}\n"
)
GRANT = (
    "apiVersion: mysql.sql.crossplane.io/v1alpha1\nkind: Grant\nmetadata: {name: web}\n"
    "spec: {forProvider: {privileges: [SELECT], user: web, database: web}}\n"
)
APPLICATION = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
    "metadata: {name: web, namespace: argocd, finalizers: [resources-finalizer.argocd.argoproj.io]}\n"
    "spec:\n  project: default\n  source: {repoURL: 'https://example.com', path: web, targetRevision: main}\n"
    "  destination: {server: 'https://kubernetes.default.svc', namespace: shop}\n"
    "  syncPolicy: {automated: {prune: true}}\n"
)
PROJECT = head("argoproj.io/v1alpha1", "AppProject") + "spec: {sourceRepos: ['https://git.example.com/a']}\n"
ACCOUNT = head("v1", "ServiceAccount") + "automountServiceAccountToken: false\n"
ROLLOUT = (
    head("argoproj.io/v1alpha1", "Rollout") + WORKLOAD + "  strategy: {canary: {steps: [{setWeight: 20}]}}\n"
)
CERTIFICATE = head("cert-manager.io/v1", "Certificate") + (
    "spec: {secretName: tls, dnsNames: [a.example.com], issuerRef: {name: ca}}\n"
)


@pytest.mark.parametrize(
    ("manifest", "old", "new", "expected"),
    [
        # A rollout is triggered if and only if the pod template is changed.
        (DEPLOYMENT, "args: [serve]", "args: [serve, -v]", ["restart"]),
        (DEPLOYMENT, "image: shop:1.0.0", "image: shop:1.1.0", ["restart"]),
        (DEPLOYMENT, 'value: "1"', 'value: "3"', ["restart"]),
        (DEPLOYMENT, "team: a", "team: b", ["restart"]),
        (STATEFUL_SET, "args: [serve]", "args: [serve, -v]", ["restart"]),
        (DAEMON_SET, "args: [serve]", "args: [serve, -v]", ["restart"]),
        (ROLLOUT, "args: [serve]", "args: [serve, -v]", ["restart"]),
        # The order of a list is part of the template, whether it means something or not.
        (
            DEPLOYMENT,
            '[{name: A, value: "1"}, {name: B, value: "2"}]',
            '[{name: B, value: "2"}, {name: A, value: "1"}]',
            ["restart"],
        ),
        # Everything beside the template is about the controller.
        (DEPLOYMENT, "replicas: 2", "replicas: 3", ["none"]),
        (DEPLOYMENT, "replicas: 2", "replicas: 2\n  minReadySeconds: 9", ["none"]),
        (DEPLOYMENT, "namespace: shop", "namespace: shop, labels: {a: b}", ["none"]),
        (DEPLOYMENT, "namespace: shop", "namespace: shop, annotations: {a: b}", ["none"]),
        (DEPLOYMENT, "replicas: 2", "replicas: 0", ["traffic"]),
        # With OnDelete nothing restarts by itself, and a paused rollout waits.
        (
            STATEFUL_SET.replace("replicas: 2", "updateStrategy: {type: OnDelete}"),
            "args: [serve]",
            "args: [serve, -v]",
            ["none"],
        ),
        (DEPLOYMENT.replace("replicas: 2", "paused: true"), "args: [serve]", "args: [x]", ["none"]),
        # Jobs that a CronJob has started keep what they have; the template can be changed.
        (CRON_JOB, "shop:1.0.0", "shop:1.1.0", ["none"]),
        (CRON_JOB, "0 1 * * *", "0 2 * * *", ["none"]),
        # The API server refuses to change a selector, and the template of a Job.
        (DEPLOYMENT, "matchLabels: {app: web}", "matchLabels: {team: a}", ["replace", "traffic"]),
        (STATEFUL_SET, "serviceName: web", "serviceName: other", ["replace"]),
        (STATEFUL_SET, "storage: 1Gi", "storage: 2Gi", ["data", "replace"]),
        (STATEFUL_SET, "replicas: 2", "replicas: 2\n  podManagementPolicy: Parallel", ["replace"]),
        (JOB, "args: [serve]", "args: [x]", ["replace"]),
        (JOB, "spec:\n  template", "spec:\n  backoffLimit: 2\n  template", ["none"]),
        (BINDING, "name: reader", "name: writer", ["replace", "access"]),
        (SERVICE, "clusterIP: 10.0.0.1", "clusterIP: 10.0.0.2", ["replace", "traffic"]),
        (SECRET, "type: Opaque", "type: kubernetes.io/tls", ["replace"]),
        (
            CONFIG_MAP + "immutable: true\n",
            "LEVEL: info",
            "LEVEL: debug",
            ["replace"],
        ),
        # Argo CD deletes a hook before it makes it again.
        (
            JOB.replace("namespace: shop", "namespace: shop, annotations: {argocd.argoproj.io/hook: Sync}"),
            "args: [serve]",
            "args: [x]",
            ["delivery"],
        ),
        # Claims can grow where their class allows it, and never shrink or change their class.
        (CLAIM, "storage: 2Gi", "storage: 4Gi", ["data"]),
        (CLAIM, "storage: 2Gi", "storage: 1Gi", ["data", "replace"]),
        (CLAIM, "storageClassName: fast", "storageClassName: slow", ["data", "replace"]),
        # Another volume, another migration.
        (DEPLOYMENT, "claimName: data", "claimName: other", ["data", "restart"]),
        (DEPLOYMENT, 'image: "shop:1.0.0", command', 'image: "shop:1.1.0", command', ["data", "restart"]),
        # Traffic
        (DEPLOYMENT, "containerPort: 80", "containerPort: 81", ["traffic", "restart"]),
        (DEPLOYMENT, "httpGet: {path: /,", "httpGet: {path: /ready,", ["traffic", "restart"]),
        (SERVICE, "selector: {app: web}", "selector: {app: other}", ["traffic"]),
        (SERVICE, "port: 80", "port: 81", ["traffic"]),
        (SERVICE, "namespace: shop", "namespace: shop, annotations: {a: b}", ["traffic"]),
        (SERVICE, "type: ClusterIP", "type: LoadBalancer", ["access", "traffic"]),
        (INGRESS, "path: /,", "path: /api,", ["traffic"]),
        (INGRESS, "namespace: shop", "namespace: shop, annotations: {a: b}", ["traffic"]),
        (INGRESS, "host: a.example.com", "host: b.example.com", ["access", "traffic"]),
        (INGRESS, "secretName: tls", "secretName: other", ["secret-contract", "access", "traffic"]),
        (ROUTE, "name: web, port: 80", "name: web, port: 81", ["traffic"]),
        (ROUTE, "a.example.com", "b.example.com", ["access", "traffic"]),
        (ROUTE, "[{name: login}, {name: gzip}]", "[{name: gzip}]", ["access", "traffic"]),
        (ROUTE, "[{name: login}, {name: gzip}]", "[{name: gzip}, {name: login}]", ["access", "traffic"]),
        (HTTP_ROUTE, "weight: 1", "weight: 2", ["traffic"]),
        (HTTP_ROUTE, "[a.example.com]", "[b.example.com]", ["access", "traffic"]),
        (GATEWAY, "hostname: a.example.com", "hostname: b.example.com", ["access", "traffic"]),
        (ROLLOUT, "setWeight: 20", "setWeight: 40", ["traffic"]),
        (CERTIFICATE, "dnsNames: [a.", "dnsNames: [b.", ["traffic"]),
        # Access
        (ROLE, "verbs: [get, list]", "verbs: [get, list, watch]", ["access"]),
        (ROLE, "verbs: [get, list]", "verbs: [list, get]", ["none"]),
        (BINDING, "kind: ServiceAccount, name: web", "kind: ServiceAccount, name: x", ["access"]),
        (POLICY, "app: a", "app: b", ["access"]),
        (ACCOUNT, "Token: false", "Token: true", ["access"]),
        (ACCOUNT, "namespace: shop", "namespace: shop, annotations: {role: b}", ["access"]),
        (
            DEPLOYMENT,
            "args: [serve]",
            "args: [serve]\n        securityContext: {privileged: true}",
            ["access", "restart"],
        ),
        (DEPLOYMENT, "      volumes:", "      serviceAccountName: a\n      volumes:", ["access", "restart"]),
        (DEPLOYMENT, "      volumes:", "      hostNetwork: true\n      volumes:", ["access", "restart"]),
        (GRANT, "[SELECT]", "[SELECT, INSERT]", ["access"]),
        # Keys that come or go, on the side that has them and on the side that wants them.
        (CONFIG_MAP, ', PORT: "80"', "", ["secret-contract"]),
        (CONFIG_MAP, "LEVEL: info", "LEVEL: info, NEW: a", ["secret-contract"]),
        (SECRET, "user: a", "user: a, other: b", ["secret-contract"]),
        (EXTERNAL_SECRET, "secretKey: user", "secretKey: name", ["secret-contract"]),
        (EXTERNAL_SECRET, "property: user", "property: login", ["secret-contract"]),
        (EXTERNAL_SECRET, "target: {name: web}", "target: {name: other}", ["secret-contract"]),
        (STORE, "https://vault'", "https://other'", ["secret-contract", "access"]),
        (
            DEPLOYMENT,
            'value: "1"',
            "valueFrom: {secretKeyRef: {name: a, key: b}}",
            ["secret-contract", "restart"],
        ),
        (
            DEPLOYMENT,
            "args: [serve]",
            "args: [serve]\n        envFrom: [{configMapRef: {name: a}}]",
            ["secret-contract", "restart"],
        ),
        (
            DEPLOYMENT,
            "      volumes:",
            "      imagePullSecrets: [{name: a}]\n      volumes:",
            ["secret-contract", "restart"],
        ),
        (
            CRON_JOB,
            "restartPolicy: Never",
            "restartPolicy: Never\n          imagePullSecrets: [{name: a}]",
            ["secret-contract"],
        ),
        # The value of a key: pods read it when they start, and nothing restarts them.
        (CONFIG_MAP, "LEVEL: info", "LEVEL: debug", ["none"]),
        (SECRET, "user: a", "user: b", ["none"]),
        (EXTERNAL_SECRET, "refreshInterval: 1h", "refreshInterval: 2h", ["none"]),
        # What is outside of the cluster
        (DATABASE, "deletionPolicy: Orphan", "deletionPolicy: Delete", ["data"]),
        (
            DATABASE,
            "name: web}\nspec",
            "name: web, annotations: {crossplane.io/external-name: x}}\nspec",
            ["data"],
        ),
        # Argo CD
        (APPLICATION, "prune: true", "prune: false", ["delivery"]),
        (APPLICATION, "targetRevision: main", "targetRevision: v1", ["delivery"]),
        (APPLICATION, "namespace: shop", "namespace: other", ["replace", "delivery"]),
        (APPLICATION, "project: default", "project: other", ["access", "delivery"]),
        (APPLICATION, ", finalizers: [resources-finalizer.argocd.argoproj.io]", "", ["delivery"]),
        (PROJECT, "example.com/a", "example.com/b", ["access", "delivery"]),
        (
            DEPLOYMENT,
            "namespace: shop",
            'namespace: shop, annotations: {argocd.argoproj.io/sync-wave: "2"}',
            ["delivery"],
        ),
        (
            CLAIM,
            "namespace: shop",
            "namespace: shop, annotations: {argocd.argoproj.io/sync-options: Prune=false}",
            ["data", "delivery"],
        ),
    ],
)
def test_a_field_has_the_classes_of_what_it_does(
    manifest: str, old: str, new: str, expected: list[str]
) -> None:
    assert old in manifest
    assert differ(manifest, manifest.replace(old, new, 1)) == expected


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        (CLAIM, ["data"]),
        (STATEFUL_SET, ["data", "traffic"]),
        (DATABASE.replace("Orphan", "Delete"), ["data"]),
        (DATABASE, ["delivery"]),
        (head("v1", "Namespace").replace(", namespace: shop", ""), ["data"]),
        (APPLICATION, ["data", "delivery"]),
        (APPLICATION.replace(", finalizers: [resources-finalizer.argocd.argoproj.io]", ""), ["delivery"]),
        (DEPLOYMENT, ["traffic"]),
        (SERVICE, ["traffic"]),
        (ROUTE, ["traffic"]),
        (ROLE, ["access"]),
        (GRANT, ["access"]),
        (CONFIG_MAP, ["secret-contract"]),
        (EXTERNAL_SECRET, ["secret-contract"]),
        (CRON_JOB, ["none"]),
        (
            CLAIM.replace(
                "namespace: shop",
                "namespace: shop, annotations: {argocd.argoproj.io/sync-options: Prune=false}",
            ),
            ["delivery"],
        ),
    ],
)
def test_what_is_removed_has_the_classes_of_what_is_lost(manifest: str, expected: list[str]) -> None:
    assert classes(compare(located(manifest), [])) == expected


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        (CLAIM, ["none"]),
        (DEPLOYMENT, ["none"]),
        (SERVICE, ["traffic"]),
        (ROLE, ["access"]),
        (EXTERNAL_SECRET, ["secret-contract"]),
        (APPLICATION, ["delivery"]),
    ],
)
def test_what_is_added_has_the_classes_of_what_it_opens(manifest: str, expected: list[str]) -> None:
    assert classes(compare([], located(manifest))) == expected


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        (DEPLOYMENT, ["replace", "traffic"]),
        (STATEFUL_SET, ["data", "replace", "traffic"]),
        (CLAIM, ["data", "replace"]),
        (CONFIG_MAP, ["replace", "secret-contract"]),
    ],
)
def test_a_rename_deletes_and_makes_again(manifest: str, expected: list[str]) -> None:
    comparison = compare(located(manifest), located(manifest.replace("name: web, n", "name: front, n", 1)))
    assert comparison.changes[0].what is What.RENAMED
    assert classes(comparison) == expected


def test_an_object_in_the_folder_of_another_application_is_delivery() -> None:
    moved = compare(located(CONFIG_MAP, "shop/a.yaml"), located(CONFIG_MAP, "other/a.yaml"))
    assert classes(moved) == ["delivery"]
    renamed_file = compare(located(CONFIG_MAP, "shop/a.yaml"), located(CONFIG_MAP, "shop/b.yaml"))
    assert classes(renamed_file) == ["none"]


def test_values_of_a_chart_render_what_is_not_known() -> None:
    def side(tag: str) -> list[Located]:
        return [Located({"image": {"tag": tag}}, "values.yaml", document="values.yaml", feeds=True)]

    assert classes(compare(side("1"), side("2"))) == ["delivery"]


def test_an_unknown_kind_does_nothing_that_is_known() -> None:
    text = head("example.com/v1", "Thing") + "spec: {a: %s}\n"
    assert differ(text % 1, text % 2) == ["none"]


def test_every_class_has_a_reason() -> None:
    comparison = compare(located(DEPLOYMENT), located(DEPLOYMENT.replace("1.0.0", "1.1.0")))
    effects: list[Any] = [effect for field in comparison.changes[0].fields for effect in field.effects]
    assert effects
    assert all(effect.why and not effect.why.endswith(".") for effect in effects)
