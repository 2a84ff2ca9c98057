"""``chores-infra synth`` of many apps: in real processes, on a real cluster, in parts."""

from __future__ import annotations

import importlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
Run = Callable[..., Any]
Snapshot = Callable[[Path], dict[str, bytes]]

APPS = """\
import os
from pathlib import Path

from chores_infra.app import App, AppConfiguration
from chores_infra.constructs.config import ConfigMap

HERE = Path(__file__).parent


class Shop(App[AppConfiguration]):
    @classmethod
    def configure(cls, target):
        return AppConfiguration(target=target)

    def __init__(self, scope, id, configuration):
        super().__init__(scope, id, configuration)
        if (HERE / f"{self.app_name} is killed").exists():
            os.kill(os.getpid(), 9)
        if (HERE / f"{self.app_name} is wrong").exists():
            raise ValueError("wrong")
        deadly = HERE / f"{self.app_name} kills once"
        if deadly.exists():
            deadly.unlink()
            os.kill(os.getpid(), 9)
        ConfigMap(self, "settings", name="settings", data={"TAG": configuration.target.tag})


def shops():
    for number in range(60):
        yield Shop.named(f"shop-{number}")
"""


@pytest.fixture
def fleet(project: Path) -> Path:
    """A project with sixty shops; the configuration names their function only."""
    (project / "shop_fleet.py").write_text(APPS)
    (project / "chores-infra.toml").write_text('[apps]\nshops = "shop_fleet:shops"\n')
    return project


@pytest.fixture
def synth(fleet: Path, process: Run) -> Run:
    """Run ``chores-infra synth`` in a process of its own."""
    return lambda *arguments: process(["-m", "chores_infra", "synth", *arguments], fleet)


def test_processes_render_what_one_process_renders(fleet: Path, synth: Run, snapshot: Snapshot) -> None:
    (fleet / "shop-7 is wrong").touch()
    alone = synth("--all", "--version", "v1.0.0", "--out", "alone")
    together = synth("--all", "--version", "v1.0.0", "--out", "together", "--jobs", "2")
    assert (together.code, together.err) == (2, alone.err)
    assert together.err.startswith(
        "error: shop-7 (production) cannot be rendered: ValueError: wrong (" + str(fleet)
    )
    assert together.out == alone.out.replace(" alone", " together")
    assert together.out.endswith("\n59 apps in together: 118 written\n")
    assert snapshot(fleet / "together") == snapshot(fleet / "alone")


def test_a_process_that_is_killed_is_an_error_and_what_was_written_is_whole(
    fleet: Path, synth: Run, snapshot: Snapshot
) -> None:
    (fleet / "shop-33 is killed").touch()
    done = synth("--all", "--version", "v1.0.0", "--jobs", "2")
    assert done.code == 2
    assert (
        "a process that renders has ended before it was done, killed or out of memory; not rendered: "
        in done.err
    )
    assert "shop-33" in done.err
    assert "Traceback" not in done.err
    (fleet / "shop-33 is killed").unlink()
    assert synth("--all", "--version", "v1.0.0", "--jobs", "2").code == 0
    assert len(snapshot(fleet / "dist")) == 120


def test_one_app_of_a_fleet_is_rendered_by_its_name(fleet: Path, run: Run, snapshot: Snapshot) -> None:
    done = run("synth", "shop-17", "--version", "v1.0.0")
    assert (done.code, done.err) == (0, "")
    assert set(snapshot(fleet / "dist")) == {"base-apps/shop-17/configmaps.yaml", "releases/shop-17.yaml"}


def test_shards_together_are_all_apps(fleet: Path, run: Run, snapshot: Snapshot) -> None:
    numbers = []
    for shard in ("1/3", "2/3", "3/3"):
        done = run("synth", "--all", "--version", "v1.0.0", "--shard", shard, "--format", "json")
        apps = json.loads(done.out)["apps"]
        assert {file["status"] for app in apps for file in app["files"]} == {"written"}
        numbers.append(len(apps))
    assert sum(numbers) == 60
    assert min(numbers) > 10
    assert len(snapshot(fleet / "dist")) == 120


def test_a_shard_without_apps_is_no_mistake(project: Path, run: Run) -> None:
    done = [run("synth", "--version", "v1.0.0", "--shard", f"{number}/2") for number in (1, 2)]
    assert [each.code for each in done] == [0, 0]
    assert "0 apps in dist\n" in [each.out for each in done]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--shard", "4/3"], "'4/3' is no shard: expected one of several, such as 3/16"),
        (["--executor", "spark://a:1"], "'spark://a:1' is no executor: expected dask://host:port"),
        (["--executor", "dask://a"], "is no executor: expected dask://host:port"),
        (["--jobs", "-1"], "-1 is not in the range"),
        (["--jobs", "2", "--executor", "dask://a:1"], "--jobs is for processes of this machine"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], said: str, fleet: Path, run: Run) -> None:
    done = run("synth", "--all", "--version", "v1.0.0", *arguments)
    assert done.code == 2
    assert said in done.err
    assert not (fleet / "dist").exists()


def started(*arguments: str, folder: Path) -> subprocess.Popen[bytes]:
    """A part of a cluster, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments, "--scheduler-file", "cluster.json", "--no-dashboard"],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and its two workers."""
    folder = tmp_path_factory.mktemp("cluster")
    scheduler = started("scheduler", "--host", "127.0.0.1", "--port", "0", folder=folder)
    worker = ("worker", "--host", "127.0.0.1", "--no-nanny", "--nthreads", "1", "--local-directory", "space")
    workers = [started(*worker, folder=folder) for _ in range(2)]
    try:
        yield _address(folder / "cluster.json", scheduler), workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def _address(file: Path, scheduler: subprocess.Popen[bytes]) -> str:
    """Wait until the scheduler says where it is, and has both workers."""
    distributed: Any = importlib.import_module("distributed")
    while not file.exists():
        assert scheduler.poll() is None
        time.sleep(0.05)
    with distributed.Client(scheduler_file=str(file), set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
        return str(client.scheduler.address).replace("tcp://", "dask://")


def test_a_cluster_renders_everything_though_one_of_its_workers_is_killed(
    fleet: Path, synth: Run, snapshot: Snapshot, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, workers = cluster
    (fleet / "shop-7 is wrong").touch()
    alone = synth("--all", "--version", "v1.0.0", "--out", "alone")
    (fleet / "shop-33 kills once").touch()
    together = synth("--all", "--version", "v1.0.0", "--out", "together", "--executor", address)
    assert (together.code, together.err) == (2, alone.err)
    assert together.out == alone.out.replace(" alone", " together")
    assert snapshot(fleet / "together") == snapshot(fleet / "alone")
    assert sorted(worker.poll() is None for worker in workers) == [False, True]


def test_without_a_scheduler_nothing_is_written(fleet: Path, run: Run) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"dask://127.0.0.1:{unused.getsockname()[1]}"
        done = run("synth", "--all", "--version", "v1.0.0", "--executor", address)
    assert done.code == 2
    assert done.err.startswith(f"error: {address}: there is no Dask scheduler: ")
    assert not (fleet / "dist").exists()
