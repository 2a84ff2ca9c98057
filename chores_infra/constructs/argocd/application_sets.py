"""The ApplicationSet: many Applications from one template, one per set of parameters.

Source: https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from chores_infra.arguments import OneOf, Problems, checked, value_object
from chores_infra.construct import Manifest, Scope
from chores_infra.constructs.argocd.application import ApplicationFinalizer
from chores_infra.constructs.argocd.application_spec import ApplicationSpec
from chores_infra.constructs.argocd.generators import Generator, ListGenerator
from chores_infra.constructs.argocd.parameters import WithParameters, has_parameters, texts, used_parameters
from chores_infra.constructs.parts import Part, present
from chores_infra.constructs.references import check_same_namespace
from chores_infra.constructs.scheduling import Requirement
from chores_infra.fields import (
    AnnotationKey,
    Annotations,
    DnsLabel,
    DnsSubdomain,
    Items,
    LabelKey,
    Labels,
    LabelValue,
    Matching,
    NonNegative,
    Pairs,
    Text,
)
from chores_infra.kubernetes_object import KubernetesObject
from chores_infra.patches import plain_copy

__all__ = ["ApplicationSet", "ApplicationTemplate", "IgnoredField", "RollingStep"]

Share = Annotated[
    NonNegative | Annotated[str, Matching(r"(?:100|[0-9]{1,2})%", 4, "a percentage such as '25%'")],
    OneOf("a number, or a percentage such as '25%'"),
]


@value_object
class ApplicationTemplate(ApplicationSpec):
    """An Application with parameters: ``name="shop-{{.env}}"``, ``Destination(namespace="{{.env}}")``.

    The sources take them in their URLs, paths, revisions and names, and in every free text.
    """

    name: Annotated[DnsSubdomain, WithParameters()]
    namespace: Annotated[DnsLabel, WithParameters()] | None = None
    labels: Pairs[LabelKey, Annotated[LabelValue, WithParameters()]] | None = None
    annotations: Pairs[AnnotationKey, str] | None = None
    finalizers: Items[ApplicationFinalizer] = ()

    def fields(self) -> Manifest:
        """``template``."""
        metadata = {
            "name": self.name,
            "namespace": self.namespace,
            "labels": None if self.labels is None else dict(self.labels),
            "annotations": None if self.annotations is None else dict(self.annotations),
            "finalizers": list(self.finalizers) or None,
        }
        return {"metadata": present(metadata), "spec": super().fields()}


@value_object
class RollingStep(Part):
    """Applications that are synced before those of the next step, by their labels.

    ``max_update`` is how many at once, as a number or a percentage; 0 leaves them to be synced by hand.
    """

    match_expressions: Annotated[Items[Requirement], Field(min_length=1)]
    max_update: Share | None = None

    def check(self, problems: Problems) -> None:
        """Refuse what the controller does not compare."""
        for index, requirement in enumerate(self.match_expressions):
            if requirement.operator not in {"In", "NotIn"}:
                problems.add(f"match_expressions[{index}].operator", "steps know In and NotIn only")


@value_object
class IgnoredField(Part):
    """Fields of the Applications that may differ from the template; ``name`` is one Application."""

    name: Text | None = None
    json_pointers: Items[Text] | None = None
    jq_path_expressions: Items[Text] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse an entry that names no field."""
        if not (self.json_pointers or self.jq_path_expressions):
            problems.add("", "it ignores nothing; give json_pointers or jq_path_expressions")


class ApplicationSet(KubernetesObject):
    """Applications that Argo CD makes from a template, one for each set of parameters of the generators.

    Parameters are Go templates (``{{.path.basename}}``), and one that is missing is an error: that is
    Argo CD's advice, and not its default. ``rolling_steps`` sync the Applications one group after another.

    >>> from chores_infra.construct import Tree
    >>> from chores_infra.constructs.argocd import Destination, GitDirectories, GitDirectory
    >>> repository = "https://github.com/example/infrastructure"
    >>> folders = GitDirectories(repo_url=repository, revision="main", paths=["base-apps/*"])
    >>> template = ApplicationTemplate(
    ...     name="{{.path.basename}}",
    ...     source=GitDirectory(repo_url=repository, path="{{.path.path}}", target_revision="main"),
    ...     destination=Destination(namespace="{{.path.basename}}"),
    ... )
    >>> apps = ApplicationSet(Tree(), "apps", name="apps", generators=[folders], template=template)
    >>> apps.manifest["spec"]["template"]["metadata"]
    {'name': '{{.path.basename}}'}

    Raises:
        ConstructError: no generator, a parameter that a generator does not give, one name for all
            Applications, a Secret of another namespace, or what an Application cannot be.
    """

    api_version = "argoproj.io/v1alpha1"
    kind = "ApplicationSet"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        generators: Annotated[Items[Generator], Field(min_length=1)],
        template: ApplicationTemplate,
        template_patch: Text | None = None,
        go_template: bool = True,
        go_template_options: Items[Text] = ("missingkey=error",),
        applications_sync: Literal["create-only", "create-update", "create-delete", "sync"] | None = None,
        preserve_resources_on_deletion: bool | None = None,
        rolling_steps: Items[RollingStep] = (),
        deletion_order: Literal["AllAtOnce", "Reverse"] | None = None,
        preserved_labels: Items[LabelKey] = (),
        preserved_annotations: Items[AnnotationKey] = (),
        ignore_application_differences: Items[IgnoredField] = (),
        apply_nested_selectors: bool | None = None,
        namespace: DnsLabel = "argo-cd",
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        template.check_spec(problems, template.namespace or namespace, "template.")
        for index, generator in enumerate(generators):
            for argument, target in generator.references():
                check_same_namespace(problems, f"generators[{index}].{argument}", target, namespace)
            if not has_parameters(template.name) and not _gives_one(generator):
                problems.add(
                    "template.name",
                    f"every Application of generators[{index}] would be called {template.name!r}; let a "
                    "parameter tell them apart",
                )
            if go_template:
                for place, message in _unknown(template, generator, f"generators[{index}]"):
                    problems.add(place, message)
        if deletion_order == "Reverse" and not rolling_steps:
            problems.add("deletion_order", "'Reverse' goes back through rolling_steps; give some")
        problems.raise_if_any()
        self.generators = generators
        self.template = template
        self.template_patch = template_patch
        self.go_template = go_template
        self.go_template_options = go_template_options
        self.rolling_steps = rolling_steps
        self._options: Manifest = {
            "syncPolicy": present(
                {
                    "applicationsSync": applications_sync,
                    "preserveResourcesOnDeletion": preserve_resources_on_deletion,
                }
            ),
            "strategy": _strategy(rolling_steps, deletion_order),
            "preservedFields": present(
                {
                    "labels": list(preserved_labels) or None,
                    "annotations": list(preserved_annotations) or None,
                }
            ),
            "ignoreApplicationDifferences": [
                difference.fields() for difference in ignore_application_differences
            ],
        }
        self.apply_nested_selectors = apply_nested_selectors
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``: the generators, the template, and what becomes of the Applications."""
        spec: Manifest = {}
        if self.go_template:
            spec["goTemplate"] = True
            if self.go_template_options:
                spec["goTemplateOptions"] = list(self.go_template_options)
        if self.apply_nested_selectors is not None:
            spec["applyNestedSelectors"] = self.apply_nested_selectors
        spec["generators"] = [generator.fields() for generator in self.generators]
        spec["template"] = self.template.fields()
        if self.template_patch is not None:
            spec["templatePatch"] = self.template_patch
        spec.update({field: plain_copy(value) for field, value in self._options.items() if value})
        return {"spec": spec}


def _strategy(steps: Items[RollingStep], deletion_order: str | None) -> Manifest:
    rolling: Manifest = {"rollingSync": {"steps": [step.fields() for step in steps]}} if steps else {}
    kind = {"type": "RollingSync"} if steps else {}
    return {**kind, **rolling, **present({"deletionOrder": deletion_order})}


def _gives_one(generator: Generator) -> bool:
    """Whether a generator gives one set of parameters, as far as can be told."""
    return isinstance(generator, ListGenerator) and len(generator.elements) == 1


def _unknown(template: ApplicationTemplate, generator: Generator, place: str) -> Iterator[tuple[str, str]]:
    """Parameters of the template that the generator is known not to give."""
    known = generator.parameters()
    if known is None:
        return
    listed = ", ".join(sorted(known)) or "none"
    for path, text in texts(template.fields(), "template"):
        used, bare = used_parameters(text)
        for name in sorted(used - known):
            yield path, f"{place} gives no parameter {name!r}; it gives {listed}"
        for name in sorted(bare & known):
            yield path, f"a parameter is written with a dot before it: '{{{{.{name}}}}}'"
