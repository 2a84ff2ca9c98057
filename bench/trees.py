"""What is validated: the largest GitOps tree of the shared data, and copies of it that do not collide."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chores_infra.gitops.tree import GitOpsTree, read_tree

#: The environment variable that says where the shared data is: real trees in ``corpus``, ``crds`` beside it.
SHARED = "CHORES_INFRA_SHARED"
#: Every cluster has these.
_EVERYWHERE = {"default", "kube-system", "kube-public"}


def shared(name: str) -> Path | None:
    """A folder of the shared data, or None where it is not."""
    root = os.environ.get(SHARED)
    folder = Path(root, name).absolute() if root else None
    return folder if folder is not None and folder.is_dir() else None


def largest(corpus: Path) -> Path:
    """The tree with most files; of equal ones the first by name."""
    trees = sorted(folder.parent for folder in corpus.rglob("base-apps") if folder.is_dir())
    return max(trees, key=lambda tree: sum(1 for _ in tree.rglob("*")))


def copies(tree: Path, target: Path, count: int) -> None:
    """Write a tree ``count`` times below ``target``: once as it is, or each with names of its own.

    Wherever they are named, objects and namespaces of copy 7 end with ``-c07``, its hosts and the groups of
    the kinds that it defines begin with ``c07.``, and its Applications read its own folders. Everything else
    of the text stays, comments too.
    """
    if count == 1:
        shutil.copytree(tree, target)
        return
    words = Words.of(read_tree(tree), {folder.name for folder in tree.iterdir() if folder.is_dir()})
    files = {file.relative_to(tree): file.read_bytes() for file in tree.rglob("*") if file.is_file()}
    for number in range(count):
        renamed = Renaming(f"c{number:02d}", words)
        for path, data in files.items():
            file = target / renamed.mark / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(renamed.text(data.decode("utf-8")).encode())


@dataclass(frozen=True, slots=True)
class Words:
    """What differs between copies: names of objects, hosts of routes, groups of definitions, folders."""

    names: set[str]
    hosts: set[str]
    groups: set[str]
    folders: set[str]

    @classmethod
    def of(cls, tree: GitOpsTree, folders: set[str]) -> Words:
        words = cls(set(), set(), set(), folders)
        for manifest in tree.manifests():
            metadata = manifest.value.get("metadata")
            words.hosts.update(_hosts(manifest.value))
            if manifest.value["kind"] == "CustomResourceDefinition":  # its name is made of its group
                words.groups.add(manifest.value["spec"]["group"])
            elif isinstance(metadata, dict):
                found = (metadata.get(key) for key in ("name", "namespace"))
                words.names.update(text for text in found if isinstance(text, str))
        words.names.difference_update(_EVERYWHERE)
        return words


class Renaming:
    """Gives the words in a text the mark of one copy."""

    def __init__(self, mark: str, words: Words) -> None:
        self.mark = mark
        name, host, group, folder = map(_one_of, (words.names, words.hosts, words.groups, words.folders))
        # The host of a Service inside the cluster is its name and its namespace.
        self._patterns = (
            (re.compile(rf"(?<![\w./*-])((?:\*\.)?)({host})(?![\w.-])"), rf"\1{mark}.\2"),
            (re.compile(rf"(?<![\w-])({group})(?![\w.-])"), rf"{mark}.\1"),
            (re.compile(rf"(?<![\w.-])({name})(?=\.[a-z0-9-]+\.svc\b)"), rf"\1-{mark}"),
            (re.compile(rf"(?<=\.)({name})(?=\.svc\b)"), rf"\1-{mark}"),
            (
                re.compile(rf"(?<=[\s'\"\[,])({name})(?=['\"]?[ \t]*(?:$|[,}}\]]|#))", re.MULTILINE),
                rf"\1-{mark}",
            ),
            (re.compile(rf"(\bpath:[ \t]*['\"]?)({folder})(?=/|\b)"), rf"\1{mark}/\2"),
        )

    def text(self, text: str) -> str:
        """A text with the names of this copy."""
        for pattern, replacement in self._patterns:
            text = pattern.sub(replacement, text)
        return text


def _one_of(words: set[str]) -> str:
    """A pattern for any of some words, the longest that fits; without words one that fits nothing."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or r"(?!)"


def _hosts(value: Any) -> Iterator[str]:
    """Every host name in the fields that routes have for it, without the asterisk."""
    if isinstance(value, list):
        for inner in value:
            yield from _hosts(inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            found = [inner] if key in {"host", "hostname"} else inner if key in {"hosts", "hostnames"} else ()
            yield from (text.removeprefix("*.") for text in found if isinstance(text, str) and "." in text)
            yield from _hosts(inner)
