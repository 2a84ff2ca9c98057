from __future__ import annotations

import pytest

from chores_infra.rendering.line_diff import line_diff

SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\nstringData:\n  password: {}\n  user: shop\n"


def test_equal_texts_have_no_difference() -> None:
    assert line_diff("a: 1\n", "a: 1\n", "x.yaml") == ""
    assert line_diff(None, None, "x.yaml") == ""


def test_a_change_with_its_surroundings() -> None:
    old = "".join(f"line{n}: {n}\n" for n in range(20))
    assert line_diff(old, old.replace("line10: 10", "line10: ten"), "base-apps/x.yaml") == (
        "--- a/base-apps/x.yaml\n"
        "+++ b/base-apps/x.yaml\n"
        "@@ -8,7 +8,7 @@\n"
        " line7: 7\n"
        " line8: 8\n"
        " line9: 9\n"
        "-line10: 10\n"
        "+line10: ten\n"
        " line11: 11\n"
        " line12: 12\n"
        " line13: 13\n"
    )


def test_a_new_and_a_removed_file() -> None:
    assert line_diff(None, "a: 1\n", "x.yaml") == "--- /dev/null\n+++ b/x.yaml\n@@ -0,0 +1 @@\n+a: 1\n"
    assert line_diff("a: 1\n", None, "x.yaml") == "--- a/x.yaml\n+++ /dev/null\n@@ -1 +0,0 @@\n-a: 1\n"
    assert line_diff(None, "", "x.yaml") == "--- /dev/null\n+++ b/x.yaml\n(the files are empty)\n"


def test_a_missing_newline_at_the_end_is_said() -> None:
    assert line_diff("a: 1", "a: 1\n", "x").endswith("-a: 1\n\\ No newline at end of file\n+a: 1\n")


def test_what_a_terminal_would_obey_is_shown_as_text() -> None:
    shown = line_diff("a: 1\n", "# \x1b[31mred\x07\r\na: 1\n", "x")
    assert "+# \\x1b[31mred\\x07\\x0d\n" in shown


class TestSecrets:
    @pytest.mark.parametrize(
        "template",
        [
            SECRET,
            "kind: Secret\ndata: {{password: {}, user: shop}}\n",
            '{{"kind": "S\\u0065cret", "data": {{"password": "{}", "user": "shop"}}}}\n',
            "kind: List\nitems:\n- kind: Secret\n  data:\n    password: {}\n    user: shop\n",
            "a: 1\n---\nkind: Secret\nstringData:\n  password: |\n    {}\n  user: shop\n",
            "kind: Secret\nx: {{kubectl.kubernetes.io/last-applied-configuration: '{}'}}\n",
            "data: &x {{password: {}}}\nkind: Secret\nstringData:\n  <<: *x\n",
            "# old password: {}\nkind: Secret\ndata: {{a: b}}\n",
        ],
    )
    def test_no_value_of_one_is_shown(self, template: str) -> None:
        shown = line_diff(template.format("hunter2"), template.format("hunter3"), "x.yaml")
        assert "hunter" not in shown
        assert "shop" not in shown
        assert shown

    def test_what_changed_can_be_told_nevertheless(self) -> None:
        shown = line_diff(SECRET.format("hunter2"), SECRET.format("shop"), "x.yaml")
        assert "-  password: (hidden value 1)\n" in shown
        assert "+  password: (hidden value 2)\n" in shown
        assert "   user: (hidden value 2)\n" in shown

    def test_a_difference_in_comments_only_is_said(self) -> None:
        assert "only comments or the form differ" in line_diff(
            SECRET.format("a"), "# b\n" + SECRET.format("a"), "x"
        )

    def test_a_text_that_cannot_be_read_and_mentions_one_is_not_shown(self) -> None:
        shown = line_diff(SECRET.format("hunter2"), SECRET.format("hunter3: ["), "x.yaml")
        assert "hunter" not in shown
        assert "not shown" in shown

    def test_a_text_that_cannot_be_read_is_shown_where_none_can_be_in_it(self) -> None:
        assert "+a: [\n" in line_diff("a: 1\n", "a: [\n", "x.yaml")

    def test_an_external_secret_is_none(self) -> None:
        text = "kind: ExternalSecret\nspec:\n  data:\n  - secretKey: {}\n"
        assert "+  - secretKey: B\n" in line_diff(text.format("A"), text.format("B"), "x.yaml")
