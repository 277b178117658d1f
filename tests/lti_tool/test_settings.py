"""Settings that are wrong stop the start with one line that names the variable."""

from pathlib import Path

import pytest

from lti_tool.settings import Settings, SettingsError

PRODUCTION = {
    "KLIMOP_SECRET_KEY": "k3y-0f-s0me-length-that-n0body-guesses",
    "KLIMOP_BASE_URL": "https://klimop.example.be",
}


def test_production_needs_only_a_secret_and_an_address(tmp_path: Path) -> None:
    settings = Settings.from_env(PRODUCTION | {"KLIMOP_DATA_DIR": str(tmp_path)})
    assert settings == Settings(
        secret_key="k3y-0f-s0me-length-that-n0body-guesses",
        base_url="https://klimop.example.be",
        database_url="sqlite:///var/klimop.sqlite3",
        data_dir=tmp_path,
    )


def test_in_the_demo_everything_has_a_default() -> None:
    assert Settings.from_env({"KLIMOP_DEMO": "1"}).base_url == "http://127.0.0.1:8000"


def test_new_deployments_wait_unless_the_operator_says_otherwise() -> None:
    assert not Settings.from_env(PRODUCTION).approve_deployments
    assert Settings.from_env(PRODUCTION | {"KLIMOP_APPROVE_DEPLOYMENTS": "1"}).approve_deployments


@pytest.mark.parametrize(
    ("change", "variable"),
    [
        ({"KLIMOP_SECRET_KEY": ""}, "KLIMOP_SECRET_KEY"),
        ({"KLIMOP_SECRET_KEY": "short"}, "KLIMOP_SECRET_KEY"),
        ({"KLIMOP_SECRET_KEY": "a" * 64}, "KLIMOP_SECRET_KEY"),
        ({"KLIMOP_SECRET_KEY": "demo-only-secret-demo-only-secret-demo"}, "KLIMOP_SECRET_KEY"),
        ({"KLIMOP_SECRET_KEY": "", "KLIMOP_SECRET_KEY_FILE": "/nowhere"}, "KLIMOP_SECRET_KEY_FILE"),
        ({"KLIMOP_BASE_URL": ""}, "KLIMOP_BASE_URL"),
        ({"KLIMOP_BASE_URL": "http://klimop.example.be"}, "KLIMOP_BASE_URL"),
        ({"KLIMOP_BASE_URL": "klimop.example.be"}, "KLIMOP_BASE_URL"),
        ({"KLIMOP_BASE_URL": "https://klimop.example.be/path"}, "KLIMOP_BASE_URL"),
        ({"KLIMOP_BASE_URL": "https://[half"}, "KLIMOP_BASE_URL"),
        ({"DATABASE_URL": "mysql://localhost/klimop"}, "DATABASE_URL"),
        ({"KLIMOP_BASE_URL": "https://user:password@klimop.example.be"}, "KLIMOP_BASE_URL"),
        ({"KLIMOP_BASE_URL": "https://klimop.example.be:99999"}, "KLIMOP_BASE_URL"),
        ({"KLIMOP_BASE_URL": "https://klimop.example.be:0"}, "KLIMOP_BASE_URL"),
        ({"KLIMOP_BASE_URL": "https://klimop.example.be:"}, "KLIMOP_BASE_URL"),
        ({"KLIMOP_BASE_URL": "https://klimop example.be"}, "KLIMOP_BASE_URL"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://user:password@host:port/klimop"}, "DATABASE_URL"),
        ({"KLIMOP_DEMO": "yes"}, "KLIMOP_DEMO"),
        ({"KLIMOP_APPROVE_DEPLOYMENTS": "true"}, "KLIMOP_APPROVE_DEPLOYMENTS"),
        ({"KLIMOP_TRUSTED_PROXIES": "-1"}, "KLIMOP_TRUSTED_PROXIES"),
        ({"KLIMOP_TRUSTED_PROXIES": "²"}, "KLIMOP_TRUSTED_PROXIES"),
        ({"KLIMOP_TRUSTED_PROXIES": "9" * 5000}, "KLIMOP_TRUSTED_PROXIES"),
        ({"KLIMOP_LOG_LEVEL": "LOUD"}, "KLIMOP_LOG_LEVEL"),
    ],
)
def test_a_wrong_setting_names_its_variable(change: dict[str, str], variable: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(PRODUCTION | change)
    assert refused.value.variable == variable
    assert len(str(refused.value).splitlines()) == 1


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(PRODUCTION["KLIMOP_SECRET_KEY"] + "\n", encoding="utf-8")
    given = {"KLIMOP_BASE_URL": "https://klimop.example.be", "KLIMOP_SECRET_KEY_FILE": str(file)}
    assert Settings.from_env(given).secret_key == PRODUCTION["KLIMOP_SECRET_KEY"]


def test_a_secret_file_that_is_no_text_names_its_variable(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({"KLIMOP_SECRET_KEY_FILE": str(file)})
    assert str(refused.value) == "KLIMOP_SECRET_KEY_FILE: does not hold UTF-8 text"


@pytest.mark.parametrize(
    "address", ["https://klimop.example.be:8443", "https://klimop_web", "https://[2001:db8::1]:443"]
)
def test_an_address_may_have_a_port_and_any_kind_of_host(address: str) -> None:
    assert Settings.from_env(PRODUCTION | {"KLIMOP_BASE_URL": f"{address}/"}).base_url == address


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_hosting_platforms_postgresql_address_gets_our_driver(scheme: str) -> None:
    given = PRODUCTION | {"DATABASE_URL": f"{scheme}://klimop:pass@db/klimop"}
    assert Settings.from_env(given).database_url == "postgresql+psycopg://klimop:pass@db/klimop"


def test_masked_settings_show_no_secret() -> None:
    settings = Settings.from_env(
        PRODUCTION | {"DATABASE_URL": "postgresql://klimop:hunter2hunter2@db/klimop"}
    )
    shown = settings.masked()
    assert shown["KLIMOP_SECRET_KEY"] == "********"
    assert shown["DATABASE_URL"] == "postgresql+psycopg://klimop:***@db/klimop"
    assert PRODUCTION["KLIMOP_SECRET_KEY"] not in str(shown)


def test_a_password_among_the_options_of_a_database_address_is_masked_too() -> None:
    address = "postgresql:///klimop?host=/run/postgresql&password=hunter2hunter2&user=klimop"
    shown = Settings.from_env(PRODUCTION | {"DATABASE_URL": address}).masked()
    assert shown["DATABASE_URL"] == (
        "postgresql+psycopg:///klimop?host=%2Frun%2Fpostgresql&password=hidden&user=klimop"
    )


@pytest.mark.parametrize(
    ("change", "variable"),
    [
        ({"KLIMOP_SMTP_URL": "mail.example.be"}, "KLIMOP_SMTP_URL"),
        ({"KLIMOP_SMTP_URL": "https://mail.example.be"}, "KLIMOP_SMTP_URL"),
        ({"KLIMOP_SMTP_URL": "smtp://"}, "KLIMOP_SMTP_URL"),
        ({"KLIMOP_SMTP_URL": "smtp://mail.example.be:many"}, "KLIMOP_SMTP_URL"),
        ({"KLIMOP_SMTP_URL": "smtp://mail.example.be/inbox"}, "KLIMOP_SMTP_URL"),
        ({"KLIMOP_SMTP_URL": "smtp://mail.example.be"}, "KLIMOP_MAIL_FROM"),
        ({"KLIMOP_SMTP_URL": "smtp://mail.example.be", "KLIMOP_MAIL_FROM": "Klimop"}, "KLIMOP_MAIL_FROM"),
    ],
)
def test_a_wrong_mail_server_names_its_variable(change: dict[str, str], variable: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(PRODUCTION | change)
    assert caught.value.variable == variable


def test_mail_is_sent_where_a_server_is_set_and_its_password_is_masked() -> None:
    server = "smtp://an:geheim@mail.example.be"
    mail = {"KLIMOP_SMTP_URL": server, "KLIMOP_MAIL_FROM": "Klimop <k@example.be>"}
    settings = Settings.from_env(PRODUCTION | mail)
    assert (settings.can_mail, Settings.from_env(PRODUCTION).can_mail) == (True, False)
    assert settings.masked()["KLIMOP_SMTP_URL"] == "smtp://mail.example.be:587"
    assert settings.masked()["KLIMOP_MAIL_FROM"] == "Klimop <k@example.be>"
