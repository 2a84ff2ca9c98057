"""Mistakes that people really make, and the message that each gets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chores_infra import kinds

CONTAINER = "spec/template/spec/containers/0"
AT = "spec.template.spec.containers[0]"
SUBDOMAIN = (
    "expected a lower case DNS subdomain (letters, digits, '-' and '.', such as web.example.com), "
    "at most 253 characters"
)

MISTAKES: list[tuple[str, str, dict[str, object], list[str]]] = [
    (
        "enum misspelled",
        "Deployment",
        {f"{CONTAINER}/imagePullPolicy": "Allways"},
        [
            f"{AT}.imagePullPolicy: expected one of Always, IfNotPresent, Never, "
            'found "Allways"; did you mean "Always"?'
        ],
    ),
    (
        "port out of range",
        "Deployment",
        {f"{CONTAINER}/ports/0/containerPort": 99999},
        [f"{AT}.ports[0].containerPort: expected a port from 1 to 65535, found 99999"],
    ),
    (
        "port zero",
        "Service",
        {"spec/ports/0/port": 0},
        ["spec.ports[0].port: expected a port from 1 to 65535, found 0"],
    ),
    (
        "quantity that is a word",
        "Deployment",
        {f"{CONTAINER}/resources": {"limits": {"cpu": "lots"}, "requests": {"memory": "-1Gi"}}},
        [
            f"{AT}.resources.limits.cpu: expected a quantity such as 100m, 0.5, 512Mi or 1Gi "
            'that is not negative, found "lots"',
            f"{AT}.resources.requests.memory: expected a quantity such as 100m, 0.5, 512Mi or 1Gi "
            'that is not negative, found "-1Gi"',
        ],
    ),
    ("illegal name", "ConfigMap", {"metadata/name": "A B"}, [f'metadata.name: {SUBDOMAIN}, found "A B"']),
    (
        "a name with two violations is two problems",
        "ConfigMap",
        {"metadata/name": "_" * 254},
        [
            "metadata.name: expected at most 253 characters, found 254",
            f'metadata.name: {SUBDOMAIN}, found "{"_" * 60}… (254 characters)"',
        ],
    ),
    (
        "a Service's name starts with a letter",
        "Service",
        {"metadata/name": "2web"},
        [
            "metadata.name: expected a lower case DNS label that starts with a letter (letters, digits "
            "and '-', such as my-name), at most 63 characters, found \"2web\""
        ],
    ),
    ("no name", "ConfigMap", {"metadata/name": ...}, ["metadata: one of name or generateName is required"]),
    ("no metadata", "ConfigMap", {"metadata": ...}, ["metadata: required field is missing"]),
    (
        "field at the wrong level, above",
        "Deployment",
        {"spec/template/spec/imagePullPolicy": "Always"},
        [
            "spec.template.spec.imagePullPolicy: unknown field; it belongs at "
            "spec.template.spec.containers[].imagePullPolicy"
        ],
    ),
    (
        "field at the wrong level, below",
        "Job",
        {"spec/template/spec/backoffLimit": 4},
        ["spec.template.spec.backoffLimit: unknown field; it belongs at spec.backoffLimit"],
    ),
    (
        "field of a custom resource at the wrong level",
        "ProviderConfig",
        {"spec/endpoint": "mysql.shop"},
        ["spec.endpoint: unknown field; it belongs at spec.credentials.secretKeyMapping.endpoint"],
    ),
    (
        "field misspelled",
        "Deployment",
        {"spec/replica": 2},
        ["spec.replica: unknown field; did you mean replicas?"],
    ),
    (
        "unknown field that is like nothing",
        "ConfigMap",
        {"zzz": 1},
        ['zzz: unknown field "zzz"; known here: apiVersion, kind, metadata, binaryData, data, immutable'],
    ),
    (
        "required field is missing",
        "Deployment",
        {f"{CONTAINER}/name": ..., f"{CONTAINER}/image": ...},
        [f"{AT}.image: required field is missing", f"{AT}.name: required field is missing"],
    ),
    (
        "number for text",
        "ConfigMap",
        {"data/PORT": 8000, "data/DEBUG": False},
        [
            'data.DEBUG: expected a string, found boolean false; write "false" in quotes',
            'data.PORT: expected a string, found integer 8000; write "8000" in quotes',
        ],
    ),
    (
        "float for an integer",
        "Deployment",
        {"spec/replicas": 2.0},
        ["spec.replicas: expected an integer, found number 2.0; write 2"],
    ),
    (
        "text for an integer",
        "Deployment",
        {"spec/replicas": "2"},
        ['spec.replicas: expected an integer, found string "2"; write it without quotes'],
    ),
    (
        "negative count",
        "Deployment",
        {"spec/replicas": -1},
        ["spec.replicas: expected an integer of at least 0, found -1"],
    ),
    (
        "null in what our own code wrote",
        "Deployment",
        {"spec/template/spec/hostname": None},
        [
            "spec.template.spec.hostname: expected a lower case DNS label (letters, digits and '-', such as "
            "my-name), at most 63 characters, found null"
        ],
    ),
    (
        "list where an object belongs",
        "Deployment",
        {"spec/selector": []},
        ["spec.selector: expected an object, found a list"],
    ),
    (
        "int-or-string reports one mistake once",
        "Deployment",
        {f"{CONTAINER}/readinessProbe/httpGet/port": True},
        [
            f"{AT}.readinessProbe.httpGet.port: expected a port from 1 to 65535 or the name of a port, "
            "found boolean true"
        ],
    ),
    (
        "port name too long",
        "Service",
        {"spec/ports/0/targetPort": "a-very-long-port-name"},
        ["spec.ports[0].targetPort: expected at most 15 characters, found 21"],
    ),
    (
        "label value",
        "Deployment",
        {"spec/template/metadata/labels/tier": "front end"},
        [
            "spec.template.metadata.labels.tier: expected a label value (letters, digits, '-', '_' and '.', "
            'with a letter or digit at both ends, or empty), at most 63 characters, found "front end"'
        ],
    ),
    (
        "selector that does not select the template",
        "Deployment",
        {"spec/selector/matchLabels/app": "other"},
        ['spec.template.metadata.labels.app: spec.selector wants "other", found "web"'],
    ),
    (
        "two probes in one",
        "Deployment",
        {f"{CONTAINER}/readinessProbe/tcpSocket": {"port": 8000}},
        [
            f"{AT}.readinessProbe: expected exactly one of httpGet, tcpSocket, exec or grpc, "
            "found httpGet and tcpSocket"
        ],
    ),
    (
        "two containers of one name",
        "Deployment",
        {"spec/template/spec/containers/1": {"name": "web", "image": "web:1"}},
        ['spec.template.spec.containers[1]: name "web" is already the item [0]; each may occur once'],
    ),
    (
        "Deployment that never restarts",
        "Deployment",
        {"spec/template/spec/restartPolicy": "Never"},
        ['spec.template.spec.restartPolicy: expected Always in this kind, found "Never"'],
    ),
    (
        "Job that always restarts",
        "Job",
        {"spec/template/spec/restartPolicy": ...},
        [
            'spec.template.spec.restartPolicy: expected OnFailure or Never in this kind, found "Always", '
            "the default"
        ],
    ),
    (
        "several ports without names",
        "Service",
        {"spec/ports/0/name": "http", "spec/ports/1": {"port": 443}},
        ["spec.ports[1].name: required field is missing: each of several has one"],
    ),
    (
        "one port twice, once with the default protocol",
        "Service",
        {"spec/ports/0/name": "a", "spec/ports/1": {"port": 80, "protocol": "TCP", "name": "b"}},
        ['spec.ports[1]: port 80, protocol "TCP" is already the item [0]; each may occur once'],
    ),
    (
        "six fields in a schedule",
        "CronJob",
        {"spec/schedule": "0 0 */8 * * *"},
        [
            "spec.schedule: expected a schedule of five fields such as '0 */8 * * *' (minute, hour, day, "
            'month, weekday from 0 to 6), or @daily, found "0 0 */8 * * *"'
        ],
    ),
    (
        "duration of an operator",
        "ExternalSecret",
        {"spec/refreshInterval": "1 hour"},
        ['spec.refreshInterval: expected a duration such as 30s, 5m or 1h30m, found "1 hour"'],
    ),
    (
        "enum of a custom resource",
        "ExternalSecret",
        {"spec/target/creationPolicy": "owner"},
        [
            "spec.target.creationPolicy: expected one of Owner, Orphan, Merge, None, "
            'found "owner"; did you mean "Owner"?'
        ],
    ),
    (
        "required field of a custom resource",
        "Application",
        {"spec/source/repoURL": ...},
        ["spec.source.repoURL: required field is missing"],
    ),
    (
        "subject without its namespace",
        "RoleBinding",
        {"subjects/0/namespace": ...},
        ["subjects[0].namespace: required field is missing: kind ServiceAccount needs it"],
    ),
    (
        "key of a ConfigMap",
        "ConfigMap",
        {"data/a b": "x"},
        [
            "data[\"a b\"]: its key: expected a key of letters, digits, '-', '_' and '.', "
            "at most 253 characters, "
            "not '.' and not starting with '..', found \"a b\""
        ],
    ),
]


@pytest.mark.parametrize(
    ("kind", "changes", "expected"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES]
)
def test_a_mistake_gets_its_message(
    manifest: Callable[..., dict[str, Any]], kind: str, changes: dict[str, object], expected: list[str]
) -> None:
    assert [str(problem) for problem in kinds.validate(manifest(kind, changes))] == expected


@pytest.mark.parametrize(
    "kind",
    [
        "Deployment",
        "Service",
        "Job",
        "ProviderConfig",
        "ExternalSecret",
        "ConfigMap",
        "Application",
        "CronJob",
        "RoleBinding",
    ],
)
def test_what_is_right_has_no_problem(manifest: Callable[..., dict[str, Any]], kind: str) -> None:
    assert kinds.validate(manifest(kind)) == []
    assert kinds.validate(manifest(kind), mode="read") == []


def test_every_problem_is_reported_at_once_in_the_order_of_the_fields(
    manifest: Callable[..., dict[str, Any]],
) -> None:
    spoiled = manifest(
        "Deployment",
        {
            "metadata/name": "A",
            "spec/replicas": "x",
            "spec/selector/matchLabels/app": "other",
            f"{CONTAINER}/imagePullPolicy": "x",
            f"{CONTAINER}/readinessProbe/exec": {"command": ["true"]},
            "foo": 1,
        },
    )
    assert [problem.field for problem in kinds.validate(spoiled)] == [
        "metadata.name",
        "spec.replicas",
        "spec.template.metadata.labels.app",
        f"{AT}.imagePullPolicy",
        f"{AT}.readinessProbe",
        "foo",
    ]
