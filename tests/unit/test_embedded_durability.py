"""Real papers outlive a power cut; those of a rehearsal need outlive a killed server only."""

from pathlib import Path

from runtime.embedded_postgres import server_options
from runtime.embedded_temporal import pragmas
from runtime.home import Home


def test_the_servers_of_a_real_home_write_through_to_the_disk(tmp_path: Path) -> None:
    with Home(tmp_path / "home") as home:
        assert "synchronous=FULL" in pragmas(home)
        assert server_options(home, 5432)["fsync"] == "on"


def test_the_servers_of_a_rehearsal_do_not_wait_for_the_disk(tmp_path: Path) -> None:
    with Home(tmp_path / "home") as home:
        home.mark_as_rehearsal()
        assert "synchronous=OFF" in pragmas(home)
        assert server_options(home, 5432)["fsync"] == "off"
