"""Policies in Rego: what they are given, what their messages become, and what they cannot do.

What conftest 0.71 (OPA 1.21) says of the same policies and documents is written beside the cases.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from chores_infra.checks.context import Context
from chores_infra.checks.finding import Finding, Severity
from chores_infra.checks.loading import from_texts
from chores_infra.checks.policies.rules import policy_rules
from chores_infra.checks.validation import findings_of
from chores_infra.errors import FileError, PolicyError

# The engine is not to be loaded here: it reserves more addresses than other tests allow this process.
pytestmark = pytest.mark.skipif(find_spec("regopy") is None, reason="the extra policy is not installed")

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  containers:
  - name: web
    image: nginx:latest
"""
SECRET = """\
apiVersion: v1
kind: Secret
metadata: {name: shop}
stringData:
  password: correct-horse-battery
"""

Find = Callable[..., list[Finding]]


@pytest.fixture
def find(tmp_path: Path) -> Find:
    """What policies find in a text; policies by the names of their files, or one."""

    def run(
        policy: str | dict[str, str], text: str = POD, data: dict[str, Any] | None = None
    ) -> list[Finding]:
        for name, content in ({"a.rego": policy} if isinstance(policy, str) else policy).items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(content)
        rules = policy_rules([str(tmp_path)], data)
        return findings_of(Context(from_texts({"a.yaml": text})), rules)

    return run


# conftest: FAIL for deny and violation, WARN for warn, with --rego-version v0 for the last two.
@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (
            'package main\ndeny contains msg if { input.kind == "Pod"; msg := "no pods" }',
            ("policy/main.deny", Severity.ERROR, "no pods", "", 1),
        ),
        (
            "package main\nimport rego.v1\nviolation_tag contains "
            '{"msg": msg, "details": {"path": "spec.containers[0].image"}} if { msg := "a tag" }',
            ("policy/main.violation_tag", Severity.ERROR, "a tag", "spec.containers[0].image", 7),
        ),
        (
            'package team.images\nimport rego.v1\nwarn_tag contains {"msg": msg, "path": path} if {\n'
            '  some i, c in input.spec.containers\n  endswith(c.image, ":latest")\n'
            '  path := ["spec", "containers", i, "image"]\n  msg := sprintf("%s moves", [c.image])\n}',
            (
                "policy/team.images.warn_tag",
                Severity.WARNING,
                "nginx:latest moves",
                "spec.containers[0].image",
                7,
            ),
        ),
        (
            'package main\nwarn[msg] { input.kind == "Pod"; msg := "old" }',
            ("policy/main.warn", Severity.WARNING, "old", "", 1),
        ),
        (
            'package main\ndeny[{"msg": msg, "path": "metadata.name"}] { input.kind == "Pod"; msg := "old" }',
            ("policy/main.deny", Severity.ERROR, "old", "metadata.name", 3),
        ),
    ],
)
def test_a_message_becomes_a_finding_at_its_document_or_field(
    find: Find, policy: str, expected: tuple[object, ...]
) -> None:
    (found,) = find(policy)

    assert (found.rule, found.severity, found.message, found.path, found.line) == expected
    assert found.resource == "Pod/shop/shop"


def test_a_rule_that_only_holds_denies_too(find: Find) -> None:
    # conftest passes over it in silence, which nobody means who writes `deny if`.
    (found,) = find('package main\ndeny if { input.kind == "Pod" }')

    assert (found.rule, found.message) == ("policy/main.deny", "main.deny holds")


def test_texts_arrive_as_they_are_whatever_is_in_them(find: Find) -> None:
    policy = 'package main\nimport rego.v1\ndeny contains "a \\"quoted\\" é \\\\ text" if { input.kind }'
    assert [found.message for found in find(policy)] == ['a "quoted" é \\ text']

    # The engine quotes what a function gives to sprintf, and conftest does not.
    policy = 'package main\ndeny contains m if { m := sprintf("in %s", [concat(",", ["a", "b"])]) }'
    assert [found.message.replace('"', "") for found in find(policy)] == ["in a,b"]


def test_a_rule_that_does_not_hold_says_nothing(find: Find) -> None:
    assert (
        find('package main\ndeny if { input.kind == "Job" }\nwarn contains m if { m := input.nothing }') == []
    )


def test_each_document_is_an_input_of_its_own(find: Find) -> None:
    policy = (
        'package main\ndeny contains m if { input.metadata.name; m := sprintf("%s", [input.metadata.name]) }'
    )
    found = find(policy, POD + "---\n" + POD.replace("shop", "till"))

    assert [(each.message, each.line) for each in found] == [("shop", 1), ("till", 9)]


def test_a_combined_package_gets_all_documents_at_once(find: Find) -> None:
    # As with `conftest test --combine`: [{"path": ..., "contents": ...}].
    policy = (
        "package combined\nimport rego.v1\n"
        'deny contains {"msg": sprintf("%d in %s", [count(input), d.path]), "input": i} if {\n'
        '  some i, d in input\n  d.contents.metadata.name == "till"\n}'
    )
    (found,) = find(policy, POD + "---\n" + POD.replace("shop", "till"))

    assert (found.message, found.line) == ("2 in a.yaml", 9)


def test_policies_share_packages_and_see_the_data_of_the_configuration(find: Find) -> None:
    files = {
        "lib/kinds.rego": "package lib.kinds\nforbidden(kind) if { kind in data.forbidden }",
        "a.rego": "package main\nimport data.lib.kinds\n"
        'deny contains m if { kinds.forbidden(input.kind); m := "forbidden" }',
        "a_test.rego": "this would be no Rego, and is a test that is not read",
        "README.md": "nor is this",
    }

    assert [each.message for each in find(files, POD, {"forbidden": ["Pod"]})] == ["forbidden"]
    assert find(files, POD, {"forbidden": ["Job"]}) == []


@pytest.mark.parametrize(
    ("policy", "line", "said"),
    [
        ("package main\ndeny contains m if {\n  m := input.kind ==\n}", 3, ""),
        ("package main\n\ndeny contains m if {\n  m := no_such(1)\n}", 4, "no_such"),
        (
            'package main\ndeny contains m if {\n  m := sprintf("%v", [input.a[_]])\n}',
            3,
            "give it a name first",
        ),
        ("package main\ndeny contains 1 if { input.kind }", 2, "expected deny to give texts"),
        ("package main\ndeny contains m if { m := warn }\nwarn contains m if { m := deny }", 2, "Recursion"),
    ],
)
def test_an_error_has_its_file_and_line(
    find: Find, tmp_path: Path, policy: str, line: int, said: str
) -> None:
    with pytest.raises(PolicyError) as raised:
        find(policy)

    assert str(raised.value).startswith(f"{tmp_path}/a.rego:{line}: ")
    assert said in str(raised.value)


def test_a_policy_that_never_ends_is_ended(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chores_infra.checks.policies.evaluating._SECONDS", 1)
    loop = " ".join(f"some {name} in numbers.range(1, 4000);" for name in "abcd")

    with pytest.raises(PolicyError, match="longer than 1 seconds"):
        find(f'package main\ndeny contains m if {{ {loop} a + b + c + d == 0; m := "x" }}')


def test_a_policy_that_wants_all_memory_is_ended(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chores_infra.checks.policies.evaluating._MEMORY", 100 << 20)

    with pytest.raises(PolicyError, match="more than 100 MiB of memory"):
        find("package main\ndeny contains m if { m := count([x | some x in numbers.range(1, 100000000)]) }")


def test_a_policy_sees_no_environment_and_no_network(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "correct-horse-battery")
    (found,) = find("package main\ndeny contains m if { m := json.marshal(opa.runtime().env) }")
    request = '{"url": "http://localhost", "method": "get"}'

    assert "TOKEN" not in found.message
    assert find(f"package main\ndeny contains m if {{ m := http.send({request}).body }}") == []


def test_a_policy_sees_the_keys_of_a_secret_and_not_its_values(find: Find) -> None:
    (found,) = find("package main\ndeny contains m if { m := json.marshal(input.stringData) }", SECRET)

    assert found.message == '{"password":"***"}'


def test_what_is_no_folder_of_policies_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="holds no policy"):
        policy_rules([str(tmp_path)])
    with pytest.raises(FileError, match="No such file"):
        policy_rules([str(tmp_path / "nothing")])
    (tmp_path / "a.rego").write_text("package main\nx := 1\n")
    with pytest.raises(FileError, match="declares no deny, violation or warn"):
        policy_rules([str(tmp_path)])
    (tmp_path / "a.rego").write_bytes(b"\xff\xfe")
    with pytest.raises(FileError, match="UTF-8"):
        policy_rules([str(tmp_path)])
    (tmp_path / "a.rego").write_text("#" * (2 << 20))
    with pytest.raises(FileError, match="larger than 1 MiB"):
        policy_rules([str(tmp_path)])


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside.rego").write_text("package main\ndeny contains m if { m := input.kind }")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.rego").symlink_to(tmp_path / "outside.rego")

    with pytest.raises(FileError, match="not followed"):
        policy_rules([str(tmp_path / "in")])
