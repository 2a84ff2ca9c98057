"""Run a command so that it ends with one of the promised exit codes, and never with a traceback."""

from __future__ import annotations

import atexit
import errno
import gc
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from chores_infra.cli.pydantic_plugins import disable_plugins
from chores_infra.errors import ChoresInfraError

__all__ = ["INTERRUPTED", "State", "report_collected", "report_error", "report_warning", "run"]

#: What a shell gives a program that a signal ended: 128 and the number of the signal.
INTERRUPTED = 130
PIPE_CLOSED = 141
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_STREAM_ERRORS = {errno.EPIPE, errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EBADF}


class State:
    """What holds for a whole run. ``debug`` shows tracebacks."""

    debug = False


def run(command: click.Command, arguments: Sequence[str] | None, name: str) -> int:
    """Run a command with these arguments (or those of the process); answers the exit code.

    Args:
        command: what to run. Its function answers its exit code, or None.
        arguments: without the program's name.
        name: what messages call the program.
    """
    completing = "_{}_COMPLETE".format(name.replace("-", "_").replace(".", "_").upper())
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    state = State()
    disable_plugins()
    # Imports and constructs make many objects that live on; looking through them for garbage costs 6 %.
    gc.set_threshold(50_000, 20, 50)
    # At its end Python would look through all of them again, for what nobody needs any more: 5 %.
    atexit.register(gc.freeze)
    try:
        _keep_writing_what_no_one_can_encode()
        if os.environ.get(completing):
            command.main(arguments, name, completing)
        code = _invoke(command, arguments, name, state)
        sys.stdout.flush()
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # Who read our output has left, as `head` does.
        _close_output()
        return PIPE_CLOSED
    except OSError as error:
        # Our own files have errors of their own, so this is about the streams that the shell gave us.
        report_error(OSError(f"the output cannot be written: {error.strerror or error}"))
        _close_output()
        return 2
    return code


def report_error(error: Exception, where: str = "") -> None:
    """Say what could not be done, on standard error."""
    _say("error:", "red", f"{where}{error}")


def report_collected(error: Exception, where: str = "") -> None:
    """Say what could not be done of several things; with its traceback, if the run is to show them."""
    context = click.get_current_context(silent=True)
    if context is not None and getattr(context.obj, "debug", False):
        _print_traceback(error)
    report_error(error, where)


def report_warning(text: str) -> None:
    """Say what somebody should look at, on standard error."""
    _say("warning:", "yellow", text)


def _say(word: str, color: str, text: str) -> None:
    # A file's name may hold what a terminal would obey.
    harmless = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
    click.echo(f"{click.style(word, fg=color, bold=True)} {harmless}", err=True, color=_color())


def _invoke(command: click.Command, arguments: list[str], name: str, state: State) -> int:
    try:
        with command.make_context(name, arguments, obj=state, color=_color()) as context:
            code: int | None = command.invoke(context)
            return code or 0
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.ClickException as error:
        report_error(click.ClickException(_one_line(error)))
        return 2
    except ChoresInfraError as error:
        if state.debug:
            _print_traceback(error)
        report_error(error)
        return error.exit_code
    except click.Abort:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _STREAM_ERRORS and error.filename is None:
            raise
        return _report_unexpected(error, state)


def _one_line(error: click.ClickException) -> str:
    message = " ".join(error.format_message().split())
    context = error.ctx if isinstance(error, click.UsageError) else None
    return (
        f"{message} ({context.command_path} --help lists what there is)" if context is not None else message
    )


def _report_unexpected(error: Exception, state: State) -> int:
    if state.debug:
        _print_traceback(error)
    text = " ".join(f"{type(error).__name__}: {error}".split())
    hint = "" if state.debug else "; --debug shows where"
    report_error(RuntimeError(f"this should not happen, please report it: {text}{hint}"))
    return 2


def _print_traceback(error: BaseException) -> None:
    import traceback

    traceback.print_exception(error)


def _color() -> bool | None:
    """Never colours where https://no-color.org says so; else click finds out whether it is a terminal."""
    return False if os.environ.get("NO_COLOR") else None


def _keep_writing_what_no_one_can_encode() -> None:
    """Escape what the encoding of the terminal does not have; losing the message would be worse."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _close_output() -> None:
    """Let what is still to be written go nowhere: Python would complain when it tries again at its end."""
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
