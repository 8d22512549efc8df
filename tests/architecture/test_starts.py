"""A command loads what it needs and no more: it is started hundreds of times."""

import subprocess
import sys

import pytest

SERVERS = {"temporalio", "minio", "httpx", "fastapi", "uvicorn", "alembic"}
HEAVY = SERVERS | {"sqlalchemy", "psycopg", "docx", "jinja2", "lxml", "num2words", "pymorphy3"}


@pytest.mark.parametrize(
    ("modules", "needless"),
    [
        (("runtime.cli",), HEAVY),
        (("runtime.cli", "runtime.beside", "runtime.launching"), SERVERS),
    ],
    ids=["help", "beside a running service"],
)
def test_a_command_does_not_load_what_it_does_without(
    modules: tuple[str, ...], needless: set[str]
) -> None:
    asked = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60
    )
    assert set(told.stdout.split()) & needless == set()
