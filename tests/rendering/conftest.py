"""Strings that look like something else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pytest

LOOKALIKES: Final = (
    # null, and nothing at all
    *("", "~", "null", "Null", "NULL", "nUll"),
    # booleans, in YAML 1.1 and to one parser or another
    *("true", "True", "tRUE", "false", "FALSE", "yes", "Yes", "no", "NO", "on", "On", "off", "OFF"),
    *("y", "Y", "n", "N"),
    # merge and value keys
    *("<<", "="),
    # integers: decimal, signed, with underscores, octal (both ways), hexadecimal, binary
    *("0", "-0", "+1", "8080", "1_000", "_1", "017", "08", "0o17", "0O17", "-0o17", "0x1F", "0X1f", "+0xff"),
    *("0b101", "0B1", "-0b11", "0b-1", "9223372036854775808", "0x"),
    # floats: with and without digits on either side, exponents, underscores, the infinite and the unknown
    *("1.", ".5", "-.5", "+.5", "1.0", "3.10", "1e3", "1E3", "1e+3", "1.5e-3", "1_0.5", "1__0e1", "12e03"),
    *(".inf", "-.INF", "+.Inf", ".nan", ".NaN", "-.nan", "."),
    # base sixty, and times
    *(
        "1:30",
        "12:30:45",
        "-1:30",
        "190:20:30.15",
        "1:60",
        "2001-01-01",
        "2001-1-1",
        "2001-12-14 21:59:43.10 -5",
    ),
    *("2001-12-14t21:59:43.10-05:00", "2001-12-15T02:59:43.1Z"),
    # a digest or commit of digits and e
    *("1234e56", "5d", "0e0"),
    # structure
    *(
        "- a",
        "-",
        "- ",
        "? a",
        "?",
        ": a",
        ":",
        "a: b",
        "a:",
        "a #b",
        "#a",
        "---",
        "--- a",
        "---a",
        "...",
        "... a",
    ),
    *(
        "&a",
        "*a",
        "*",
        "!a",
        "!!str a",
        "|",
        "|-",
        ">",
        "'a'",
        '"a"',
        "'",
        '"',
        "%a",
        "%YAML 1.2",
        "@a",
        "`a",
        ",",
    ),
    *("{a}", "[a]", "{}", "[]", "}", "]", " a", "a ", " ", "a\tb", "\ta", "a\n", "\n", "a\r\nb", "a\x00b"),
    # what cannot be seen
    *(
        "a\x85b",
        "a\xa0b",
        "\ufeffa",
        "a\u200bb",
        "a\u202eb",
        "a\u2028b",
        "\u2029",
        "a\x7fb",
        "a\ufffeb",
        "a\x1bb",
    ),
)
"""None of these may be written without quotes (or as a block)."""


@pytest.fixture(scope="session")
def lookalikes() -> Sequence[str]:
    """Strings that some reader of YAML takes for something else when they stand plain."""
    return LOOKALIKES
