"""How pages and API may be served: plainly on this machine only, else over TLS or a proxy."""

import ipaddress
import os
import ssl
from pathlib import Path
from typing import Final

from runtime.settings import WebSettings, WrongCall

PROXIES: Final = "FORWARDED_ALLOW_IPS"
"""Names the proxies that speak HTTPS in place of the service, as uvicorn reads it."""


def check_serving(web: WebSettings) -> None:
    """Raises `WrongCall` if certificate and key do not fit, or words would travel unprotected."""
    if (web.tls_cert is None) != (web.tls_key is None):
        raise WrongCall("Нужны оба файла: --tls-cert с сертификатом и --tls-key с ключом.")
    if web.tls_cert and web.tls_key:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(web.tls_cert, web.tls_key)
        except (OSError, ssl.SSLError) as error:
            raise WrongCall(
                f"{web.tls_cert}, {web.tls_key}: сертификат и ключ PEM не читаются или не подходят "
                f"друг к другу ({error.strerror or error})."
            ) from error
    elif not _is_loopback(web.host) and not os.environ.get(PROXIES):
        raise WrongCall(
            f"{web.host}: за пределы этой машины служба отвечает только по TLS (--tls-cert и "
            f"--tls-key) или через прокси, который назван в {PROXIES}."
        )


def trusting(certificate: Path) -> ssl.SSLContext:
    """Trusts the service's own certificate, whoever issued it and for whatever name."""
    context = ssl.create_default_context(cafile=certificate)
    context.check_hostname = False  # this machine is asked by its address
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
