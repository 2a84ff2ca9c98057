"""What a constraint allows: the rows are those of npm's documentation of ranges."""

from __future__ import annotations

import pytest

from chores_infra.errors import VersionError
from chores_infra.release.constraints import Constraint
from chores_infra.versions import Version

# https://github.com/npm/node-semver#advanced-range-syntax
ROWS = [
    ("*", "0.0.1 9.9.9", ""),
    ("1.x", "1.0.0 1.9.9", "0.9.9 2.0.0"),
    ("1.2.x", "1.2.0 1.2.9", "1.1.9 1.3.0"),
    ("1", "1.0.0 1.9.9", "2.0.0"),
    ("1.2", "1.2.0", "1.3.0"),
    ("1.2.3", "1.2.3 v1.2.3", "1.2.4 1.2.2"),
    ("v1.2.3", "1.2.3", "1.2.4"),
    ("~1.2.3", "1.2.3 1.2.9", "1.2.2 1.3.0"),
    ("~1.2", "1.2.0 1.2.9", "1.3.0"),
    ("~1", "1.0.0 1.9.0", "2.0.0"),
    ("~1.2.3-beta.2", "1.2.3-beta.2 1.2.3-beta.4 1.2.4", "1.2.4-beta.2 1.3.0"),
    ("^1.2.3", "1.2.3 1.9.0", "1.2.2 2.0.0 2.0.0-rc.1"),
    ("^0.2.3", "0.2.3 0.2.9", "0.3.0"),
    ("^0.0.3", "0.0.3", "0.0.4"),
    ("^1.2.3-beta.2", "1.2.3-beta.2 1.2.3 1.9.9", "1.2.4-beta.2 2.0.0"),
    ("^0.0.3-beta", "0.0.3-beta 0.0.3", "0.0.4"),
    ("^1.2.x", "1.2.0 1.9.0", "1.1.9 2.0.0"),
    ("^0.0.x", "0.0.0 0.0.9", "0.1.0"),
    ("^0.0", "0.0.0 0.0.9", "0.1.0"),
    ("^0.x", "0.0.0 0.9.0", "1.0.0"),
    (">=1.2.7 <1.3.0", "1.2.7 1.2.99", "1.2.6 1.3.0 1.1.0"),
    (">=1.2.7,<1.3", "1.2.7 1.2.99", "1.3.0"),
    ("1.2.7 || >=1.2.9 <2.0.0", "1.2.7 1.2.9 1.4.6", "1.2.8 2.0.0"),
    (">1.2.3-alpha.3", "1.2.3-alpha.7 3.4.5", "3.4.5-alpha.9 1.2.3-alpha.3"),
    (">1.2", "1.3.0", "1.2.9"),
    ("<=1.2", "1.2.9 0.1.0", "1.3.0"),
    ("<2", "1.9.9", "2.0.0 2.0.0-rc.1"),
    (">= 3", "3.0.0", "2.9.9"),
]


@pytest.mark.parametrize(("text", "allowed", "not_allowed"), ROWS, ids=[row[0] for row in ROWS])
def test_a_range_means_what_npm_says(text: str, allowed: str, not_allowed: str) -> None:
    constraint = Constraint(text)
    assert [each for each in allowed.split() if not constraint.allows(Version.parse(each))] == []
    assert [each for each in not_allowed.split() if constraint.allows(Version.parse(each))] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "latest",
        "^",
        "^^1",
        "1.2.3.4",
        "x.1",
        "1.x.3",
        "1 ||",
        ">*",
        "1-rc.1",
        "$(id)",
        "1.2.3\x00",
        "9" * 30,
        "1" * 201,
        "1.2 - 2",
    ],
)
def test_what_is_no_range_is_an_error(text: str) -> None:
    with pytest.raises(VersionError, match="is no constraint"):
        Constraint(text)
