"""What every test may use: the data beside the project, Kubernetes' own reader, repeatable settings."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from chores_infra.errors import HostError
from chores_infra.hosts.node_environment import prepare

if TYPE_CHECKING:
    from tests.browser import Browser

pytest_plugins = ["tests.git.served"]

# Tests import cdk8s as its users do, by itself. Where Node.js comes from the extra, it has to be found first.
if shutil.which("node") is None:
    with contextlib.suppress(HostError):
        prepare()

# The same examples on every machine: a failure is reproducible, and CI is no lottery.
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real CRDs and real repositories beside the project (CHORES_INFRA_SHARED)."""
    folder = os.environ.get("CHORES_INFRA_SHARED")
    if not folder:
        pytest.skip("CHORES_INFRA_SHARED does not name the folder of real CRDs and repositories")
    return Path(folder)


@pytest.fixture(scope="session")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program with Kubernetes' own readers of YAML in it."""
    source = Path(__file__).parent / "rendering" / "go_oracle"
    program = tmp_path_factory.mktemp("go_oracle") / "oracle"
    try:
        built = subprocess.run(
            ["go", "build", "-o", str(program), "."],
            cwd=source,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    except FileNotFoundError:
        pytest.skip("the program go is not on PATH")
    if built.returncode:
        pytest.skip(f"the oracle cannot be built: {built.stderr.strip()[-300:]}")
    return program


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    from tests.browser import chromium

    with chromium() as started:
        if started is None:
            pytest.skip("the programs chromium and chromedriver are not on PATH")
        yield started


def _ask(program: Path, texts: Sequence[str], *arguments: str) -> list[Any]:
    asked = "\n".join(map(json.dumps, texts))
    answered = subprocess.run(
        [str(program), *arguments], input=asked, capture_output=True, text=True, timeout=300, check=True
    )
    answers = [json.loads(line) for line in answered.stdout.strip("\n").split("\n")]
    assert len(answers) == len(texts)
    return answers


@pytest.fixture(scope="session")
def kubernetes_reads(oracle: Path) -> Callable[[Sequence[str]], list[Any]]:
    """What sigs.k8s.io/yaml reads in each document: ``{"json": value}`` or ``{"error": message}``."""
    return lambda documents: _ask(oracle, documents)


@pytest.fixture(scope="session")
def argo_cd_reads(oracle: Path) -> Callable[[Sequence[str]], list[Any]]:
    """What Argo CD's decoder reads in each file: ``{"json": [value, ...], "error": what ended it}``."""
    return lambda files: _ask(oracle, files, "stream")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where CI forbids skips: what was not run was not proven."""
    report = yield
    if report.skipped and os.environ.get("CHORES_INFRA_FORBID_SKIPS") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and skips are forbidden here: {report.longrepr}"
    return report
