"""Groups whose documents have an apiVersion and a kind, and are for a program, never for an API server."""

from __future__ import annotations

from typing import Final

from chores_infra.gitops.roles import Classified, Role

__all__ = ["client_side"]

_ROLES: Final = {
    "kustomize.config.k8s.io": (Role.KUSTOMIZATION, "Kustomize"),
    "backstage.io": (Role.BACKSTAGE, "Backstage"),
    "scaffolder.backstage.io": (Role.BACKSTAGE, "Backstage"),
    "apiserver.config.k8s.io": (Role.CONFIGURATION, "the API server"),
    "audit.k8s.io": (Role.CONFIGURATION, "the API server"),
    "client.authentication.k8s.io": (Role.CONFIGURATION, "kubectl"),
    "kubectl.config.k8s.io": (Role.CONFIGURATION, "kubectl"),
    "kubeadm.k8s.io": (Role.CONFIGURATION, "kubeadm"),
    "kubelet.config.k8s.io": (Role.CONFIGURATION, "the kubelet"),
    "kubeproxy.config.k8s.io": (Role.CONFIGURATION, "kube-proxy"),
    "kubescheduler.config.k8s.io": (Role.CONFIGURATION, "the scheduler"),
    "pod-security.admission.config.k8s.io": (Role.CONFIGURATION, "the API server"),
    "kind.x-k8s.io": (Role.CONFIGURATION, "kind"),
    "k3d.io": (Role.CONFIGURATION, "k3d"),
    "ctlptl.dev": (Role.CONFIGURATION, "ctlptl"),
    "eksctl.io": (Role.CONFIGURATION, "eksctl"),
    "skaffold": (Role.CONFIGURATION, "Skaffold"),
    "kpt.dev": (Role.CONFIGURATION, "kpt"),
    "cli.kyverno.io": (Role.CONFIGURATION, "the Kyverno CLI"),
    "chainsaw.kyverno.io": (Role.CONFIGURATION, "Chainsaw"),
    "kuttl.dev": (Role.CONFIGURATION, "KUTTL"),
    "meta.pkg.crossplane.io": (Role.CONFIGURATION, "the Crossplane CLI"),
    "krew.googlecontainertools.github.com": (Role.CONFIGURATION, "Krew"),
    "tanka.dev": (Role.CONFIGURATION, "Tanka"),
    "score.dev": (Role.CONFIGURATION, "Score"),
}


def client_side(api_version: str, kind: str) -> Classified | None:
    """What a document is that no API server serves, or None.

    >>> print(client_side("backstage.io/v1alpha1", "Component"))
    an entity of the Backstage catalog (backstage.io is read by Backstage, no API server serves it)
    """
    if (api_version, kind) == ("v1", "Config"):
        return Classified(Role.CONFIGURATION, "a kubeconfig, which no API server serves")
    group = api_version.partition("/")[0]
    if group not in _ROLES:
        return None
    role, reader = _ROLES[group]
    return Classified(role, f"{group} is read by {reader}, no API server serves it")
