"""The two sides of a comparison as files, and the manifests in those that differ.

Files with the same bytes on both sides are never parsed: of a large repository little changes at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from chores_infra.diff.alike import Alike
from chores_infra.diff.comparing import compare
from chores_infra.diff.model import Comparison, Located
from chores_infra.diff.parts import differing_documents
from chores_infra.errors import FileError
from chores_infra.gitops.roles import Role
from chores_infra.gitops.tree import TreeFile, contexts_of, no_collecting, read_file
from chores_infra.gitops.walking import MAX_BYTES, FoundFile, is_yaml_or_json, walk

if TYPE_CHECKING:
    from chores_infra.git import Repository

__all__ = ["Side", "compare_sides", "folder_side", "located_in", "revision_side", "text_side"]

_FEEDS: Final = frozenset(
    {
        Role.HELM_CHART,
        Role.HELM_VALUES,
        Role.HELM_TEMPLATE,
        Role.TEMPLATE,
        Role.KUSTOMIZATION,
        Role.KUSTOMIZE_PATCH,
    }
)
"""What manifests are rendered from."""


class Side(NamedTuple):
    """One side of a comparison.

    - ``files``: its files by their paths, with ``/``. One that was not read (no YAML or JSON, a link, too
      large) has no data.
    - ``single``: it is one file, whatever its name.
    - ``scope``: what it is about: files, and folders with what is right inside of them; empty is all.
    - ``warnings``: what somebody should know of it.
    """

    files: Mapping[str, FoundFile]
    single: bool = False
    scope: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()

    def within(self, scope: frozenset[str]) -> Side:
        """What of it is in the scope of the other side; all of it if that has none, or it has one itself."""
        if not scope or self.scope:
            return self
        inside = (path for path in self.files if path in scope or path.rpartition("/")[0] in scope)
        return self._replace(files={path: self.files[path] for path in inside})


def folder_side(path: Path) -> Side:
    """A folder, or a single file.

    Raises:
        FileError: it is neither, or cannot be opened.
    """
    files = {file.path: file for file in walk(path)}
    warnings = tuple(str(file.problem) for file in files.values() if file.problem is not None)
    return Side(files, single=path.is_file(), warnings=warnings)


def text_side(texts: Mapping[PurePosixPath, str]) -> Side:
    """Files that were never written, such as those of an app that was rendered."""
    return Side({str(path): FoundFile(str(path), text.encode()) for path, text in texts.items()})


def revision_side(repository: Repository, revision: str, path: PurePosixPath) -> Side:
    """A folder or a file of a git repository at a revision.

    Args:
        repository: where it is.
        revision: a branch, a tag, a commit.
        path: from the root of the repository.

    Raises:
        GitError: there is no such revision, or git fails.
        FileError: there is nothing at the path.
    """
    entries = repository.entries(repository.commit(revision), path)
    if not entries:
        raise FileError(path, f"there is no such file or folder at {revision} in {repository.root}")
    single = len(entries) == 1 and entries[0].path == str(path)
    base = path.parent if single else path
    readable = [
        entry
        for entry in entries
        if entry.is_file and entry.size <= MAX_BYTES and is_yaml_or_json(entry.path.rpartition("/")[2])
    ]
    contents = dict(
        zip(
            (entry.path for entry in readable),
            repository.contents([entry.blob for entry in readable]),
            strict=True,
        )
    )
    found = {}
    for entry in entries:
        name = PurePosixPath(entry.path).relative_to(base).as_posix()
        found[name] = FoundFile(name, contents.get(entry.path))
    return Side(found, single)


def compare_sides(before: Side, after: Side) -> Comparison:
    """What differs between two sides, in meaning; and the files that differ as text alone.

    Two single files are compared whatever their names are.
    """
    if before.single and after.single:
        (name,), (old,) = after.files, before.files.values()
        before = Side({name: old._replace(path=name)}, single=True)
    changed = {
        path for path in before.files.keys() | after.files.keys() if _data(before, path) != _data(after, path)
    }
    text_only = sorted(path for path in changed if path in before.files and path in after.files)
    alike = Alike()
    parts = _parts(before, after, text_only, alike)
    left = [located for one, _ in parts.values() for located in one]
    right = [located for _, other in parts.values() for located in other]
    whole = changed - parts.keys()
    left += located_in(before, whole, alike)
    right += located_in(after, whole, alike)
    return compare(left, right, text_only=text_only)


def _parts(
    before: Side, after: Side, paths: Iterable[str], alike: Alike
) -> dict[str, tuple[list[Located], list[Located]]]:
    """Files of which only the documents that differ were read, by their paths."""
    contexts = [contexts_of(side.files.values()) for side in (before, after)]
    found = {}
    for path in paths:
        if all(context.of(path) is None for context in contexts):
            documents = differing_documents(before.files[path], after.files[path], alike)
            if documents is not None:
                found[path] = documents
    return found


def located_in(side: Side, paths: Iterable[str] | None = None, alike: Alike | None = None) -> list[Located]:
    """The manifests, and other documents, of some files of a side; of all of them if none are named.

    ``alike`` are files that were read before; those that are like one of them need not be parsed.
    """
    alike = Alike() if alike is None else alike
    contexts = contexts_of(side.files.values())
    found: list[Located] = []
    with no_collecting():
        for path in sorted(side.files if paths is None else side.files.keys() & set(paths)):
            file, what = side.files[path], contexts.of(path)
            known = alike.derived(file) if what is None else None
            if known is None:
                read = read_file(file, what)
                known = [*_located(read)]
                if what is None:
                    alike.add(file, read, known)
            found += known
    return found


def _data(side: Side, path: str) -> bytes | None:
    file = side.files.get(path)
    return None if file is None else file.data


def _located(file: TreeFile) -> Iterator[Located]:
    for number, (document, what) in enumerate(file.documents, start=1):
        role, line = what.role, document.line
        if role is Role.MANIFEST:
            yield Located(document.value, file.path, line)
        elif role is Role.LIST:
            for index, item in enumerate(document.value["items"]):
                if isinstance(item, dict):
                    yield Located(item, file.path, document.position(("items", index)).line)
        elif role is not Role.EMPTY:
            name = file.path if number == 1 else f"{file.path}#{number}"
            yield Located(_as_object(document.value), file.path, line, "", name, role in _FEEDS)
    if file.source is not None and _is_text(file):
        feeds = file.what is None or file.what.role in _FEEDS or file.what.role is Role.BROKEN
        yield Located({"text": file.source.text}, file.path, 1, "", f"{file.path} (text)", feeds)


def _is_text(file: TreeFile) -> bool:
    """Whether a file is no YAML, or not all of it: then its text alone tells what changed."""
    if file.what is not None and file.what.role in (Role.HELM_TEMPLATE, Role.TEMPLATE, Role.BROKEN):
        return True
    return any(problem.breaks for problem in file.problems)


def _as_object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {"content": value}
