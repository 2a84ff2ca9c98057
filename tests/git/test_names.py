"""Names that reach git's command line, and what is taken out of what git says."""

from __future__ import annotations

import pytest

from chores_infra.errors import GitError
from chores_infra.git import check_branch, check_revision, check_url, is_url
from chores_infra.git.masking import masked


@pytest.mark.parametrize(
    "hostile",
    [
        "--upload-pack=x",
        "-p",
        "",
        "$(id)",
        "main..other",
        "main...other",
        "main:base-apps",
        "a b",
        "main\n",
        "main\0",
        "; rm",
        ":/message",
        "^main",
        "x" * 251,
    ],
)
def test_what_is_no_revision_never_reaches_git(hostile: str) -> None:
    with pytest.raises(GitError, match="is no revision"):
        check_revision(hostile)


@pytest.mark.parametrize(
    "text", ["main", "origin/main", "HEAD~3", "v1.0.0^{commit}", "main@{1}", "feature/a#1"]
)
def test_a_revision_is_taken_as_it_is(text: str) -> None:
    assert check_revision(text) == text


@pytest.mark.parametrize(
    "hostile",
    [
        "--upload-pack=x",
        "-f",
        "",
        "$(id)",
        "../../x",
        "a..b",
        "a b",
        "main\n",
        "a//b",
        "a/",
        ".x",
        "x.lock",
        "+main",
    ],
)
def test_what_is_no_branch_never_reaches_git(hostile: str) -> None:
    with pytest.raises(GitError, match="cannot be a branch"):
        check_branch(hostile)


@pytest.mark.parametrize(
    "hostile",
    [
        "--upload-pack=x",
        "ext::sh -c id",
        "fd::17",
        "ssh://-oProxyCommand=id/x",
        "-oProxyCommand=id@example.com:x",
        "git@-oProxyCommand=id:x",
        "git@example.com:-x",
        "https://example.com/a\nb",
        "https://example.com/\x1b[0m",
        "https:///x",
        "https://example.com/$(id) x",
        "ftp://example.com/x",
        "",
    ],
)
def test_what_is_no_url_never_reaches_git(hostile: str) -> None:
    with pytest.raises(GitError, match="is no URL"):
        check_url(hostile)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/team/infra.git",
        "https://bot:token@example.com:8443/infra",
        "ssh://git@[::1]:22/infra.git",
        "git@example.com:team/infra.git",
        "git://127.0.0.1:9418/infra.git",
        "file:///srv/infra.git",
    ],
)
def test_a_url_is_taken_as_it_is(url: str) -> None:
    assert check_url(url) == url
    assert is_url(url)


def test_an_error_about_a_url_hides_its_password() -> None:
    with pytest.raises(GitError, match="no URL") as error:
        check_url("ftp://bot:s3cret@example.com/x")
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://u:p@ss@example.com/x", "https://***@example.com/x"),
        ("https://ghp_0123456789abcdef@github.com/x", "https://***@github.com/x"),
        ("token ghp_0123456789abcdefABCDEF is bad", "token *** is bad"),
        ("GET https://example.com/x?access_token=abc&a=1", "GET https://example.com/x?access_token=***&a=1"),
        ("AUTHORIZATION: basic eC1hY2Nlc3M6dG9rZW4=", "AUTHORIZATION: ***"),
        ("glpat-abcdefgh12345678", "***"),
        ("git@example.com:team/infra.git", "git@example.com:team/infra.git"),
        ("mail ada@example.com", "mail ada@example.com"),
    ],
)
def test_credentials_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown
