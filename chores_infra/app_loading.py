"""Find an app's class by ``module:Class``, and tell its author's mistakes from ours.

What goes wrong in a module of the user's is one message with their file and line, not a traceback.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chores_infra.errors import (
    ChoresInfraError,
    ConfigurationError,
    ConstructError,
    FileError,
    ManifestError,
)

if TYPE_CHECKING:
    from chores_infra.app import App

__all__ = ["check_app", "find", "is_reference", "load_app", "their_mistakes"]

_REFERENCE: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*:[^\W\d]\w*(?:\.[^\W\d]\w*)*", re.ASCII)
_PACKAGE: Final = Path(__file__).parent


def is_reference(text: str) -> bool:
    """Whether a text has the form ``module:Class``.

    >>> is_reference("apps.shop:Shop"), is_reference("apps/shop.py")
    (True, False)
    """
    return _REFERENCE.fullmatch(text) is not None


def load_app(reference: str, folder: Path) -> type[App[Any]]:
    """Import the class of an app. ``folder`` is put first on the path that modules are found on.

    Raises:
        ConfigurationError: no such module or class, a class that is no App or has no proper ``app_name``, or
            an error while the module is imported.
    """
    return check_app(find(reference, folder), reference)


def find(reference: str, folder: Path) -> object:
    """Import what a reference names, whatever it is; ``folder`` as in `load_app`.

    Raises:
        ConfigurationError: there is no such thing, or an error while the module is imported.
    """
    if not is_reference(reference):
        raise ConfigurationError(f"{reference!r} names no app: expected module:Class, such as apps.shop:Shop")
    module_name, _, class_name = reference.partition(":")
    if str(folder) not in sys.path:
        # It stays: modules of an app may import others when they are used.
        sys.path.insert(0, str(folder))
    found = _import(module_name, reference, folder)
    for part in class_name.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            raise ConfigurationError(_no_such_class(found, part, reference)) from None
    return found


@contextmanager
def their_mistakes(what: str, *, root: str | None = None) -> Iterator[None]:
    """Turn any exception of the code inside into one message with the place in the user's code.

    Args:
        what: what could not be done.
        root: the construct that the code inside makes, if it does. Our own errors about what is below it
            pass, as they say where already; one about a value that no construct has yet does not.

    Raises:
        ConfigurationError: the code inside raised something.
    """
    try:
        yield
    except (Exception, SystemExit) as error:
        if root is not None and _says_where(error, root):
            raise
        raise ConfigurationError(f"{what}: {_described(error)}") from error


def _says_where(error: BaseException, root: str) -> bool:
    if isinstance(error, ConstructError):
        return f"{error.path}/".startswith(f"{root}/")
    return isinstance(error, ManifestError | FileError)


def _import(module_name: str, reference: str, folder: Path) -> Any:
    try:
        with their_mistakes(f"{reference} cannot be loaded"):
            return importlib.import_module(module_name)
    except ConfigurationError as error:
        missing = error.__cause__.name if isinstance(error.__cause__, ModuleNotFoundError) else None
        if missing is None or not f"{module_name}.".startswith(f"{missing}."):
            raise
        raise ConfigurationError(
            f"{reference} cannot be loaded: there is no module {missing!r} in {folder}, and none is installed"
        ) from None


def check_app(found: object, reference: str) -> type[App[Any]]:
    """Hold what was found, or made, to what an app is. ``reference`` is what errors call it.

    Raises:
        ConfigurationError: it is no App, or has no proper ``app_name``.
    """
    from chores_infra.app import App
    from chores_infra.rendering.places import Places

    if not isinstance(found, type) or not issubclass(found, App) or found is App:
        kind = "the base class itself" if found is App else f"a {type(found).__name__}"
        if isinstance(found, type) and found is not App:
            kind = "a class of another kind"
        raise ConfigurationError(f"{reference} is no app: expected a subclass of App, found {kind}")
    name = getattr(found, "app_name", None)
    if not isinstance(name, str):
        raise ConfigurationError(f"{reference} has no app_name; set one, such as app_name = 'shop'")
    try:
        Places(name)
    except FileError as error:
        raise ConfigurationError(
            f"{reference}: app_name: {str(error).removeprefix(f'{error.file}: ')}"
        ) from None
    _check_attributes(found, reference)
    return found


def _check_attributes(app: type[App[Any]], reference: str) -> None:
    """Hold what a class may set besides its name to what rendering expects of it."""
    from chores_infra.versions import TagFormat

    tag_format: object = app.tag_format
    if not isinstance(tag_format, TagFormat):
        hint = f"; write TagFormat({tag_format!r})" if isinstance(tag_format, str) else ""
        raise ConfigurationError(
            f"{reference}: tag_format: expected a TagFormat, found {tag_format!r:.100}{hint}"
        )
    configure = next(vars(base)["configure"] for base in app.__mro__ if "configure" in vars(base))
    if not isinstance(configure, classmethod | staticmethod):
        raise ConfigurationError(
            f"{reference}: configure: expected a class method; write @classmethod above it"
        )
    layout: object = app.layout
    if not isinstance(layout, Mapping) or not all(
        isinstance(text, str) for text in (*layout, *layout.values())
    ):
        raise ConfigurationError(
            f"{reference}: layout: expected a mapping of kinds to names of files, found {layout!r:.100}"
        )


def _no_such_class(container: Any, name: str, reference: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, [known for known in vars(container) if not known.startswith("_")], n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"{reference} cannot be loaded: there is no {name!r} in {container.__name__}{hint}"


def _described(error: BaseException) -> str:
    """``NameError: name 'replica' is not defined (/home/me/apps/shop.py, line 12)``."""
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg} ({error.filename}, line {error.lineno})"
    if isinstance(error, SystemExit):
        return f"it ended the program with sys.exit({error.code!r}){_at(error)}"
    if isinstance(error, ChoresInfraError):
        first, *others = str(error).split("\n")
        return "\n".join([f"{first}{_at(error)}", *others])
    text = _validation_text(error) or f"{type(error).__name__}: {error}".rstrip(": ")
    return f"{text}{_at(error)}"


def _validation_text(error: BaseException) -> str | None:
    """What is wrong with a configuration's fields, when that is what the error says."""
    pydantic = sys.modules.get("pydantic")
    if pydantic is None or not isinstance(error, pydantic.ValidationError):
        return None
    from chores_infra.arguments import problems_of

    return f"{error.title}: {'; '.join(map(str, problems_of(error)))}"


def _at(error: BaseException) -> str:
    """The innermost place in code that is the user's own: not ours, nor an installed library's."""
    from traceback import extract_tb

    for frame in reversed(extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        ours = _PACKAGE in path.parents and "apps" not in path.relative_to(_PACKAGE).parts
        if not ours and not {"site-packages", "dist-packages"} & set(path.parts) and _is_file(path):
            return f" ({path}, line {frame.lineno})"
    return ""


def _is_file(path: Path) -> bool:
    """Whether a frame's file is one, and not ``<frozen importlib>`` or a module of Python's own library."""
    library = Path(importlib.__file__ or "").parent.parent
    return path.is_file() and library not in path.parents
