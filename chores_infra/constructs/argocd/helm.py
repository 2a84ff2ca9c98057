"""Helm as a source: a chart of a repository, or a chart in a folder of a git repository.

Source: https://argo-cd.readthedocs.io/en/stable/user-guide/helm/
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.argocd.parameters import WithParameters
from chores_infra.constructs.argocd.sources import GitSource, Revision, Source
from chores_infra.constructs.parts import Part
from chores_infra.constructs.plain_values import check_plain, copied
from chores_infra.fields import DnsLabel, Items, Matching, Pairs, Text

__all__ = ["FileParameter", "HelmChart", "HelmDirectory", "HelmParameter"]

ChartRepository = Annotated[
    str,
    Matching(
        # An OCI registry is written without a scheme.
        r"https?://[^\s/@]+(?:/\S*)?|(?:oci://)?[A-Za-z0-9](?:[-A-Za-z0-9.]*[A-Za-z0-9])?(?::[0-9]+)?(?:/[^\s@:]+)*",
        1024,
        "the URL of a chart repository without credentials in it, such as 'https://charts.example.com', or "
        "an OCI registry such as 'registry.example.com/charts'",
    ),
]
ChartName = Annotated[
    str, Matching(r"[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?", 253, "the name of a chart, such as 'redis'")
]
ReleaseName = Annotated[
    str,
    Matching(
        r"[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?",
        53,
        "the name of a release: lower-case letters, digits, '-' and '.'",
    ),
]
ValueFile = Annotated[
    str,
    Matching(
        r"(?:https?://|\$[A-Za-z0-9_-]+/)?[^\s$][^\x00-\x1f]*",
        1024,
        "a file of values: a path in the chart, '$<ref>/<path>' in another source, or a URL",
    ),
]


@value_object
class HelmParameter(Part):
    """One value by its path, ``image.tag``; ``force_string`` keeps ``"1"`` a text."""

    name: Text
    value: str
    force_string: bool | None = None


@value_object
class FileParameter(Part):
    """One value by its path, with the content of a file."""

    name: Text
    path: Text


@value_object
class _Helm(Source):
    """What the two Helm sources have in common.

    ``values`` are written as an object (``valuesObject``), so that a diff shows what changed. They win over
    ``value_files``, and ``parameters`` win over both.
    """

    values: Pairs[str, Any] | None = None
    value_files: Items[ValueFile] | None = None
    parameters: Items[HelmParameter] | None = None
    file_parameters: Items[FileParameter] | None = None
    version: Literal["3"] | None = None
    release_name: Annotated[ReleaseName, WithParameters()] | None = None
    target_namespace: Annotated[DnsLabel, WithParameters()] | None = None
    ignore_missing_value_files: bool | None = None
    pass_credentials: bool | None = None
    skip_crds: bool | None = None
    skip_tests: bool | None = None
    skip_schema_validation: bool | None = None
    kube_version: Text | None = None
    api_versions: Items[Text] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse a parameter that is given twice, and values that YAML cannot carry."""
        names = [parameter.name for parameter in self.parameters or ()]
        for index, name in enumerate(names):
            if name in names[:index]:
                problems.add(f"parameters[{index}].name", f"{name!r} is given more than once")
        check_plain(problems, "values", self.values)

    def used_references(self) -> dict[str, str]:
        """The references in ``value_files``."""
        return {
            f"value_files[{index}]": file[1:].partition("/")[0]
            for index, file in enumerate(self.value_files or ())
            if file.startswith("$")
        }

    def helm(self) -> Manifest:
        """``helm``, without what was not given; empty where nothing was."""
        helm: Manifest = {}
        for field, value in (
            ("version", self.version),
            ("releaseName", self.release_name),
            ("namespace", self.target_namespace),
            ("valueFiles", None if self.value_files is None else list(self.value_files)),
            ("valuesObject", copied(self.values)),
            ("parameters", _rendered(self.parameters)),
            ("fileParameters", _rendered(self.file_parameters)),
            ("ignoreMissingValueFiles", self.ignore_missing_value_files),
            ("passCredentials", self.pass_credentials),
            ("skipCrds", self.skip_crds),
            ("skipTests", self.skip_tests),
            ("skipSchemaValidation", self.skip_schema_validation),
            ("kubeVersion", self.kube_version),
            ("apiVersions", None if self.api_versions is None else list(self.api_versions)),
        ):
            if value is not None:
                helm[field] = value
        return {"helm": helm} if helm else {}


@value_object
class HelmChart(_Helm):
    """A chart of a chart repository, in a version or a range of versions.

    >>> chart = HelmChart(
    ...     repo_url="https://charts.jetstack.io",
    ...     chart="cert-manager",
    ...     target_revision="v1.18.2",
    ...     values={"crds": {"enabled": True}},
    ... )
    >>> chart.fields()["helm"]
    {'valuesObject': {'crds': {'enabled': True}}}
    """

    repo_url: Annotated[ChartRepository, WithParameters()]
    chart: Annotated[ChartName, WithParameters()]
    target_revision: Revision

    @property
    def repository(self) -> str:
        """The chart repository."""
        return self.repo_url

    def fields(self) -> Manifest:
        """The repository, the chart and its values."""
        fields: Manifest = {
            "repoURL": self.repo_url,
            "chart": self.chart,
            "targetRevision": self.target_revision,
            **self.helm(),
        }
        return fields if self.name is None else {**fields, "name": self.name}


@value_object
class HelmDirectory(_Helm, GitSource):
    """A chart in a folder of a git repository."""

    def tool(self) -> Manifest:
        """``helm``."""
        return self.helm()


def _rendered(parts: Any) -> list[Manifest] | None:
    return None if parts is None else [part.fields() for part in parts]
