"""Settings: what is read, and how a mistake is told."""

import base64
import os
import secrets
from pathlib import Path

import pytest
from pydantic import ValidationError

from runtime.settings import BadSettings, Settings, WrongCall, read_settings

OWNER = "postgresql+psycopg://owner:4-long-And-odd-one@db:5432/nastavnik"
APP = "postgresql+psycopg://app:another-0dd-and-long@db:5432/nastavnik"
KEY = base64.b64encode(secrets.token_bytes(32)).decode()


@pytest.fixture(autouse=True)
def _no_variables_of_the_tester(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("NASTAVNIK_"):
            monkeypatch.delenv(name)


def read(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return read_settings()


def complaint(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    with pytest.raises(BadSettings) as caught:
        read(monkeypatch, **variables)
    return str(caught.value)


def test_without_variables_everything_is_embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch)
    assert settings.home.home == Path.cwd() / "var"
    assert settings.files == Path.cwd() / "var" / "files"
    assert settings.database.url is None
    assert settings.database.app_url is None
    assert settings.temporal.address is None
    assert (settings.temporal.namespace, settings.temporal.task_queue) == ("default", "nastavnik")
    assert settings.secret.master_key is None
    assert settings.secret.payload_key is None
    assert (settings.web.host, settings.web.port) == ("127.0.0.1", 8080)


def test_each_variable_reaches_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(
        monkeypatch,
        NASTAVNIK_HOME="/srv/home",
        NASTAVNIK_DATABASE_URL=OWNER,
        NASTAVNIK_DATABASE_APP_URL=APP,
        NASTAVNIK_TEMPORAL_ADDRESS="temporal:7233",
        NASTAVNIK_TEMPORAL_NAMESPACE="school",
        NASTAVNIK_TEMPORAL_TASK_QUEUE="pairs",
        NASTAVNIK_STORE_PATH="/srv/files",
        NASTAVNIK_MASTER_KEY=KEY,
        NASTAVNIK_PAYLOAD_KEY=secrets.token_hex(32),
        NASTAVNIK_WEB_HOST="10.0.0.1",
        NASTAVNIK_WEB_PORT="8443",
    )
    assert settings.home.home == Path("/srv/home")
    assert settings.files == Path("/srv/files")
    assert settings.database.url is not None
    assert settings.database.url.get_secret_value() == OWNER
    assert settings.temporal.address == "temporal:7233"
    assert (settings.temporal.namespace, settings.temporal.task_queue) == ("school", "pairs")
    assert settings.secret.master_key is not None
    assert settings.secret.master_key.get_secret_value() == KEY
    assert (settings.web.host, settings.web.port) == ("10.0.0.1", 8443)


def test_the_command_line_wins_over_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASTAVNIK_HOME", "/srv/home")
    monkeypatch.setenv("NASTAVNIK_WEB_PORT", "8443")
    settings = read_settings(home=Path("/srv/other"), port=9000)
    assert settings.home.home == Path("/srv/other")
    assert settings.files == Path("/srv/other/files")
    assert settings.web.port == 9000


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, NASTAVNIK_DATABASE_URL="", NASTAVNIK_WEB_PORT="")
    assert settings.database.url is None
    assert settings.web.port == 8080


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"NASTAVNIK_WEB_PORT": "восемь"}, "NASTAVNIK_WEB_PORT: ожидается целое число"),
        ({"NASTAVNIK_WEB_PORT": "0"}, "NASTAVNIK_WEB_PORT: порт бывает от 1 до 65535"),
        ({"NASTAVNIK_WEB_PORT": "65536"}, "NASTAVNIK_WEB_PORT: порт бывает от 1 до 65535"),
        (
            {"NASTAVNIK_DATABSE_URL": OWNER},
            "NASTAVNIK_DATABSE_URL: такой переменной нет; ближайшая: NASTAVNIK_DATABASE_URL",
        ),
        (
            {"NASTAVNIK_DATABASE_URL": OWNER},
            "NASTAVNIK_DATABASE_URL, NASTAVNIK_DATABASE_APP_URL: нужны обе переменные или ни одной",
        ),
        (
            {"NASTAVNIK_DATABASE_URL": OWNER, "NASTAVNIK_DATABASE_APP_URL": OWNER},
            "приложению нужна своя роль, которая ничем не владеет",
        ),
        (
            {"NASTAVNIK_DATABASE_URL": "sqlite:///x.db", "NASTAVNIK_DATABASE_APP_URL": APP},
            "NASTAVNIK_DATABASE_URL: ожидается адрес вида postgresql+psycopg://",
        ),
        (
            {
                "NASTAVNIK_DATABASE_URL": "postgresql+psycopg://[owner",
                "NASTAVNIK_DATABASE_APP_URL": APP,
            },
            "NASTAVNIK_DATABASE_URL: ожидается адрес вида postgresql+psycopg://",
        ),
        (
            {"NASTAVNIK_MASTER_KEY": "c2hvcnQ="},
            "NASTAVNIK_MASTER_KEY: ожидаются 32 случайных байта",
        ),
        ({"NASTAVNIK_PAYLOAD_KEY": "0" * 64}, "NASTAVNIK_PAYLOAD_KEY: ключ не случаен"),
    ],
)
def test_a_mistake_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str
) -> None:
    assert expected in complaint(monkeypatch, **variables)


@pytest.mark.parametrize("sample", ["changeme", "<password>", "Пароль", "postgres"])
def test_a_sample_password_is_refused(monkeypatch: pytest.MonkeyPatch, sample: str) -> None:
    url = f"postgresql+psycopg://owner:{sample}@db/nastavnik"
    told = complaint(monkeypatch, NASTAVNIK_DATABASE_URL=url, NASTAVNIK_DATABASE_APP_URL=APP)
    assert told == "NASTAVNIK_DATABASE_URL: пароль взят из примера; задайте свой"


def test_a_sample_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    told = complaint(monkeypatch, NASTAVNIK_MASTER_KEY="change-me")
    assert told == "NASTAVNIK_MASTER_KEY: значение взято из примера; задайте своё"


def test_all_mistakes_are_told_at_once_and_no_secret_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = complaint(
        monkeypatch,
        NASTAVNIK_WEB_PORT="x",
        NASTAVNIK_MASTER_KEY="not-a-key-but-private",
        NASTAVNIK_DATABASE_URL="mysql://owner:very-private@db/nastavnik",
        NASTAVNIK_DATABASE_APP_URL=APP,
    )
    assert len(told.splitlines()) == 3
    assert "private" not in told


def test_bad_settings_end_the_process_as_a_wrong_call() -> None:
    assert issubclass(BadSettings, WrongCall)
    assert BadSettings.exit_code == 2


def test_settings_cannot_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch)
    with pytest.raises(ValidationError, match="frozen"):
        settings.web.port = 1  # type: ignore[misc] # that it is refused is the point


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(
        monkeypatch,
        NASTAVNIK_DATABASE_URL=OWNER,
        NASTAVNIK_DATABASE_APP_URL=APP,
        NASTAVNIK_MASTER_KEY=KEY,
    )
    assert KEY not in repr(settings)
    assert "4-long-And-odd-one" not in repr(settings)
