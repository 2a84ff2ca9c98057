"""What every test may use: the data beside the project, and settings that make runs repeatable."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from chores_infra.errors import HostError
from chores_infra.hosts.node_environment import prepare

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
