"""The containers: what docker-compose.yml and the Dockerfile say, held against the code."""

import fnmatch
import json
import re
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from runtime import web, worker
from runtime.settings import FROM_FILE, KINDS, read_settings
from tests.object_store import VERSION

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"].startswith("nastavnik:")}
ONE_SHOT = {"backup", "prepare", "temporal-schema"}
OWNERS = {"backup", "prepare"}
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
LOCAL = set(re.findall(r"^FROM \S+ AS (\S+)$", DOCKERFILE, re.MULTILINE))
SCHEMA = json.loads(
    Path(__file__).with_name("compose_spec").joinpath("compose-spec.json").read_text()
)
PINNED = re.compile(r"[a-z0-9./-]+:v?\d+(\.\d+){1,2}(-[a-z0-9.-]+)?(@sha256:[0-9a-f]{64})?")


def seconds(duration: str) -> float:
    [(number, unit)] = re.findall(r"^(\d+)(s|m)$", duration)
    return int(number) * {"s": 1, "m": 60}[unit]


def test_the_file_keeps_the_compose_specification() -> None:
    errors = Draft202012Validator(SCHEMA).iter_errors(COMPOSE)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_the_specification_is_really_asked() -> None:
    wrong = COMPOSE | {"services": {"api": {"image": "x", "restrat": "always"}}}
    assert not Draft202012Validator(SCHEMA).is_valid(wrong)


@pytest.mark.parametrize("name", OURS)
def test_each_variable_of_ours_is_a_setting(name: str) -> None:
    known = {variable for kind in KINDS for variable in kind.variables()}
    known |= {variable + FROM_FILE for kind in KINDS for variable in kind.secrets()}
    assert set(SERVICES[name]["environment"]) <= known


@pytest.mark.parametrize("name", OURS)
def test_a_secret_is_named_by_its_file_and_mounted(name: str) -> None:
    secret = {variable for kind in KINDS for variable in kind.secrets()}
    environment = SERVICES[name]["environment"]
    assert not secret & set(environment)
    named = {value for key, value in environment.items() if key.endswith(FROM_FILE)}
    assert named == {f"/run/secrets/{one}" for one in SERVICES[name]["secrets"]}


@pytest.mark.parametrize("name", OURS)
def test_the_settings_of_a_service_are_read_as_they_stand(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = make_secrets(tmp_path)
    for variable, value in SERVICES[name]["environment"].items():
        monkeypatch.setenv(variable, value.replace("/run/secrets", str(made)))
    settings = read_settings()
    assert settings.store.endpoint == "store:9000"
    assert settings.names_servers()
    assert (settings.database.url is not None) == (name in OWNERS)
    assert (settings.secret.master_key is not None) == (name != "prepare")


def test_only_who_makes_or_copies_the_database_knows_its_owner() -> None:
    for name, service in SERVICES.items():
        owners = {"database_url", "owner_password"} & set(service.get("secrets", []))
        assert not owners or name in {*OWNERS, "postgres"}, name


def test_secrets_are_files_apart_and_ignored_by_git_and_the_image() -> None:
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"./secrets/{name}"}
    mounted = {name for service in SERVICES.values() for name in service.get("secrets", [])}
    assert mounted == set(COMPOSE["secrets"])
    assert "/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    assert not is_sent_to_docker("secrets/master_key")


def test_secrets_are_made_once_and_are_those_that_are_mounted(tmp_path: Path) -> None:
    made = make_secrets(tmp_path)
    first = {file.name: file.read_text() for file in made.iterdir()}
    assert set(first) == set(COMPOSE["secrets"])
    assert len(set(first.values())) == len(first)
    assert make_secrets(tmp_path) == made
    assert {file.name: file.read_text() for file in made.iterdir()} == first
    assert made.stat().st_mode & 0o077 == 0
    for file in ("docker-compose.yml", "Dockerfile"):
        assert not [name for name, text in first.items() if text in (ROOT / file).read_text()]


@pytest.mark.parametrize("name", SERVICES)
def test_each_image_is_pinned(name: str) -> None:
    image, build = SERVICES[name]["image"], SERVICES[name].get("build")
    if build is None:
        assert PINNED.fullmatch(image), image
    else:
        assert not image.endswith(":latest")
        assert build["target"] in LOCAL


@pytest.mark.parametrize("image", re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE))
def test_each_base_image_is_pinned(image: str) -> None:
    assert image in LOCAL or PINNED.fullmatch(image), image


@pytest.mark.parametrize(
    "image", ["python", "python:latest", "python:3", "minio:RELEASE", "postgres:17"]
)
def test_a_name_that_moves_is_no_pin(image: str) -> None:
    assert not PINNED.fullmatch(image)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_shows_its_health_or_ends(name: str) -> None:
    service = SERVICES[name]
    if name in ONE_SHOT:
        assert service["restart"] == "no"
        assert "healthcheck" not in service
    else:
        assert service["restart"] == "unless-stopped"
        assert {"test", "interval", "timeout", "retries"} <= set(service["healthcheck"])


def test_who_waits_waits_until_it_is_healthy_or_has_ended_well() -> None:
    for service in SERVICES.values():
        for other, wait in service.get("depends_on", {}).items():
            ended = "service_completed_successfully" if other in ONE_SHOT else "service_healthy"
            assert wait == {"condition": ended}


def test_nobody_is_killed_while_it_finishes_what_it_has_in_hand() -> None:
    own = {"worker": worker.GRACE, "api": timedelta(seconds=web.GRACE)}
    for name, grace in own.items():
        assert seconds(SERVICES[name]["stop_grace_period"]) > grace.total_seconds() + 5


def test_only_the_api_is_published_and_on_loopback_only() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert list(ports) == ["api"]
    assert all(port.startswith("127.0.0.1:") for port in ports["api"])
    assert COMPOSE["networks"]["inner"] == {"internal": True}
    assert {name for name, one in SERVICES.items() if one["networks"] != ["inner"]} == {"api"}


def test_the_published_port_is_the_one_that_the_api_serves() -> None:
    api = SERVICES["api"]
    assert api["ports"] == [
        f"127.0.0.1:${{API_PORT:-8080}}:{api['environment']['NASTAVNIK_WEB_PORT']}"
    ]
    assert f":{api['environment']['NASTAVNIK_WEB_PORT']}/healthz" in api["healthcheck"]["test"][-1]
    metrics = SERVICES["worker"]["environment"]["NASTAVNIK_METRICS_PORT"]
    assert f":{metrics}/metrics" in SERVICES["worker"]["healthcheck"]["test"][-1]


@pytest.mark.parametrize("name", SERVICES)
def test_no_process_has_or_gains_a_privilege(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "devices", "pid", "network_mode"} & set(service)
    if "build" in service:
        assert service["read_only"]


def test_workers_can_be_many() -> None:
    assert not {"container_name", "ports", "hostname"} & set(SERVICES["worker"])
    assert SERVICES["worker"]["deploy"]["replicas"] > 1


def test_data_lies_in_volumes() -> None:
    for name, place in (("postgres", "/var/lib/postgresql/data"), ("store", "/data")):
        assert SERVICES[name]["volumes"] == [f"{name}:{place}"]
    assert set(COMPOSE["volumes"]) == {"postgres", "store"}


def test_each_mounted_file_is_there() -> None:
    mounted = {one["source"] for service in SERVICES.values() for one in service.get("configs", [])}
    assert mounted == set(COMPOSE["configs"])
    for config in COMPOSE["configs"].values():
        assert (ROOT / config["file"]).is_file()


@pytest.mark.parametrize("script", sorted(ROOT.glob("deploy/*.sh")), ids=lambda path: path.name)
def test_each_script_is_a_script(script: Path) -> None:
    subprocess.run(["sh", "-n", str(script)], check=True)


# The image


def copies() -> list[str]:
    return re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE)


def test_what_the_image_copies_is_there_and_is_sent_to_docker() -> None:
    assert copies()
    for source in copies():
        assert (ROOT / source).exists(), source
        assert is_sent_to_docker(source), source


def test_the_image_has_every_package_of_the_service() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    [include] = re.findall(r"^include = \[(.*?)\]", project, re.MULTILINE | re.DOTALL)
    assert {name.rstrip("*") for name in re.findall(r'"(\S+)"', include)} <= set(copies())


@pytest.mark.parametrize("stage", ["store", "service"])
def test_no_stage_that_runs_is_root_or_has_a_compiler(stage: str) -> None:
    stages = re.findall(r"^FROM (\S+ AS .*?)(?=^FROM |\Z)", DOCKERFILE, re.MULTILINE | re.DOTALL)
    [body] = [one for one in stages if one.partition("\n")[0].endswith(f" AS {stage}")]
    assert body.startswith("python:3.13.")
    assert "-slim-" in body.partition("\n")[0]
    assert "apt-get" not in body
    assert re.findall(r"^USER (\d+):(\d+)$", body, re.MULTILINE)[-1] != ("0", "0")
    assert body.rindex("USER") > max(body.rindex("RUN"), body.rindex("COPY"))


def test_only_the_api_carries_libreoffice_and_a_font_of_the_same_widths() -> None:
    carried, own = DOCKERFILE.split("\nFROM service AS api\n")
    assert "apt-get" not in carried
    assert {"libreoffice-writer-nogui", "fonts-liberation", "fontconfig"} <= set(own.split())
    assert {"openssl", "libengine-gost-openssl"} <= set(own.split())
    assert own.rstrip().endswith("USER 10001:10001")
    of_stage = {name for name, one in OURS.items() if one["build"]["target"] == "api"}
    assert of_stage == {name for name, one in OURS.items() if "runtime.web" in one["command"]}


def test_packages_are_installed_by_hash_and_never_compiled() -> None:
    [install] = re.findall(r"pip install (.*?)\n\s+&&", DOCKERFILE, re.DOTALL)
    assert {"--require-hashes", "--only-binary"} <= set(install.split())
    assert "--requirement /tmp/requirements.lock" in install


def test_the_store_is_the_one_that_the_tests_run_against() -> None:
    assert f"go install github.com/minio/minio@{VERSION}\n" in DOCKERFILE


def make_secrets(folder: Path) -> Path:
    subprocess.run(["sh", str(ROOT / "deploy/secrets.sh")], cwd=folder, check=True)
    return folder / "secrets"


def is_sent_to_docker(path: str) -> bool:
    """Whether .dockerignore, whose last fitting line counts, lets it through."""
    sent = True
    for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines():
        pattern = line.removeprefix("!")
        fits = any(fnmatch.fnmatch(part, pattern) for part in (path, path.split("/", 1)[0]))
        if line and not line.startswith("#") and fits:
            sent = line.startswith("!")
    return sent
