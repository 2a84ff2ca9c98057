"""The IngressClass: which controller serves an Ingress.

Source: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-class-v1/
"""

from __future__ import annotations

from chores_infra.arguments import Problems, checked
from chores_infra.construct import Manifest, Scope
from chores_infra.fields import Annotations, ControllerName, DnsSubdomain, Labels
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["IngressClass"]

_DEFAULT = "ingressclass.kubernetes.io/is-default-class"


class IngressClass(KubernetesObject):
    """A class of Ingresses, and the controller that serves them; as a rule its installation makes it.

    ``IngressClass.existing("nginx")`` refers to one. ``default=True`` makes it the class of every Ingress
    that names none. ``parameters`` is an object with settings of the controller.

    >>> from chores_infra.construct import Tree
    >>> made = IngressClass(Tree(), "traefik", name="traefik", controller="traefik.io/ingress-controller")
    >>> made.manifest["spec"]
    {'controller': 'traefik.io/ingress-controller'}

    Raises:
        ConstructError: a name or controller that the API server would refuse.
    """

    api_version = "networking.k8s.io/v1"
    kind = "IngressClass"
    namespaced = False

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        controller: ControllerName,
        default: bool | None = None,
        parameters: KubernetesObject | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        self.controller = controller
        self.parameters = parameters
        annotations = dict(annotations or {})
        if default is not None:
            if _DEFAULT in annotations:
                problems.add("annotations", f"leave {_DEFAULT!r} to default=..., which sets it")
            annotations[_DEFAULT] = "true" if default else "false"
        if parameters is not None and parameters.namespaced and parameters.namespace is None:
            problems.add("parameters", "a class has no namespace of its own: say that of the parameters")
        problems.raise_if_any()
        super().__init__(scope, id, name=name, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``."""
        spec: Manifest = {"controller": self.controller}
        if self.parameters is not None:
            group, _, _ = self.parameters.api_version.rpartition("/")
            reference: Manifest = {"apiGroup": group} if group else {}
            reference |= {"kind": self.parameters.kind, "name": self.parameters.name}
            namespace = self.parameters.namespace
            if namespace is None:
                reference["scope"] = "Cluster"
            else:
                reference |= {"scope": "Namespace", "namespace": namespace}
            spec["parameters"] = reference
        return {"spec": spec}
