"""Security contexts: what they say, and contradictions that the API server or the kubelet refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.containers import Container
from chores_infra.constructs.images import Image
from chores_infra.constructs.security import (
    AppArmorProfile,
    Capabilities,
    PodSecurityContext,
    SeccompProfile,
    SecurityContext,
    SeLinuxOptions,
    Sysctl,
)
from chores_infra.constructs.workloads import Deployment


def deploy(
    shop: Component, container: SecurityContext | None = None, pod: PodSecurityContext | None = None
) -> Deployment:
    web = Container(name="web", image=Image(repository="shop", tag="1.4.2"), security_context=container)
    return Deployment(
        shop, "web", name="web", selector={"app": "web"}, containers=[web], security_context=pod
    )


def test_what_restricted_pods_say(shop: Component, valid: Callable[..., Any]) -> None:
    """https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted"""
    made = deploy(
        shop,
        SecurityContext(
            allow_privilege_escalation=False,
            read_only_root_filesystem=True,
            capabilities=Capabilities(drop=["ALL"], add=["NET_BIND_SERVICE"]),
        ),
        PodSecurityContext(
            run_as_non_root=True, fs_group=1000, seccomp_profile=SeccompProfile(type="RuntimeDefault")
        ),
    )
    spec = valid(made)["template"]["spec"]
    assert spec["securityContext"] == {
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
        "fsGroup": 1000,
    }
    assert spec["containers"][0]["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"add": ["NET_BIND_SERVICE"], "drop": ["ALL"]},
    }


def test_everything_else(shop: Component, valid: Callable[..., Any]) -> None:
    made = deploy(
        shop,
        SecurityContext(
            run_as_user=0,
            run_as_group=0,
            privileged=True,
            proc_mount="Unmasked",
            se_linux_options=SeLinuxOptions(level="s0:c1,c2"),
            app_armor_profile=AppArmorProfile(type="Localhost", localhost_profile="shop"),
        ),
        PodSecurityContext(
            supplemental_groups=[1, 2],
            supplemental_groups_policy="Strict",
            fs_group_change_policy="OnRootMismatch",
            sysctls=[Sysctl(name="net.core.somaxconn", value="1024")],
        ),
    )
    spec = valid(made)["template"]["spec"]
    assert spec["containers"][0]["securityContext"] == {
        "runAsUser": 0,
        "runAsGroup": 0,
        "seLinuxOptions": {"level": "s0:c1,c2"},
        "appArmorProfile": {"type": "Localhost", "localhostProfile": "shop"},
        "privileged": True,
        "procMount": "Unmasked",
    }
    assert spec["securityContext"] == {
        "fsGroupChangePolicy": "OnRootMismatch",
        "supplementalGroups": [1, 2],
        "supplementalGroupsPolicy": "Strict",
        "sysctls": [{"name": "net.core.somaxconn", "value": "1024"}],
    }


@pytest.mark.parametrize(
    ("context", "field"),
    [
        (SecurityContext(privileged=True, allow_privilege_escalation=False), "allow_privilege_escalation"),
        (
            SecurityContext(capabilities=Capabilities(add=["SYS_ADMIN"]), allow_privilege_escalation=False),
            "allow_privilege_escalation",
        ),
        (SecurityContext(run_as_non_root=True, run_as_user=0), "run_as_user"),
        (SecurityContext(run_as_user=-1), "run_as_user"),
        (SecurityContext(capabilities=Capabilities(add=["CAP_NET_ADMIN"])), "capabilities.add[0]"),
        (SecurityContext(capabilities=Capabilities(drop=["all"])), "capabilities.drop[0]"),
        (
            SecurityContext(seccomp_profile=SeccompProfile(type="Localhost")),
            "seccomp_profile.localhost_profile",
        ),
        (
            SecurityContext(app_armor_profile=AppArmorProfile(type="Unconfined", localhost_profile="x")),
            "app_armor_profile.localhost_profile",
        ),
        (SecurityContext(proc_mount="unmasked"), "proc_mount"),  # type: ignore[arg-type]
        (SecurityContext(privileged="yes"), "privileged"),  # type: ignore[arg-type]
    ],
)
def test_a_context_of_a_container_that_cannot_be(
    shop: Component, refused: Callable[..., dict[str, str]], context: SecurityContext, field: str
) -> None:
    assert list(refused(lambda: deploy(shop, context))) == [f"containers[0].security_context.{field}"]


@pytest.mark.parametrize(
    ("context", "field"),
    [
        (PodSecurityContext(run_as_non_root=True, run_as_user=0), "run_as_user"),
        (PodSecurityContext(fs_group=-1), "fs_group"),
        (PodSecurityContext(supplemental_groups=[1, -1]), "supplemental_groups[1]"),
        (PodSecurityContext(sysctls=[Sysctl(name="Net Core", value="1")]), "sysctls[0].name"),
        (PodSecurityContext(sysctls=[Sysctl(name="a.b", value=1)]), "sysctls[0].value"),  # type: ignore[arg-type]
    ],
)
def test_a_context_of_a_pod_that_cannot_be(
    shop: Component, refused: Callable[..., dict[str, str]], context: PodSecurityContext, field: str
) -> None:
    assert list(refused(lambda: deploy(shop, pod=context))) == [f"security_context.{field}"]
