"""Commands that work beside a running service, or start its servers for as long as they need."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import make_url

from runtime.addresses import (
    Addresses,
    external_addresses,
    inner_settings,
    running_addresses,
    settings_over,
)
from runtime.home import Home, HomeInUse
from runtime.settings import Settings, WrongCall, read_settings
from runtime.wiring import Parts, assemble


@contextmanager
def running_parts(
    path: Path | None, say: Callable[[str], None]
) -> Iterator[tuple[Settings, Parts]]:
    """The parts over a home: of the service that runs there, else over servers of our own.

    Where the settings name servers, over those. Raises `WrongCall` if nothing was ever started
    there.
    """
    settings = read_settings(home=path)
    home = Home(settings.home.home, settings.secret)
    settings = settings_over(settings, home)
    if settings.names_servers():
        inner = inner_settings(settings, home, external_addresses(settings))
        with closing(assemble(inner)) as parts:
            yield inner, parts
        return
    addresses = running_addresses(home)
    if addresses is not None:
        _check_answer(home, addresses)
        inner = inner_settings(settings, home, addresses)
        with closing(assemble(inner)) as parts:
            yield inner, parts
        return
    if not home.postgres.exists():
        raise WrongCall(
            f"В каталоге {home.path} нет данных. Запустите службу (nastavnik up) "
            "или укажите каталог: --home КАТАЛОГ."
        )
    # Commands beside a service do without servers of their own and the tool for migrations.
    from runtime.embedded import EmbeddedServers  # noqa: PLC0415
    from runtime.schema import open_database  # noqa: PLC0415

    with home, EmbeddedServers(home) as servers:
        addresses = servers.start(say)
        inner = inner_settings(settings, home, addresses)
        open_database(addresses.database_owner_url, inner.secret.master_key)
        with closing(assemble(inner)) as parts:
            yield inner, parts


def _check_answer(home: Home, addresses: Addresses) -> None:
    """Raises `HomeInUse` if whoever holds the home has no server that answers."""
    url = make_url(addresses.database_app_url.get_secret_value())
    try:
        socket.create_connection((url.host or "", url.port or 0), timeout=5).close()
    except OSError:
        raise HomeInUse(
            f"Каталог данных {home.path} занят другим процессом, а его серверы не отвечают: он "
            "запускается или останавливается. Повторите через минуту."
        ) from None
