"""What a sync applies too late, as Argo CD orders it.

Source: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: NAME, namespace: argo-cd}
spec:
  source: {repoURL: https://example.com/infrastructure, path: NAME}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
"""
WORKLOAD = """\
apiVersion: {version}
kind: {kind}
metadata: {{name: shop, namespace: shop, annotations: {{{annotations}}}}}
spec:
  {more}
  template:
    spec: {{containers: [{{name: c, envFrom: [{{secretRef: {{name: s, optional: {optional}}}}}]}}]}}
"""
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop, annotations: {%s}}\n"
EXTERNAL = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: s, namespace: shop, annotations: {%s}}
spec: {data: [{secretKey: a, remoteRef: {key: a}}]}
"""
PRE_SYNC = "argocd.argoproj.io/hook: PreSync"
POST_SYNC = "argocd.argoproj.io/hook: PostSync"


def wave(number: int) -> str:
    return f"argocd.argoproj.io/sync-wave: '{number}'"


def workload(
    annotations: str = "", more: str = "replicas: 1", optional: str = "false", kind: str = ""
) -> str:
    version, kind = ("batch/v1", "Job") if kind == "Job" else ("apps/v1", kind or "Deployment")
    return WORKLOAD.format(version=version, kind=kind, annotations=annotations, more=more, optional=optional)


def tree(*texts: str) -> dict[str, str]:
    return {"apps/shop.yaml": APPLICATION.replace("NAME", "shop"), "shop/all.yaml": "---\n".join(texts)}


@pytest.mark.parametrize(
    ("needs", "needed", "turns"),
    [
        (
            workload(PRE_SYNC, kind="Job"),
            SECRET % "",
            "phase Sync, wave 0, after this (phase PreSync, wave 0)",
        ),
        (
            workload("helm.sh/hook: 'pre-install,pre-upgrade'", kind="Job"),
            EXTERNAL % "",
            "phase Sync, wave 0, after this (phase PreSync, wave 0)",
        ),
        (workload(wave(1)), EXTERNAL % wave(2), "phase Sync, wave 2, after this (phase Sync, wave 1)"),
        (workload(), SECRET % POST_SYNC, "phase PostSync, wave 0, after this (phase Sync, wave 0)"),
        (
            workload(f"{PRE_SYNC}, {wave(-5)}", kind="Job"),
            SECRET % PRE_SYNC,
            "phase PreSync, wave 0, after this (phase PreSync, wave -5)",
        ),
    ],
)
def test_needed_later(found: Callable[..., dict[str, str]], needs: str, needed: str, turns: str) -> None:
    path = "spec.template.spec.containers[0].envFrom[0].secretRef.name"

    assert found("needed-later", tree(needs, needed)) == {path: f"error: Secret/shop/s is applied in {turns}"}


@pytest.mark.parametrize(
    "texts",
    [
        (workload(), SECRET % ""),
        (workload(wave(2)), SECRET % wave(1)),
        (workload(), SECRET % PRE_SYNC),
        (workload(wave(1), optional="true"), SECRET % wave(2)),
        (workload(wave(1), more="replicas: 0"), SECRET % wave(2)),
        (workload(POST_SYNC, kind="Job"), SECRET % ""),
        (workload("argocd.argoproj.io/hook: SyncFail", kind="Job"), SECRET % POST_SYNC),
        (workload(wave(1)), SECRET % wave(2), EXTERNAL % ""),  # another one makes it before
        (workload("argocd.argoproj.io/sync-wave: soon"), SECRET % wave(2)),
    ],
)
def test_in_order(found: Callable[..., dict[str, str]], texts: tuple[str, ...]) -> None:
    assert not found("needed-later", tree(*texts))


def test_applications_have_no_order_among_each_other(found: Callable[..., dict[str, str]]) -> None:
    texts = tree(workload(wave(1)))
    texts["apps/other.yaml"] = APPLICATION.replace("NAME", "other")
    texts["other/secret.yaml"] = SECRET % wave(2)

    assert not found("needed-later", texts)


STORE = """\
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: {name: v, namespace: shop, annotations: {%s}}
"""
BINDING = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop, annotations: {%s}}
subjects: [{kind: ServiceAccount, name: a}]
"""
JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: j, namespace: shop, annotations: {%s}}
spec: {template: {spec: {serviceAccountName: a, containers: [{name: c}]}}}
"""


def test_what_an_operator_cannot_make_before_its_store_is_there(found: Callable[..., dict[str, str]]) -> None:
    external = EXTERNAL.replace("spec: {", "spec: {secretStoreRef: {name: v}, ")

    assert found("needed-later", tree(external % wave(-1), STORE % "")) == {
        "spec.secretStoreRef.name": "warning: SecretStore/shop/v is applied in phase Sync, wave 0, "
        "after this (phase Sync, wave -1)"
    }
    assert not found("needed-later", tree(external % "", STORE % ""))


def test_a_hook_whose_rights_come_later(found: Callable[..., dict[str, str]]) -> None:
    assert found("needed-later", tree(JOB % PRE_SYNC, BINDING % "")) == {
        "spec.template.spec.serviceAccountName": "warning: RoleBinding/shop/b gives a its rights in "
        "phase Sync, wave 0, after this (phase PreSync, wave 0)"
    }
    assert not found("needed-later", tree(JOB % PRE_SYNC, BINDING % PRE_SYNC))
    assert not found("needed-later", tree(JOB % "", BINDING % ""))
    assert not found("needed-later", tree(JOB % PRE_SYNC, BINDING % "", BINDING % PRE_SYNC))


def test_namespaces_and_definitions_are_moved_to_the_front_by_argo_cd(
    found: Callable[..., dict[str, str]],
) -> None:
    # `adjustDeps` in gitops-engine gives them the phase and wave of the first that needs them.
    namespace = f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop, annotations: {{{wave(3)}}}}}\n"

    assert not found("needed-later", tree(workload(), namespace))
