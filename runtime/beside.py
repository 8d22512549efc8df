"""Commands that work beside a running service, or start its servers for as long as they need."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.postgres.migrate import migrate
from runtime.embedded import EmbeddedServers, Progress, running_addresses
from runtime.home import Home
from runtime.service import inner_settings
from runtime.settings import Settings, WrongCall, read_settings
from runtime.wiring import Parts, assemble


@contextmanager
def running_parts(path: Path | None, say: Progress) -> Iterator[tuple[Settings, Parts]]:
    """The parts over a home: of the service that runs there, else over servers of our own.

    Raises `WrongCall` if nothing was ever started there.
    """
    settings = read_settings(home=path)
    if settings.names_servers():
        yield settings, assemble(settings)
        return
    home = Home(settings.home.home, settings.secret)
    addresses = running_addresses(home)
    if addresses is not None:
        inner = inner_settings(settings, home, addresses)
        yield inner, assemble(inner)
        return
    if not home.postgres.exists():
        raise WrongCall(
            f"В каталоге {home.path} нет данных. Запустите службу (nastavnik up) "
            "или укажите каталог: --home КАТАЛОГ."
        )
    with home, EmbeddedServers(home) as servers:
        addresses = servers.start(say)
        migrate(addresses.database_owner_url)
        inner = inner_settings(settings, home, addresses)
        yield inner, assemble(inner)
