"""A bound on the time of anything, also of what takes none: looking up a host, another program."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from chores_infra.errors import RegistryUnavailableError

__all__ = ["concurrently", "within"]

S = TypeVar("S")
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


def concurrently(work: Callable[[S], T], items: Sequence[S], at_once: int) -> list[T]:
    """Do the same for many items, some at a time; answers in the order of the items.

    Raises:
        Exception: what the work raised for one of the items; no further ones are begun then.
    """
    answers: dict[int, T] = {}
    errors: list[BaseException] = []
    todo = iter(enumerate(items))
    lock = threading.Lock()

    def run() -> None:
        while not errors:
            with lock:
                number, item = next(todo, (-1, None))
            if number < 0:
                return
            try:
                answers[number] = work(item)  # type: ignore[arg-type]
            except BaseException as error:
                errors.append(error)

    threads = [threading.Thread(target=run, daemon=True) for _ in range(min(at_once, len(items)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return [answers[number] for number in range(len(items))]
