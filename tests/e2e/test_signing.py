"""A document of the real service, signed electronically: from the order to the auditor's bundle."""

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from domain.names import NBSP
from domain.signing import DOCX, PKCS7
from runtime.ports import free_port
from runtime.shipped import ROADMAPS
from tests.adapters.signing import DAY, Folder, Holder, holder, rsa_key
from tests.e2e.program import beside, run
from tests.e2e.test_pages import ORGANISATION

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PATIENCE = 300
DIRECTOR = "Бонч-Бруевич А. Г.".replace(" ", NBSP)


def signed(by: Holder, content: bytes) -> bytes:
    """A detached signature, as a program of the signer's own makes it."""
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(by.certificate, by.key, hashes.SHA256())
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    return builder.sign(serialization.Encoding.DER, options)


@dataclass
class School:
    """A service with people, a launched cycle, and the director's certificate."""

    home: Path
    authorities: Path
    director: Holder
    stranger: Holder
    address: str
    tokens: dict[str, str]
    cycle: str = ""
    sent: int = 0

    def ask(self, role: str, path: str, **given: Any) -> httpx.Response:  # noqa: ANN401 - of httpx
        """A GET, or a POST if something is given."""
        self.sent += 1
        headers = {"Authorization": f"Bearer {self.tokens[role]}"} | given.pop("headers", {})
        if given:
            headers["Idempotency-Key"] = f"key-{self.sent}"
        method = "POST" if given else "GET"
        url = f"{self.address}/api/v1{path}"
        return httpx.request(method, url, headers=headers, timeout=30, **given)

    def send(self, path: str, content: bytes, media_type: str) -> httpx.Response:
        headers = {"Content-Type": media_type}
        return self.ask("curator", path, content=content, headers=headers)

    def at_stage(self, document: str, stage: str) -> dict[str, Any]:
        return self.shown_at(f"/documents/{document}", stage)

    def shown_at(self, path: str, stage: str) -> dict[str, Any]:
        """What is shown of a document or a cycle, once it stands there."""
        deadline = time.monotonic() + PATIENCE
        while True:
            shown: dict[str, Any] = self.ask("curator", path).json()
            if shown.get("stage") == stage:
                return shown
            assert time.monotonic() < deadline, shown
            time.sleep(0.1)

    def given_out(self) -> str:
        """An order that is approved and has its number."""
        wish = {"kind": "order_curator"}
        asked = self.ask("curator", f"/cycles/{self.cycle}/documents", json=wish)
        assert asked.status_code == 200, asked.text
        document = str(asked.json()["document_id"])
        shown = self.at_stage(document, "on_approval")
        decision = {"version": 1, "sha256": shown["sha256"], "outcome": "approve"}
        decided = self.ask("director", f"/documents/{document}/decision", json=decision)
        assert decided.status_code == 200, decided.text
        self.at_stage(document, "to_register")
        self.ask("curator", f"/documents/{document}/registration", json={"version": 1})
        self.at_stage(document, "to_sign")
        return document

    def file(self, document: str, role: str) -> bytes:
        answer = self.ask("auditor", f"/documents/{document}/file?role={role}")
        assert answer.status_code == 200, answer.text
        return answer.content


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    folder = tmp_path_factory.mktemp("signing")
    home, authorities, port = folder / "home", folder / "authorities", free_port()
    authorities.mkdir()
    now = dt.datetime.now(dt.UTC)
    root = holder("Корневой центр", authority=True, start=now - DAY, end=now + DAY)
    Folder(authorities).lay(root)
    people = [("Бонч-Бруевич", "АРТЕМИЙ Глебович"), ("Посторонний", "Пётр Петрович")]
    director, stranger = (
        holder(
            {NameOID.SURNAME: last, NameOID.GIVEN_NAME: first, NameOID.COMMON_NAME: last},
            root,
            key=rsa_key(n),
            start=now - DAY,
            end=now + DAY,
        )
        for n, (last, first) in enumerate(people)
    )
    with beside(home, "up", "--port", port, NASTAVNIK_AUTHORITIES=str(authorities)) as service:
        service.await_line("Служба: готова")
        made = run("add", "organisation", *ORGANISATION, "--home", home, "--json").json
        tokens = {"administrator": made["token"]}
        known = School(home, authorities, director, stranger, f"http://127.0.0.1:{port}", tokens)
        table = (ROADMAPS / "people" / "polytech.xlsx").read_bytes()
        headers = {"Content-Type": XLSX}
        known.ask("administrator", "/people/import", content=table, headers=headers)
        for role in ("director", "curator", "auditor"):
            who = ("--role", role, *(() if role == "auditor" else ("--person", role)))
            user = run("add", "user", made["organisation"], *who, "--home", home, "--json")
            tokens[role] = user.json["token"]
        holders = {
            "director": "director",
            "deputy_education": "deputy_uvr",
            "deputy_production": "deputy_upr",
            "direction_curator": "t12",
            "secretary": "methodist",
            "pedagogical_council": "council",
            **{role: role for role in ("curator", "methodist", "pck_chair", "psychologist")},
        }
        launch = {"roadmap": "polytech", "start": now.date().isoformat(), "holders": holders}
        launched = known.ask("administrator", "/cycles", json=launch)
        assert launched.status_code == 200, launched.text
        known.cycle = launched.json()["cycle_id"]
        known.shown_at(f"/cycles/{known.cycle}", "running")
        yield known


def test_a_signature_closes_the_document_and_everything_of_it_verifies(
    school: School, tmp_path: Path
) -> None:
    document = school.given_out()
    content = school.file(document, "registered")
    signature = signed(school.director, content)

    taken = school.send(f"/documents/{document}/signature?version=1", signature, PKCS7)
    assert (taken.status_code, taken.json()["missing"]) == (200, []), taken.text
    shown = school.at_stage(document, "in_force")

    assert [line["signer"]["name"] for line in shown["signing"]] == [DIRECTOR]
    assert school.file(document, "signed") == content
    assert school.file(document, "signature") == signature
    visual = tmp_path / "visual.docx"
    visual.write_bytes(school.file(document, "visual"))
    linted = run("docx", "lint", visual, "--json").json
    states = {rule["rule"]: rule["state"] for rule in linted["rules"]}
    assert states["signature_mark"] == "kept"

    file, beside_it = tmp_path / "order.docx", tmp_path / "order.docx.p7s"
    file.write_bytes(content)
    beside_it.write_bytes(signature)
    verified = run(
        *("verify", file, "--signature", beside_it, "--authorities", school.authorities, "--json")
    )
    assert (verified.code, verified.json["ok"]) == (0, True)
    known = run("verify", file, "--home", school.home, "--json")
    assert (known.code, known.json["document"]) == (0, document)

    bundle = tmp_path / "bundle.zip"
    run("export", "cycle", school.cycle, "-o", bundle, "--home", school.home, "--json")
    checked = run("verify", bundle, "--json")
    assert (checked.code, checked.json["problems"]) == (0, []), checked
    checked = run("check", "--all", "--home", school.home, "--json")
    assert checked.code == 0, checked


@pytest.mark.parametrize(
    ("code", "by", "of"),
    [
        ("NotTheSigner", "stranger", b""),
        ("SignatureRefused", "director", b"changed"),
    ],
)
def test_a_bad_signature_is_refused_and_the_document_waits_on(
    school: School, code: str, by: str, of: bytes
) -> None:
    document = school.given_out()
    content = school.file(document, "registered")

    answer = school.send(
        f"/documents/{document}/signature?version=1",
        signed(getattr(school, by), content + of),
        "application/octet-stream",
    )

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    shown = school.ask("curator", f"/documents/{document}").json()
    assert (shown["stage"], shown["signing"]) == ("to_sign", [])
    assert {one["role"] for one in shown["objects"]} == {"draft", "registered"}
    assert {one["media_type"] for one in shown["objects"]} == {DOCX}
