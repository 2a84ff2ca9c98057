"""What a reference to apps gives: one app for ``module:Class``, any number for ``module:function``.

A fleet is a function without arguments that yields apps, each with a name of its own::

    def shops() -> Iterator[type[App]]:
        for tenant in TENANTS:
            yield Shop.named(f"shop-{tenant.name}", host=tenant.host)

Another process finds such an app by the reference to the function and the app's name.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from chores_infra.app_loading import check_app, find, their_mistakes
from chores_infra.errors import ConfigurationError

if TYPE_CHECKING:
    from chores_infra.app import App

__all__ = ["Entry", "find_app", "load_entry"]


class Entry(NamedTuple):
    """What a reference gives. ``fleet`` says whether it is a function, however many apps it yields."""

    reference: str
    apps: tuple[type[App[Any]], ...]
    fleet: bool


@lru_cache(maxsize=1024)
def load_entry(reference: str, folder: Path) -> Entry:
    """The app of a reference, or those of its fleet. Functions are called once in a process.

    Args:
        reference: ``module:Class`` or ``module:function``.
        folder: is put first on the path that modules are found on.

    Raises:
        ConfigurationError: it gives no apps, or two with one name; everything that is wrong at once.
    """
    found = find(reference, folder)
    if isinstance(found, type) or not callable(found):
        return Entry(reference, (check_app(found, reference),), fleet=False)
    apps: dict[str, type[App[Any]]] = {}
    problems: list[str] = []
    numbers: dict[str, int] = {}
    for number, item in enumerate(_yielded(found, reference), start=1):
        try:
            app = check_app(item, f"{reference}: item {number}")
        except ConfigurationError as error:
            problems.append(str(error))
            continue
        if apps.setdefault(app.app_name, app) is not app:
            first = numbers[app.app_name]
            problems.append(
                f"{reference}: items {first} and {number} are both called {app.app_name!r}; rename one"
            )
        numbers.setdefault(app.app_name, number)
    if problems:
        raise ConfigurationError("\n".join(problems))
    return Entry(reference, tuple(apps.values()), fleet=True)


def find_app(reference: str, name: str, folder: Path) -> type[App[Any]]:
    """One app of a reference.

    Raises:
        ConfigurationError: as `load_entry`, or there is no app of that name here.
    """
    app = next((app for app in load_entry(reference, folder).apps if app.app_name == name), None)
    if app is None:
        raise ConfigurationError(
            f"{reference} yields no {name!r} in this process, and did in the one that asked; let it yield "
            "the same apps every time"
        )
    return app


def _yielded(function: Any, reference: str) -> list[object]:
    with their_mistakes(f"{reference} cannot be called for its apps"):
        given = function()
        if isinstance(given, Iterable) and not isinstance(given, type | str):
            return list(given)
    raise ConfigurationError(
        f"{reference} is no app: expected a subclass of App, or a function that yields some, found a "
        f"function that gives a {type(given).__name__}"
    )
