"""The service beyond its own machine: over TLS, or not at all."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from runtime.ports import free_port
from runtime.settings import WebSettings, WrongCall
from runtime.tls import check_serving, trusting
from tests.e2e.program import beside


def a_pair(folder: Path, name: str = "school") -> tuple[Path, Path]:
    """A certificate that nobody else issued, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "school.example")])
    now = datetime.now(UTC)
    issued = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    cert, secret = folder / f"{name}.pem", folder / f"{name}.key"
    cert.write_bytes(issued.public_bytes(Encoding.PEM))
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    secret.write_bytes(pem)
    return cert, secret


def test_pages_are_served_over_tls(tmp_path: Path) -> None:
    cert, key = a_pair(tmp_path)
    port = free_port()
    words = ("up", "--port", port, "--tls-cert", cert, "--tls-key", key)
    with beside(tmp_path / "home", *words, NASTAVNIK_WEB_HOST="0.0.0.0") as up:  # noqa: S104
        up.await_line("Служба: готова, https://")
        shown = httpx.get(f"https://127.0.0.1:{port}/signin", verify=trusting(cert), timeout=60)
        assert shown.is_success
        assert "Secure" in shown.headers["set-cookie"]
        with pytest.raises(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{port}/signin", timeout=60)


def test_what_would_travel_unprotected_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    cert, key = a_pair(tmp_path)
    _, strange = a_pair(tmp_path, "other")
    check_serving(WebSettings(tls_cert=cert, tls_key=key))
    for wrong, words in (
        (WebSettings(host="10.0.0.1"), "за пределы этой машины"),
        (WebSettings(tls_cert=cert), "Нужны оба файла"),
        (WebSettings(tls_cert=cert, tls_key=tmp_path / "absent"), "не читаются"),
        (WebSettings(tls_cert=cert, tls_key=strange), "не подходят"),
    ):
        with pytest.raises(WrongCall, match=words):
            check_serving(wrong)
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "10.0.0.2")
    check_serving(WebSettings(host="10.0.0.1"))
