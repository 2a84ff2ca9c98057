"""Render and write every tenant through the library: ``fleet.py FOLDER OUT PROCESSES``.

``FOLDER`` holds ``tenants.py`` and its ``apps.json``. Each app is rendered, validated and written before the
next. With two processes each does half of them.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chores_infra import App, Environment, Target, Version, render
from chores_infra.rendering.places import Places
from chores_infra.rendering.writer import Writer


def write(apps: Sequence[type[App[Any]]], places: Sequence[Places], out: Path) -> None:
    target = Target(Environment.PRODUCTION, Version.parse("v3.0.0"), "3.0.0")
    with Writer(out, places) as writer:
        for app in apps:
            rendered = render(app, target)
            writer.apply(writer.plan(rendered.places, rendered.files))


def main() -> int:
    folder, out, processes = sys.argv[1:]
    sys.path.insert(0, folder)
    apps: list[type[App[Any]]] = list(importlib.import_module("tenants").TENANTS.values())
    places = [Places(app.app_name) for app in apps]
    count = int(processes)
    (Path(out) / "base-apps").mkdir(parents=True, exist_ok=True)
    helpers = []
    for number in range(1, count):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                write(apps[number::count], places, Path(out))
                code = 0
            except Exception:
                traceback.print_exc()
            finally:
                os._exit(code)
        helpers.append(child)
    write(apps[::count], places, Path(out))
    return max((os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in helpers), default=0)


if __name__ == "__main__":
    sys.exit(main())
