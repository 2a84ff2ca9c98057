"""Laws of comparisons, held against random objects; patches are applied by a library that is not ours."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonpatch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chores_infra.diff import Comparison, Located, What, compare, folded, unfolded
from chores_infra.diff.patches import patch_of, patches

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([0.5, 1.0, 2.5]),
    st.sampled_from(["", "a", "b", "1", "100m", "0.1", "1h", "60m", "x\ny\n", "x\nz\n", "~/"]),
)
KEYS = st.sampled_from(["a", "b", "a/b", "~", "name", "replicas", "env", "items"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(KEYS, inner, max_size=4),
        st.lists(st.fixed_dictionaries({"name": st.sampled_from("xyz"), "value": inner}), max_size=3),
    ),
    max_leaves=12,
)
CONTAINERS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["web", "proxy", "log"]),
            "image": st.sampled_from(["a:1", "a:2", "b:latest"]),
        },
        optional={
            "args": st.lists(st.sampled_from(["-a", "-b", "-c"]), max_size=3),
            "env": st.lists(
                st.fixed_dictionaries({"name": st.sampled_from("AB"), "value": st.sampled_from(["1", "2"])}),
                max_size=2,
            ),
            "ports": st.lists(
                st.fixed_dictionaries(
                    {"containerPort": st.integers(80, 82)},
                    optional={"protocol": st.sampled_from(["TCP", "UDP"])},
                ),
                max_size=2,
            ),
            "imagePullPolicy": st.sampled_from(["Always", "IfNotPresent"]),
        },
    ),
    max_size=3,
)


def manifest(api_version: str, kind: str, name: str, **fields: Any) -> dict[str, Any]:
    return {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": name, "namespace": "shop"},
        **{key: value for key, value in fields.items() if value is not None},
    }


OBJECTS = st.one_of(
    st.builds(
        lambda name, replicas, containers: manifest(
            "apps/v1",
            "Deployment",
            name,
            spec={"replicas": replicas, "template": {"spec": {"containers": containers}}},
        ),
        st.sampled_from(["web", "worker"]),
        st.sampled_from([None, 1, 3]),
        CONTAINERS,
    ),
    st.builds(
        lambda name, spec: manifest("example.com/v1", "Thing", name, spec=spec),
        st.sampled_from(["one", "two", "three"]),
        VALUES,
    ),
    st.builds(
        lambda field, data: manifest("v1", "Secret", "login", **{field: data}),
        st.sampled_from(["data", "stringData"]),
        st.dictionaries(st.sampled_from(["user", "password"]), st.sampled_from(["YQ==", "Yg==", "a"])),
    ),
)
SIDES = st.lists(
    st.builds(Located, OBJECTS, st.sampled_from(["a.yaml", "b.yaml"])),
    max_size=4,
    unique_by=lambda located: (located.manifest["kind"], located.manifest["metadata"]["name"]),
)


def nothing_read_differently(value: Any) -> Any:
    """A value as an API server has it: null is absent."""
    return json.loads(json.dumps(value))


@settings(max_examples=40)
@given(SIDES)
def test_nothing_differs_from_itself(side: list[Located]) -> None:
    again = [located._replace(manifest=copy.deepcopy(dict(located.manifest))) for located in side]
    assert not compare(side, again).changes
    assert not patches(side, again)


@given(VALUES, VALUES)
def test_a_patch_makes_the_one_of_the_other(before: Any, after: Any) -> None:
    one, other = {"v": before}, {"v": after}
    done = jsonpatch.apply_patch(nothing_read_differently(one), patch_of(one, other))
    assert json.dumps(done, sort_keys=True) == json.dumps(other, sort_keys=True)


@settings(max_examples=40)
@given(OBJECTS, OBJECTS)
def test_the_patch_of_an_object_is_the_whole_difference_or_says_what_it_lacks(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    assume(before["kind"] == after["kind"])
    after = {**after, "metadata": before["metadata"]}
    for patch in patches([Located(before)], [Located(after)]):
        if not patch.left_out:
            done = jsonpatch.apply_patch(nothing_read_differently(before), list(patch.operations))
            assert json.dumps(done, sort_keys=True) == json.dumps(after, sort_keys=True)
        else:
            assert before["kind"] == "Secret"


@settings(max_examples=40)
@given(SIDES, SIDES)
def test_folding_loses_nothing(before: list[Located], after: list[Located]) -> None:
    comparison = compare(before, after)
    assert unfolded(folded(comparison)) == comparison


@settings(max_examples=40)
@given(SIDES, SIDES)
def test_a_comparison_the_other_way_round_says_the_opposite(
    before: list[Located], after: list[Located]
) -> None:
    assert summary(compare(before, after)) == summary(compare(after, before), swapped=True)


OPPOSITE = {What.ADDED: What.REMOVED, What.REMOVED: What.ADDED}


def summary(comparison: Comparison, *, swapped: bool = False) -> set[str]:
    """What a comparison says, but for the effects; as if its sides were swapped."""
    found = set()
    for change in comparison.changes:
        sides = [change.before, change.after]
        what = OPPOSITE.get(change.what, change.what) if swapped else change.what
        fields = []
        for field in change.fields:
            own = OPPOSITE.get(field.what, field.what) if swapped else field.what
            values = [field.before, field.after, field.before_pointer, field.after_pointer]
            if swapped:
                values = [field.after, field.before, field.after_pointer, field.before_pointer]
            fields.append((".".join(field.pattern), own, repr(values)))
        found.add(repr((what, sides[::-1] if swapped else sides, sorted(fields))))
    return found


@settings(max_examples=40)
@given(SIDES, SIDES)
def test_pointers_lead_to_the_values(before: list[Located], after: list[Located]) -> None:
    left = {located.manifest["metadata"]["name"]: located.manifest for located in before}
    right = {located.manifest["metadata"]["name"]: located.manifest for located in after}
    for change in compare(before, after).changes:
        for field in change.fields:
            for side, identity, pointer, value in (
                (left, change.before, field.before_pointer, field.before),
                (right, change.after, field.after_pointer, field.after),
            ):
                if pointer is not None and identity is not None and not field.masked:
                    found = jsonpatch.JsonPointer(pointer).resolve(side[identity.name])
                    if field.what is not What.REORDERED:
                        assert found == value
