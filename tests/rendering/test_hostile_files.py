"""Files that are made to exhaust a reader end in a problem, within the memory and work of a large file."""

from __future__ import annotations

import subprocess
import sys

import pytest

from chores_infra.rendering.reader import MAX_DOCUMENTS, read_source

LEVELS = 10_000


def bomb(width: int, depth: int) -> str:
    lines = [f"a0: &a0 [{', '.join('x' * width)}]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, depth)]
    return "\n".join(lines) + "\n"


def merge_bomb() -> str:
    keys = ", ".join(f"k{number}: 1" for number in range(2000))
    return f"base: &b {{{keys}}}\nall:\n" + ("- {<<: [" + ", ".join(["*b"] * 400) + "]}\n") * 2


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (bomb(10, 20), "limit"),
        (bomb(2, 60), "limit"),
        (merge_bomb(), "limit"),
        ("[" * LEVELS, "limit"),
        ("- " * LEVELS, "limit"),
        ("{a: " * LEVELS, "limit"),
        ("\n".join(" " * level + "a:" for level in range(LEVELS // 10)), "limit"),
        ("? " * LEVELS, "value"),
        ("x: " + "&a " * LEVELS, "syntax"),
        ("x: " + "!a " * LEVELS, "syntax"),
        ("a: &x [*x]\n", "value"),
        ("{<<: &x {<<: *x}}\n", "value"),
        ("- x\n" * 1_100_000, "limit"),
        ("---\n- x\n" * (MAX_DOCUMENTS + 10), "limit"),
        ("---\n" * 300_000, "limit"),
        ("a: '" + "x\n" * 200_000, "syntax"),
        ("a: [" + "x," * 100_000, "syntax"),
    ],
    ids=range(17),
)
def test_what_would_never_end_is_a_problem(text: str, rule: str) -> None:
    assert rule in {problem.rule for problem in read_source(text, "x.yaml").problems if problem.breaks}


@pytest.mark.parametrize(
    "text",
    [
        "a: |\n" + "  x\n" * 300_000,
        'a: "' + "\\n" * 1_000_000 + '"\n',
        "a: " + "x" * 5_000_000 + "\n",
        "# " + "x" * 5_000_000 + "\na: 1\n",
        "\n" * 500_000 + "a: 1\n",
        "# x\n" * 50_000 + "a: 1\n",
        "a: [" + "x, " * 100_000 + "]\n",
    ],
    ids=range(7),
)
def test_what_is_only_large_is_read(text: str) -> None:
    reading = read_source(text, "x.yaml")
    assert reading.problems == ()
    assert list(reading.documents[0].value) == ["a"]
    assert len(reading.documents[0].comments) == text.startswith("#") + (text[:5] == "# x\n#") * 49_999


def test_a_bomb_costs_no_more_memory_than_a_large_file() -> None:
    program = f"""
import pathlib, re, resource
from chores_infra.rendering.reader import read_source
assert read_source({bomb(10, 20)!r}).problems
assert read_source("[" * 2_000_000).problems
assert read_source('a: "' + 4_000_000 * {chr(92) * 2!r} + '{chr(92)}/"').problems
assert read_source("- x\\n" * 1_100_000).problems
# Where there is /proc: the peak that getrusage knows begins with what the process held that started this one.
status = pathlib.Path("/proc/self/status")
own = re.search("VmHWM:\\s+(\\d+)", status.read_text()) if status.exists() else None
print(own[1] if own else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(run.stdout) < 400_000, "kilobytes"
