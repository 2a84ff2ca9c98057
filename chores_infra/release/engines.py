"""The engine that renders an app on cdk8s. The other one, ``direct``, is in :mod:`chores_infra.synthesis`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from chores_infra.app import App, Target
from chores_infra.kubernetes_object import KubernetesObject
from chores_infra.rendering.layout import Resource
from chores_infra.synthesis import Engine, resource_of

if TYPE_CHECKING:
    import constructs

__all__ = ["Build", "on_cdk8s"]

Build: TypeAlias = "Callable[[Target], constructs.Construct]"
"""Makes a cdk8s App with everything that one application has in one environment."""


def on_cdk8s(build: Build | None = None) -> Engine:
    """The engine that builds a cdk8s App and takes what it renders, in cdk8s's order.

    Without ``build`` the app is all that the cdk8s App has. Node.js is started when something is rendered.

    Raises:
        HostError: (when it renders) Node.js is missing, or cdk8s refuses something.
    """

    def engine(app: type[App[Any]], target: Target) -> Iterable[Resource]:
        from chores_infra.hosts.cdk8s import collect, our_errors

        with our_errors():
            root = build(target) if build is not None else _only(app, target)
        return [
            resource_of(item)
            if isinstance(item, KubernetesObject)
            else Resource(item.manifest, None, item.path)
            for item in collect(root)
        ]

    return engine


def _only(app: type[App[Any]], target: Target) -> constructs.Construct:
    from chores_infra.hosts.cdk8s import App as Cdk8sApp

    root = Cdk8sApp()
    app(root, app.app_name, app.configure(target))
    return root
