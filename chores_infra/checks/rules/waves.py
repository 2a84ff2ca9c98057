"""The order of a sync: what is applied before that which it needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from chores_infra.checks.argocd_options import HOOK, WAVE
from chores_infra.checks.context import Context
from chores_infra.checks.fields import at, items, text
from chores_infra.checks.finding import Severity
from chores_infra.checks.pods import pods_of
from chores_infra.checks.references import Reference
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Hit, Rule

__all__ = ["NeededLater"]

_HELM_HOOK: Final = "helm.sh/hook"
_HELM_WEIGHT: Final = "helm.sh/hook-weight"
_HELM_PHASES: Final = {
    "pre-install": "PreSync",
    "pre-upgrade": "PreSync",
    "post-install": "PostSync",
    "post-upgrade": "PostSync",
}
_PHASES: Final = {"PreSync": 0, "Sync": 1, "PostSync": 2}
_NEEDED: Final = ("ConfigMap", "Secret", "ServiceAccount", "PersistentVolumeClaim")
_NEVER_WAITED_FOR: Final = (
    "CronJob",
    "PodTemplate",
    "AnalysisTemplate",
    "ClusterAnalysisTemplate",
    "ScaledJob",
)

_UNHEALTHY_WITHOUT: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("external-secrets.io", "ExternalSecret"): ("SecretStore", "ClusterSecretStore"),
    ("cert-manager.io", "Certificate"): ("Issuer", "ClusterIssuer"),
}
"""https://argo-cd.readthedocs.io/en/stable/operator-manual/health/"""


class Turn(NamedTuple):
    """When an object is applied: the phase of the sync, and the wave in it."""

    phase: int
    wave: int

    def __str__(self) -> str:
        name = next(name for name, number in _PHASES.items() if number == self.phase)
        return f"phase {name}, wave {self.wave}"


class NeededLater(Rule):
    """An object that is applied after the one that needs it.

    Argo CD applies phase by phase and wave by wave, and goes on when what it applied is healthy. Pods that
    wait for a ConfigMap of a later wave never are, so the later wave never comes: the first sync of the
    application hangs. Where the object is there from before nobody sees it, until the application is made
    anew.
    """

    id = "needed-later"
    title = "A sync waits for what it applies later"
    severity = Severity.ERROR
    help = f"give what is needed an earlier phase or wave ({HOOK}, {WAVE}), or what needs it a later one"
    bad = """\
# file: apps/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://example.com/infrastructure, path: shop, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
# file: shop/migration.yaml
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, namespace: shop, annotations: {argocd.argoproj.io/hook: PreSync}}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: migrate
        image: registry.example.com/shop:1.4.2
        envFrom: [{configMapRef: {name: settings}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {LEVEL: info}
"""
    good = bad.replace(
        "metadata: {name: settings, namespace: shop}",
        "metadata: {name: settings, namespace: shop, annotations: {argocd.argoproj.io/hook: PreSync,"
        ' argocd.argoproj.io/sync-wave: "-1"}}',
    )

    def check(self, context: Context) -> Iterator[Hit]:
        """At the reference of what cannot be healthy without the later object, or lacks its rights."""
        for reference, resolution in context.resolver.references:
            waits = _waits(reference)
            if waits is None or not resolution.providers:
                continue
            own = _turn(reference.source)
            first = _first([_later(reference.source, own, each.by) for each in resolution.providers])
            if own is not None and first is not None:
                message = f"{reference} is applied in {first}, after this ({own})"
                yield Hit(reference.source, message, reference.path, severity=waits)
        yield from _without_rights(context)


def _without_rights(context: Context) -> Iterator[Hit]:
    """Jobs whose ServiceAccount is given its rights only later: they run, and may do nothing yet."""
    bindings: dict[tuple[str, str | None, str], list[Resource]] = defaultdict(list)
    for binding in context.repository.of_kind(
        "rbac.authorization.k8s.io", "RoleBinding", "ClusterRoleBinding"
    ):
        for subject in items(binding.at("subjects")):
            if at(subject, "kind") == "ServiceAccount":
                namespace = text(at(subject, "namespace")) or binding.namespace
                bindings[binding.cluster, namespace, text(at(subject, "name"))].append(binding)
    for job in context.repository.of_kind("batch", "Job") if bindings else ():
        account = text(job.at("spec", "template", "spec", "serviceAccountName"))
        own, given = _turn(job), bindings.get((job.cluster, job.namespace, account), [])
        first = _first([_later(job, own, binding) for binding in given]) if job.application else None
        if own is not None and first is not None:
            message = f"{given[0]} gives {account} its rights in {first}, after this ({own})"
            path = ("spec", "template", "spec", "serviceAccountName")
            yield Hit(job, message, path, severity=Severity.WARNING)


def _first(later: Sequence[Turn | None]) -> Turn | None:
    """The first of some turns, if all of them are known and later."""
    known = [turn for turn in later if turn is not None]
    return min(known) if known and len(known) == len(later) else None


def _waits(reference: Reference) -> Severity | None:
    """How sure it is that a sync waits for the other object; None where it does not.

    Pods do not start without it, and Argo CD waits for those pods. What an operator makes of a custom
    resource is waited for where Argo CD can tell its health.
    """
    source = reference.source
    if reference.optional or source.application is None or source.kind in _NEVER_WAITED_FOR:
        return None
    if reference.target.kind in _UNHEALTHY_WITHOUT.get((source.group, source.kind), ()):
        return Severity.WARNING
    if source.at("spec", "replicas") == 0 or source.at("spec", "suspend") is True:
        return None
    # Without a pull secret pods start, too, where the node has the image.
    needed = reference.target.kind in _NEEDED and "imagePullSecrets" not in reference.path
    return Severity.ERROR if needed and any(pods_of(source)) else None


def _later(source: Resource, own: Turn | None, maker: Resource) -> Turn | None:
    """The turn of what makes an object, if it is a later one of the same Application."""
    if own is None or maker.application is not source.application or maker is source:
        return None
    turn = _turn(maker)
    return turn if turn is not None and turn > own else None


def _turn(resource: Resource) -> Turn | None:
    """When Argo CD applies an object; None for what it applies only if a sync fails, or never.

    https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
    """
    annotations = resource.annotations
    hooks = [each.strip() for each in text(annotations.get(HOOK)).split(",") if each.strip()]
    helm = [each.strip() for each in text(annotations.get(_HELM_HOOK)).split(",") if each.strip()]
    hooks = hooks or [_HELM_PHASES.get(each, each) for each in helm]
    phases = [_PHASES[hook] for hook in hooks if hook in _PHASES]
    if hooks and not phases:
        return None
    wave = annotations.get(WAVE) or (annotations.get(_HELM_WEIGHT) if helm else None)
    try:
        number = int(text(wave) or "0")
    except ValueError:
        return None
    return Turn(min(phases, default=_PHASES["Sync"]), number)
