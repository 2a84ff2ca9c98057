"""The executors that a command line can ask for: processes of this machine, and a Dask cluster."""

from __future__ import annotations

import importlib
import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from chores_infra.errors import ConfigurationError, ExecutorError

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["dask_cluster", "processes", "processors"]

_DASK: Final = re.compile(r"dask(?P<secure>\+tls)?://(?P<address>[^\s/@]+:[0-9]{1,5})/?")
_PATIENCE: Final = "5s"
_RETRIES: Final = 2


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def processes(number: int, begin: Callable[[], None] | None = None) -> Iterator[Executor]:
    """So many processes of this machine, each started anew: one that has threads must not be forked.

    ``begin`` is called in each before any work. What nobody has begun when the block ends is not done.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    executor = ProcessPoolExecutor(number, get_context("spawn"), initializer=begin)
    try:
        yield executor
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def dask_cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """A Dask cluster, with how many tasks it works on at a time.

    Its workers need the same packages as this process, and the modules of the apps in the same folder or
    installed. A worker that is lost is no error as long as another one is left.

    Args:
        address: of the scheduler, ``dask://host:port``; ``dask+tls://host:port`` where Dask's configuration
            has the certificates.

    Raises:
        ConfigurationError: the address is none, or the extra ``dask`` is not installed.
        ExecutorError: there is no scheduler, or it has no workers.
    """
    found = _DASK.fullmatch(address)
    if found is None:
        raise ConfigurationError(f"{address!r:.80} is no executor: expected dask://host:port")
    try:
        # Type checkers need not have the extra.
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        raise ConfigurationError(
            "Dask is not installed; install the extra: pip install 'chores-infra[dask]'"
        ) from None
    # That work of a lost worker is done again is its business; what cannot be done is raised.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    scheduler = f"{'tls' if found['secure'] else 'tcp'}://{found['address']}"
    try:
        client = distributed.Client(scheduler, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        reason = str(error).partition("\n")[0]
        raise ExecutorError(f"{address}: there is no Dask scheduler: {reason}") from None
    with client:
        workers = sum(client.ncores().values())
        if not workers:
            raise ExecutorError(
                f"{address}: the scheduler has no workers; start some: dask worker {scheduler}"
            )
        # A task is the same one however often it is sent, and its result is not kept for anybody else.
        yield client.get_executor(pure=False, retries=_RETRIES), workers
