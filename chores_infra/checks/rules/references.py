"""References that lead nowhere: names, keys and ports that nothing has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from chores_infra.checks.context import Context
from chores_infra.checks.finding import Severity
from chores_infra.checks.providers import Provider
from chores_infra.checks.references import Part, Reference
from chores_infra.checks.resolution import Presence, Resolution
from chores_infra.checks.rule import Hit, Rule

__all__ = ["KeyMissing", "PortMissing", "ReferenceMissing", "ReferenceNotChecked"]

_MADE_BY_HAND: Final = frozenset(
    {"ConfigMap", "Namespace", "PersistentVolume", "PersistentVolumeClaim", "Secret"}
)
"""Kinds of which objects are often made by a person or a script, and in no repository for good reasons."""


class ReferenceMissing(Rule):
    """A name that nothing has.

    Kubernetes accepts a manifest that names a ConfigMap, Secret, Service or store that does not exist. The
    pod then waits in `CreateContainerConfigError`, the route answers 503, the operator retries for ever.
    """

    id = "reference-missing"
    title = "A reference leads to nothing"
    severity = Severity.ERROR
    help = "correct the name, add the object, or list it under externals when another party makes it"
    bad = """\
# file: apps/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://example.com/infrastructure, path: shop, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
# file: shop/shop.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: shop-settings, namespace: shop}
data: {LEVEL: info}
---
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  containers:
  - name: shop
    image: registry.example.com/shop:1.4.2
    envFrom:
    - configMapRef: {name: shop-setings}
"""
    good = """\
# file: apps/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://example.com/infrastructure, path: shop, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
# file: shop/shop.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: shop-settings, namespace: shop}
data: {LEVEL: info}
---
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  containers:
  - name: shop
    image: registry.example.com/shop:1.4.2
    envFrom:
    - configMapRef: {name: shop-settings}
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """Missing for certain is an error; where it may be made elsewhere, a near name is a warning."""
        for reference, resolution in context.resolver.references:
            if reference.optional:
                continue
            if resolution.presence is Presence.MISSING:
                by_hand = reference.target.kind in _MADE_BY_HAND and not resolution.near
                severity = (
                    Severity.WARNING if by_hand or resolution.reason or reference.guessed else Severity.ERROR
                )
                yield _missing(reference, resolution, severity)
            elif resolution.presence is Presence.UNKNOWN and (
                resolution.near or resolution.elsewhere or not context.repository.is_managed
            ):
                yield _missing(reference, resolution, Severity.WARNING)


class ReferenceNotChecked(Rule):
    """A name that something outside the repository may have.

    A chart, an operator or a person makes objects that no manifest here shows. What is known to exist can be
    declared under `externals`; then it is checked, and a misspelt name is found.
    """

    id = "reference-not-checked"
    title = "A reference could not be checked"
    severity = Severity.INFO
    help = "list it under externals if it exists, so that other names are found"
    bad = """\
# file: apps/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://example.com/infrastructure, path: shop, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
# file: shop/pod.yaml
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  priorityClassName: business-critical
  containers:
  - name: shop
    image: registry.example.com/shop:1.4.2
"""
    good = """\
# file: apps/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argo-cd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://example.com/infrastructure, path: shop, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
# file: shop/pod.yaml
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: business-critical}
value: 1000
---
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  priorityClassName: business-critical
  containers:
  - name: shop
    image: registry.example.com/shop:1.4.2
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """One info for each."""
        for reference, resolution in context.resolver.references:
            if (
                resolution.presence is Presence.UNKNOWN
                and context.repository.is_managed
                and not (resolution.near or resolution.elsewhere)
            ):
                yield Hit(
                    reference.source,
                    f"{reference} is not in the repository, and {resolution.reason}",
                    reference.path,
                )


class KeyMissing(Rule):
    """A key that its ConfigMap or Secret does not have.

    The object is there, so everything looks right; the pod waits in `CreateContainerConfigError`, or mounts
    nothing where a file should be. Of a Secret that an ExternalSecret makes, the keys are those it lists.
    """

    id = "key-missing"
    title = "A key is used that its ConfigMap or Secret does not have"
    severity = Severity.ERROR
    help = "correct the key, or add it to what makes the object"
    bad = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {LOG_LEVEL: info}
---
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  containers:
  - name: shop
    image: registry.example.com/shop:1.4.2
    env:
    - name: LEVEL
      valueFrom:
        configMapKeyRef: {name: settings, key: LEVEL}
"""
    good = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {LOG_LEVEL: info}
---
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  containers:
  - name: shop
    image: registry.example.com/shop:1.4.2
    env:
    - name: LEVEL
      valueFrom:
        configMapKeyRef: {name: settings, key: LOG_LEVEL}
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """Only where all keys of the object are known."""
        for reference, resolution in context.resolver.references:
            for key in reference.keys if resolution.providers and not reference.optional else ():
                known = [provider.keys for provider in resolution.providers]
                if all(keys is not None and key.name not in keys for keys in known):
                    keys = sorted({str(name) for keys in known for name in keys or ()})
                    made_by = _made_by(resolution.providers)
                    message = f"{reference} has no key {key.name!r}{made_by}; {_choice(keys)}"
                    yield Hit(reference.source, message, key.path)


class PortMissing(Rule):
    """A port that the Service does not have.

    A route to such a port is accepted, and answers 503 or 404 for every request.
    """

    id = "port-missing"
    title = "A route leads to a port that its Service does not have"
    severity = Severity.ERROR
    help = "use a port of the Service (its port, not the targetPort behind it)"
    bad = """\
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: shop}
spec:
  selector: {app: shop}
  ports: [{name: http, port: 80, targetPort: 8000}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec:
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend: {service: {name: shop, port: {number: 8000}}}
"""
    good = """\
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: shop}
spec:
  selector: {app: shop}
  ports: [{name: http, port: 80, targetPort: 8000}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec:
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend: {service: {name: shop, port: {number: 80}}}
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """Only where the Service is known."""
        for reference, resolution in context.resolver.references:
            for port in reference.ports:
                known = [provider.ports for provider in resolution.providers]
                if known and all(ports is not None and not _has_port(ports, port) for ports in known):
                    ports = sorted({str(name) for ports in known for name in ports or ()})
                    yield Hit(
                        reference.source, f"{reference} has no port {port.name}; {_choice(ports)}", port.path
                    )


def _missing(reference: Reference, resolution: Resolution, severity: Severity) -> Hit:
    path = reference.path
    near = f"; did you mean {resolution.near!r}?" if resolution.near else ""
    if resolution.elsewhere and not near:
        near = f"; namespace {resolution.elsewhere} has one"
        written = (*path[:-1], "namespace")
        path = written if reference.source.at(*written) == reference.namespace else path
    reason = f" ({resolution.reason})" if resolution.reason else ""
    return Hit(reference.source, f"nothing makes {reference}{reason}{near}", path, severity)


def _has_port(ports: frozenset[int | str], port: Part) -> bool:
    # Traefik takes a number written as a text, too.
    return port.name in ports or (str(port.name).isdecimal() and int(port.name) in ports)


def _made_by(providers: Sequence[Provider]) -> str:
    made = [provider.by for provider in providers if provider.is_made]
    return f" ({made[0]} makes it)" if made else ""


def _choice(names: list[str]) -> str:
    if not names:
        return "it has none"
    shown = ", ".join(names[:8])
    return f"it has {shown}" if len(names) <= 8 else f"it has {shown} and {len(names) - 8} more"
