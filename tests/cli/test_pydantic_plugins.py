"""Runs of the command line do without plugins of pydantic, and without what looks for them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

MODEL = """
import sys
from chores_infra.cli.pydantic_plugins import disable_plugins
disable_plugins()
from pydantic import BaseModel
class Model(BaseModel):
    replicas: int
assert Model(replicas=2).replicas == 2
"""


def run(program: str, plugins: str | None = None) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYDANTIC_DISABLE_PLUGINS"}
    if plugins is not None:
        environment["PYDANTIC_DISABLE_PLUGINS"] = plugins
    subprocess.run([sys.executable, "-c", MODEL + program], env=environment, check=True)


def test_models_work_and_nothing_that_reads_metadata_is_imported() -> None:
    run("assert 'importlib.metadata' not in sys.modules")


@pytest.mark.parametrize("plugins", ["", "another"])
def test_the_users_own_setting_keeps_the_loader(plugins: str) -> None:
    run("assert 'importlib.metadata' in sys.modules", plugins)


def test_what_else_is_asked_of_the_loader_is_the_real_thing() -> None:
    run(
        "from pydantic.plugin._loader import PYDANTIC_ENTRY_POINT_GROUP as group\n"
        "assert group == 'pydantic'\n"
        "from pydantic.plugin import _loader\n"
        "assert 'importlib.metadata' in sys.modules\n"
    )
