# ruff: noqa: E501  (a message is one line, as it is printed)
"""Each rule about several fields: the manifest that breaks it, and the message that it gets.

The rules are those of the API server's validation; the fields' pages of the API reference state them.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest

from chores_infra import kinds
from tests.kinds.rules.good import GOOD

C = "spec/containers/0"
AT = "spec.containers[0]"
T = "spec/template/spec"

BROKEN: list[tuple[str, dict[str, object], list[str]]] = [
    # pods
    ("Pod", {"spec/initContainers/0/name": "web"}, [
        f'{AT}.name: "web" is already the name of initContainers[0]; each may occur once in a pod']),
    ("Pod", {f"{C}/volumeMounts/0/name": "date"}, [
        f'{AT}.volumeMounts[0].name: no volume is called "date"; the pod has "data", "all" and "host"']),
    ("Pod", {f"{C}/volumeDevices": [{"name": "host", "devicePath": "/dev/x"}]}, [
        f'{AT}.volumeDevices[0].name: "host" is no claim, and only a claim can be a block device']),
    ("Pod", {"spec/hostNetwork": True, f"{C}/ports/1/hostPort": 9001}, [
        f"{AT}.ports[1].hostPort: is containerPort (9000) with hostNetwork, found 9001"]),
    ("Pod", {"spec/containers/1": {"name": "b", "image": "b:1", "ports": [
        {"containerPort": 1, "hostPort": 9000}]}}, [
        "spec.containers[1].ports[0].hostPort: 9000 is already taken by containers[0].ports[1]"]),
    ("Pod", {"spec/initContainers/0/readinessProbe": {"httpGet": {"port": 80}}}, [
        "spec.initContainers[0].readinessProbe: is only for a sidecar, which has restartPolicy Always"]),
    ("Pod", {"spec/dnsPolicy": "None"}, [
        "spec.dnsConfig.nameservers: required field is missing: dnsPolicy None needs it"]),
    ("Pod", {"spec/os": {"name": "windows"}, "spec/hostPID": True, "spec/securityContext": {"runAsUser": 1}}, [
        f"{AT}.securityContext.allowPrivilegeEscalation: cannot be given with os windows",
        f"{AT}.securityContext.capabilities: cannot be given with os windows",
        "spec.hostPID: cannot be given with os windows",
        "spec.securityContext.runAsUser: cannot be given with os windows"]),
    ("Pod", {"spec/os": {"name": "linux"}, "spec/securityContext": {"windowsOptions": {}}}, [
        "spec.securityContext.windowsOptions: cannot be given with os linux"]),
    ("Pod", {"spec/ephemeralContainers": [{"name": "debug", "image": "busybox:1"}]}, [
        "spec.ephemeralContainers: is added to a running pod (kubectl debug), never in a manifest"]),
    ("Pod", {"spec/hostUsers": False, "spec/hostNetwork": True}, [
        "spec.hostNetwork: cannot be given with hostUsers false"]),
    ("Pod", {"spec/hostPID": True, "spec/shareProcessNamespace": True}, [
        "spec.shareProcessNamespace: cannot be true with hostPID"]),
    ("Pod", {"spec/volumes/1/projected/sources/1/secret/items/0/path": "a"}, [
        'spec.volumes[1].projected.sources[1].secret.items[0].path: "a" is already written by sources[0]']),
    ("Pod", {"spec/volumes/0/emptyDir": {}}, [
        "spec.volumes[0]: expected at most one of awsElasticBlockStore, azureDisk, azureFile, cephfs, cinder, "
        "configMap, csi, downwardAPI, emptyDir, ephemeral, fc, flexVolume, flocker, gcePersistentDisk, gitRepo, "
        "glusterfs, hostPath, image, iscsi, nfs, persistentVolumeClaim, photonPersistentDisk, portworxVolume, "
        "projected, quobyte, rbd, scaleIO, secret, storageos or vsphereVolume, found emptyDir and "
        "persistentVolumeClaim"]),
    ("Pod", {"spec/volumes/2/hostPath/path": "/var/../etc"}, [
        "spec.volumes[2].hostPath.path: expected a path without '..', found \"/var/../etc\""]),
    ("Pod", {"spec/volumes/1/projected/sources/2/downwardAPI/items/0/fieldRef/fieldPath": "spec.nodeName"}, [
        "spec.volumes[1].projected.sources[2].downwardAPI.items[0].fieldRef.fieldPath: expected metadata.name, "
        "metadata.namespace, metadata.uid, metadata.labels or metadata.annotations, or one of the last two such "
        "as metadata.labels['app'], found \"spec.nodeName\""]),
    # containers
    ("Pod", {f"{C}/ports/1/name": "http"}, [
        f'{AT}.ports[1].name: "http" is already the port [0]; each may occur once']),
    ("Pod", {f"{C}/livenessProbe/successThreshold": 2}, [
        f"{AT}.livenessProbe.successThreshold: expected 1 here, found 2"]),
    ("Pod", {f"{C}/readinessProbe/terminationGracePeriodSeconds": 5}, [
        f"{AT}.readinessProbe.terminationGracePeriodSeconds: is only for probes that end a container: liveness "
        "and startup"]),
    ("Pod", {f"{C}/readinessProbe/httpGet": ...}, [
        f"{AT}.readinessProbe: expected exactly one of httpGet, tcpSocket, exec or grpc, found none"]),
    ("Pod", {f"{C}/volumeMounts/0/mountPropagation": "Bidirectional"}, [
        f"{AT}.volumeMounts[0].mountPropagation: Bidirectional needs a privileged container"]),
    ("Pod", {f"{C}/volumeMounts/1/readOnly": ...}, [
        f"{AT}.volumeMounts[1].recursiveReadOnly: needs readOnly true"]),
    ("Pod", {f"{C}/volumeMounts/0/subPath": "/b"}, [
        f'{AT}.volumeMounts[0].subPath: expected a relative path, found "/b"']),
    ("Pod", {f"{C}/securityContext/privileged": True}, [
        f"{AT}.securityContext.allowPrivilegeEscalation: cannot be false with privileged true"]),
    ("Pod", {f"{C}/securityContext/capabilities/add": ["SYS_ADMIN"]}, [
        f"{AT}.securityContext.allowPrivilegeEscalation: cannot be false with the capability SYS_ADMIN"]),
    ("Pod", {f"{C}/resources/requests/cpu": "1001m"}, [
        f"{AT}.resources.requests.cpu: expected at most its limit, 1, found 1001m"]),
    ("Pod", {f"{C}/resources/limits/example.com~gpu": 2}, [
        f'{AT}.resources.requests["example.com/gpu"]: expected its limit, 2, found 1']),
    ("Pod", {f"{C}/resources/limits/example.com~gpu": ...}, [
        f'{AT}.resources.limits["example.com/gpu"]: required field is missing: it equals the request']),
    ("Pod", {f"{C}/resources/limits/gpu": 1}, [
        f"{AT}.resources.limits.gpu: its key: expected cpu, memory, ephemeral-storage, hugepages-2Mi, or a resource "
        'with a domain such as example.com/gpu, found "gpu"']),
    ("Pod", {f"{C}/env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels"}}}]}, [
        f"{AT}.env[0].valueFrom.fieldRef.fieldPath: expected a field such as metadata.name, "
        "metadata.labels['app'], spec.nodeName or status.podIP, found \"metadata.labels\""]),
    ("Pod", {f"{C}/env": [{"name": "A", "valueFrom": {}}]}, [
        f"{AT}.env[0].valueFrom: expected exactly one of configMapKeyRef, secretKeyRef, fieldRef, "
        "resourceFieldRef or fileKeyRef, found none"]),
    ("Pod", {f"{C}/restartPolicyRules": [{"action": "Restart", "exitCodes": {"operator": "In", "values": [1]}}]},
     [f"{AT}.restartPolicyRules: needs restartPolicy"]),
    ("Pod", {f"{C}/image": "Web:1"}, [
        f"{AT}.image: expected an image such as nginx:1.27 or registry.example.com/team/web@sha256:..., in lower "
        'case up to its tag, found "Web:1"']),
    # scheduling
    ("Pod", {"spec/tolerations/0/key": ...}, [
        "spec.tolerations[0].operator: without a key it is Exists, found Equal"]),
    ("Pod", {"spec/tolerations/0/operator": "Exists"}, [
        "spec.tolerations[0].value: cannot be given with operator Exists"]),
    ("Pod", {"spec/tolerations/0/operator": "Gt"}, [
        'spec.tolerations[0].value: operator Gt compares integers, found "web"']),
    ("Pod", {"spec/tolerations/0/effect": "NoSchedule"}, [
        'spec.tolerations[0].tolerationSeconds: is only for effect NoExecute, found "NoSchedule"']),
    ("Pod", {"spec/topologySpreadConstraints/0/whenUnsatisfiable": "ScheduleAnyway"}, [
        "spec.topologySpreadConstraints[0].minDomains: is only for whenUnsatisfiable DoNotSchedule"]),
    ("Pod", {"spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/0"
             "/matchExpressions/0/values": ["many"]}, [
        "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]"
        ".matchExpressions[0].values: expected one integer, in quotes: operator is Gt"]),
    ("Pod", {"spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/0"
             "/matchFields/0/key": "metadata.uid"}, [
        "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]"
        '.matchFields[0].key: expected metadata.name, found "metadata.uid"']),
    # workloads
    ("Deployment", {"spec/selector": {}}, [
        "spec.selector: selects every pod; give it the labels of the template"]),
    ("Deployment", {"spec/template/metadata/labels/tier": "middle"}, [
        "spec.selector.matchExpressions[0]: does not select the labels of the template"]),
    ("Deployment", {f"{T}/activeDeadlineSeconds": 5}, [
        "spec.template.spec.activeDeadlineSeconds: is for pods that end, not for those of this kind"]),
    ("Deployment", {"spec/minReadySeconds": 600}, [
        "spec.minReadySeconds: minReadySeconds (600) is below progressDeadlineSeconds (600, the default)"]),
    ("Deployment", {"spec/strategy/rollingUpdate/maxUnavailable": "0%"}, [
        "spec.strategy.rollingUpdate.maxUnavailable: cannot be 0 with maxSurge 0: no pod could be replaced"]),
    ("Deployment", {"spec/strategy/rollingUpdate/maxUnavailable": "101%"}, [
        "spec.strategy.rollingUpdate.maxUnavailable: expected a number without quotes, or a share of at most "
        '100%, such as 25%, found "101%"']),
    ("Deployment", {f"{T}/containers/0/volumeMounts": [{"name": "data", "mountPath": "/data"}]}, [
        'spec.template.spec.containers[0].volumeMounts[0].name: no volume is called "data"; the pod has none']),
    ("DaemonSet", {"spec/updateStrategy/rollingUpdate/maxUnavailable": ...}, [
        "spec.updateStrategy.rollingUpdate.maxSurge: needs maxUnavailable 0, found 1, the default"]),
    ("StatefulSet", {"spec/volumeClaimTemplates/0/metadata/name": "date"}, [
        'spec.template.spec.containers[0].volumeMounts[0].name: no volume is called "data"; the pod has "date"']),
    ("StatefulSet", {"spec/updateStrategy/type": "OnDelete"}, [
        "spec.updateStrategy.rollingUpdate: type OnDelete has no rollingUpdate"]),
    ("StatefulSet", {"spec/updateStrategy/rollingUpdate/maxUnavailable": 0}, [
        "spec.updateStrategy.rollingUpdate.maxUnavailable: expected a number of at least 1, found 0"]),
    # jobs
    ("Job", {"spec/selector": {"matchLabels": {"a": "b"}}}, [
        "spec.selector: is made by the server; leave it out, or give manualSelector true"]),
    ("Job", {"spec/completions": ...}, [
        "spec.completions: required field is missing: completionMode Indexed needs it"]),
    ("Job", {"spec/completionMode": "NonIndexed"}, [
        "spec.backoffLimitPerIndex: is only for completionMode Indexed"]),
    ("Job", {"spec/backoffLimitPerIndex": ...}, [
        "spec.maxFailedIndexes: needs backoffLimitPerIndex",
        "spec.podFailurePolicy.rules[0].action: FailIndex needs backoffLimitPerIndex"]),
    ("Job", {f"{T}/restartPolicy": "OnFailure"}, [
        "spec.podFailurePolicy: needs restartPolicy Never in the template"]),
    ("Job", {"spec/podReplacementPolicy": "TerminatingOrFailed"}, [
        "spec.podReplacementPolicy: is Failed with podFailurePolicy"]),
    ("Job", {"spec/podFailurePolicy/rules/0/onExitCodes/values": [0, 1]}, [
        "spec.podFailurePolicy.rules[0].onExitCodes.values: 0 is success; operator In cannot have it"]),
    ("CronJob", {"spec/schedule": "0 5-1 * * *"}, ["spec.schedule: the range 5-1 ends before it begins"]),
    ("CronJob", {"spec/timeZone": "Local"}, [
        'spec.timeZone: expected a time zone such as Europe/Berlin or Etc/UTC, found "Local"']),
    ("CronJob", {"spec/jobTemplate/spec/template/spec/restartPolicy": ...}, [
        "spec.jobTemplate.spec.template.spec.restartPolicy: expected OnFailure or Never in this kind, found "
        '"Always", the default']),
    # autoscaling and budgets
    ("HorizontalPodAutoscaler", {"spec/minReplicas": 6}, [
        "spec.minReplicas: expected at most maxReplicas, which is 5; found 6"]),
    ("HorizontalPodAutoscaler", {"spec/minReplicas": 0}, [
        "spec.minReplicas: 0 needs a metric of type Object or External to scale up again"]),
    ("HorizontalPodAutoscaler", {"spec/metrics/0/type": "Pods"}, [
        "spec.metrics[0].resource: is for type Resource, found type Pods",
        "spec.metrics[0].pods: required field is missing: type Pods needs it"]),
    ("HorizontalPodAutoscaler", {"spec/metrics/0/resource/target/type": "AverageValue"}, [
        "spec.metrics[0].resource.target.averageUtilization: is for type Utilization, found type AverageValue",
        "spec.metrics[0].resource.target.averageValue: required field is missing: type AverageValue needs it"]),
    ("HorizontalPodAutoscaler", {"spec/metrics/0/resource/target/type": "Value"}, [
        'spec.metrics[0].resource.target.type: expected Utilization or AverageValue here, found "Value"']),
    ("PodDisruptionBudget", {"spec/maxUnavailable": 1}, [
        "spec: expected at most one of maxUnavailable or minAvailable, found maxUnavailable and minAvailable"]),
    # A budget without both protects nothing, and the server takes it.
    ("PodDisruptionBudget", {"spec/minAvailable": ...}, []),
    # services
    ("Service", {"spec/type": ...}, [
        'spec.ports[0].nodePort: is only for type NodePort or LoadBalancer, found "ClusterIP"',
        'spec.ports[1].nodePort: is only for type NodePort or LoadBalancer, found "ClusterIP"']),
    ("Service", {"spec/ports/1/nodePort": 30080}, ["spec.ports[1].nodePort: 30080 is already the port [0]"]),
    ("Service", {"spec/ports/1/name": "http"}, [
        'spec.ports[1].name: "http" is already the port [0]; each may occur once']),
    ("Service", {"spec/ports": ...}, ["spec.ports: required field is missing: only a headless Service has none"]),
    ("Service", {"spec/clusterIP": "None"}, ["spec.clusterIP: cannot be None with type NodePort"]),
    ("Service", {"spec/loadBalancerClass": "example.com/lb"}, [
        'spec.loadBalancerClass: is only for type "LoadBalancer", found "NodePort"']),
    ("Service", {"spec/sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 5}}}, [
        'spec.sessionAffinityConfig: is only for sessionAffinity "ClientIP", and sessionAffinity is not given']),
    ("Service", {"spec/clusterIP": "10.0.0.1", "spec/clusterIPs": ["10.0.0.2"]}, [
        'spec.clusterIPs[0]: is clusterIP ("10.0.0.1"), found "10.0.0.2"']),
    ("Service", {"spec/ipFamilies": ["IPv4", "IPv6"], "spec/ipFamilyPolicy": "SingleStack"}, [
        "spec.ipFamilies: expected one: ipFamilyPolicy is SingleStack"]),
    ("Service", {"spec/type": "ExternalName", "spec/externalName": "db.example.com", "spec/ports": ...,
                 "spec/ipFamilyPolicy": "SingleStack"}, [
        'spec.ipFamilyPolicy: cannot be given with type "ExternalName"']),
    ("Service", {"spec/type": "ClusterIP", "spec/ports": [{"port": 80}], "spec/externalTrafficPolicy": "Local"}, [
        'spec.externalTrafficPolicy: is only for type NodePort or LoadBalancer, found "ClusterIP"']),
    # configuration
    ("ConfigMap", {"binaryData/a": "AAAA"}, ["binaryData.a: stands in data, too; each may occur once"]),
    ("ConfigMap", {"data/a": "é" * 524289, "binaryData": ...}, [
        "holds 1048578 bytes of data; at most 1048576 are stored (1 MiB)"]),
    ("Secret", {"data/tls.key": ...}, ["data: type kubernetes.io/tls needs tls.key"]),
    ("Secret", {"type": "kubernetes.io/basic-auth"}, [
        "data: type kubernetes.io/basic-auth needs username or password"]),
    ("LimitRange", {"spec/limits/0/default/cpu": "3"}, [
        "spec.limits[0].default.cpu: expected at most max, 2, found 3"]),
    # storage
    ("PersistentVolumeClaim", {"spec/accessModes": ["ReadWriteOncePod", "ReadOnlyMany"]}, [
        "spec.accessModes: ReadWriteOncePod stands alone, found 2 values"]),
    ("PersistentVolumeClaim", {"spec/resources/requests": {}}, [
        "spec.resources.requests.storage: required field is missing"]),
    ("PersistentVolumeClaim", {"spec/resources": {}}, ["spec.resources.requests: required field is missing"]),
    ("PersistentVolume", {"spec/capacity": {}}, ["spec.capacity.storage: required field is missing"]),
    ("PersistentVolume", {"spec/nfs": ..., "spec/local": {"path": "/data"}}, ["spec.local: needs nodeAffinity"]),
    # networking
    ("Ingress", {"spec/rules": ...}, ["spec: one of rules or defaultBackend is required"]),
    ("Ingress", {"metadata/annotations": {"kubernetes.io/ingress.class": "nginx"}}, [
        'metadata.annotations["kubernetes.io/ingress.class"]: cannot be given with spec.ingressClassName, which '
        "replaces it"]),
    ("Ingress", {"spec/rules/0/http/paths/0/path": ...}, [
        "spec.rules[0].http.paths[0].path: required field is missing: pathType Prefix needs it"]),
    ("Ingress", {"spec/rules/0/http/paths/0/path": "/a//b"}, [
        'spec.rules[0].http.paths[0].path: cannot have "//", found "/a//b"']),
    ("Ingress", {"spec/rules/0/host": "10.0.0.1"}, [
        'spec.rules[0].host: expected a name, found the address "10.0.0.1"']),
    ("Ingress", {"spec/rules/0/http/paths/0/backend/resource": {"kind": "Bucket", "name": "a"}}, [
        "spec.rules[0].http.paths[0].backend: expected exactly one of service or resource, found service and "
        "resource"]),
    ("NetworkPolicy", {"spec/egress/0/ports/0/endPort": 7999}, [
        "spec.egress[0].ports[0].endPort: expected at least port, 8000, found 7999"]),
    ("NetworkPolicy", {"spec/egress/0/ports/0/port": "http"}, [
        'spec.egress[0].ports[0].endPort: needs port as a number, found "http"']),
    ("NetworkPolicy", {"spec/egress/0/to/0/ipBlock/except": ["11.0.0.0/16", "10.0.0.0/8"]}, [
        'spec.egress[0].to[0].ipBlock.except[0]: expected a part of cidr, 10.0.0.0/8, found "11.0.0.0/16"',
        'spec.egress[0].to[0].ipBlock.except[1]: expected a part of cidr, 10.0.0.0/8, found "10.0.0.0/8"']),
    # access
    ("ClusterRole", {"rules/1/resources": ["pods"]}, [
        "rules[1].resources: cannot be given with nonResourceURLs; write two rules"]),
    ("ClusterRole", {"rules/0/apiGroups": ...}, [
        'rules[0].apiGroups: required field is missing: the rule is about resources; the core group is ""']),
    ("Role", {"rules/0": {"nonResourceURLs": ["/healthz"], "verbs": ["get"]}}, [
        "rules[0].nonResourceURLs: is for a ClusterRole: URLs have no namespace"]),
    ("ClusterRoleBinding", {"roleRef/kind": "Role"}, ['roleRef.kind: expected "ClusterRole" here, found "Role"']),
    ("ClusterRoleBinding", {"subjects/0/apiGroup": "rbac"}, [
        'subjects[0].apiGroup: expected "rbac.authorization.k8s.io" for kind Group, found "rbac"']),
    # extending the API
    ("PriorityClass", {"value": 1000000001}, ["value: expected at most 1000000000, found 1000000001"]),
    ("PriorityClass", {"metadata/name": "system-web"}, [
        "metadata.name: begins with system-, which is the cluster's own"]),
    ("ValidatingAdmissionPolicyBinding", {"spec/validationActions": ["Deny", "Warn"]}, [
        "spec.validationActions: cannot have both Deny and Warn"]),
    ("CustomResourceDefinition", {"metadata/name": "tab.example.com"}, [
        'metadata.name: expected tabs.example.com, found "tab.example.com"']),
    ("CustomResourceDefinition", {"spec/versions/0/storage": False}, [
        "spec.versions: expected exactly one version with storage true, found 0"]),
    ("CustomResourceDefinition", {"spec/versions/0/schema": ...}, [
        "spec.versions[0].schema.openAPIV3Schema: required field is missing"]),
    ("CustomResourceDefinition", {"spec/preserveUnknownFields": True}, [
        "spec.preserveUnknownFields: expected false here, found true"]),
]  # fmt: skip


def changed(kind: str, changes: dict[str, object]) -> dict[str, Any]:
    """Return a good manifest with fields changed; ``...`` deletes one, ``~`` stands for a slash in a key."""
    made: Any = copy.deepcopy(GOOD[kind])
    for path, value in changes.items():
        target = made
        *above, last = (int(part) if part.isdigit() else part.replace("~", "/") for part in path.split("/"))
        for part in above:
            target = target.setdefault(part, {}) if isinstance(target, dict) else target[part]
        if value is ...:
            del target[last]
        elif isinstance(target, list) and last == len(target):
            target.append(value)
        else:
            target[last] = value
    manifest: dict[str, Any] = made
    return manifest


@pytest.mark.parametrize("kind", GOOD)
def test_a_manifest_that_keeps_the_rules_has_no_problem(kind: str) -> None:
    assert [str(problem) for problem in kinds.validate(GOOD[kind])] == []


@pytest.mark.parametrize(
    ("kind", "changes", "expected"),
    BROKEN,
    ids=[f"{kind} {' '.join(changes)}" for kind, changes, _ in BROKEN],
)
def test_a_broken_rule_is_one_problem(kind: str, changes: dict[str, object], expected: list[str]) -> None:
    assert [str(problem) for problem in kinds.validate(changed(kind, changes))] == expected
