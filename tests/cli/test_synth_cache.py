"""What ``synth`` need not build again, and everything that makes it build again."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Snapshot = Callable[[Path], dict[str, bytes]]

ROOT = Path(__file__).parent.parent.parent
APPS = """\
import json
import sys
from pathlib import Path
from typing import ClassVar

from chores_infra.app import App, AppConfiguration
from chores_infra.constructs.config import ConfigMap
from pydantic import SecretStr

HERE = Path(__file__).parent
NOTE = (HERE / "note.txt").read_text()


class Configuration(AppConfiguration):
    host: str


class Shop(App[Configuration]):
    host: ClassVar[str]

    @classmethod
    def configure(cls, target):
        return Configuration(target=target, host=cls.host)

    def __init__(self, scope, id, configuration):
        super().__init__(scope, id, configuration)
        from cached_words import greeting

        print("built", self.app_name, file=sys.stderr)
        data = {"HOST": configuration.host, "HI": greeting(), "NOTE": NOTE, "TAG": configuration.target.tag}
        ConfigMap(self, "settings", name="settings", data=data)


def shops():
    for name, host in json.loads((HERE / "tenants.json").read_text()).items():
        yield Shop.named(name, host=host)


class Reader(App[AppConfiguration]):
    app_name = "reader"

    @classmethod
    def configure(cls, target):
        return AppConfiguration(target=target)

    def __init__(self, scope, id, configuration):
        super().__init__(scope, id, configuration)
        print("built", self.app_name, file=sys.stderr)
        ConfigMap(self, "settings", name="settings", data={"NOTE": (HERE / "read.txt").read_text()})


class SecretConfiguration(AppConfiguration):
    word: SecretStr


class Secretive(Reader):
    app_name = "secretive"
    word: ClassVar[str] = "a"

    @classmethod
    def configure(cls, target):
        return SecretConfiguration(target=target, word=SecretStr(cls.word))

    def __init__(self, scope, id, configuration):
        super(Reader, self).__init__(scope, id, configuration)
        print("built", self.app_name, file=sys.stderr)
        ConfigMap(self, "settings", name="settings", data={"LENGTH": "1"})


def closures():
    secret = (HERE / "read.txt").read_text()

    class Closure(Shop):
        app_name = "closure"
        host = "closure.example.com"

        def __init__(self, scope, id, configuration):
            super().__init__(scope, id, configuration)
            ConfigMap(self, "more", name="more", data={"NOTE": secret})

    yield Closure
"""
WORDS = "from cached_more_words import WORD\n\n\ndef greeting():\n    return WORD\n"


@pytest.fixture(autouse=True)
def _each_imports_its_own() -> Iterator[None]:
    yield
    for name in [name for name in sys.modules if name.startswith("cached_")]:
        del sys.modules[name]


@pytest.fixture
def shops(project: Path) -> Path:
    """A project with three shops of one fleet; everything that they are made from can be changed."""
    (project / "cached_shops.py").write_text(APPS)
    (project / "cached_words.py").write_text(WORDS)
    (project / "cached_more_words.py").write_text("WORD = 'hello'\n")
    (project / "cached_others.py").write_text("import cached_shops\n")
    (project / "note.txt").write_text("note")
    (project / "read.txt").write_text("one")
    tenants(project, a="a.example.com", b="b.example.com", c="c.example.com")
    (project / "chores-infra.toml").write_text('[apps]\nshops = "cached_shops:shops"\n')
    return project


def tenants(folder: Path, **hosts: str) -> None:
    (folder / "tenants.json").write_text(json.dumps(hosts))


@pytest.fixture
def synth(shops: Path, process: Run) -> Run:
    """Run ``synth --all`` in a process of its own."""

    def run(*arguments: str) -> Any:
        return process(
            ["-m", "chores_infra", "synth", "--all", "--cache", "cache", *arguments],
            shops,
            PYTHONPATH=str(ROOT),
            PYTHONDONTWRITEBYTECODE="1",
        )

    return run


def built(done: Any) -> list[str]:
    assert done.code == 0, done.err
    return re.findall(r"^built (.+)$", done.err, re.MULTILINE)


def test_what_is_as_it_was_is_not_built_again(shops: Path, synth: Run, snapshot: Snapshot) -> None:
    assert sorted(built(synth("--version", "v1.0.0", "--jobs", "2"))) == ["a", "b", "c"]
    before = snapshot(shops / "dist")
    again = synth()
    assert built(again) == []
    assert again.out == "3 apps in dist: 6 unchanged\n" == synth("--no-cache").out
    assert built(synth("--check")) == []
    assert json.loads(synth("--format", "json").out) == json.loads(
        synth("--format", "json", "--no-cache").out
    )
    assert snapshot(shops / "dist") == before


def test_what_changed_is_built_again_and_nothing_else(shops: Path, synth: Run) -> None:
    synth("--version", "v1.0.0")
    tenants(shops, a="a.example.com", b="other.example.com", c="c.example.com", d="d.example.com")
    assert built(synth("--version", "v1.0.0")) == ["b", "d"]
    assert "other.example.com" in (shops / "dist/base-apps/b/configmaps.yaml").read_text()
    (shops / "cached_others.py").write_text("import json\n")  # no app is made from it
    assert built(synth()) == []
    (shops / "cached_more_words.py").write_text("WORD = 'hallo'\n")  # imported by what a method imports
    assert built(synth()) == ["a", "b", "c", "d"]
    (shops / "note.txt").write_text("other")  # read when a module is imported
    assert built(synth()) == ["a", "b", "c", "d"]
    assert built(synth("--version", "v1.1.0")) == ["a", "b", "c", "d"]
    with (shops / "chores-infra.toml").open("a") as file:
        file.write('[operators]\ntraefik = "3.1.0"\n')
    assert built(synth()) == ["a", "b", "c", "d"]
    assert built(synth()) == []


def test_what_was_done_to_files_is_seen_as_without_a_cache(shops: Path, synth: Run) -> None:
    synth("--version", "v1.0.0")
    synth()
    places = shops / "dist/base-apps"
    edited = places / "a/configmaps.yaml"
    status = edited.stat()
    edited.write_text(edited.read_text().replace("hello", "h3llo"))  # as long as before, with its old time
    os.utime(edited, ns=(status.st_atime_ns, status.st_mtime_ns))
    (places / "b/configmaps.yaml").unlink()
    (places / "c/extra.yaml").write_text("kind: ConfigMap\n")
    done = synth()
    assert done.code == 1
    assert re.findall(r"^built (.+)$", done.err, re.MULTILINE) == ["a", "a", "b", "b", "c"]
    assert "1 file of a (production) edited by hand" in done.err
    assert "1 file of b (production) edited by hand" in done.err
    assert "base-apps/c/extra.yaml is not generated" in done.err


def test_what_cannot_be_known_is_always_built(shops: Path, synth: Run) -> None:
    (shops / "chores-infra.toml").write_text(
        '[apps]\nshops = "cached_shops:shops"\nreader = "cached_shops:Reader"\n'
        'secretive = "cached_shops:Secretive"\nclosures = "cached_shops:closures"\n'
    )
    synth("--version", "v1.0.0")
    (shops / "read.txt").write_text("two")
    assert built(synth()) == ["closure", "reader", "secretive"]
    for app, file in (("reader", "configmaps"), ("closure", "configmaps")):
        assert "NOTE: two" in (shops / f"dist/base-apps/{app}/{file}.yaml").read_text()


def headed(body: bytes) -> bytes:
    return b"chores-infra-cache-2 %b\n%b" % (hashlib.sha256(body).hexdigest().encode(), body)


class Executed:
    def __reduce__(self) -> Any:
        return (Path.touch, (Path("executed"),))


POISON: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "truncated": lambda data: data[: len(data) // 2],
    "one bit": lambda data: data[:-3] + bytes([data[-3] ^ 1]) + data[-2:],
    "another format": lambda data: data.replace(b"cache-2", b"cache-9", 1),
    "pickle": lambda _: pickle.dumps(Executed()),
    "a list": lambda _: headed(b"[1, 2]"),
    "deep": lambda _: headed(b"[" * 100_000),
    "other types": lambda _: headed(json.dumps({"a": [1, None, {}, "x", 7, 3], "b": "b", "c": []}).encode()),
    "paths": lambda data: headed(data.partition(b"\n")[2].replace(b"configmaps.yaml", b"../../../etc/x")),
    "other keys": lambda data: headed(
        re.sub(rb'"[0-9a-f]{64}"', b'"' + b"0" * 64 + b'"', data.partition(b"\n")[2])
    ),
}


@pytest.mark.parametrize("poison", POISON)
def test_a_file_that_is_not_what_was_written_is_none(
    poison: str, shops: Path, run: Run, snapshot: Snapshot
) -> None:
    arguments = ("synth", "--all", "--cache", "cache")
    assert run(*arguments, "--version", "v1.0.0").code == 0
    before = snapshot(shops / "dist")
    (file,) = (shops / "cache").iterdir()
    assert built(run(*arguments)) == []
    file.write_bytes(POISON[poison](file.read_bytes()))
    assert built(run(*arguments)) == ["a", "b", "c"]
    assert built(run(*arguments)) == []
    assert snapshot(shops / "dist") == before
    assert not (shops / "executed").exists()


def test_a_file_that_others_can_write_to_and_what_is_no_file_is_none(shops: Path, run: Run) -> None:
    arguments = ("synth", "--all", "--cache", "cache")
    run(*arguments, "--version", "v1.0.0")
    (file,) = (shops / "cache").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o622)
    assert built(run(*arguments)) == ["a", "b", "c"]
    assert built(run(*arguments)) == []
    elsewhere = file.rename(shops / "elsewhere.json")
    file.symlink_to(elsewhere)
    assert built(run(*arguments)) == ["a", "b", "c"]
    file.unlink()
    os.mkfifo(file)
    assert built(run(*arguments)) == ["a", "b", "c"]
    assert built(run(*arguments)) == []


def test_the_folder_can_be_deleted_at_any_time_and_need_not_be_writable(shops: Path, run: Run) -> None:
    arguments = ("synth", "--all", "--cache", "cache")
    run(*arguments, "--version", "v1.0.0")
    (file,) = (shops / "cache").iterdir()
    file.unlink()
    file.parent.rmdir()
    file.parent.write_text("a file in its place")
    done = run(*arguments)
    assert built(done) == ["a", "b", "c"]
    assert "warning: cache: the cache cannot be written: " in done.err


def test_a_cache_in_the_repository_is_refused(shops: Path, run: Run) -> None:
    done = run("synth", "--all", "--version", "v1.0.0", "--cache", "dist/cache")
    assert done.code == 2
    assert "dist/cache: is in the infrastructure repository dist; keep the cache elsewhere" in done.err
    assert not (shops / "dist").exists()


def test_two_runs_at_once_do_each_other_no_harm(shops: Path, synth: Run, snapshot: Snapshot) -> None:
    synth("--version", "v1.0.0")
    before = snapshot(shops / "dist")
    command = [sys.executable, "-m", "chores_infra", "synth", "--all", "--cache", "cache"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    (shops / "cached_more_words.py").write_text("WORD = 'hello'  # still\n")
    runs = [
        subprocess.Popen(command, cwd=shops, env=environment, stderr=subprocess.DEVNULL) for _ in range(3)
    ]
    assert [each.wait() for each in runs] == [0, 0, 0]
    assert len(list((shops / "cache").iterdir())) == 1
    assert built(synth()) == []
    assert snapshot(shops / "dist") == before
