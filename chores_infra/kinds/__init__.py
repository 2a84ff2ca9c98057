"""Level 1: what is known of every kind, and whether a manifest is what the API server accepts.

- ``find(api_version, kind)`` answers scope, plural and validator of a kind, or None.
- ``validate(manifest)`` returns every problem of a manifest at once; an empty list is a valid manifest.
- ``served(api_version, kind, release)`` says whether a release of Kubernetes serves a built-in kind.
- ``check(manifest)`` returns what ``validate`` does, and the rules that could not be checked.
- ``versions(kind)`` lists the API versions under which a kind is known.
- ``extended(folder, ...)`` lets kinds of further generated folders be known inside a ``with``; ``current()``
  is the catalog that the functions ask. ``CATALOG`` holds what the package ships.

The types for type checkers are beside this in ``chores_infra.kinds.types``, one module per group and
version; they are never imported at run time:

.. code-block:: python

    if TYPE_CHECKING:
        from chores_infra.kinds.types.apps_v1 import Deployment

Two modes: in ``"authored"`` mode (what our own code wrote) a null is refused; in ``"read"`` mode (what a
file or a server holds) a null means that the field is absent, as the API server has it.

>>> deployments = find("apps/v1", "Deployment")
>>> deployments.plural, deployments.scope, deployments.namespaced
('deployments', 'Namespaced', True)
>>> manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "A B"}, "dta": {}}
>>> for problem in validate(manifest):
...     print(problem.field)
metadata.name
dta
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from chores_infra.kinds.catalog import CATALOG, Catalog, current, extended
from chores_infra.kinds.checked import Checked
from chores_infra.kinds.kind import Kind, Mode, Scope
from chores_infra.kinds.problem import Path, Problem

if TYPE_CHECKING:
    from chores_infra.kinds.operators import Support

__all__ = [
    "CATALOG",
    "Catalog",
    "Checked",
    "Kind",
    "Mode",
    "Path",
    "Problem",
    "Scope",
    "check",
    "current",
    "extended",
    "find",
    "served",
    "validate",
    "versions",
]


def find(api_version: str, kind: str) -> Kind | None:
    """Return what is known of a kind, or None. No schema is loaded before something is validated."""
    return current().find(api_version, kind)


def validate(manifest: Mapping[str, object], mode: Mode = "authored") -> list[Problem]:
    """Return every problem of a manifest, in the order of its fields; an empty list when it is valid.

    An unknown kind is one problem that names the kinds or versions which are nearest.
    Never raises for what it finds, whatever the manifest holds.
    """
    return current().validate(manifest, mode)


def check(manifest: Mapping[str, object], mode: Mode = "authored") -> Checked:
    """Return every problem of a manifest like ``validate``, and the rules that were not checked.

    Rules in CEL that speak about the object before a change, or that the library cannot evaluate (it is the
    extra ``cel``), are in ``not_checked``.

    >>> check({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web"}})
    Checked(problems=(), not_checked=())
    """
    return current().check(manifest, mode)


def versions(kind: str) -> list[str]:
    """Return the API versions under which a kind is known, stable ones first.

    >>> versions("HorizontalPodAutoscaler")
    ['autoscaling/v2', 'autoscaling/v1']
    """
    return current().versions(kind)


def served(api_version: str, kind: str, release: str) -> Support | None:
    """Say whether a release of Kubernetes serves a built-in kind; None for a kind that is not built in.

    >>> support = served("networking.k8s.io/v1beta1", "Ingress", "1.33")
    >>> support.status, support.instead
    ('removed', 'networking.k8s.io/v1')
    """
    from chores_infra.kinds import kubernetes_versions

    return kubernetes_versions.served(api_version, kind, release)
