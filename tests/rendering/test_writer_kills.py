"""Two hundred real SIGKILLs of real processes that write, at random moments."""

from __future__ import annotations

import random
import runpy
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path, PurePosixPath

import pytest

from chores_infra.rendering.writer import Writer, generated_by

SCRIPT = Path(__file__).parent / "killed_writer.py"


def _files(root: Path) -> dict[PurePosixPath, bytes]:
    return {
        PurePosixPath(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def _identity(path: Path) -> tuple[int, int, bytes]:
    return path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
@pytest.mark.parametrize("seed", range(4))
def test_fifty_kills(tmp_path: Path, seed: int) -> None:
    script = runpy.run_path(str(SCRIPT))
    shop, versions = script["SHOP"], script["VERSIONS"]
    moments = random.Random(seed)
    neighbour = tmp_path / "base-apps" / "shop-staging" / "a.yaml"
    neighbour.parent.mkdir(parents=True)
    neighbour.write_text(generated_by("shop.app:Shop"))
    stranger = tmp_path / "base-apps" / "handmade.yaml"
    stranger.write_text("a: 1\n")
    untouched = {path: _identity(path) for path in (neighbour, stranger)}
    allowed: dict[PurePosixPath, set[bytes]] = {}
    for version in versions:
        for path, text in version.items():
            allowed.setdefault(path, set()).add(text.encode())

    caught_in_the_act = 0
    for number in range(50):
        with subprocess.Popen(
            [sys.executable, str(SCRIPT), str(tmp_path)], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            with suppress(subprocess.TimeoutExpired):
                process.wait(moments.uniform(0, 0.02))
            process.kill()
            assert process.wait() == -signal.SIGKILL

        temporaries = 0
        for path, data in _files(tmp_path).items():
            if any(part.endswith(".chores-infra-tmp") for part in path.parts):
                temporaries += 1
            elif tmp_path / path not in untouched:
                assert data in allowed[path], f"kill {number}: {path} is neither old nor new"
        caught_in_the_act += temporaries > 0
        assert {path: _identity(path) for path in untouched} == untouched

        version = versions[number % 2]
        with Writer(tmp_path, [shop]) as writer:
            writer.apply(writer.plan(shop, version))
        expected = {path: text.encode() for path, text in version.items()}
        expected |= {PurePosixPath(path.relative_to(tmp_path)): path.read_bytes() for path in untouched}
        assert _files(tmp_path) == expected, f"kill {number}: the next run did not complete and clean up"
    assert caught_in_the_act > 0
