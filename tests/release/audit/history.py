"""A git repository that tests write: commits on branches, tags of both kinds, at any time."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from chores_infra.checks.finding import Finding
from chores_infra.release.audit.facts import Facts
from chores_infra.release.audit.gathering import Gathered
from chores_infra.release.audit.names import TagNames
from chores_infra.release.audit.running import audit

NOW = datetime(2025, 7, 1, tzinfo=UTC)


class History:
    """A repository on branch main; a day is a day of January 2025 and later."""

    def __init__(self, folder: Path, clone_of: History | None = None) -> None:
        self.folder = folder
        folder.mkdir()
        if clone_of is None:
            self.git("init", "--quiet", "--initial-branch=main")
        else:
            self.git("clone", "--quiet", clone_of.folder.as_uri(), ".")

    def git(self, *arguments: str, day: int = 1) -> str:
        moment = f"2025-{1 + (day - 1) // 28:02}-{1 + (day - 1) % 28:02}T12:00:00+00:00"
        who = {"NAME": "Test", "EMAIL": "test@example.com"}
        environment = {
            **os.environ,
            **{f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()},
            "GIT_AUTHOR_DATE": moment,
            "GIT_COMMITTER_DATE": moment,
        }
        done = subprocess.run(
            ["git", "-C", str(self.folder), *arguments],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
        )
        return done.stdout.strip()

    def commit(self, *tags: str, day: int = 1) -> str:
        """A commit with lightweight tags; answers its id."""
        self.git("commit", "--quiet", "--allow-empty", "-m", f"day {day}", day=day)
        for tag in tags:
            self.git("tag", tag)
        return self.git("rev-parse", "HEAD")

    def annotated(self, tag: str, day: int, commit: str = "HEAD") -> None:
        self.git("tag", "-a", "-m", tag, tag, commit, day=day)

    def on(self, branch: str, start: str) -> None:
        """Go on, on a new branch."""
        self.git("checkout", "--quiet", "-b", branch, start)

    def findings(self, form: str = "{version}") -> list[Finding]:
        """What an audit of the repository alone finds."""
        return list(audit(self.facts(form)).findings)

    def facts(self, form: str = "{version}") -> Facts:
        gathered = Gathered(NOW)
        gathered.add_source(str(self.folder), TagNames(form))
        return gathered.facts


def rules(findings: list[Finding]) -> list[tuple[str, str]]:
    """Rules, and what their findings are about; infos are left out."""
    return [(finding.rule, finding.resource) for finding in findings if finding.severity != "info"]
