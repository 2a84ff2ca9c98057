"""Let atheris look for bytes that the reader fails on: ``python tests/fuzz/reader_harness.py [CORPUS]``.

Every option of libFuzzer works. Whatever the bytes are, reading answers documents and problems: no exception,
every position within the text, every value one that JSON can hold.
"""

from __future__ import annotations

import json
import sys

import atheris

with atheris.instrument_imports(include=["chores_infra.rendering", "chores_infra.gitops"]):
    from chores_infra.gitops.classify import classify
    from chores_infra.rendering.reader import read_source

#: Files whose names say how they are read.
NAMES = ("a.yaml", "a.json", "Chart.yaml", ".github/a.yml")


def one_input(data: bytes) -> None:
    name = NAMES[data[0] % len(NAMES)] if data else NAMES[0]
    reading = read_source(data[1:], name)
    lines = reading.source.text.count("\n") + reading.source.text.count("\r") + 1
    for problem in reading.problems:
        assert problem.message
        assert 1 <= problem.line <= lines, problem
        assert problem.column >= 1
    for document in reading.documents:
        json.dumps(document.value, allow_nan=False)
        classify(document.value, name)
        document.position(())
        assert 1 <= document.position(()).line <= lines


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
