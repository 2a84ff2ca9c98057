"""Manifests that keep every rule; a test breaks one of them."""

from __future__ import annotations

from typing import Any

Manifest = dict[str, Any]


def manifest(api_version: str, kind: str, name: str, **fields: Any) -> Manifest:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name}, **fields}


POD_SPEC: Manifest = {
    "initContainers": [{"name": "wait", "image": "wait:1"}],
    "containers": [
        {
            "name": "web",
            "image": "web:1",
            "ports": [
                {"name": "http", "containerPort": 8000},
                {"name": "metrics", "containerPort": 9000, "hostPort": 9000},
            ],
            "livenessProbe": {"httpGet": {"port": 8000}, "terminationGracePeriodSeconds": 10},
            "readinessProbe": {"httpGet": {"port": 8000}, "successThreshold": 2},
            "resources": {
                "requests": {"cpu": "100m", "memory": "1Gi", "example.com/gpu": 1},
                "limits": {"cpu": "1", "memory": "1024Mi", "example.com/gpu": 1},
            },
            "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"add": ["NET_ADMIN"]}},
            "volumeMounts": [
                {"name": "data", "mountPath": "/data", "subPath": "a/b"},
                {"name": "all", "mountPath": "/all", "readOnly": True, "recursiveReadOnly": "Enabled"},
            ],
        }
    ],
    "volumes": [
        {"name": "data", "persistentVolumeClaim": {"claimName": "data"}},
        {
            "name": "all",
            "projected": {
                "sources": [
                    {"configMap": {"name": "a", "items": [{"key": "a", "path": "a"}]}},
                    {"secret": {"name": "b", "items": [{"key": "b", "path": "b"}]}},
                    {"downwardAPI": {"items": [{"path": "c", "fieldRef": {"fieldPath": "metadata.labels"}}]}},
                ]
            },
        },
        {"name": "host", "hostPath": {"path": "/var/log"}},
    ],
    "tolerations": [{"key": "dedicated", "value": "web", "effect": "NoExecute", "tolerationSeconds": 60}],
    "topologySpreadConstraints": [
        {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule", "minDomains": 2}
    ],
    "affinity": {
        "nodeAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": {
                "nodeSelectorTerms": [
                    {
                        "matchExpressions": [{"key": "cores", "operator": "Gt", "values": ["4"]}],
                        "matchFields": [{"key": "metadata.name", "operator": "In", "values": ["node-1"]}],
                    }
                ]
            }
        }
    },
}


def workload(kind: str, **fields: Any) -> Manifest:
    template = {
        "metadata": {"labels": {"app": "web", "tier": "front"}},
        "spec": {"containers": [{"name": "web", "image": "web:1"}]},
    }
    selector = {
        "matchLabels": {"app": "web"},
        "matchExpressions": [{"key": "tier", "operator": "In", "values": ["front", "back"]}],
    }
    return manifest("apps/v1", kind, "web", spec={"selector": selector, "template": template, **fields})


STATEFUL_SET = workload(
    "StatefulSet",
    serviceName="web",
    updateStrategy={"rollingUpdate": {"maxUnavailable": 1}},
    volumeClaimTemplates=[
        {
            "metadata": {"name": "data"},
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
        }
    ],
)
STATEFUL_SET["spec"]["template"]["spec"]["containers"][0]["volumeMounts"] = [
    {"name": "data", "mountPath": "/data"}
]

GOOD: dict[str, Manifest] = {
    "Pod": manifest("v1", "Pod", "web", spec=POD_SPEC),
    "Deployment": workload("Deployment", minReadySeconds=10, strategy={"rollingUpdate": {"maxSurge": 0}}),
    "DaemonSet": workload(
        "DaemonSet", updateStrategy={"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
    ),
    "StatefulSet": STATEFUL_SET,
    "Job": manifest(
        "batch/v1",
        "Job",
        "migrate",
        spec={
            "completionMode": "Indexed",
            "completions": 3,
            "backoffLimitPerIndex": 1,
            "maxFailedIndexes": 1,
            "podReplacementPolicy": "Failed",
            "podFailurePolicy": {
                "rules": [{"action": "FailIndex", "onExitCodes": {"operator": "In", "values": [42]}}]
            },
            "template": {
                "spec": {"restartPolicy": "Never", "containers": [{"name": "job", "image": "job:1"}]}
            },
        },
    ),
    "CronJob": manifest(
        "batch/v1",
        "CronJob",
        "nightly",
        spec={
            "schedule": "0 1-5 * * *",
            "timeZone": "Europe/Berlin",
            "jobTemplate": {
                "spec": {
                    "template": {
                        "spec": {"restartPolicy": "Never", "containers": [{"name": "job", "image": "job:1"}]}
                    }
                }
            },
        },
    ),
    "HorizontalPodAutoscaler": manifest(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        "web",
        spec={
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
            "minReplicas": 2,
            "maxReplicas": 5,
            "metrics": [
                {
                    "type": "Resource",
                    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}},
                }
            ],
        },
    ),
    "PodDisruptionBudget": manifest(
        "policy/v1",
        "PodDisruptionBudget",
        "web",
        spec={"minAvailable": "50%", "selector": {"matchLabels": {"app": "web"}}},
    ),
    "Service": manifest(
        "v1",
        "Service",
        "web",
        spec={
            "type": "NodePort",
            "ports": [
                {"name": "http", "port": 80, "nodePort": 30080},
                {"name": "https", "port": 443, "nodePort": 30443},
            ],
            "selector": {"app": "web"},
        },
    ),
    "ConfigMap": manifest("v1", "ConfigMap", "web", data={"a": "1"}, binaryData={"b": "AAAA"}),
    "Secret": manifest(
        "v1", "Secret", "tls", type="kubernetes.io/tls", data={"tls.crt": "AAAA", "tls.key": "AAAA"}
    ),
    "LimitRange": manifest(
        "v1",
        "LimitRange",
        "limits",
        spec={
            "limits": [
                {
                    "type": "Container",
                    "min": {"cpu": "10m"},
                    "defaultRequest": {"cpu": "100m"},
                    "default": {"cpu": "1"},
                    "max": {"cpu": "2"},
                }
            ]
        },
    ),
    "PersistentVolumeClaim": manifest(
        "v1",
        "PersistentVolumeClaim",
        "data",
        spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    ),
    "PersistentVolume": manifest(
        "v1",
        "PersistentVolume",
        "data",
        spec={
            "accessModes": ["ReadWriteOnce"],
            "capacity": {"storage": "1Gi"},
            "nfs": {"server": "nfs.example.com", "path": "/data"},
        },
    ),
    "Ingress": manifest(
        "networking.k8s.io/v1",
        "Ingress",
        "web",
        spec={
            "ingressClassName": "nginx",
            "rules": [
                {
                    "host": "www.example.com",
                    "http": {
                        "paths": [
                            {
                                "path": "/api",
                                "pathType": "Prefix",
                                "backend": {"service": {"name": "web", "port": {"number": 80}}},
                            }
                        ]
                    },
                }
            ],
        },
    ),
    "NetworkPolicy": manifest(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        "web",
        spec={
            "podSelector": {},
            "egress": [
                {
                    "ports": [{"port": 8000, "endPort": 8010}],
                    "to": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}],
                }
            ],
        },
    ),
    "ClusterRole": manifest(
        "rbac.authorization.k8s.io/v1",
        "ClusterRole",
        "reader",
        rules=[
            {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]},
            {"nonResourceURLs": ["/healthz", "/metrics/*"], "verbs": ["get"]},
        ],
    ),
    "Role": manifest(
        "rbac.authorization.k8s.io/v1",
        "Role",
        "reader",
        rules=[{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get"]}],
    ),
    "ClusterRoleBinding": manifest(
        "rbac.authorization.k8s.io/v1",
        "ClusterRoleBinding",
        "readers",
        roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "reader"},
        subjects=[{"kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": "readers"}],
    ),
    "PriorityClass": manifest("scheduling.k8s.io/v1", "PriorityClass", "high", value=1000),
    "ValidatingAdmissionPolicyBinding": manifest(
        "admissionregistration.k8s.io/v1",
        "ValidatingAdmissionPolicyBinding",
        "limits",
        spec={"policyName": "limits", "validationActions": ["Deny", "Audit"]},
    ),
    "CustomResourceDefinition": manifest(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        "tabs.example.com",
        spec={
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"plural": "tabs", "kind": "Tab"},
            "versions": [
                {
                    "name": "v1",
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": {"type": "object"}},
                }
            ],
        },
    ),
}
