"""A short run of the harness; ``python tests/fuzz/reader_harness.py`` goes on for as long as one likes."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

HARNESS = Path(__file__).with_name("reader_harness.py")
SEEDS = {
    "manifest": b"\x00apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n    text\n",
    "json": b'\x01{"apiVersion": "v1", "items": [1.5, null, "\\u00e9"]}\n',
    "anchors": b"\x00a: &a {b: 1}\nc: {<<: *a}\nd: [*a, *a]\n",
    "documents": b"\x00--- # head\na: 1\n---\nb: {\n...\n---\nc: 0755\n",
    "bytes": b"\x00\xff\xfea\x00:\x00 \x001\x00\n\x00",
}


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed")
def test_the_reader_survives_what_atheris_finds_in_a_few_thousand_runs(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name, data in SEEDS.items():
        (seeds / name).write_bytes(data)
    options = ["-runs=3000", "-max_total_time=5", "-seed=1", "-max_len=400", "-rss_limit_mb=600"]
    done = subprocess.run(
        [sys.executable, str(HARNESS), str(seeds), *options, f"-artifact_prefix={tmp_path}/"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done " in done.stderr
