"""Ports that are picked now and listened at later."""

import socket

import pytest

from runtime.ports import LOOPBACK, check_port, free_port


def test_a_picked_port_is_kept_for_the_server_that_names_it() -> None:
    port = free_port()
    with socket.socket() as stranger, pytest.raises(OSError, match="in use"):
        stranger.bind((LOOPBACK, port))
    check_port(LOOPBACK, port)
    with socket.create_server((LOOPBACK, port)):
        pass
