"""Whatever a workload or Service takes, the API server takes: our kinds say so, and a second validator too.

Arguments are drawn from values that are right, at the border, or wrong; what a construct refuses is none of
this test's business, and most combinations are taken.
"""

from __future__ import annotations

from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra import kinds
from chores_infra.arguments import argument_types
from chores_infra.construct import Component, Tree
from chores_infra.constructs.autoscaling import (
    ContainerResourceMetric,
    ExternalMetric,
    HorizontalPodAutoscaler,
    ObjectMetric,
    PodsMetric,
    ResourceMetric,
    ScalingPolicy,
    ScalingRules,
)
from chores_infra.constructs.cluster import PriorityClass, ServiceAccount
from chores_infra.constructs.config import ConfigMap, Secret
from chores_infra.constructs.containers import (
    Container,
    ContainerPort,
    EnvFrom,
    ExecHook,
    ExecProbe,
    GrpcProbe,
    HttpProbe,
    Lifecycle,
    PodField,
    ResourceField,
    Resources,
    SleepHook,
    TcpProbe,
)
from chores_infra.constructs.daemonsets import DaemonSet, DaemonSetUpdate
from chores_infra.constructs.disruption import PodDisruptionBudget
from chores_infra.constructs.images import Image
from chores_infra.constructs.jobs import CronJob, ExitCodes, FailureRule, Job, PodCondition, SuccessRule
from chores_infra.constructs.mounts import Mount
from chores_infra.constructs.pods import DnsConfig, HostAlias
from chores_infra.constructs.rbac import (
    ClusterRole,
    ClusterRoleBinding,
    GroupSubject,
    NonResourceRule,
    PolicyRule,
    Role,
    RoleBinding,
    UserSubject,
)
from chores_infra.constructs.scheduling import (
    Affinity,
    LabelSelector,
    NodeAffinity,
    NodeTerm,
    PodAffinity,
    PodTerm,
    Requirement,
    Toleration,
    TopologySpread,
)
from chores_infra.constructs.security import Capabilities, PodSecurityContext, SeccompProfile, SecurityContext
from chores_infra.constructs.services import Service, ServicePort
from chores_infra.constructs.statefulsets import (
    ClaimRetention,
    ClaimTemplate,
    GoverningService,
    StatefulSet,
    StatefulSetUpdate,
)
from chores_infra.constructs.storage import PersistentVolumeClaim
from chores_infra.constructs.volumes import (
    ConfigMapVolume,
    EmptyDir,
    HostPath,
    ProjectedVolume,
    SecretVolume,
    Volume,
)
from chores_infra.constructs.workloads import Deployment, OnDelete, Recreate, RollingUpdate, Workload
from chores_infra.errors import ConstructError
from chores_infra.kubernetes_object import KubernetesObject

SETTINGS = ConfigMap.existing("settings", keys=["A", "B"])
SECRETS = Secret.existing("secrets", keys=["TOKEN"])
VOLUMES: list[Volume] = [
    EmptyDir(name="cache", size_limit="1Gi"),
    HostPath(name="host", path="/var/log"),
    ConfigMapVolume(name="config", source=SETTINGS, items={"A": "a"}),
    SecretVolume(name="secret", source=SECRETS, default_mode=0o400),
    ProjectedVolume(name="all", sources=[SETTINGS, SECRETS]),
]


def some(choices: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=choices)


def among(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def lists(*values: Any) -> st.SearchStrategy[list[Any]]:
    return st.lists(among(*values), max_size=3)


SECONDS = among(0, 1, 30, 2**31 - 1)
TIMES = some(
    {
        "initial_delay_seconds": SECONDS,
        "period_seconds": among(1, 30),
        "timeout_seconds": among(1, 30),
        "success_threshold": among(1, 1, 1, 2),
        "failure_threshold": among(1, 3),
    }
)
PROBES = st.one_of(
    TIMES.map(lambda times: HttpProbe(path="/healthz", port=8000, **times)),
    TIMES.map(lambda times: HttpProbe(path="/", port="http", scheme="HTTPS", **times)),
    TIMES.map(lambda times: TcpProbe(port="admin", **times)),
    TIMES.map(lambda times: ExecProbe(command=["true"], **times)),
    TIMES.map(lambda times: GrpcProbe(port=9000, service="shop", **times)),
)
QUANTITIES = st.dictionaries(
    among("cpu", "memory", "ephemeral-storage"), among("1", "2", "128Mi", "1.5Gi", "1e3", "0")
)
CONTAINER = some(
    {
        "image_pull_policy": among("Always", "IfNotPresent", "Never"),
        "command": st.just(["run", "", "$(A)"]),
        "args": lists("--fast", "true", "1"),
        "working_dir": among("/", "/app"),
        "env": st.dictionaries(
            among("A", "LOG_LEVEL", "a.b-c"),
            among(
                "",
                "true",
                "1",
                SETTINGS.key("A"),
                SECRETS.key("TOKEN"),
                PodField("status.podIP"),
                ResourceField(resource="limits.cpu", divisor="1m"),
            ),
        ),
        "env_from": lists(SETTINGS, SECRETS, EnvFrom(source=SETTINGS, prefix="P_", optional=True)),
        "resources": st.builds(Resources, requests=QUANTITIES, limits=QUANTITIES),
        "mounts": st.lists(
            st.builds(Mount, volume=among(*VOLUMES), path=among("/a", "/b", "/c"), read_only=st.booleans()),
            max_size=3,
        ),
        "readiness": PROBES,
        "liveness": PROBES,
        "startup": PROBES,
        "lifecycle": among(
            Lifecycle(),
            Lifecycle(pre_stop=SleepHook(seconds=5)),
            Lifecycle(post_start=ExecHook(command=["x"])),
        ),
        "security_context": some(
            {
                "run_as_user": among(0, 1000),
                "run_as_non_root": st.booleans(),
                "privileged": st.booleans(),
                "allow_privilege_escalation": st.booleans(),
                "read_only_root_filesystem": st.booleans(),
                "capabilities": st.builds(Capabilities, add=lists("SYS_ADMIN", "CHOWN"), drop=lists("ALL")),
            }
        ).map(lambda given: SecurityContext(**given)),
        "stdin": st.booleans(),
        "tty": st.booleans(),
    }
)
POD = some(
    {
        "pod_labels": st.dictionaries(among("team", "example.com/team"), among("", "shop")),
        "pod_annotations": st.dictionaries(among("a", "A.b/c"), among("", "any text, even\nlines")),
        "service_account": st.just(ServiceAccount.existing("shop")),
        "automount_service_account_token": st.booleans(),
        "priority_class": st.just(PriorityClass.existing("high")),
        "security_context": some(
            {
                "run_as_non_root": st.booleans(),
                "fs_group": among(0, 1000),
                "supplemental_groups": lists(0, 1),
                "seccomp_profile": st.just(SeccompProfile(type="RuntimeDefault")),
            }
        ).map(lambda given: PodSecurityContext(**given)),
        "image_pull_secrets": lists(SECRETS),
        "termination_grace_period_seconds": SECONDS,
        "node_selector": st.dictionaries(among("kubernetes.io/os"), among("linux")),
        "tolerations": lists(Toleration(operator="Exists"), Toleration(key="a", effect="NoSchedule")),
        "affinity": among(
            Affinity(),
            Affinity(
                node=NodeAffinity(
                    required=[NodeTerm(match_expressions=[Requirement(key="a", operator="Exists")])]
                )
            ),
            Affinity(pod_anti=PodAffinity(required=[PodTerm(topology_key="kubernetes.io/hostname")])),
        ),
        "topology_spread": lists(
            TopologySpread(topology_key="zone"), TopologySpread(topology_key="zone", min_domains=1)
        ),
        "host_network": st.booleans(),
        "dns_policy": among("Default", "None", "ClusterFirst"),
        "dns_config": st.just(DnsConfig(nameservers=["1.1.1.1"], options={"ndots": "2", "edns0": None})),
        "host_aliases": among([], [HostAlias(ip="::1", hostnames=["a.b"])]),
        "hostname": among("shop"),
        "enable_service_links": st.booleans(),
    }
)
REPLICAS = {
    "replicas": among(0, 1, 10),
    "min_ready_seconds": among(0, 30),
    "revision_history_limit": among(0, 10),
}
COUNTS = among(None, 0, 1, "0%", "50%", "100%")
CLAIM = ClaimTemplate(name="data", storage="10Gi")
#: What each kind of workload has beside its pods: what it needs, and what it may be given.
WORKLOADS: dict[type[Workload], tuple[dict[str, Any], st.SearchStrategy[dict[str, Any]]]] = {
    Deployment: (
        {"selector": {"app": "web"}},
        some(
            REPLICAS
            | {
                "strategy": st.just(Recreate())
                | st.builds(RollingUpdate, max_surge=COUNTS, max_unavailable=COUNTS),
                "progress_deadline_seconds": among(1, 600),
                "paused": st.booleans(),
            }
        ),
    ),
    StatefulSet: (
        {"selector": {"app": "web"}, "service": GoverningService(name="web")},
        some(
            REPLICAS
            | {
                "strategy": st.just(OnDelete())
                | st.builds(StatefulSetUpdate, partition=among(None, 0, 3), max_unavailable=COUNTS),
                "claims": lists(CLAIM, ClaimTemplate(name="cache", storage="10Gi", storage_class="")),
                "claim_retention": st.builds(ClaimRetention, when_scaled=among(None, "Retain", "Delete")),
                "pod_management_policy": among("OrderedReady", "Parallel"),
                "start_ordinal": among(0, 1),
                "service": among(
                    Service.existing("web"),
                    GoverningService(name="web", ports=[ServicePort(number=80, target_port=8000)]),
                ),
            }
        ),
    ),
    DaemonSet: (
        {"selector": {"app": "web"}},
        some(
            {
                "strategy": st.just(OnDelete())
                | st.builds(DaemonSetUpdate, max_surge=COUNTS, max_unavailable=COUNTS),
                "min_ready_seconds": among(0, 30),
                "revision_history_limit": among(0, 10),
            }
        ),
    ),
}
EXIT_CODES = st.builds(ExitCodes, values=lists(1, 2, 42), operator=among("In", "NotIn"))
JOB: dict[str, st.SearchStrategy[Any]] = {
    "restart_policy": among("Never", "OnFailure"),
    "parallelism": among(0, 1, 2),
    "completions": among(1, 5),
    "completion_mode": among("Indexed", "Indexed", "NonIndexed"),
    "backoff_limit": among(0, 6),
    "backoff_limit_per_index": among(0, 1),
    "max_failed_indexes": among(0, 5),
    "active_deadline_seconds": among(1, 600),
    "ttl_seconds_after_finished": among(0, 600),
    "pod_failure_policy": st.lists(
        st.builds(FailureRule, action=among("FailJob", "FailIndex", "Count"), on_exit_codes=EXIT_CODES)
        | st.just(FailureRule(action="Ignore", on_pod_conditions=[PodCondition(type="DisruptionTarget")])),
        max_size=2,
    ),
    "success_policy": lists(SuccessRule(succeeded_indexes="0,2-3"), SuccessRule(succeeded_count=1)),
    "pod_replacement_policy": among("Failed", "TerminatingOrFailed"),
    "suspend": st.booleans(),
}
WORKLOADS |= {
    Job: ({}, some(JOB | {"selector": st.just({"app": "web"}), "managed_by": st.just("example.com/queue")})),
    CronJob: (
        {"schedule": "@daily"},
        some(
            JOB
            | {
                "schedule": among("0 3 * * *", "*/5 8-18 * jan-mar mon,wed", "@every 1h"),
                "time_zone": among("Etc/UTC", "Europe/Berlin"),
                "concurrency_policy": among("Allow", "Forbid", "Replace"),
                "starting_deadline_seconds": among(10, 600),
                "successful_jobs_history_limit": among(0, 3),
                "failed_jobs_history_limit": among(0, 3),
                "job_labels": st.just({"team": "shop"}),
            }
        ),
    ),
}
SERVICE = some(
    {
        "type": among("ClusterIP", "NodePort", "LoadBalancer"),
        "headless": st.booleans(),
        "session_affinity": among("None", "ClientIP"),
        "session_affinity_timeout_seconds": among(1, 86400),
        "external_traffic_policy": among("Cluster", "Local"),
        "internal_traffic_policy": among("Cluster", "Local"),
        "publish_not_ready_addresses": st.booleans(),
        "load_balancer_source_ranges": lists("10.0.0.0/8", "::/0"),
        "ip_families": lists("IPv4", "IPv6"),
        "labels": st.dictionaries(among("a", "b.c/d"), among("", "x")),
    }
)
PORTS = st.lists(
    st.builds(
        ServicePort,
        name=among("http", "admin", "other"),
        number=among(80, 443, 8000),
        target_port=among(None, "http", 9000),
        protocol=among(None, "TCP"),
        node_port=among(None, None, 30000),
    ),
    min_size=1,
    max_size=2,
)


def workload(cls: Any, container: dict[str, Any], options: dict[str, Any]) -> Any:
    ports = [
        ContainerPort(number=8000, name="http"),
        ContainerPort(number=9000, name="admin", protocol="TCP"),
    ]
    web = Container(name="web", image=Image(repository="shop", tag="1.4.2"), ports=ports, **container)
    shop = Component(Tree(), "shop", namespace="shop")
    required, _ = WORKLOADS[cls]
    given = required | {"name": "web", "containers": [web], "volumes": VOLUMES} | options
    return cls(shop, "web", **given)


def check(made: KubernetesObject) -> None:
    for found in made._objects():
        manifest = found.manifest
        assert [str(problem) for problem in kinds.validate(manifest)] == []
        kubernetes_validate.validate(manifest, "1.33", strict=True)


@pytest.mark.parametrize("cls", WORKLOADS)
def test_workloads(cls: type[Workload]) -> None:
    @given(container=CONTAINER, pods=POD, options=WORKLOADS[cls][1])
    def hold(container: dict[str, Any], pods: dict[str, Any], options: dict[str, Any]) -> None:
        try:
            made = workload(cls, container, pods | options)
        except ConstructError:
            return
        check(made)

    hold()


@given(arguments=SERVICE, ports=PORTS)
def test_services(arguments: dict[str, Any], ports: list[ServicePort]) -> None:
    made = workload(Deployment, {}, {})
    try:
        service = Service(
            Tree(namespace="shop"), "service", name="web", selects=made, ports=ports, **arguments
        )
    except ConstructError:
        return
    check(service)


@given(
    arguments=some(
        {
            "min_available": COUNTS,
            "max_unavailable": COUNTS,
            "unhealthy_pod_eviction_policy": among("IfHealthyBudget", "AlwaysAllow"),
            "block_evictions": st.booleans(),
        }
    ),
    cls=among(*WORKLOADS),
)
def test_budgets(arguments: dict[str, Any], cls: type[Workload]) -> None:
    try:
        made = PodDisruptionBudget(
            Tree(namespace="shop"), "it", name="web", selects=workload(cls, {}, {}), **arguments
        )
    except ConstructError:
        return
    check(made)


AMOUNTS = among(None, "1", "500m", "1Gi", "0")
METRICS = st.one_of(
    st.builds(
        ResourceMetric, name=among("cpu", "memory"), utilization=among(None, 70), average_value=AMOUNTS
    ),
    st.builds(ContainerResourceMetric, name=st.just("cpu"), container=st.just("web"), average_value=AMOUNTS),
    st.builds(PodsMetric, name=st.just("requests"), average_value=AMOUNTS),
    st.builds(
        ObjectMetric,
        name=st.just("hits"),
        described=st.just(SETTINGS),
        selector=among(None, LabelSelector(match_labels={"a": "b"})),
        value=AMOUNTS,
        average_value=AMOUNTS,
    ),
    st.builds(ExternalMetric, name=st.just("queue"), value=AMOUNTS, average_value=AMOUNTS),
)
RULES = st.builds(
    ScalingRules,
    policies=st.lists(
        st.builds(
            ScalingPolicy, type=among("Pods", "Percent"), value=among(1, 100), period_seconds=among(1, 1800)
        ),
        max_size=2,
    ),
    select_policy=among(None, "Min", "Disabled"),
    stabilization_window_seconds=among(None, 0, 3600),
    tolerance=among(None, "0.1", "0"),
)


@given(
    arguments=some({"min_replicas": among(0, 1, 3), "scale_up": RULES, "scale_down": RULES}),
    metrics=st.lists(METRICS, min_size=1, max_size=2),
    requests=QUANTITIES,
)
def test_autoscalers(arguments: dict[str, Any], metrics: list[Any], requests: dict[str, str]) -> None:
    try:
        made = HorizontalPodAutoscaler(
            Tree(namespace="shop"),
            "it",
            name="web",
            target=workload(Deployment, {"resources": Resources(requests=requests)}, {}),
            max_replicas=3,
            metrics=metrics,
            **arguments,
        )
    except ConstructError:
        return
    check(made)


RULE_PARTS = {
    "verbs": lists("get", "create", "*", "impersonate"),
    "wildcard": st.booleans(),
}
POLICY_RULES = st.builds(
    PolicyRule,
    api_groups=lists("", "apps", "*", "example.com"),
    resources=lists("pods", "pods/log", "deployments", "*", "widgets"),
    resource_names=among(None, ["web"], ["a:b"]),
    **RULE_PARTS,
)
URL_RULES = st.builds(NonResourceRule, urls=lists("/metrics", "/healthz/*", "*"), **RULE_PARTS)
SUBJECTS = lists(
    ServiceAccount.existing("web"),
    ServiceAccount.existing("ci", namespace="ci"),
    UserSubject("jane"),
    GroupSubject("system:masters"),
)


@given(
    rules=st.lists(POLICY_RULES, min_size=1, max_size=2),
    urls=st.lists(URL_RULES, max_size=1),
    subjects=SUBJECTS,
    name=among("web", "system:web", "a/b"),
)
def test_roles(rules: list[Any], urls: list[Any], subjects: list[Any], name: str) -> None:
    granted: dict[str, Any] = {"granted_to": subjects} if subjects else {}
    for cls, given_rules in ((Role, rules), (ClusterRole, [*rules, *urls])):
        try:
            made: Any = cls(Tree(namespace="shop"), "it", name=name, rules=given_rules, **granted)
        except ConstructError:
            continue
        check(made)


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=3)
    | st.binary(max_size=3)
    | among(SETTINGS, SECRETS, Image(repository="a", tag="b"), object(), Tree(), int),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=2)
        | st.tuples(inner)
    ),
    max_leaves=4,
)


PODS = PolicyRule(resources=["pods"], verbs=["get"])
JANE = UserSubject("jane")
THEIRS = Deployment.existing("web", selector={"app": "web"})
WEB = Container(name="web", image=Image(repository="shop", tag="1.4.2"), ports=[8000])


@pytest.mark.parametrize(
    ("construct", "right"),
    [
        *((cls, {"name": "web", "containers": [WEB]} | required) for cls, (required, _) in WORKLOADS.items()),
        (Service, {"name": "web", "selects": workload(Deployment, {}, {}), "port": 8000}),
        (PersistentVolumeClaim, {"name": "web", "storage": "10Gi"}),
        (Role, {"name": "web", "rules": [PODS]}),
        (ClusterRole, {"name": "web", "rules": [PODS]}),
        (RoleBinding, {"name": "web", "role": ClusterRole.existing("view"), "subjects": [JANE]}),
        (ClusterRoleBinding, {"name": "web", "role": ClusterRole.existing("view"), "subjects": [JANE]}),
        (PodDisruptionBudget, {"name": "web", "selects": THEIRS, "max_unavailable": 1}),
        (
            HorizontalPodAutoscaler,
            {
                "name": "web",
                "target": THEIRS,
                "max_replicas": 3,
                "metrics": [ResourceMetric(name="cpu", utilization=70)],
            },
        ),
    ],
)
def test_any_value_for_any_argument_is_taken_or_our_error(construct: Any, right: dict[str, Any]) -> None:
    @given(argument=among(*argument_types(construct.__init__)), value=ANYTHING)
    def hold(argument: str, value: object) -> None:
        arguments = right | {argument: value}
        made: Any = None
        message = None
        try:
            made = construct(Tree(namespace="shop"), "it", **arguments)
        except ConstructError as error:
            message = str(error)
        if message is None:
            check(made)
        else:
            assert message.startswith("it: ")
            assert len(message) < 2000

    hold()
