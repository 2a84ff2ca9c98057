"""``chores-infra.toml``: which apps there are, and where the infrastructure repository is.

.. code-block:: toml

    # chores-infra.toml; in pyproject.toml the same under [tool.chores-infra]
    repository = "dist"                 # the infrastructure repository, relative to this file
    registry = "ecr"                    # where images are looked up: ecr, a URL, file:PATH or none
    kinds = ["kinds"]                   # folders of `chores-infra kinds add`, relative to this file

    [apps]
    shop = "apps.shop:Shop"             # the name of the app = "module:Class", found beside this file
    tills = "apps.tills:tills"          # a name for a fleet = "module:function", which yields apps

    [operators]                         # releases that run in the cluster, where not the defaults
    traefik = "3.1.0"                   # of chores_infra/kinds/operators.toml
    kubernetes = "1.33"                 # has no default: without it no built-in API version is looked at

The file is looked for in a folder and those around it, as far as the git repository reaches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from chores_infra.environments import Environment
from chores_infra.errors import ConfigurationError, FileError
from chores_infra.rendering.places import Places, check_places
from chores_infra.wording import written

if TYPE_CHECKING:
    from chores_infra.checks.settings import Settings

__all__ = ["FILE_NAME", "Configuration", "find_configuration", "nearest", "read_configuration"]

FILE_NAME: Final = "chores-infra.toml"
DEFAULT_REPOSITORY: Final = "dist"
_PYPROJECT: Final = "pyproject.toml"
_TABLE: Final = "chores-infra"
_SCHEMAS: Final = "schemas"
_SAVED: Final = "file:"
_CHECKS: Final = ("externals", "ignore", "policy", "rules")
"""What ``checks/settings.py`` explains."""


class Configuration(NamedTuple):
    """A configuration that was read, or the defaults of a folder that has none.

    ``folder`` is what its paths and modules are relative to. ``file`` is None where there is none.
    """

    folder: Path
    file: Path | None = None
    repository: Path = Path(DEFAULT_REPOSITORY)
    apps: Mapping[str, str] = MappingProxyType({})
    operators: Mapping[str, str] = MappingProxyType({})
    checks: Mapping[str, Any] = MappingProxyType({})
    """What it says about checks; read when somebody checks (:meth:`check_settings`)."""
    kinds: tuple[Path, ...] = ()
    """Packages of kinds that `chores-infra kinds add` made."""
    registry: str | None = None
    """Where images are looked up; None leaves it to the names of images."""

    @property
    def schemas(self) -> tuple[Path, ...]:
        """The folders of schemas of further kinds, for :func:`chores_infra.kinds.extended`."""
        return tuple(folder / _SCHEMAS for folder in self.kinds)

    def check_settings(self) -> Settings:
        """What it says about checks: other parties' objects, how bad rules are, what is accepted.

        Raises:
            ConfigurationError: with everything that is wrong there.
        """
        from chores_infra.checks.settings import settings_of

        settings, problems = settings_of(self.checks)
        if problems:
            raise ConfigurationError("\n".join(f"{self.file}: {problem}" for problem in problems))
        if settings.policies:
            from chores_infra.checks.policies.files import STARTER

            found = (each if each == STARTER else str(self.folder / each) for each in settings.policies)
            return settings._replace(policies=tuple(found))
        return settings

    def releases(self, kubernetes: str | None = None) -> Mapping[str, str]:
        """The releases that run in the cluster; ``kubernetes`` is its own, where another than the configured.

        Raises:
            ConfigurationError: the text is no release.
        """
        if kubernetes is None:
            return self.operators
        from chores_infra.kinds.operators import KUBERNETES, check_releases

        given = {KUBERNETES: kubernetes}
        check_releases(given)
        return {**self.operators, **given}


def find_configuration(start: Path) -> Configuration:
    """The configuration that holds in a folder: its own, or that of the nearest folder around it.

    The search ends at the root of the git repository. Where nothing is found, the defaults hold.

    Raises:
        ConfigurationError: a configuration is there and cannot be used.
    """
    start = start.absolute()
    for folder in (start, *start.parents):
        own = folder / FILE_NAME
        shared = folder / _PYPROJECT
        table = _table_of(shared) if shared.is_file() else None
        if own.exists() and table is not None:
            raise ConfigurationError(
                f"{own}: {_PYPROJECT} beside it has a table [tool.{_TABLE}] too; keep one of the two"
            )
        if own.exists():
            return read_configuration(own)
        if table is not None:
            return _checked(table, shared, f"tool.{_TABLE}.")
        if (folder / ".git").exists():
            break
    return Configuration(start, repository=start / DEFAULT_REPOSITORY)


def read_configuration(file: Path) -> Configuration:
    """Read one file: a ``chores-infra.toml``, or a ``pyproject.toml`` with our table.

    Raises:
        ConfigurationError: it cannot be read, or says something that is not understood.
    """
    if file.name == _PYPROJECT:
        table = _table_of(file)
        if table is None:
            raise ConfigurationError(f"{file}: there is no table [tool.{_TABLE}]")
        return _checked(table, file, f"tool.{_TABLE}.")
    return _checked(_parsed(file), file, "")


def nearest(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'shop'?`` when something that is known is close to a name, else nothing."""
    from difflib import get_close_matches

    found = get_close_matches(name, known, n=1)
    return f"; did you mean {found[0]!r}?" if found else ""


def _parsed(file: Path) -> dict[str, Any]:
    import tomllib

    if file.exists() and not (file.is_file() or file.is_dir()):
        # Reading a pipe would wait for whoever writes to it, and a device may never end.
        raise ConfigurationError(f"{file}: cannot be read: Not a regular file")
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{file}: is not UTF-8 at byte {error.start}") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigurationError(f"{file}: is no TOML: {error}") from None


def _table_of(pyproject: Path) -> dict[str, Any] | None:
    """Our table in a ``pyproject.toml``, or None where there is none."""
    try:
        if _TABLE not in pyproject.read_text(encoding="utf-8"):
            return None  # the usual case, and most of these files are not ours to complain about
    except (OSError, UnicodeDecodeError):
        return None
    tool = _parsed(pyproject).get("tool")
    table = tool.get(_TABLE) if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigurationError(f"{pyproject}: tool.{_TABLE}: expected a table, found {written(table)}")
    return table


def _checked(table: Mapping[str, Any], file: Path, prefix: str) -> Configuration:
    problems = list(_unknown_keys(table, prefix))
    folder = file.parent
    repository = table.get("repository", DEFAULT_REPOSITORY)
    if not isinstance(repository, str) or not repository.strip() or "\0" in repository:
        problems.append(f"{prefix}repository: expected the path of a folder, found {written(repository)}")
        repository = DEFAULT_REPOSITORY
    path = folder / repository
    if path.exists() and not path.is_dir():
        problems.append(f"{prefix}repository: {path} is no folder")
    apps = table.get("apps", {})
    if not isinstance(apps, dict):
        problems.append(f'{prefix}apps: expected a table of name = "module:Class", found {written(apps)}')
        apps = {}
    problems += _app_problems(apps, f"{prefix}apps.")
    operators = table.get("operators", {})
    problems += _operator_problems(operators, f"{prefix}operators")
    kinds = table.get("kinds", [])
    problems += _kind_problems(kinds, folder, f"{prefix}kinds")
    registry = table.get("registry")
    if registry is not None:
        problems += _registry_problems(registry, f"{prefix}registry")
    if problems:
        raise ConfigurationError("\n".join(f"{file}: {problem}" for problem in problems))
    checks = {key: table[key] for key in _CHECKS if key in table}
    return Configuration(
        folder,
        file,
        path,
        dict(apps),
        dict(operators),
        checks,
        tuple(folder / name for name in kinds),
        _registry(registry, folder),
    )


def _unknown_keys(table: Mapping[str, Any], prefix: str) -> Iterator[str]:
    known = ("apps", "operators", "repository", "registry", "kinds", *_CHECKS)
    for key in table:
        if key not in known:
            hint = nearest(key, known) or f"; the keys are {', '.join(known)}"
            yield f"{prefix}{key}: there is no such key{hint}"


def _app_problems(apps: Mapping[str, Any], prefix: str) -> Iterator[str]:
    from chores_infra.app_loading import is_reference

    places: list[Places] = []
    for name, reference in apps.items():
        if not isinstance(reference, str) or not is_reference(reference):
            expected = "expected 'module:Class' as in 'apps.shop:Shop'"
            yield f"{prefix}{name}: {expected}, found {written(reference)}"
        try:
            places += [Places(name, environment) for environment in Environment]
        except FileError as error:
            yield f"{prefix}{name}: {str(error).removeprefix(f'{error.file}: ')}"
    try:
        check_places(places)
    except FileError as error:
        yield f"{prefix.rstrip('.')}: {error}"


def _registry_problems(registry: object, where: str) -> Iterator[str]:
    known = isinstance(registry, str) and (
        registry in {"ecr", "none"} or registry.startswith(("https://", "http://", _SAVED))
    )
    if not known:
        yield f"{where}: expected ecr, a URL, file:PATH or none, found {written(registry)}"


def _registry(registry: str | None, folder: Path) -> str | None:
    """The registry, with the path of a file found from the folder of the configuration."""
    if registry is None or not registry.startswith(_SAVED):
        return registry
    return f"{_SAVED}{folder / registry.removeprefix(_SAVED)}"


def _kind_problems(kinds: object, folder: Path, where: str) -> Iterator[str]:
    if not isinstance(kinds, list) or not all(isinstance(name, str) and name.strip() for name in kinds):
        yield f"{where}: expected a list of folders, found {written(kinds)}"
        return
    for name in kinds:
        if "\0" in name or not (folder / name / _SCHEMAS / "index.json").is_file():
            yield f"{where}: {name!r} holds no kinds; make them: chores-infra kinds add FILE --into {name}"


def _operator_problems(operators: object, where: str) -> Iterator[str]:
    if not isinstance(operators, dict) or not all(isinstance(r, str) for r in operators.values()):
        yield f'{where}: expected a table of operator = "release", found {written(operators)}'
    elif operators:
        from chores_infra.kinds.operators import check_releases

        try:
            check_releases(operators)
        except ConfigurationError as error:
            yield f"{where}: {error}"
