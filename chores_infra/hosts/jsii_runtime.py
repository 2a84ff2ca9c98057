"""Node.js, as cdk8s needs it: found, started quietly, and used by one thread of one process.

cdk8s runs in a Node.js process behind a pipe, which the ``jsii`` package starts when cdk8s is first
imported. That pipe has no lock: a second thread, or a forked child, that speaks into it waits for ever.
:func:`start` prepares and imports; :func:`hold_to_one_thread` turns the waiting into an error.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading
from contextlib import suppress
from typing import Any

from chores_infra.errors import HostError
from chores_infra.hosts import node_environment
from chores_infra.hosts.node_environment import DIRECT

__all__ = ["give_up", "hold_to_one_thread", "start", "start_early"]

_FORKED = (
    "cdk8s was loaded before this process was forked, and its Node.js belongs to the parent. Fork first and "
    f"import cdk8s afterwards, use multiprocessing's 'spawn' start method, or {DIRECT}"
)


def start() -> None:
    """Find Node.js and import cdk8s, which starts it. Does nothing more when cdk8s is imported already.

    Raises:
        HostError: cdk8s or Node.js is missing or cannot be started.
    """
    if _early is not None:
        _early.join()
    _Owner.take()
    if not _is_started():
        node_environment.prepare()
    try:
        import cdk8s  # noqa: F401  (imported for what it starts)
        import constructs  # noqa: F401
    except ImportError as error:
        raise HostError(
            f"cdk8s cannot be imported ({error}): install it with `pip install cdk8s constructs`, or {DIRECT}"
        ) from error
    except Exception as error:
        # Whatever a broken Node.js leads to: no process, no answer, an answer that makes no sense.
        give_up()
        program = node_environment.node_program()
        raise HostError(
            f"cdk8s could not be started on Node.js ({program}): {error}. Check that it runs, or {DIRECT}"
        ) from error


#: The thread that starts Node.js ahead of time.
_early: threading.Thread | None = None


def start_early() -> None:
    """Start Node.js in the background, for a program that has other things to import meanwhile.

    That takes most of a cdk8s program's start, and most of it is waiting. What fails here fails again, and is
    reported, in :func:`start`.

    Raises:
        HostError: there is no Node.js.
    """
    global _early  # noqa: PLW0603  (a process has one Node.js)
    if _early is not None or _is_started():
        return
    _Owner.take()
    node_environment.prepare()
    with suppress(ImportError):
        # Imported here: two threads that import a lot keep each other waiting.
        import jsii  # noqa: F401

        _early = threading.Thread(target=_import_cdk8s, name="start of Node.js")
        _early.start()


def _import_cdk8s() -> None:
    with suppress(Exception):
        import cdk8s  # noqa: F401


def _is_started() -> bool:
    """Whether somebody has imported cdk8s already, so that Node.js is there."""
    return "constructs._jsii" in sys.modules


def hold_to_one_thread() -> None:
    """Refuse to speak to cdk8s from anywhere but the thread and the process that started it.

    Raises:
        HostError: this is a forked child, or another thread while the first one is alive.
    """
    if os.getpid() != _Owner.process:
        raise HostError(_FORKED)
    here = threading.current_thread()
    if here is not _Owner.thread:
        if _Owner.thread.is_alive():
            raise HostError(
                f"cdk8s serves one thread, and {_Owner.thread.name!r} has it; this is {here.name!r}. Create "
                f"and render cdk8s apps in one thread, use processes (spawned, not forked), or {DIRECT}"
            )
        _Owner.thread = here


class _Owner:
    """Who speaks to Node.js: one thread of one process."""

    process: int = 0
    thread: threading.Thread

    @classmethod
    def take(cls) -> None:
        """Make the current thread the owner, if this process is, or can be, the one that starts Node.js."""
        if cls.process:
            hold_to_one_thread()
            return
        if _is_started() and not _is_ours():
            _leave_node_to_the_parent()
            raise HostError(_FORKED)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=_leave_node_to_the_parent)
        cls.process = os.getpid()
        cls.thread = threading.current_thread()


def _is_ours() -> bool:
    """Whether the Node.js that somebody started is a child of this process, and runs."""
    import jsii

    provider: Any = jsii.kernel.provider
    return provider._process._process.poll() is None


def give_up() -> None:
    """Let go of a Node.js that has ended or never worked, so that no exit handler complains about it."""
    with suppress(Exception):
        from jsii._kernel.providers.process import _NodeProcess

        # One that never worked is in nobody's hands but those of the exit handlers.
        processes: list[Any] = [found for found in gc.get_objects() if type(found) is _NodeProcess]
        for process in processes:
            _forget_stopping(process)
            process._process.kill()
            process._process.wait()
            process.sink_thread.join()
            # What is left in the buffer has nowhere to go.
            for stream in (process._process.stdin.raw, process._process.stdout, process._process.stderr):
                stream.close()
            process._ctx_stack.close()


def _leave_node_to_the_parent() -> None:
    """In a forked child: let go of the pipe, so that nothing the child does reaches the parent's Node.js.

    jsii ends Node.js from an exit handler and from ``__del__``. In a child that would end the parent's, and
    it waits for a lock that a thread held while the process was forked. jsii has no interface for this.
    """
    if not _is_started():
        return
    with suppress(Exception):
        import jsii

        provider: Any = jsii.kernel.provider
        process = provider._process
        _forget_stopping(process)
        process.send = _refuse_in_child
        for cleanup in process._ctx_stack.pop_all()._exit_callbacks:
            cleanup[1].__self__._finalizer.detach()  # the temporary folder is the parent's
        for stream in (process._process.stdin, process._process.stdout, process._process.stderr):
            stream.detach().close()


def _forget_stopping(process: Any) -> None:
    atexit.unregister(process.stop)
    process.stop = _nothing


def _nothing() -> None:
    """Do nothing."""


def _refuse_in_child(*_: object) -> None:
    raise HostError(_FORKED)
