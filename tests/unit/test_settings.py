"""Settings: what is read, and how a mistake is told."""

import base64
import os
import secrets
from pathlib import Path

import pytest
from pydantic import ValidationError

from runtime.settings import KINDS, BadSettings, Settings, WrongCall, read_settings

OWNER = "postgresql+psycopg://owner:4-long-And-odd-one@db:5432/nastavnik"
APP = "postgresql+psycopg://app:another-0dd-and-long@db:5432/nastavnik"
KEY = base64.b64encode(secrets.token_bytes(32)).decode()
S3 = {
    "NASTAVNIK_STORE_ENDPOINT": "store:9000",
    "NASTAVNIK_STORE_ACCESS_KEY": "someone",
    "NASTAVNIK_STORE_SECRET_KEY": "a-private-0dd-one",
}


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
    assert settings.store.endpoint is None
    assert settings.metrics.port is None
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
        NASTAVNIK_ROADMAPS="/srv/roadmaps",
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
        NASTAVNIK_METRICS_HOST="10.0.0.2",
        NASTAVNIK_METRICS_PORT="9464",
        NASTAVNIK_PDF_PROGRAM="/opt/office/soffice",
        NASTAVNIK_PDF_SECONDS="30",
        NASTAVNIK_PDF_MEMORY_MIB="700",
        NASTAVNIK_PDF_CACHE_MIB="8",
    )
    assert settings.home.home == Path("/srv/home")
    assert settings.home.roadmaps == Path("/srv/roadmaps")
    assert settings.files == Path("/srv/files")
    assert settings.database.url is not None
    assert settings.database.url.get_secret_value() == OWNER
    assert settings.temporal.address == "temporal:7233"
    assert (settings.temporal.namespace, settings.temporal.task_queue) == ("school", "pairs")
    assert settings.secret.master_key is not None
    assert settings.secret.master_key.get_secret_value() == KEY
    assert (settings.web.host, settings.web.port) == ("10.0.0.1", 8443)
    assert (settings.metrics.host, settings.metrics.port) == ("10.0.0.2", 9464)
    assert settings.pdf.program == Path("/opt/office/soffice")
    assert (settings.pdf.seconds, settings.pdf.memory_mib, settings.pdf.cache_mib) == (30, 700, 8)


def test_each_variable_of_the_s3_store_reaches_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    store = read(
        monkeypatch,
        **S3,
        NASTAVNIK_STORE_BUCKET="papers",
        NASTAVNIK_STORE_REGION="ru-1",
        NASTAVNIK_STORE_SECURE="false",
        NASTAVNIK_STORE_LOCK_DAYS="400",
    ).store
    assert (store.endpoint, store.bucket, store.region) == ("store:9000", "papers", "ru-1")
    assert (store.secure, store.lock_days) == (False, 400)
    assert store.access_key is not None
    assert store.access_key.get_secret_value() == "someone"
    assert store.secret_key is not None
    assert store.secret_key.get_secret_value() == "a-private-0dd-one"


def test_an_s3_store_is_asked_over_tls_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert read(monkeypatch, **S3).store.secure


EVERYTHING = {
    "NASTAVNIK_DATABASE_URL": OWNER,
    "NASTAVNIK_DATABASE_APP_URL": APP,
    "NASTAVNIK_MASTER_KEY": KEY,
    "NASTAVNIK_PAYLOAD_KEY": KEY,
    **S3,
    "NASTAVNIK_STORE_SECURE": "false",
    "NASTAVNIK_STORE_LOCK_DAYS": "400",
    "NASTAVNIK_HOME": "/srv/home",
    "NASTAVNIK_REHEARSAL": "true",
    "NASTAVNIK_ROADMAPS": "/srv/roadmaps",
    "NASTAVNIK_METRICS_PORT": "9464",
    "NASTAVNIK_TEMPORAL_ADDRESS": "temporal:7233",
    "NASTAVNIK_PDF_PROGRAM": "/opt/office/soffice",
    "NASTAVNIK_PDF_SECONDS": "30",
}


def test_settings_told_to_another_process_are_the_same_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = read(monkeypatch, **EVERYTHING)
    for name in EVERYTHING:
        monkeypatch.delenv(name)
    assert read(monkeypatch, **settings.environment()) == settings


def test_a_process_that_inherits_the_name_of_a_secret_file_is_told_the_secret_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text(KEY)
    settings = read(monkeypatch, NASTAVNIK_MASTER_KEY_FILE=str(tmp_path / "key"))
    assert read(monkeypatch, **settings.environment()) == settings


def test_the_place_of_files_stays_when_the_home_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = read(monkeypatch, NASTAVNIK_HOME="/srv/nastavnik")
    assert folder.located_store.path == Path("/srv/nastavnik/files")
    s3 = read(monkeypatch, **S3)
    assert s3.located_store == s3.store


# Secrets in files

SECRETS = {
    "NASTAVNIK_DATABASE_URL": OWNER,
    "NASTAVNIK_DATABASE_APP_URL": APP,
    "NASTAVNIK_MASTER_KEY": KEY,
    "NASTAVNIK_PAYLOAD_KEY": secrets.token_hex(32),
    "NASTAVNIK_STORE_ACCESS_KEY": "someone",
    "NASTAVNIK_STORE_SECRET_KEY": "a-private-0dd-one",
    "NASTAVNIK_METRICS_TOKEN": "a-long-0dd-token-of-metrics",
    "NASTAVNIK_TOKEN": "somebody's own",
}


def test_every_secret_is_looked_at_here() -> None:
    assert set(SECRETS) == {variable for kind in KINDS for variable in kind.secrets()}


def test_each_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, secret in SECRETS.items():
        (tmp_path / name).write_text(f"{secret}\n")
    named = {f"{name}_FILE": str(tmp_path / name) for name in SECRETS}
    from_files = read(monkeypatch, **named, NASTAVNIK_STORE_ENDPOINT="store:9000")
    for name in named:
        monkeypatch.delenv(name)
    assert from_files == read(monkeypatch, **SECRETS)


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_given_twice_is_a_mistake_that_names_both(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    (tmp_path / "secret").write_text(SECRETS[name])
    named = {f"{name}_FILE": str(tmp_path / "secret"), name: SECRETS[name]}
    told = complaint(monkeypatch, **named)
    assert f"{name}, {name}_FILE: задайте что-то одно" in told.splitlines()
    assert SECRETS[name] not in told


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "не читается (No such file or directory)"),
        (b"", "пуст"),
        (b" \n", "пуст"),
        (b"private\xff", "не текст UTF-8"),
    ],
)
def test_a_file_without_a_secret_is_a_mistake_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, expected: str
) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    told = complaint(monkeypatch, NASTAVNIK_MASTER_KEY_FILE=str(file))
    assert told.startswith("NASTAVNIK_MASTER_KEY_FILE: ")
    assert expected in told
    assert "private" not in told


def test_a_sample_in_a_file_is_refused_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("change-me\n")
    told = complaint(monkeypatch, NASTAVNIK_MASTER_KEY_FILE=str(tmp_path / "key"))
    assert told == "NASTAVNIK_MASTER_KEY: значение взято из примера; задайте своё"


def test_only_secrets_come_from_files(monkeypatch: pytest.MonkeyPatch) -> None:
    told = complaint(monkeypatch, NASTAVNIK_WEB_PORT_FILE="/run/secrets/port")
    assert "NASTAVNIK_WEB_PORT_FILE: такой переменной нет" in told


def test_who_only_works_need_not_know_the_owners_address(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, NASTAVNIK_DATABASE_APP_URL=APP)
    assert settings.database.url is None
    assert settings.names_servers()


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
        ({"NASTAVNIK_WEB_PORT": "0"}, "NASTAVNIK_WEB_PORT: ожидается число не меньше 1"),
        ({"NASTAVNIK_METRICS_TOKEN": "short"}, "METRICS_TOKEN: ожидается не меньше 16 знаков"),
        ({"NASTAVNIK_METRICS_PORT": "65536"}, "METRICS_PORT: ожидается число не больше 65535"),
        (
            {"NASTAVNIK_DATABSE_URL": OWNER},
            "NASTAVNIK_DATABSE_URL: такой переменной нет; ближайшая: NASTAVNIK_DATABASE_URL",
        ),
        (
            {"NASTAVNIK_DATABASE_URL": OWNER},
            "NASTAVNIK_DATABASE_URL, NASTAVNIK_DATABASE_APP_URL: к адресу владельца нужен и",
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
        (
            {"NASTAVNIK_STORE_ENDPOINT": "http://store:9000/"},
            "NASTAVNIK_STORE_ENDPOINT: ожидается узел:порт, без http:// и пути",
        ),
        (
            {"NASTAVNIK_STORE_ENDPOINT": "store:9000", "NASTAVNIK_STORE_ACCESS_KEY": "someone"},
            (
                "NASTAVNIK_STORE_ENDPOINT: к нему нужны "
                "NASTAVNIK_STORE_ACCESS_KEY и NASTAVNIK_STORE_SECRET_KEY"
            ),
        ),
        (
            S3 | {"NASTAVNIK_STORE_PATH": "/srv/files"},
            "NASTAVNIK_STORE_PATH, NASTAVNIK_STORE_ENDPOINT: файлы хранятся или в каталоге",
        ),
        (
            S3 | {"NASTAVNIK_STORE_SECRET_KEY": "minioadmin"},
            "NASTAVNIK_STORE_SECRET_KEY: значение взято из примера; задайте своё",
        ),
        (S3 | {"NASTAVNIK_STORE_LOCK_DAYS": "0"}, "LOCK_DAYS: ожидается число не меньше 1"),
        (S3 | {"NASTAVNIK_STORE_SECURE": "да"}, "STORE_SECURE: ожидается true или false"),
        (S3 | {"NASTAVNIK_STORE_BUCKET": "Бумаги"}, "STORE_BUCKET: ожидаются строчные латинские"),
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
        **S3,
    )
    assert KEY not in repr(settings)
    assert "a-private-0dd-one" not in repr(settings)
    assert "4-long-And-odd-one" not in repr(settings)


def test_the_antivirus_is_asked_at_an_address_or_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch).clamav.address is None
    for address in ("scanner:3310", "unix:/run/clamav/clamd.ctl"):
        variables = {"NASTAVNIK_CLAMAV_ADDRESS": address, "NASTAVNIK_CLAMAV_SECONDS": "7"}
        settings = read(monkeypatch, **variables)
        assert (settings.clamav.address, settings.clamav.seconds) == (address, 7)
        assert settings.environment().items() >= variables.items()


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("ADDRESS", "/run/clamav/clamd.ctl", "ADDRESS: ожидается узел:порт или unix:/путь"),
        ("ADDRESS", "scanner", "ADDRESS: ожидается узел:порт или unix:/путь"),
        ("SECONDS", "60", "SECONDS: ожидается число не больше 15"),
    ],
)
def test_a_wrong_antivirus_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, expected: str
) -> None:
    said = complaint(monkeypatch, **{f"NASTAVNIK_CLAMAV_{variable}": value})
    assert f"NASTAVNIK_CLAMAV_{expected}" in said


def test_a_folder_of_authorities_must_be_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert read(monkeypatch).signing.authorities is None
    settings = read(monkeypatch, NASTAVNIK_AUTHORITIES=str(tmp_path))
    assert settings.signing.authorities == tmp_path
    assert settings.environment()["NASTAVNIK_AUTHORITIES"] == str(tmp_path)

    told = complaint(monkeypatch, NASTAVNIK_AUTHORITIES=str(tmp_path / "gone"))
    assert told == f"NASTAVNIK_AUTHORITIES: каталога {tmp_path / 'gone'} нет"
