"""A config management plugin as a source: a folder that a program of your own renders.

Source: https://argo-cd.readthedocs.io/en/stable/operator-manual/config-management-plugins/
"""

from __future__ import annotations

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.argocd.sources import GitSource
from chores_infra.constructs.parts import Part, present
from chores_infra.fields import EnvName, Items, Pairs, Text

__all__ = ["PluginDirectory", "PluginParameter"]


@value_object
class PluginParameter(Part):
    """A parameter that the plugin announces: text, a list or a mapping of texts."""

    name: Text
    string: str | None = None
    array: Items[str] | None = None
    map: Pairs[str, str] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse no value and two."""
        if sum(value is not None for value in (self.string, self.array, self.map)) != 1:
            problems.add("", "give exactly one of string, array and map")


@value_object
class PluginDirectory(GitSource):
    """A folder of a git repository that a plugin renders: the one of this name, or the one that finds it.

    The plugin sees ``env`` with ``ARGOCD_ENV_`` before each name.

    >>> repository = "https://github.com/example/infrastructure"
    >>> PluginDirectory(repo_url=repository, path="shop", plugin="cue", env={"ENV": "live"}).tool()["plugin"]
    {'name': 'cue', 'env': [{'name': 'ENV', 'value': 'live'}]}
    """

    plugin: Text | None = None
    env: Pairs[EnvName, str] | None = None
    parameters: Items[PluginParameter] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse a parameter that is given twice."""
        problems.add_repeats(
            (f"parameters[{index}].name", parameter.name)
            for index, parameter in enumerate(self.parameters or ())
        )

    def tool(self) -> Manifest:
        """``plugin``: it is there even when it is empty, so that a plugin and nothing else is tried."""
        env = [{"name": name, "value": value} for name, value in (self.env or {}).items()]
        parameters = [parameter.fields() for parameter in self.parameters or ()]
        plugin = {"name": self.plugin, "env": env or None, "parameters": parameters or None}
        return {"plugin": present(plugin)}
