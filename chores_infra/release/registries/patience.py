"""A bound on the time of anything, also of what takes none: looking up a host, another program."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from chores_infra.errors import RegistryUnavailableError

__all__ = ["within"]

T = TypeVar("T")


def within(seconds: float, work: Callable[[], T], who: str) -> T:
    """Do some work in a thread that is left to itself when it takes too long.

    Args:
        seconds: how long it may take.
        work: what to do; its error is raised here.
        who: what the message calls the side that does not answer.

    Raises:
        RegistryUnavailableError: it took longer.
    """
    done = threading.Event()
    outcome: dict[str, Any] = {}

    def run() -> None:
        try:
            outcome["answer"] = work()
        except BaseException as error:
            outcome["error"] = error
        finally:
            done.set()

    # A daemon: a program that ends does not wait for a server that never answers.
    threading.Thread(target=run, daemon=True).start()
    if not done.wait(seconds):
        raise RegistryUnavailableError(f"{who} did not answer within {seconds:g} seconds")
    if "error" in outcome:
        raise outcome["error"]
    answer: T = outcome["answer"]
    return answer
