"""Whether the port of the pages is free, asked before anything is started."""

import socket

from runtime.settings import WrongCall

WEB = "NASTAVNIK_WEB_PORT"


class PortTaken(WrongCall):
    """Another program listens where the pages shall be served."""


def check_port(host: str, port: int, variable: str = WEB) -> None:
    """Raises `PortTaken` if nothing could listen there now."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise PortTaken(
            f"Порт {port} на {host} занят или недоступен ({error.strerror}). "
            f"Укажите другой: {'--port N или ' if variable == WEB else ''}{variable}."
        ) from error
