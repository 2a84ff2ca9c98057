"""Our constructs on any cdk8s App, Chart or Construct, beside those of other libraries.

Every component is a real ``Construct`` there, every object an ``ApiObject``. A component, or an object,
with no Chart around it gets a Chart of its own, so this is a complete cdk8s app:

.. code-block:: python

    from chores_infra.hosts.cdk8s import App  # cdk8s's own, with Node.js found first

    app = App()
    ChoresTracker(app, "chores-tracker", configuration)
    app.synth()

- Constructs of other libraries go under ours with ``component.cdk8s`` as their scope. Their namespace and
  labels come from the Chart around them, as everywhere in cdk8s; ours get those too.
- :func:`collect` gives back everything in cdk8s's order, our own objects as they are in Python: a manifest
  that went through JavaScript is not always the same.
- Resolvers of a cdk8s App see objects of other libraries only: there are no tokens in ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from chores_infra.construct import Component, Construct, Host, Manifest, inherited_labels, namespace_in
from chores_infra.errors import ChoresInfraError, ConstructError, HostError
from chores_infra.hosts import jsii_runtime
from chores_infra.hosts.node_environment import DIRECT
from chores_infra.kubernetes_object import KubernetesObject

jsii_runtime.start()

import cdk8s  # noqa: E402  (Node.js has to be found first)
import constructs  # noqa: E402
import jsii  # noqa: E402
from cdk8s import Chart  # noqa: E402

from chores_infra.hosts.cdk8s_nodes import ComponentChart, ComponentScope, ObjectNode, collecting  # noqa: E402

__all__ = ["App", "Cdk8sHost", "Chart", "ForeignObject", "collect", "host_of_scope", "our_errors"]

if TYPE_CHECKING:
    from cdk8s import App
else:

    class App(cdk8s.App):
        """cdk8s's App; an ordinary one is created without its type checks, which take 40 ms to import."""

        def __init__(self, **properties: Any) -> None:
            if properties:
                super().__init__(**properties)
            else:
                jsii.create(type(self), self, [])


#: JavaScript puts keys of this form before all others, and cdk8s keeps children by id.
_INTEGER_LIKE = re.compile(r"0|[1-9][0-9]{0,9}")


@dataclass(frozen=True, slots=True)
class ForeignObject:
    """An object of another library: where it stands in the cdk8s tree, and its manifest as cdk8s made it."""

    path: str
    manifest: Manifest


class Cdk8sHost(Host):
    """What our constructs need to know of the cdk8s scope they were created in."""

    def __init__(self, scope: constructs.Construct) -> None:
        self.scope = scope
        node = scope.node
        namespace, labels, self.in_chart = _surroundings(node.scopes)
        super().__init__(path=node.path, namespace=namespace, labels=labels)

    def attach(self, construct: Construct) -> None:
        """Create the cdk8s node of a construct.

        Raises:
            ConstructError: cdk8s refuses it; mostly, its id is taken by a construct of another library.
            HostError: this thread or process may not use cdk8s, or Node.js is gone.
        """
        jsii_runtime.hold_to_one_thread()
        parent = construct.node.parent
        scope = self.scope if parent is None else parent.node.handle
        in_chart = self.in_chart or parent is not None
        try:
            with our_errors():
                construct.node.handle = _node_for(construct, scope, in_chart=in_chart)
        except _Cdk8sError as error:
            path, reason = construct.node.path, error.reason
            if "There is already a Construct with name" in reason:
                raise ConstructError.of(path, "id", f"cdk8s: {reason}; choose another id") from error
            self.detach(construct)  # a constructor in JavaScript that fails leaves its id taken
            raise ConstructError.of(path, "", f"cdk8s refuses it: {reason}") from error

    def detach(self, construct: Construct) -> None:
        """Remove the cdk8s node of a construct, and all under it; without Node.js there is nothing left."""
        scope = self.scope if construct.node.parent is None else construct.node.parent.node.handle
        with suppress(HostError), our_errors():
            scope.node.try_remove_child(_cdk8s_id(construct.node.id))


def host_of_scope(scope: Any) -> Host:
    """The host of a cdk8s scope: always the same for the same scope.

    Raises:
        HostError: this thread or process may not use cdk8s, or Node.js is gone.
    """
    host = getattr(scope, "_chores_infra_host", None)
    if host is None:
        jsii_runtime.hold_to_one_thread()
        with our_errors():
            host = scope._chores_infra_host = Cdk8sHost(scope)
    return cast(Host, host)


def collect(scope: constructs.Construct) -> list[KubernetesObject | ForeignObject]:
    """Everything that an App or Chart renders, in the order in which cdk8s would write it.

    Dependencies decide the order, and the validations of all constructs run first, exactly as in
    ``app.synth()``. What is ours is given as it is; what is foreign as the manifest cdk8s makes of it.

    Raises:
        HostError: the scope is no App or Chart, a validation fails, or dependencies form a circle.
    """
    jsii_runtime.hold_to_one_thread()
    if not isinstance(scope, cdk8s.App | cdk8s.Chart):
        raise HostError(f"{type(scope).__name__} is rendered by its App or Chart; collect that")
    with our_errors():
        app = scope if isinstance(scope, cdk8s.App) else scope.node.root
        if not isinstance(app, cdk8s.App):
            raise HostError(
                f"{scope.node.path} is not in a cdk8s App, which renders charts; create it in one"
            )
        charts = app.charts
        collected: dict[Chart, list[KubernetesObject | ForeignObject]] = {}
        if len(charts) > 1:
            # Rendering a chart makes cdk8s derive what depends on what, which the order of charts needs.
            collected[charts[0]] = _collect_chart(charts[0])
            charts = app.charts
        if scope is not app:
            charts = _at_or_under(scope, charts)
        for chart in charts:
            if chart not in collected:
                collected[chart] = _collect_chart(chart)
    return [item for chart in charts for item in collected[chart]]


@contextmanager
def our_errors() -> Iterator[None]:
    """Let errors that come out of JavaScript be ours.

    An error of ours that was raised inside a call from JavaScript arrives as a bare ``RuntimeError``; it is
    raised again as what it was. Put ``app.synth()`` into it to get that:

    .. code-block:: python

        with our_errors():
            app.synth()

    Raises:
        ChoresInfraError: what our code raised.
        HostError: what cdk8s itself has to say, or that Node.js is gone.
    """
    import json

    from jsii.errors import JavaScriptError, JSIIError

    try:
        yield
    except (BrokenPipeError, json.JSONDecodeError) as error:
        jsii_runtime.give_up()
        raise HostError(
            "the Node.js process that cdk8s runs in has ended; run the program again, or " + DIRECT
        ) from error
    except (RuntimeError, JSIIError) as error:
        if not isinstance(error.__cause__, JavaScriptError):
            raise
        ours = _ours_behind(error)
        if ours is not None:
            raise ours from None
        raise _Cdk8sError(str(error).removeprefix("Error: ")) from error


class _Cdk8sError(HostError):
    """An error that cdk8s itself raised."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"cdk8s: {reason}")


def _node_for(construct: Construct, scope: constructs.Construct, *, in_chart: bool) -> constructs.Construct:
    child_id = _cdk8s_id(construct.node.id)
    if not isinstance(construct, KubernetesObject):
        node = ComponentScope if in_chart else ComponentChart
        return node(scope, child_id, construct)
    if in_chart:
        return ObjectNode(scope, child_id, construct)
    return ObjectNode(ComponentChart(scope, child_id, construct), "Default", construct)


def _surroundings(scopes: list[Any]) -> tuple[str | None, dict[str, str], bool]:
    """The namespace and labels that a scope gives to what is in it, and whether a Chart is around.

    ``scopes`` leads from the root to the scope itself. The nearest decides: a component of ours, or a Chart.
    """
    for scope in reversed(scopes):
        ours = scope.construct if isinstance(scope, ComponentChart | ComponentScope | ObjectNode) else None
        if ours is not None:
            labels = inherited_labels(ours.node)
            if isinstance(ours, Component):
                labels.update(ours.labels)
            return namespace_in(ours, None), labels, True
        if isinstance(scope, cdk8s.Chart):
            return scope.namespace, dict(scope.labels), True
    return None, {}, False


def _cdk8s_id(id: str) -> str:
    """The id for cdk8s: one that looks like an integer would be moved before its elder siblings."""
    return f"[{id}]" if _INTEGER_LIKE.fullmatch(id) else id


def _ours_behind(error: BaseException) -> ChoresInfraError | None:
    """The error of ours that was raised in a call from JavaScript, and of which this one brings the text."""
    behind = error.__context__
    while behind is not None:
        if isinstance(behind, ChoresInfraError) and str(behind) in str(error):
            return behind
        behind = behind.__context__
    return None


def _at_or_under(scope: constructs.Construct, charts: list[Chart]) -> list[Chart]:
    inside = f"{scope.node.path}/"
    return [chart for chart in charts if chart is scope or chart.node.path.startswith(inside)]


def _collect_chart(chart: Chart) -> list[KubernetesObject | ForeignObject]:
    with collecting() as ours:
        answers: list[Any] = chart.to_json()
    only_ours = all(isinstance(answer, int) for answer in answers)
    foreign_paths = iter(() if only_ours else _foreign_paths(chart))
    items: list[KubernetesObject | ForeignObject] = []
    for answer in answers:
        if isinstance(answer, int):
            items.append(ours[answer])
            continue
        path = next(foreign_paths, chart.node.path)
        if answer is not None:  # an object that renders nothing
            items.append(ForeignObject(path, answer))
    return items


def _foreign_paths(chart: Chart) -> list[str]:
    """The paths of the objects of other libraries, in the order in which the chart renders them."""
    objects = [
        node for node in cdk8s.DependencyGraph(chart.node).topology() if isinstance(node, cdk8s.ApiObject)
    ]
    foreign = [node for node in objects if not isinstance(node, ObjectNode)]
    return [node.node.path for node in foreign if node.chart is chart]
