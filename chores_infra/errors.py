"""Every error that chores_infra raises on purpose.

::

    ChoresInfraError                 exit code 2: it could not be done
    ├── ConstructError               an argument of a construct is wrong (construct path, argument)
    ├── ManifestError                a rendered manifest is not what the API server accepts
    ├── UnknownFieldError            a path that names no field of a kind
    ├── UnknownKindError             a name of no kind, or of several
    ├── HostError                    the cdk8s side cannot carry our constructs
    ├── ExecutorError                other processes or machines were to render apps, and did not
    ├── VersionError                 text that is no version, or may not be deployed where it was asked for
    ├── ConfigurationError           chores-infra.toml, or what it points at
    ├── DefinitionError              a CustomResourceDefinition of which no kind can be made
    ├── IntentError                  releases/<app>.yaml
    ├── PolicyError                  a policy in Rego that cannot be evaluated (file, line)
    ├── DrawingError                 a picture of a repository cannot be drawn
    ├── RegistryError                a registry of images cannot be asked, or what it says cannot be used
    │   └── RegistryUnavailableError it gave no answer, in time or at all
    ├── YamlError                    YAML that cannot be written or read without loss
    ├── GitError                     git cannot do what was asked, or there is no repository or revision
    ├── FileError                    a file or folder is in the way, unreadable or unsafe
    │   └── NotOurFileError          a file that we did not generate stands where one of ours belongs
    └── Refused                      exit code 1: it could be done, and a rule says no
        ├── HandEditsError           generated files were edited by hand
        ├── QuarantinedError         the version is quarantined
        ├── UncommittedError         the places of the app have changes that are not committed or not pushed
        ├── ConfigurationChangedError  the Python renders something else than what is deployed
        ├── FindingsError            the checks find errors in what would be written
        └── OvertakenError           somebody else changed the app's version first

An error carries what it is about as attributes, and its message says what to do next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, ClassVar, NamedTuple, Self

__all__ = [
    "ArgumentProblem",
    "ChoresInfraError",
    "ConfigurationChangedError",
    "ConfigurationError",
    "ConstructError",
    "DefinitionError",
    "DrawingError",
    "ExecutorError",
    "FileError",
    "FindingsError",
    "GitError",
    "HandEditsError",
    "HostError",
    "IntentError",
    "ManifestError",
    "NotOurFileError",
    "OvertakenError",
    "PolicyError",
    "QuarantinedError",
    "Refused",
    "RegistryError",
    "RegistryUnavailableError",
    "UncommittedError",
    "UnknownFieldError",
    "UnknownKindError",
    "VersionError",
    "YamlError",
]


class ChoresInfraError(Exception):
    """The root of the tree. ``exit_code`` is what the command line ends with.

    ``app`` is the name of the app that could not be planned or written, where it is one and known;
    ``environment`` is where, if it was to be planned in several and could not be in this one alone.
    """

    exit_code: ClassVar[int] = 2
    app: str | None = None
    environment: str | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        # Errors come back from the processes that render; most are not made from their message alone.
        return self._again, self.args, self.__dict__

    @classmethod
    def _again(cls, *args: object) -> Self:
        error = cls.__new__(cls, *args)
        error.args = args
        return error


class ArgumentProblem(NamedTuple):
    """One thing that is wrong with one argument: ``readiness.path`` and what to do about it.

    ``argument`` is empty when the problem is not about a single argument.
    """

    argument: str
    message: str

    def __str__(self) -> str:
        return f"{self.argument}: {self.message}" if self.argument else self.message


class ConstructError(ChoresInfraError):
    """One or more arguments of a construct are wrong; all of them are reported at once.

    ``path`` is the construct's path in its tree, ``chores-tracker/web``.
    """

    def __init__(self, path: str, problems: Sequence[ArgumentProblem]) -> None:
        self.path = path
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{path}: {problem}" for problem in self.problems))

    @classmethod
    def of(cls, path: str, argument: str, message: str) -> ConstructError:
        """Build the error for a single problem."""
        return cls(path, [ArgumentProblem(argument, message)])


class ManifestError(ChoresInfraError):
    """Rendered manifests that the API server would refuse; one line per problem."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class UnknownFieldError(ChoresInfraError):
    """A path that names no field of a kind. ``path`` is the text that was asked for."""

    def __init__(self, path: str, message: str) -> None:
        self.path = path
        super().__init__(f"{path}: {message}")


class UnknownKindError(ChoresInfraError):
    """A name of no kind that is known, or of several. ``name`` is the text that was asked for."""

    def __init__(self, name: str, message: str) -> None:
        self.name = name
        super().__init__(f"{name}: {message}")


class HostError(ChoresInfraError):
    """A foreign host (cdk8s) cannot do what was asked of it."""


class ExecutorError(ChoresInfraError):
    """Apps were to be rendered by other processes or machines, and something happened to those."""


class VersionError(ChoresInfraError):
    """Text that is no version, or a version that may not run in that environment."""


class ConfigurationError(ChoresInfraError):
    """The configuration file, or an app that it names, cannot be used."""


class DefinitionError(ChoresInfraError):
    """CustomResourceDefinitions of which no kinds can be made; one line per problem, with file and line."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class IntentError(ChoresInfraError):
    """A release intent file cannot be used."""


class PolicyError(ChoresInfraError):
    """A policy in Rego has an error, or takes too long."""


class DrawingError(ChoresInfraError):
    """A picture cannot be drawn, because the program that draws it is not there or fails."""


class RegistryError(ChoresInfraError):
    """A registry of images cannot be asked, or its answer cannot be used. No message holds a credential."""


class RegistryUnavailableError(RegistryError):
    """The registry gave no answer: none in time, no connection, or only that it is overloaded or broken."""


class YamlError(ChoresInfraError):
    """A value that YAML cannot carry without loss, or text that is no YAML.

    ``path`` addresses the value (``spec.replicas``) or is the file that was read; ``line`` and ``column``
    count from 1.
    """

    def __init__(
        self, message: str, *, path: str = "", line: int | None = None, column: int | None = None
    ) -> None:
        self.path = path
        self.line = line
        self.column = column
        place = ":".join(str(part) for part in (path, line, column) if part is not None)
        super().__init__(f"{place}: {message}" if place else message)


class FileError(ChoresInfraError):
    """A file or folder that cannot be read or written safely. ``file`` is its path."""

    def __init__(self, file: PurePath | str, message: str) -> None:
        self.file = Path(file)
        super().__init__(f"{file}: {message}")


class GitError(ChoresInfraError):
    """What git was asked cannot be done: there is no repository, no such revision, or git fails."""


class NotOurFileError(FileError):
    """A file without the generated-by line stands where one of ours belongs."""


class Refused(ChoresInfraError):  # noqa: N818  (the word for the outcome, not for a defect)
    """A rule says no; nothing was written."""

    exit_code: ClassVar[int] = 1


class HandEditsError(Refused):
    """Generated files were edited by hand since they were written. ``files`` names them."""

    def __init__(self, files: Sequence[str], message: str) -> None:
        self.files = tuple(files)
        super().__init__(message)


class QuarantinedError(Refused):
    """The version stands in the app's quarantine."""


class UncommittedError(Refused):
    """Files of the app are changed and not committed, or committed and not pushed. ``files`` names them."""

    def __init__(self, files: Sequence[str], message: str) -> None:
        self.files = tuple(files)
        super().__init__(message)


class ConfigurationChangedError(Refused):
    """The recorded version, rendered today, is not what is there: the Python has changed since.

    ``difference`` is the unified diff from what is there to what would be.
    """

    def __init__(self, message: str, difference: str) -> None:
        self.difference = difference
        super().__init__(f"{message}\n{difference}".rstrip("\n"))


class FindingsError(Refused):
    """The checks find errors in what would be written. ``findings`` are they, as JSON reports have them."""

    def __init__(self, what: str, findings: Sequence[Mapping[str, Any]]) -> None:
        self.findings = tuple(findings)
        count = "1 error" if len(findings) == 1 else f"{len(findings)} errors"
        super().__init__("\n".join([f"{what} would have {count}", *map(_line_of, findings)]))


class OvertakenError(Refused):
    """Somebody else changed the version of the app in this environment in the meantime."""


def _line_of(finding: Mapping[str, Any]) -> str:
    """A finding in one line, as the checks show it."""
    place = ":".join(str(finding[part]) for part in ("file", "line", "column") if finding[part] is not None)
    field = f" {finding['path']}" if finding["path"] else ""
    what = f"{finding['resource']}{field}: " if finding["resource"] else ""
    return f"{place}: [{finding['rule']}] {what}{finding['message']}; {finding['help']}"
