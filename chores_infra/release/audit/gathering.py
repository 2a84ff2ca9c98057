"""Find out what an audit is to look at. What cannot be found out is said, with the rules that need it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from chores_infra.git import Repository
from chores_infra.git.masking import masked
from chores_infra.git.program import attempt
from chores_infra.release.app_repository import open_app_repository, read_tags
from chores_infra.release.audit.ancestry import read_ancestry, read_branches
from chores_infra.release.audit.deployed import built_from
from chores_infra.release.audit.deployments import Deployment, read_deployments, read_image_deployments
from chores_infra.release.audit.facts import AppRepository, Facts, Images, Infrastructure
from chores_infra.release.audit.names import TagNames, other_streams
from chores_infra.release.infrastructure import open_infrastructure
from chores_infra.release.registries.image import Registry

__all__ = ["Gathered"]

_SHALLOW: Final = "because the clone of {} is shallow (git fetch --unshallow --tags)"


class Gathered:
    """The facts, and what could not be found out: reasons, each with how many rules it concerns."""

    def __init__(self, now: datetime) -> None:
        self.facts = Facts(now)
        self.not_checked: dict[str, int] = {}

    def add_source(self, where: str, names: TagNames) -> None:
        """Look at the application's own repository: a path or a URL. The infrastructure's comes before it.

        Raises:
            GitError: it is no repository, or cannot be cloned.
        """
        name = masked(where)
        with open_app_repository(where) as repository:
            tags = read_tags(repository)
            branches = read_branches(repository)
            shallow = repository.is_shallow
            source = AppRepository(name, names, tags, branches=branches)
            commits = [named.tag.commit for named in source.versions]
            asked = [*commits, *(tag.commit for tag in tags), *branches.main, *branches.lines]
            if shallow:
                self._say(f"rules {_SHALLOW.format(name)}", 4)
            else:
                source.ancestry = read_ancestry(repository, asked)
                source.missing = self._missing(repository)
        if not branches.main and not shallow:
            self._say(f"rule because {name} has no main branch here (git fetch it, or check one out)", 1)
        if not source.versions:
            streams = other_streams(tag.name for tag in tags)
            hint = f"; there are {', '.join(f'{each}{{version}}' for each in streams[:5])}" if streams else ""
            self._say(f"rules because {name} has no tag of the form {names.text}{hint}", 8)
        self.facts = self.facts._replace(source=source)

    def add_registry(self, name: str, names: TagNames, registry: Registry) -> None:
        """Look at every image of a registry.

        Raises:
            RegistryError: it cannot be asked.
        """
        self.facts = self.facts._replace(registry=Images(name, names, tuple(registry.images())))

    def add_infrastructure(self, where: str | Path, app: str, image: Callable[[], str]) -> None:
        """Look at the infrastructure repository: a path or a URL.

        Args:
            where: the path or the URL.
            app: whose releases to look at.
            image: gives the repository of its images, by which its manifests are known without an intent.

        Raises:
            FileError, IntentError: the intent cannot be read.
            GitError: the URL cannot be cloned.
        """
        with open_infrastructure(where, app, whole=True) as opened:
            deployments: Sequence[Deployment] = ()
            if opened.git is None:
                self._say(f"rules about the past because {opened.name} is in no git repository", 2)
            else:
                deployments = read_deployments(opened.git, opened.intent_file)
                if opened.git.is_shallow:
                    self._say(f"rules about the past {_SHALLOW.format(opened.name)}", 2)
            file = str(Path(opened.name) / "releases" / opened.intent_file.name)
            intent = opened.intent
            if opened.git is not None and not intent.environments:
                history = read_image_deployments(opened.git, opened.folder, app, image())
                deployments, intent = history[0], intent._replace(environments=history[1])
            said = Infrastructure(file, opened.text, intent, deployments)
        self.facts = self.facts._replace(infrastructure=said)

    def _missing(self, repository: Repository) -> frozenset[str]:
        """The commits that what runs was built from, and that the application's repository does not have."""
        infrastructure = self.facts.infrastructure
        commits = built_from(infrastructure).values() if infrastructure else ()
        return frozenset(
            commit
            for commit in commits
            if attempt(repository.root, ["cat-file", "-e", f"{commit}^{{commit}}"]).code
        )

    def _say(self, reason: str, rules: int) -> None:
        self.not_checked[reason] = rules
