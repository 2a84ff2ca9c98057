"""What is a credential, and what only stands for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chores_infra.checks.credentials import forms_in, is_placeholder, masked, names_a_credential

# Put together here, so that no scanner takes this file for a leak.
GITHUB = "gh" + "p_" + "a1B2" * 9
SLACK = "xo" + "xb-123456789012-" + "a1B2c3" * 4
KEY = "-----BEGIN RSA PRIVATE" + " KEY-----\nMIIEowIBAAKCAQEAxZ\nabc+/=\n"
TOKEN = "ey" + "JhbGciOiJIUzI1NiJ9.ey" + "JzdWIiOiIxMjM0NTY3ODkwIn0." + "abcDEF123456-_abcDEF"


@pytest.mark.parametrize(
    ("text", "what", "certain"),
    [
        (KEY, "a private key", True),
        (f"token={GITHUB}", "a GitHub token", True),
        (SLACK, "a Slack token", True),
        ("AK" + "IAJ5W7Q2M4N6P3R5ST", "the id of an AWS access key", False),
        (TOKEN, "a JSON Web Token", False),
        ("amqp://shop:hunter2@mq.example.com/", "a password in a URL", False),
        ("redis://:hunter2@redis:6379/0", "a password in a URL", False),
    ],
)
def test_a_credential_by_its_form(text: str, what: str, certain: bool) -> None:
    assert [(form.what, form.certain) for form in forms_in(f"before {text}")] == [(what, certain)]


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN CERTIFICATE-----\nMIIEowIBAAKCAQEA",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        "AK" + "IAIOSFODNN7EXAMPLE",  # of the documentation of AWS
        "https://example.com:8443/@scope/package",
        "postgres://shop:$(PASSWORD)@db/shop",
        "postgres://shop:<password>@db/shop",
        "postgres://shop:{{ .password }}@db/shop",
        "git@github.com:shop/infra.git",
        "arn:aws:iam::123456789012:role/shop",
    ],
)
def test_no_credential(text: str) -> None:
    assert not list(forms_in(text))


def test_nothing_of_a_credential_is_left() -> None:
    for secret in (KEY, GITHUB, SLACK, TOKEN, "amqp://shop:hunter2@mq"):
        shown = masked(f"before {secret}")
        assert shown.startswith("before ***")
        assert "hunter2" not in shown
        assert "MIIE" not in shown


@given(st.text(), st.sampled_from([GITHUB, SLACK, TOKEN, "amqp://shop:hunter2@mq", ""]), st.text())
def test_what_is_shown_has_no_credential_left(before: str, secret: str, after: str) -> None:
    shown = masked(f"{before} {secret} {after}")

    assert not list(forms_in(shown))
    assert masked(shown) == shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "hunter2"),
        ("MYSQL_ROOT_PASSWORD", "1234"),
        ("adminPassword", "admin"),
        ("redis-password", "s3cr3t"),
        ("API_KEY", "a8f5f167f44f4964"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfi"),
        ("SLACK_TOKEN", "T0KEN-of-slack-9"),
        ("JWT_SECRET", "9d5e3ecdeb4cdb7acfd63075ae046672"),
    ],
)
def test_a_setting_with_a_credential(name: str, value: str) -> None:
    assert names_a_credential(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", ""),
        ("DB_PASSWORD", "$(DB_PASSWORD)"),
        ("DB_PASSWORD", "${PASSWORD}"),
        ("DB_PASSWORD", "<set by the operator>"),
        ("DB_PASSWORD", "changeme"),
        ("DB_PASSWORD", "/run/secrets/password"),
        ("DB_PASSWORD_FILE", "hunter2"),
        ("PASSWORD_MIN_LENGTH", "12"),
        ("MAX_TOKENS", "120000"),
        ("TOKEN", "12000000"),
        ("VAULT_TOKEN", "kubernetes"),
        ("TLS_SECRET", "shop-tls"),
        ("SIGNING_KEY", "keys/shop.pem"),
        ("AWS_ACCESS_KEY_ID", "hunter2hunter2"),
        ("ENABLE_TOKEN", "true"),
        ("TOKEN", "https://example.com/token1"),
        ("CACHE_KEY", "shop-products-v2"),
        ("apiKeySecretKey", "PROVIDER_API_KEY"),
        ("PROVIDER_API_KEY", "not-a-real-key-the-server-ignores-it"),
        ("SORT_KEY", "9d5e3ecdeb4cdb7"),
    ],
)
def test_a_setting_without_one(name: str, value: str) -> None:
    assert not names_a_credential(name, value)


@pytest.mark.parametrize(
    "value", ["", "***", "<password>", "{{ .password }}", "$(PASSWORD)", "xxxx", "CHANGE-ME", "your-token"]
)
def test_what_stands_for_a_value(value: str) -> None:
    assert is_placeholder(value)
    assert is_placeholder(f"  {value} ")
