"""Comments that are attached to fields, kept as a tree so that the writer finds them on its way down."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from chores_infra.errors import YamlError
from chores_infra.rendering.field_path import FieldPath, format_path, parse_path
from chores_infra.rendering.scalars import FORBIDDEN

__all__ = ["CommentTree", "comment_tree", "is_one_line"]

_FORBIDDEN = re.compile(f"(?!\t)[{FORBIDDEN}]")


class CommentTree:
    """The comment of one field, and those of the fields below it."""

    __slots__ = ("_below", "_written", "text")

    def __init__(self) -> None:
        self.text: str | None = None
        self._below: dict[str | int, CommentTree] = {}
        self._written = False

    def below(self, step: str | int) -> CommentTree | None:
        """The tree of one key or index, or None where no comment is below it."""
        return self._below.get(step)

    def write(self, indent: str, out: list[str]) -> None:
        """Append the comment's lines, if this field has one."""
        self._written = True
        if self.text is not None:
            out.extend(f"{indent}# {line}".rstrip() + "\n" for line in self.text.splitlines() or [""])

    def check_all_written(self) -> None:
        """Raise YamlError if a comment is on a field that the document does not have."""
        for path, tree in self._walk(()):
            if tree.text is not None and not tree._written:
                raise YamlError(
                    "there is a comment for this field, and no such field", path=format_path(path)
                )

    def put(self, path: FieldPath, text: str) -> None:
        """Attach a comment to the field at `path`."""
        tree = self
        for step in path:
            tree = tree._below.setdefault(step, CommentTree())
        tree.text = text

    def _walk(self, path: FieldPath) -> Iterator[tuple[FieldPath, CommentTree]]:
        yield path, self
        for step, tree in self._below.items():
            yield from tree._walk((*path, step))


def is_one_line(text: str) -> bool:
    """Whether a text has no character that a reader could take for the end of a line, or not see at all."""
    return _FORBIDDEN.search(text) is None


def comment_tree(comments: Mapping[FieldPath | str, str]) -> CommentTree:
    """The tree of comments by field path.

    Raises:
        YamlError: a path that is none, or a comment with a character that could end its line unseen.
    """
    root = CommentTree()
    for key, text in comments.items():
        path = parse_path(key) if isinstance(key, str) else key
        # splitlines ends a line wherever any parser does: at CR, NEL, LS and PS too.
        if not all(map(is_one_line, text.splitlines())):
            raise YamlError(f"the comment {text!r:.80} has an invisible character", path=format_path(path))
        root.put(path, text)
    return root
