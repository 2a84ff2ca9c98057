"""ConfigMaps, Secrets and their keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra import kinds
from chores_infra.construct import Component, Tree
from chores_infra.constructs.config import ConfigMap, KeyRef, Secret
from chores_infra.errors import ConstructError

TOO_LARGE = "data: expected at most 1048576 bytes in all values, found 1048577"
Refused = Callable[..., dict[str, str]]
KEYS = st.from_regex(r"[-_a-zA-Z0-9][-._a-zA-Z0-9]{0,10}", fullmatch=True)


def settings(scope: Component | Tree, **arguments: Any) -> ConfigMap:
    given: dict[str, Any] = {"name": "shop-config", "data": {}} | arguments
    return ConfigMap(scope, "settings", **given)


@given(data=st.dictionaries(KEYS, st.text()), binary=st.dictionaries(KEYS, st.binary()))
def test_what_was_given_is_what_is_rendered(data: dict[str, str], binary: dict[str, bytes]) -> None:
    binary = {key: value for key, value in binary.items() if key not in data}
    made = settings(Tree(), data=data, binary_data=binary)
    manifest = made.manifest
    assert manifest["data"] == data
    assert set(manifest.get("binaryData", {})) == set(binary)
    assert kinds.validate(manifest) == []
    assert made.keys == frozenset({*data, *binary})


def test_bytes_are_rendered_in_base64(shop: Component) -> None:
    manifest = settings(shop, binary_data={"logo": b"\x00\xff"}, immutable=True).manifest
    assert manifest == {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "shop-config", "namespace": "shop"},
        "data": {},
        "binaryData": {"logo": "AP8="},
        "immutable": True,
    }


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"data": {"DEBUG": False}}, "data.DEBUG: expected text, found False"),
        ({"data": {"PORT": 8000}}, "data.PORT: expected text, found 8000"),
        ({"data": {"EMPTY": None}}, "data.EMPTY: expected text, found None"),
        ({"data": {"A B": ""}}, "data: expected a key: letters, digits, '-', '_' and '.', "),
        ({"data": {"..": ""}}, "data: expected a key: "),
        ({"data": {"": ""}}, "data: expected a key: "),
        ({"data": {1: ""}}, "data: expected a key: "),
        ({"data": None}, "data: expected a mapping, found None"),
        ({"data": {"A": ""}, "binary_data": {"A": b""}}, "binary_data.A: data has this key too"),
        ({"binary_data": {"A": "text"}}, "binary_data.A: expected bytes, found 'text'"),
        ({"data": {"A": "x" * 2**20, "B": "x"}}, TOO_LARGE),
        ({"data": {"A": "ü" * 2**19, "B": "x"}}, TOO_LARGE),
        ({"data": {"A": "\udc80"}}, "data.A: expected text that UTF-8 can write"),
        ({"name": "shop_config"}, "name: expected a DNS name"),
        ({"immutable": "yes"}, "immutable: expected True or False, found 'yes'"),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_what_cannot_be(shop: Component, arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConstructError) as caught:
        settings(shop, **arguments)
    (found,) = map(str, caught.value.problems)
    assert found.startswith(problem)
    assert len(found) < 400


class TestKeys:
    def test_a_key_is_referred_to_by_its_source(self, shop: Component) -> None:
        made = settings(shop, data={"A": "1"})
        assert made.key("A") == KeyRef(source=made, key="A")
        with pytest.raises(
            ConstructError, match="shop/settings: key: ConfigMap 'shop-config' has no key 'B'; it has A"
        ):
            made.key("B")

    def test_an_optional_key_may_be_missing(self, shop: Component) -> None:
        assert settings(shop).key("A", optional=True).optional is True

    def test_an_empty_one_has_none_at_all(self, shop: Component) -> None:
        with pytest.raises(ConstructError, match="it has none at all"):
            settings(shop).key("A")

    @pytest.mark.parametrize("keys", [["A", "B"], ("A", "B"), {"A", "B"}, frozenset("AB")])
    def test_keys_of_others_may_be_declared(self, keys: Any) -> None:
        for source in (ConfigMap.existing("c", keys=keys), Secret.existing("s", keys=keys)):
            assert source.key("A").source is source
            with pytest.raises(ConstructError, match=r"existing.*has no key 'C'; it has A, B"):
                source.key("C")

    @pytest.mark.parametrize("keys", ["AB", ["A B"], [1], 5])
    def test_declared_keys_are_checked(self, refused: Refused, keys: Any) -> None:
        (argument,) = refused(lambda: Secret.existing("s", keys=keys))
        assert argument.startswith("keys")

    def test_undeclared_keys_are_taken_on_trust(self) -> None:
        assert Secret.existing("s").key("ANY").key == "ANY"


def test_a_secret_is_never_rendered_from_values(refused: Refused) -> None:
    assert "would end up in Git" in refused(Secret)[""]


def test_a_secret_with_values_is_refused_however_it_is_written() -> None:
    make: Any = Secret
    with pytest.raises(ConstructError, match=r"refer to Secret.existing\(name\)"):
        make(Tree(), "secret", name="shop", data={"TOKEN": "hunter2"})
