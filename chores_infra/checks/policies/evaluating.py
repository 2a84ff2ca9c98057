"""Evaluate policies over documents, with the engine ``regopy`` (rego-cpp), in a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

from chores_infra.checks.policies.files import Declared, PolicyFile
from chores_infra.checks.policies.worker import TOO_LARGE, TOO_LONG
from chores_infra.errors import ConfigurationError, PolicyError

__all__ = ["Message", "evaluate"]

_SECONDS: Final = 10
"""How long one document may take."""
_ALL_SECONDS: Final = 600
_MEMORY: Final = 1 << 30
_LONGEST: Final = 1_000
"""Characters of a message."""
_MOST: Final = 1_000
"""Messages of one rule about one document."""
_KEPT: Final = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What the process needs of the environment to start; policies can read it."""

_PRINTED: Final = re.compile(r"^(?P<message>\S.*)\n-- module(?P<file>\d+):(?P<line>\d+):\d+$", re.MULTILINE)
_ERROR: Final = re.compile(r"\(errormsg \d+:(.*?)\)\s*(?:\(|\Z)", re.DOTALL)
_UNBOUND: Final = "Invalid bracket argument"


class Message(NamedTuple):
    """What a rule says about an input; ``details`` are all of it where it is an object."""

    text: str
    details: Mapping[str, Any]


def evaluate(
    files: Sequence[PolicyFile],
    rules: Sequence[Declared],
    inputs: Sequence[tuple[Any, Sequence[Declared]]],
    data: Mapping[str, Any],
) -> list[dict[str, list[Message]]]:
    """The messages for each input, by the ids of the rules that are asked about it.

    Args:
        files: the policies.
        rules: all rules that they declare.
        inputs: documents, each with the rules that get it.
        data: what policies see as ``data``.

    Raises:
        PolicyError: a policy has errors, or takes too long or too much memory.
        ConfigurationError: the engine is not installed.
    """
    if find_spec("regopy") is None:
        raise ConfigurationError(
            "policies need the engine regopy: pip install 'chores-infra[policy]' installs it"
        )
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    answers = _answers(
        {
            "path": [os.path.abspath(entry) for entry in sys.path if entry],  # noqa: PTH100
            "memory": _MEMORY,
            "seconds": _SECONDS,
            "modules": [file.text for file in files],
            "entries": [rule.entry for rule in rules],
            "data": data,
            "inputs": [[given, [numbers[rule.id] for rule in asked]] for given, asked in inputs],
        },
        files,
        rules,
    )
    return [
        {rule.id: _messages(rule, value) for rule, value in zip(asked, answer, strict=True)}
        for (_, asked), answer in zip(inputs, answers, strict=True)
    ]


def _answers(
    job: Mapping[str, Any], files: Sequence[PolicyFile], rules: Sequence[Declared]
) -> list[list[Any]]:
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(Path(__file__).with_name("worker.py"))],
            input=json.dumps(job),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            timeout=_ALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PolicyError(f"{files[0].name}: the policies take longer than {_ALL_SECONDS} seconds") from None
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if answers and isinstance(answers[-1], dict):
        raise PolicyError(_explained(answers[-1]["error"], done.stderr, files, rules))
    if _PRINTED.search(done.stderr):
        raise PolicyError(_explained("", done.stderr, files, rules))
    if done.returncode or len(answers) != len(job["inputs"]):
        raise PolicyError(_unfinished(done.returncode, len(answers), files))
    return answers


def _unfinished(code: int, finished: int, files: Sequence[PolicyFile]) -> str:
    names = ", ".join(file.name for file in files[:3])
    reasons = {
        TOO_LONG: f"take longer than {_SECONDS} seconds",
        TOO_LARGE: f"take more than {_MEMORY >> 20} MiB of memory",
    }
    why = reasons.get(code, f"make the engine fail (exit code {code})")
    return f"{names}: the policies {why} for document {finished + 1}; look for loops over large ranges"


def _explained(error: str, printed: str, files: Sequence[PolicyFile], rules: Sequence[Declared]) -> str:
    """What the engine says, at its line."""
    found = _PRINTED.search(printed)
    if found:
        hint = (
            "; give it a name first, as in: some rule in input.spec.rules"
            if found["message"] == _UNBOUND
            else ""
        )
        return f"{files[int(found['file'])].name}:{found['line']}: {found['message']}{hint}"
    messages = _ERROR.findall(error)
    message = " ".join((messages[0] if messages else error).split())[:_LONGEST]
    return f"{_place(message, files, rules)}: {message}"


def _place(message: str, files: Sequence[PolicyFile], rules: Sequence[Declared]) -> str:
    """Where an error stands that the engine gives no place: at the name that it is about."""
    for rule in rules:
        if f"data.{rule.package}.{rule.name}" in message:
            return f"{rule.file}:{rule.line}"
    word = message.rpartition(": ")[2]
    for file in files:
        called = re.search(rf"\b{re.escape(word)}\(", file.text)
        if called:
            return f"{file.name}:{file.text.count(chr(10), 0, called.start()) + 1}"
    return files[0].name


def _messages(rule: Declared, value: Any) -> list[Message]:
    """The messages of a rule: those of a set, of an object as old Rego has it, or of one value."""
    if isinstance(value, dict):
        values = [key for key, holds in value.items() if holds is True]
    elif isinstance(value, list):
        values = value
    else:
        values = [] if value in (False, None) else [value]
    if len(values) > _MOST:
        raise PolicyError(
            f"{rule.file}:{rule.line}: {rule.name} has more than {_MOST} messages about one document"
        )
    return [_message(rule, each) for each in values]


def _message(rule: Declared, value: Any) -> Message:
    if value is True:
        return Message(_name(rule), {})
    if isinstance(value, str):
        return Message(_short(value) or _name(rule), {})
    if isinstance(value, dict) and isinstance(value.get("msg"), str):
        details = value.get("details")
        return Message(_short(value["msg"]), {**(details if isinstance(details, dict) else {}), **value})
    raise PolicyError(
        f"{rule.file}:{rule.line}: expected {rule.name} to give texts, or objects with a text as msg, found "
        f"{json.dumps(value)[:100]}"
    )


def _name(rule: Declared) -> str:
    return rule.title or f"{rule.package}.{rule.name} holds"


def _short(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]
