"""Evaluate policies in a process of its own, which is allowed little: run by ``evaluating.py``.

A policy may be anybody's. The engine has no network and no files; here it gets no environment, a bounded
memory and a bounded time for each input, and when it is ended nothing else is. Standard input has one JSON
object; standard output gets a line of JSON for each input, and one for an error; standard error what the
engine prints.
"""

import json
import os
import sys
import threading
import time
from typing import Any, TextIO

TOO_LONG = 3
TOO_LARGE = 4
"""How the process ends; see `evaluating.py`."""


class Watch:
    """Ends the process when an input takes too long, or everything together too much memory.

    A limit of the operating system would not do: the engine reserves more addresses than there is memory.
    """

    def __init__(self, seconds: float, memory: int) -> None:
        self._seconds = seconds
        self._memory = memory
        self.begin()
        threading.Thread(target=self._look, daemon=True).start()

    def begin(self) -> None:
        """The time of an input begins."""
        self._until = time.monotonic() + self._seconds

    def _look(self) -> None:
        while True:
            time.sleep(0.05)
            if time.monotonic() > self._until:
                os._exit(TOO_LONG)
            if _memory_used() > self._memory:
                os._exit(TOO_LARGE)


def main() -> None:
    """Read what is to be evaluated, and answer."""
    job = json.load(sys.stdin)
    # The engine prints where an error stands, and says so nowhere else.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.path[:] = job["path"]
    from regopy import Interpreter, RegoError
    from regopy import rego_shared as rego

    watch = Watch(job["seconds"], job["memory"])
    try:
        engine = Interpreter()
        for number, text in enumerate(job["modules"]):
            engine.add_module(f"module{number}", text)
        engine.add_data(job["data"])
        engine.set_input({})
        _read(rego, rego.rego_query(engine._impl, "data"))  # `build` crashes where one cannot be compiled
        bundle = engine.build(None, job["entries"])
        for given, entries in job["inputs"]:
            watch.begin()
            engine.set_input(given)
            _answer(
                answers,
                [
                    _read(
                        rego,
                        rego.rego_bundle_query_entrypoint(engine._impl, bundle._impl, job["entries"][entry]),
                    )
                    for entry in entries
                ],
            )
    except (RegoError, EvaluationError) as error:
        _answer(answers, {"error": str(error)})


class EvaluationError(Exception):
    """What the engine says where it cannot evaluate an entry."""


def _read(rego: Any, output: Any) -> Any:
    """What a query gives; None where that is undefined.

    The library's own way leads through JSON, in which the engine does not quote all texts rightly, so its
    nodes are read.
    """
    try:
        text = rego.rego_output_string(output)
        if text == "undefined":
            return None
        if not text.startswith("{"):  # the engine calls it a success
            raise EvaluationError(text)
        return _value(rego, rego.rego_output_expressions_at_index(output, 0))[0]
    finally:
        rego.rego_free_output(output)


def _value(rego: Any, node: Any) -> Any:
    """What a node stands for. ``deny[msg] { ... }`` of old Rego is an object: its keys are the messages."""
    from regopy import NodeKind

    kind = rego.rego_node_type(node)
    inner = [rego.rego_node_get(node, number) for number in range(rego.rego_node_size(node))]
    if kind in {NodeKind.Term, NodeKind.Scalar}:
        return _value(rego, inner[0])
    if kind in {NodeKind.Terms, NodeKind.Array, NodeKind.Set}:
        return [_value(rego, each) for each in inner]
    if kind == NodeKind.Object:
        pairs = [[_value(rego, rego.rego_node_get(item, part)) for part in (0, 1)] for item in inner]
        if all(isinstance(key, str) for key, _ in pairs):
            return dict(pairs)
        return [key for key, holds in pairs if holds is True]
    if kind == NodeKind.Null:
        return None
    text = rego.rego_node_value(node)
    return _text(text) if kind == NodeKind.String else json.loads(text)


def _text(text: str) -> str:
    """A text, which the engine gives as it stands in JSON, with or without its quotes."""
    for written in (text, f'"{text}"'):
        try:
            read = json.loads(written)
        except ValueError:
            continue
        if isinstance(read, str):
            return read
    return text


def _answer(stream: TextIO, answer: Any) -> None:
    stream.write(json.dumps(answer) + "\n")
    stream.flush()


def _memory_used() -> int:
    """The most that this process has had, in bytes."""
    try:
        import resource
    except ImportError:  # not on Windows
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


if __name__ == "__main__":
    main()
