"""Ports of this machine: which is free, and whether one is, asked before anything is started."""

import socket

from runtime.settings import WrongCall

WEB = "NASTAVNIK_WEB_PORT"
LOOPBACK = "127.0.0.1"


class PortTaken(WrongCall):
    """Another program listens where the pages shall be served."""


def free_port() -> int:
    """A port of the loopback address that nobody listens at now. For about a minute the system
    gives it to nobody who asks for any port; a server that names it, as all of ours do with
    SO_REUSEADDR, has it at once.
    """
    # A connection that was closed on the server's side keeps its port until it has timed out
    # (TIME_WAIT): else another server could be given the port before ours has come to listen.
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((LOOPBACK, 0))
        probe.listen(1)
        with socket.create_connection(probe.getsockname()) as there:
            probe.accept()[0].close()
            there.recv(1)
        return int(probe.getsockname()[1])


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
