"""The embedded servers run for root and for an ordinary user, and open no folder to others."""

import contextlib
import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.embedded import EmbeddedServers
from runtime.home import Home, HomeUnfit
from tests.e2e.servers import (
    AS_ROOT,
    ROOT,
    ask,
    nothing_runs_in,
    processes_of,
    recorded,
    servers,
    silent,
    start_a_workflow,
    write_a_note,
)


def test_servers_work_for_an_ordinary_user(open_folder: Path) -> None:
    python, owner = an_ordinary_user()
    (open_folder / "theirs").mkdir()
    if AS_ROOT:
        os.chown(open_folder / "theirs", owner, -1)
    home = open_folder / "theirs" / "home"
    with servers(home, python, PYTHONPATH=os.pathsep.join(filter(None, sys.path))) as ordinary:
        write_a_note(ordinary.owner, "written")
        start_a_workflow(ordinary.temporal)
        assert Path(f"/proc/{recorded(home, 'postgres')}").stat().st_uid == owner
    assert ordinary.process.returncode == 0
    assert nothing_runs_in(home), processes_of(home)


def an_ordinary_user() -> tuple[list[str], int]:
    """A Python that runs as an ordinary user, and that user's number as the kernel knows it."""
    if not AS_ROOT:
        return [sys.executable], os.geteuid()
    nobody = pwd.getpwnam("nobody")
    become = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    paths = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    same_version = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, same_version):
        command = [*become, python]
        probe = [*command, "-c", "import runtime.embedded"]
        with contextlib.suppress(FileNotFoundError):
            if (
                subprocess.run(probe, cwd=ROOT, env={**os.environ, **paths}, check=False).returncode
                == 0
            ):
                return command, nobody.pw_uid
    # This Python stands in a folder of root's: be nobody in particular, but without root's rights.
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000", sys.executable], 0


@pytest.mark.skipif(not AS_ROOT, reason="only root needs another user")
def test_root_without_user_namespaces_runs_the_database_as_a_system_user(
    open_folder: Path,
) -> None:
    home = open_folder / "home"
    no_unshare = open_folder / "bin"
    no_unshare.mkdir()
    with servers(home, PATH=str(no_unshare)) as first:
        user = Path(f"/proc/{recorded(home, 'postgres')}").stat().st_uid
        assert user != 0
        write_a_note(first.owner, "kept")
    # The folder stays that user's, and so does the server once namespaces are there.
    with servers(home) as second:
        assert Path(f"/proc/{recorded(home, 'postgres')}").stat().st_uid == user
        assert ask(second.owner, "SELECT text FROM note") == [("kept",)]
    assert nothing_runs_in(home), processes_of(home)


@pytest.mark.skipif(not AS_ROOT, reason="only root needs another user")
def test_a_folder_closed_to_the_system_user_is_named_and_not_opened(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = home.path.parent
    closed.chmod(0o700)
    monkeypatch.setenv("PATH", "")
    with EmbeddedServers(home) as embedded, pytest.raises(HomeUnfit, match="закрыт"):
        embedded.start(silent)
    assert closed.stat().st_mode & 0o777 == 0o700
