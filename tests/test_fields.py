"""The vocabulary of arguments says what Kubernetes says, by the API reference and apimachinery's grammars."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra import fields
from chores_infra.arguments import ArgumentChecker, InvalidArguments

# hypothesis draws mostly from what matters: characters at the borders of the grammars.
TEXTS = st.text("aAzZ019-._/ :%\n\t\u00e9", max_size=8) | st.text(max_size=5)
# k8s.io/apimachinery/pkg/util/validation, as it stands there (Go's `$` is Python's `\Z`).
DNS1123_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
DNS1123_SUBDOMAIN = rf"{DNS1123_LABEL}(\.{DNS1123_LABEL})*"
QUALIFIED_NAME = r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
DNS1035_LABEL = r"[a-z]([-a-z0-9]*[a-z0-9])?"
CONFIG_MAP_KEY = r"[-._a-zA-Z0-9]+"


def accepted(hint: Any, value: object) -> bool:
    try:
        ArgumentChecker(lambda: {"it": hint}).check({"it": value})
    except InvalidArguments:
        return False
    return True


def by_grammar(pattern: str, longest: int, text: str) -> bool:
    return len(text) <= longest and re.fullmatch(pattern, text) is not None


def is_qualified_name(text: str) -> bool:
    """IsQualifiedName of apimachinery, step by step as it is written there."""
    parts = text.split("/")
    if len(parts) > 2:
        return False
    prefix, name = parts if len(parts) == 2 else (None, parts[0])
    if prefix is not None and not by_grammar(DNS1123_SUBDOMAIN, 253, prefix):
        return False
    return by_grammar(QUALIFIED_NAME, 63, name)


def is_port_name(text: str) -> bool:
    """IsValidPortName of apimachinery."""
    return (
        len(text) <= 15
        and re.fullmatch(r"[-a-z0-9]+", text) is not None
        and re.search(r"[a-z]", text) is not None
        and "--" not in text
        and not text.startswith("-")
        and not text.endswith("-")
    )


def is_env_var_name(text: str) -> bool:
    """IsEnvVarName of apimachinery."""
    return by_grammar(r"[-._a-zA-Z][-._a-zA-Z0-9]*", 4096, text) and text != "." and not text.startswith("..")


def is_config_map_key(text: str) -> bool:
    """IsConfigMapKey of apimachinery."""
    return by_grammar(CONFIG_MAP_KEY, 253, text) and text not in {".", ".."} and not text.startswith("..")


GRAMMARS: dict[str, Callable[[str], bool]] = {
    "DnsLabel": lambda text: by_grammar(DNS1123_LABEL, 63, text),
    "DnsSubdomain": lambda text: by_grammar(DNS1123_SUBDOMAIN, 253, text),
    "Rfc1035Label": lambda text: by_grammar(DNS1035_LABEL, 63, text),
    "LabelKey": is_qualified_name,
    "AnnotationKey": lambda text: is_qualified_name(text.lower()),
    "LabelValue": lambda text: text == "" or by_grammar(QUALIFIED_NAME, 63, text),
    "EnvName": is_env_var_name,
    "DataKey": is_config_map_key,
    "PortName": is_port_name,
    # IsValidPathSegmentName of apimachinery
    "PathSegment": lambda text: text not in {"", ".", ".."} and "/" not in text and "%" not in text,
}


@pytest.mark.parametrize("name", GRAMMARS)
def test_a_text_is_taken_when_kubernetes_takes_it(name: str) -> None:
    checker = ArgumentChecker(lambda: {"it": getattr(fields, name)})

    @given(TEXTS)
    def the_same(text: str) -> None:
        try:
            checker.check({"it": text})
            taken = True
        except InvalidArguments:
            taken = False
        assert taken == GRAMMARS[name](text)

    the_same()


@pytest.mark.parametrize(
    ("name", "longest"),
    [
        ("DnsLabel", 63), ("DnsSubdomain", 253), ("Rfc1035Label", 63), ("LabelKey", 63), ("LabelValue", 63),
        ("AnnotationKey", 63), ("DataKey", 253), ("PortName", 15), ("Hostname", 63),
    ],
)  # fmt: skip
def test_a_text_has_its_greatest_length(name: str, longest: int) -> None:
    hint = getattr(fields, name)
    assert accepted(hint, "x" * longest)
    assert not accepted(hint, "x" * (longest + 1))


@pytest.mark.parametrize("name", ["LabelKey", "AnnotationKey"])
def test_the_prefix_of_a_key_has_its_own_length(name: str) -> None:
    hint = getattr(fields, name)
    assert accepted(hint, f"{'x' * 253}/{'y' * 63}")
    assert not accepted(hint, f"{'x' * 254}/y")
    assert not accepted(hint, f"x/{'y' * 64}")


@pytest.mark.parametrize("name", [*GRAMMARS, "Quantity", "Duration", "Hostname", "UrlPath", "AbsolutePath"])
@pytest.mark.parametrize("ending", ["\n", " ", "\x00"])
def test_nothing_invisible_follows_a_name(name: str, ending: str) -> None:
    start = "/x" if "Path" in name and name != "PathSegment" else "1h" if name == "Duration" else "1"
    start = "x" if name in {"Rfc1035Label", "PortName", "EnvName", "Hostname"} else start
    hint = getattr(fields, name)
    assert accepted(hint, start)
    if name not in {"PathSegment"} and not (name == "AbsolutePath" and ending == " "):
        assert not accepted(hint, start + ending)


@pytest.mark.parametrize("number", [1, 80, 65535, "http", "8080-tcp"])
def test_a_port_is_a_number_or_a_name(number: object) -> None:
    assert accepted(fields.Port, number)


@pytest.mark.parametrize("number", [0, 65536, -1, 80.0, True, "80", "", "HTTP", "a--b", "-a", "a-", None])
def test_anything_else_is_no_port(number: object) -> None:
    assert not accepted(fields.Port, number)


# https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
@pytest.mark.parametrize(
    "text",
    [
        "0",
        "1",
        "250m",
        "1.5",
        ".5",
        "5.",
        "128Mi",
        "1Gi",
        "1k",
        "12E",
        "1e3",
        "1E3",
        "12e-2",
        "-1",
        "+1",
        "1n",
    ],
)
def test_a_quantity(text: str) -> None:
    assert accepted(fields.Quantity, text)


@pytest.mark.parametrize(
    "text", ["", "lots", "1 Gi", "1gi", "1GB", "1mi", "1KI", "1K", "e3", "1e", "1,5", "٣"]
)
def test_no_quantity(text: str) -> None:
    assert not accepted(fields.Quantity, text)


# https://pkg.go.dev/time#ParseDuration
@pytest.mark.parametrize(
    "text", ["0", "30s", "1h30m", "1.5h", ".5m", "100ms", "1us", "1\u00b5s", "1\u03bcs", "1ns"]
)
def test_a_duration(text: str) -> None:
    assert accepted(fields.Duration, text)


@pytest.mark.parametrize("text", ["", "5", "1d", "-1h", "1 h", "h", "1hour", "1h 30m"])
def test_no_duration(text: str) -> None:
    assert not accepted(fields.Duration, text)


# RFC 1123: 63 characters in each label, 253 in all.
LONGEST_HOST = ".".join(["x" * 63] * 3 + ["x" * 61])


@pytest.mark.parametrize("name", [f"x{LONGEST_HOST}", f"{'x' * 64}.example.com"])
def test_a_host_name_that_is_too_long(name: str) -> None:
    assert not accepted(fields.Hostname, name)


@pytest.mark.parametrize(
    "text", ["chores.example.com", "localhost", "xn--bcher-kva.example", "1.2", LONGEST_HOST]
)
def test_a_host_name(text: str) -> None:
    assert accepted(fields.Hostname, text)


@pytest.mark.parametrize(
    "text",
    ["https://a.example.com", "a.example.com/", "a.example.com:80", "A.example.com", "a..b", "*.example.com",
     "a_b.example.com", "-a.b", "a.b.", "a b", ""],
)  # fmt: skip
def test_no_host_name(text: str) -> None:
    assert not accepted(fields.Hostname, text)


@pytest.mark.parametrize(
    ("text", "taken"), [("/", True), ("/a?b=c", True), ("a", False), ("/a b", False), ("", False)]
)
def test_the_path_of_a_url(text: str, taken: bool) -> None:
    assert accepted(fields.UrlPath, text) == taken


@pytest.mark.parametrize(
    ("text", "taken"), [("/", True), ("/a b", True), ("a", False), ("/a:b", False), ("", False)]
)
def test_an_absolute_path(text: str, taken: bool) -> None:
    assert accepted(fields.AbsolutePath, text) == taken


@given(st.ip_addresses())
def test_an_ip_address(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert accepted(fields.IpAddress, str(address))
    assert accepted(fields.Cidr, f"{address}/{address.max_prefixlen}")
    assert not accepted(fields.IpAddress, f"{address}/8")


@pytest.mark.parametrize("text", ["", "1.2.3", "256.1.1.1", "1.2.3.4.5", "01.2.3.4", "localhost", 1])
def test_no_ip_address(text: object) -> None:
    assert not accepted(fields.IpAddress, text)


def test_a_range_of_addresses_begins_at_its_network() -> None:
    assert accepted(fields.Cidr, "10.0.0.0/8")
    assert not accepted(fields.Cidr, "10.0.0.1/8")


@pytest.mark.parametrize("value", [[], (), ["a"], ("a", "b")])
def test_items_may_be_a_list_or_tuple(value: object) -> None:
    assert accepted(fields.Items[str], value)


@pytest.mark.parametrize("value", [{"a"}, frozenset(), {}, "a", None, {"a": "b"}.keys()])
def test_items_have_an_order(value: object) -> None:
    assert not accepted(fields.Items[str], value)


@pytest.mark.parametrize("value", [["a"], ("a",), {"a"}, frozenset({"a"})])
def test_what_has_no_order_may_be_a_set_too(value: object) -> None:
    assert accepted(fields.Unordered[str], value)
    assert not accepted(fields.Unordered[str], "a")


def test_pairs_may_be_any_mapping() -> None:
    from types import MappingProxyType

    assert accepted(fields.Pairs[str, int], MappingProxyType({"a": 1}))
    assert not accepted(fields.Pairs[str, int], [("a", 1)])


def test_annotations_hold_any_text_and_labels_do_not() -> None:
    assert accepted(fields.Annotations, {"a": "Any text, even\nlines"})
    assert not accepted(fields.Labels, {"a": "Any text, even\nlines"})
    assert accepted(fields.Labels, {"a": ""})
