"""Files that were made to hurt end in a finding or exit code 2, and never in much memory or a traceback."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra.gitops.classify import classify
from chores_infra.rendering.reader import read_source

MOST_MEMORY = 600
"""MB; a repository of 386 files takes 74."""
_MEASURE = """
import resource, sys
from chores_infra.cli import main
code = main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
sys.exit(code)
"""
MANIFEST = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: shop\ndata:\n"


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


def validate(tree: Path, format_: str = "json", command: Sequence[str] = ("validate",)) -> Outcome:
    """Run it in a process of its own that may not have much more memory than is allowed for."""
    limit = (MOST_MEMORY + 1500) << 20  # of addresses, which libraries take many of

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, *command, str(tree), "--format", format_],
        cwd=tree.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=limited,
    )
    assert "Traceback" not in done.stderr
    assert "should not happen" not in done.stderr
    if done.returncode == 2:
        assert done.stderr.count("\n") <= 4
    *said, peak = done.stderr.strip().splitlines()
    assert int(peak) <= MOST_MEMORY
    return Outcome(done.returncode, done.stdout, "\n".join(said))


def alias_bomb() -> bytes:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join(lines).encode()


def merge_bomb() -> bytes:
    lines = ["a0: &a0 {" + ", ".join(f"k{n}: {n}" for n in range(1000)) + "}"]
    lines += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 50)}], own{n}: 1}}" for n in range(1, 40)]
    return "\n".join(lines).encode()


SMALL: dict[str, Callable[[], bytes]] = {
    "deep-flow": lambda: b"[" * 3_000_000,
    "deep-blocks": lambda: b"".join(b" " * n + b"a:\n" for n in range(1500)),
    "deep-indicators": lambda: b"- " * 500_000,
    "no-utf-8": lambda: MANIFEST.encode() + b"  a: \xff\xfe\x80\n",
    "half-of-utf-16": lambda: b"\xff\xfe" + MANIFEST.encode("utf-16-le")[:-1],
    "null-bytes": lambda: b"\0" * 1_000_000,
    "long-number": lambda: MANIFEST.encode() + b"  a: " + b"9" * 1_000_000 + b"\n",
    "open-quote": lambda: b"a: '" + b"{{" * 2_000_000,
    "control": lambda: MANIFEST.encode() + b"  a: 1 # \x1b]0;owned\x07 ::error::x %0A\n",
}
LARGE: dict[str, Callable[[], bytes]] = {
    "aliases": alias_bomb,
    "merges": merge_bomb,
    "many-keys": lambda: b"".join(b"k%d: 1\n" % n for n in range(510_000)),
    "many-documents": lambda: b"---\na: 1\n" * 200_000,
    "long-line": lambda: MANIFEST.encode() + b"  a: " + b"x" * 15_000_000,
    "a-hundred-megabytes": lambda: MANIFEST.encode() + b"  a: x\n" * 15_000_000,
}


def tree_of(folder: Path, files: dict[str, Callable[[], bytes]]) -> Path:
    tree = folder / "base"
    tree.mkdir()
    for name, made in files.items():
        (tree / f"{name}.yaml").write_bytes(made())
    (tree / "good.yaml").write_text(MANIFEST.replace("name: a", "name: good") + "  a: 1\n")
    return tree


def named(done: Outcome) -> set[str]:
    """The files that there are findings about."""
    return {Path(finding["file"]).stem for finding in json.loads(done.out)["findings"]}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_hostile_file_is_a_finding_within_bounded_memory(tmp_path: Path, name: str) -> None:
    done = validate(tree_of(tmp_path, {name: LARGE[name]}))

    assert done.code == 1
    # The file beside it is read all the same.
    assert named(done) >= {name, "good"}


def test_a_large_file_that_is_right_is_no_finding_and_takes_no_more_memory(tmp_path: Path) -> None:
    anchors = b"".join(b"- &a%d x\n" % number for number in range(150_000))

    done = validate(tree_of(tmp_path, {"anchors": lambda: anchors}))

    assert "anchors" not in {Path(each["file"]).stem for each in json.loads(done.out)["findings"]}


def test_every_small_hostile_file_is_a_finding(tmp_path: Path) -> None:
    done = validate(tree_of(tmp_path, SMALL))

    assert done.code == 1
    assert named(done) >= {*SMALL, "good"}


@pytest.mark.parametrize("format_", ["text", "sarif", "junit", "github"])
def test_every_format_reports_hostile_files(tmp_path: Path, format_: str) -> None:
    done = validate(tree_of(tmp_path, SMALL), format_)

    assert done.code == 1
    for name in ("deep-flow", "no-utf-8", "null-bytes"):
        assert name in done.out
    assert not {char for char in done.out if ord(char) < 32} - set("\n\t")
    if format_ == "sarif":
        json.loads(done.out)
    if format_ == "junit":
        ElementTree.fromstring(done.out)
    if format_ == "github":
        assert {line.split(" ", 1)[0] for line in done.out.splitlines()} <= {
            "::error",
            "::warning",
            "::notice",
        }


def test_nothing_leads_out_of_the_tree_and_nothing_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text(MANIFEST + "  password: hunter2-is-outside\n")
    tree = tree_of(tmp_path, {})
    (tree / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (tree / "folder.yaml").symlink_to(tmp_path)
    (tree / "circle.yaml").symlink_to(tree)
    (tree / "endless.yaml").symlink_to("/dev/zero")
    os.mkfifo(tree / "pipe.yaml")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(tree / "socket.yaml"))
        done = validate(tree)

    assert done.code == 1
    assert named(done) >= {"link", "folder", "circle", "endless", "pipe", "socket", "good"}
    assert "hunter2" not in done.out


def test_a_file_that_grows_meanwhile_ends(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {})
    stop = threading.Event()

    def grow() -> None:
        with (tree / "growing.yaml").open("ab") as file:
            while not stop.is_set() and file.tell() < 200 << 20:
                file.write(b"a: 1\n" * 100_000)

    growing = threading.Thread(target=grow)
    growing.start()
    try:
        done = validate(tree)
    finally:
        stop.set()
        growing.join()

    assert done.code == 1
    assert named(done) >= {"growing", "good"}


@pytest.mark.parametrize("path", ["/dev/zero", "pipe", "missing"])
@pytest.mark.parametrize("command", ["validate", "graph"])
def test_what_is_no_tree_is_exit_code_2(tmp_path: Path, path: str, command: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    place = tmp_path / path  # an absolute path stays what it is

    done = validate(place, command=(command,))

    assert done.code == 2
    assert str(place) in done.err


@given(st.binary(max_size=400))
def test_any_bytes_are_read_to_documents_and_problems(data: bytes) -> None:
    for name in ("a.yaml", "a.json"):
        reading = read_source(data, name)

        lines = len(reading.source.text) + 1
        assert all(problem.message and 1 <= problem.line <= lines for problem in reading.problems)
        for document in reading.documents:
            json.dumps(document.value, allow_nan=False)


_PIECES = ["a", "b", ": ", "- ", "\n", "  ", "&x ", "*x", "<<", "[", "]", "{", "}", ",", "? ", "|\n", ">-\n"]
_MORE = [
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "!!binary ",
    "!t ",
    '"',
    "'",
    "\\",
    "#",
    " #",
    "\t",
    "\r",
    "0x",
    "1e3",
]
_ODD = ["\ufeff", "\u2028", "\x85", "\x00", "\ud800", "\U0001f600", "~", "null", ".inf", "<<<<<<< x\n"]


@given(st.lists(st.sampled_from(_PIECES + _MORE + _ODD), max_size=60).map("".join))
def test_any_mixture_of_what_yaml_is_made_of_is_read(text: str) -> None:
    reading = read_source(text, "a.yaml")

    for document in reading.documents:
        json.dumps(document.value, allow_nan=False)
        classify(document.value, "a.yaml")
    for problem in reading.problems:
        assert problem.message
        assert problem.line >= 1
        assert problem.column >= 1
