"""What single rules find."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from chores_infra.checks.context import Context
from chores_infra.checks.registry import built_in_rules
from chores_infra.checks.validation import findings_of


@pytest.fixture
def found(context: Callable[..., Context]) -> Callable[..., dict[str, str]]:
    """The findings of one rule: ``severity: message`` by the path of the field."""

    def find(rule: str, texts: Mapping[str, str] | str) -> dict[str, str]:
        (chosen,) = [each for each in built_in_rules() if each.id == rule]
        return {
            finding.path: f"{finding.severity.value}: {finding.message}"
            for finding in findings_of(context(texts), [chosen])
        }

    return find
