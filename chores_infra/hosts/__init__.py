"""The places a construct tree can hang on besides our own Tree.

A foreign scope is recognised by the names in its class hierarchy, so that nothing of cdk8s (which starts
Node.js) is imported by a program that does not use it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chores_infra.errors import HostError

if TYPE_CHECKING:
    import constructs

    from chores_infra.construct import Component, Host

__all__ = ["foreign_host", "foreign_scope"]


def foreign_host(scope: object) -> Host:
    """The host behind a scope of another library.

    Raises:
        HostError: the scope belongs to no library that we know.
    """
    if any(base.__module__ == "constructs" and base.__name__ == "Construct" for base in type(scope).__mro__):
        from chores_infra.hosts.cdk8s import host_of_scope

        return host_of_scope(scope)
    raise HostError(
        f"{type(scope).__name__} is no scope: expected a chores_infra Tree or construct, or a cdk8s App, "
        "Chart or Construct"
    )


def foreign_scope(component: Component) -> constructs.Construct:
    """The foreign construct that stands for one of our components.

    Raises:
        HostError: the component hangs on our own Tree.
    """
    handle = component.node.handle
    if handle is None:
        raise HostError(
            f"{component.node.path} does not hang on a cdk8s scope, so no cdk8s construct can go under it; "
            "create it in a cdk8s App or Chart"
        )
    scope: constructs.Construct = handle
    return scope
