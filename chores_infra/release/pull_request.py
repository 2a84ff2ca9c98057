"""What a pull request says that moves a version: title, and a body in Markdown with the difference."""

from __future__ import annotations

from typing import NamedTuple

from chores_infra.diff.reports.markdown import LONGEST, render
from chores_infra.release.messages import NO_VERSION
from chores_infra.release.move import Move

__all__ = ["PullRequest", "describe"]


class PullRequest(NamedTuple):
    """Its title, and its body in Markdown."""

    title: str
    body: str


def describe(move: Move) -> PullRequest:
    """Describe a move for those who review it."""
    title, _, _ = move.message.partition("\n")
    previous = NO_VERSION if move.previous is None else str(move.previous.release)
    facts = [
        ("app", f"`{move.app}`"),
        ("environment", move.environment.value),
        ("version", f"{previous} → **{move.running.release}**"),
        ("image", f"`{move.running.tag}` `{move.image.digest}`" if move.image.digest else ""),
        ("commit", f"`{move.image.commit}`" if move.image.commit else ""),
    ]
    rows = [f"| {name} | {value} |" for name, value in facts if value]
    head = "\n".join(["| | |", "|---|---|", *rows, "", ""])
    return PullRequest(title, head + render(move.comparison(), longest=LONGEST - len(head)))
