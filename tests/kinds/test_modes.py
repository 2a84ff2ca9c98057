"""What our own code wrote may hold no null; what a file or the server holds may, and it means absent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chores_infra import kinds


def test_null_is_absent_when_read_and_a_problem_when_authored(
    manifest: Callable[..., dict[str, Any]],
) -> None:
    written = manifest(
        "Deployment",
        {
            "metadata/creationTimestamp": None,
            "spec/strategy": None,
            "spec/template/spec/containers/0/resources": None,
            "status": None,
        },
    )
    assert kinds.validate(written, mode="read") == []
    assert {problem.field for problem in kinds.validate(written)} == {
        "metadata.creationTimestamp",
        "spec.strategy",
        "spec.template.spec.containers[0].resources",
        "status",
    }


def test_a_null_for_a_required_field_is_a_missing_one(manifest: Callable[..., dict[str, Any]]) -> None:
    problems = kinds.validate(manifest("Deployment", {"spec/selector": None}), mode="read")
    assert [str(problem) for problem in problems] == ["spec.selector: required field is missing"]


def test_a_null_in_a_list_is_refused_in_both(manifest: Callable[..., dict[str, Any]]) -> None:
    written = manifest("Deployment", {"spec/template/spec/containers/1": None})
    for mode in ("authored", "read"):
        assert [problem.field for problem in kinds.validate(written, mode)] == [
            "spec.template.spec.containers[1]"
        ]


def test_an_integer_written_as_float_is_a_finding_in_both(manifest: Callable[..., dict[str, Any]]) -> None:
    written = manifest("Deployment", {"spec/template/spec/containers/0/ports/0/containerPort": 8080.0})
    for mode in ("authored", "read"):
        (problem,) = kinds.validate(written, mode)
        assert problem.message == "expected a port from 1 to 65535, found number 8080.0"


def test_null_stays_where_anything_goes(manifest: Callable[..., dict[str, Any]]) -> None:
    """A null in Helm values deletes a default: it means something."""
    written = manifest("Application", {"spec/source/helm": {"valuesObject": {"ingress": None}}})
    assert kinds.validate(written) == []


def test_the_manifest_is_not_changed(manifest: Callable[..., dict[str, Any]]) -> None:
    written = manifest("Deployment", {"spec/strategy": None, "spec/zzz": [None]})
    kinds.validate(written, mode="read")
    assert written == manifest("Deployment", {"spec/strategy": None, "spec/zzz": [None]})
