"""Who may import whom, and what may not lie in the repository."""

import ast
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = ("domain", "activities", "workflows", "adapters", "api", "runtime")
LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"

# A layer, a line that it may not hold, and words of the contract that says so.
PLANTED = [
    ("domain", "import sqlmodel", "The domain"),
    ("domain", "import activities.ports", "runtime > api"),
    ("activities", "import runtime", "runtime > api"),
    ("activities", "import sqlalchemy", "nothing of the world"),
    ("workflows", "import adapters.postgres", "runtime > api"),
    ("workflows", "import fastapi", "nothing of the world"),
    ("adapters", "import workflows", "runtime > api"),
    ("adapters", "import temporalio.client", "Only api.gateway"),
    ("api", "import temporalio.client", "Only api.gateway"),
    ("api", "import workflows", "Only api.gateway"),
    ("api", "import adapters.files", "Only runtime imports adapters"),
    ("api", "import runtime", "runtime > api"),
]


@cache
def files_of_the_repository() -> tuple[Path, ...]:
    """What git holds, or would take with the next `git add`."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache"], cwd=tree, check=False, capture_output=True, text=True
    )


@pytest.fixture
def copied_tree(tmp_path: Path) -> Path:
    """The layers and their contracts, free to be spoilt."""
    for layer in LAYERS:
        shutil.copytree(
            ROOT / layer, tmp_path / layer, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_holds() -> None:
    linted = lint_imports(ROOT)

    assert linted.returncode == 0, linted.stdout
    assert "5 kept, 0 broken" in linted.stdout


@pytest.mark.parametrize(("layer", "line", "contract"), PLANTED)
def test_a_planted_forbidden_import_fails(
    copied_tree: Path, layer: str, line: str, contract: str
) -> None:
    (copied_tree / layer / "planted.py").write_text(f"{line}\n")

    linted = lint_imports(copied_tree)

    broken = [row for row in linted.stdout.splitlines() if " BROKEN" in row]
    assert linted.returncode == 1, linted.stdout
    assert any(contract in row for row in broken), linted.stdout


def test_workflows_may_not_reach_the_world_through_the_domain(copied_tree: Path) -> None:
    (copied_tree / "domain" / "planted.py").write_text("import socket\n")
    (copied_tree / "workflows" / "planted.py").write_text("import domain.planted\n")

    linted = lint_imports(copied_tree)

    assert "workflows.planted -> domain.planted" in linted.stdout
    assert linted.returncode == 1


def test_routes_may_read_views(copied_tree: Path) -> None:
    (copied_tree / "adapters" / "postgres" / "views.py").touch()
    (copied_tree / "api" / "routes" / "planted.py").write_text("import adapters.postgres.views\n")

    assert lint_imports(copied_tree).returncode == 0


def test_the_domain_imports_the_standard_library_and_pydantic_only() -> None:
    allowed = sys.stdlib_module_names | {"domain", "pydantic"}
    strangers = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "domain").rglob("*.py")
        for name in imported_packages(path)
        if name not in allowed
    }

    assert strangers == set()


def imported_packages(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def test_no_lock_that_names_hosts_is_kept() -> None:
    assert [path for path in files_of_the_repository() if path.name == "uv.lock"] == []
    for lock in ROOT.glob("requirements*.lock"):
        options = [row for row in lock.read_text().splitlines() if row.startswith("-")]
        assert options == [], lock


def test_no_file_names_a_registry_or_a_path_of_somebodys_machine() -> None:
    # Written in two parts, or this file would name them.
    words = [
        *("pypi" + ".org", "python" + "hosted.org", "registry.npmjs" + ".org", "crates" + ".io"),
        *("/" + "work/", "/" + "root/", "/" + "home/", "/" + "Users/"),
    ]
    found = {
        f"{path.relative_to(ROOT)}: {word}"
        for path in files_of_the_repository()
        for word in words
        if word.encode() in path.read_bytes()
    }

    assert found == set()


def test_no_python_file_has_four_hundred_lines() -> None:
    long = {
        f"{path.relative_to(ROOT)}: {lines}"
        for path in files_of_the_repository()
        if path.suffix == ".py" and (lines := len(path.read_text().splitlines())) >= 400
    }

    assert long == set()
