"""What an application of the infrastructure repository is: a root component, configured per environment.

An app is a class: its name and tag format, a typed configuration for each environment, and the constructs
made from it. Commands find it as ``module:Class``.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from chores_infra.construct import Component, Scope
from chores_infra.environments import Environment
from chores_infra.errors import ConfigurationError, ConstructError
from chores_infra.versions import Release, TagFormat
from chores_infra.wording import shown

__all__ = ["App", "AppConfiguration", "Target"]


@dataclass(frozen=True, slots=True)
class Target:
    """What to render: an environment, the release it runs, and what the registry calls that release.

    ``digest`` is that of the image, where it is to be pinned: ``Image(..., digest=target.digest)``.
    """

    environment: Environment
    release: Release
    tag: str
    digest: str | None = None

    def qualify(self, name: str) -> str:
        """The name that production calls ``name``, as this environment has it."""
        return self.environment.qualify(name)


class AppConfiguration(BaseModel):
    """The base of an app's configuration: strict, immutable, and closed to fields that nobody declared."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    target: Target


Configuration = TypeVar("Configuration", bound=AppConfiguration)


class App(Component, Generic[Configuration]):
    """The root component of one application.

    A subclass sets ``app_name``, answers :meth:`configure`, and creates its constructs in ``__init__``.
    They live in the namespace ``<app_name>``, outside production ``<app_name>-<environment>``.

    ``layout`` maps kinds to file names where the default layout is not wanted.
    """

    app_name: ClassVar[str]
    tag_format: ClassVar[TagFormat] = TagFormat()
    layout: ClassVar[Mapping[str, str]] = {}
    _parameters: ClassVar[Mapping[str, object]] = {}

    def __init__(self, scope: Scope, id: str, configuration: Configuration) -> None:
        if not isinstance(configuration, AppConfiguration):
            raise ConstructError.of(
                self.path_in(scope, str(id)),
                "configuration",
                f"expected an AppConfiguration, found {shown(configuration)}; "
                f"does {type(self).__name__}.configure return one?",
            )
        self.configuration = configuration
        super().__init__(scope, id, namespace=configuration.target.qualify(self.app_name))

    @classmethod
    def configure(cls, target: Target) -> Configuration:  # noqa: ARG003  (an app's own uses it)
        """The configuration of one environment: every difference between environments is here, typed."""
        raise ConfigurationError(
            f"{cls.__name__} does not say how it is configured; give it a class method "
            "configure(cls, target) that returns its AppConfiguration"
        )

    @classmethod
    def named(cls, name: str, **parameters: object) -> type[Self]:
        """The same app under a name of its own: one of a fleet.

        Args:
            name: its ``app_name``.
            parameters: what it differs in: values of class attributes that this class declares, for
                :meth:`configure` to read.

        Raises:
            ConfigurationError: the class declares no such attribute.

        Example::

            class Shop(App[Configuration]):
                host: ClassVar[str]

                @classmethod
                def configure(cls, target: Target) -> Configuration:
                    return Configuration(target=target, host=cls.host)

            Shop.named("shop-berlin", host="berlin.example.com")
        """
        known = _declared(cls.__mro__)
        unknown = [parameter for parameter in parameters if parameter not in known]
        if unknown:
            declared = ", ".join(sorted(known)) or "none"
            raise ConfigurationError(
                f"{cls.__name__}.named({name!r:.100}): {cls.__name__} declares no {', '.join(unknown)} "
                f"(it has {declared}); write {unknown[0]}: ClassVar[...] in the class"
            )
        # What is made from this class is known by its code, wherever it is given the name.
        members: dict[str, object] = {"__module__": cls.__module__, "__qualname__": cls.__qualname__}
        members |= {**parameters, "app_name": name, "_parameters": {**cls._parameters, **parameters}}
        made: type[Self] = type(cls.__name__, (cls,), members)
        return made

    @classmethod
    def reference(cls) -> str:
        """Where the code of this class is: ``module:Class``, or the function that makes the class."""
        return f"{cls.__module__}:{cls.__qualname__.partition('.<locals>')[0]}"


@cache
def _declared(bases: tuple[type, ...]) -> frozenset[str]:
    """The class attributes that an app's own classes declare, and those that every app has."""
    own = map(_annotations, bases[: bases.index(App)])
    return frozenset({"tag_format", "layout"}.union(*own) - {"app_name"})


def _annotations(cls: type) -> Mapping[str, Any]:
    if sys.version_info >= (3, 14):
        from annotationlib import Format, get_annotations

        return get_annotations(cls, format=Format.FORWARDREF)
    return inspect.get_annotations(cls)
