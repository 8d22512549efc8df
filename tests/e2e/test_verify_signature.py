"""`verify --signature`: three answers in words and in JSON, and the exit code."""

import datetime as dt
from pathlib import Path

import pytest

from tests.adapters.signing import FILE, PERSON, Folder, holder, signed_by
from tests.e2e.program import Ended, run


class Desk:
    """A signed file, its signature, and a folder of authorities, of today."""

    def __init__(self, folder: Path) -> None:
        now, day = dt.datetime.now(dt.UTC), dt.timedelta(days=1)
        root = holder("Корневой центр", authority=True, end=now + day)
        person = holder(PERSON, root, end=now + day)
        self.file, self.signature = folder / "order.docx", folder / "order.docx.sig"
        self.file.write_bytes(FILE)
        self.signature.write_bytes(signed_by(person, at=now))
        self.authorities = folder / "authorities"
        self.authorities.mkdir()
        Folder(self.authorities).lay(root)

    def verify(self, *more: object, **variables: str) -> Ended:
        return run("verify", self.file, "--signature", self.signature, *more, **variables)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_right_signature_ends_with_zero_and_three_answers(desk: Desk) -> None:
    ended = desk.verify("--authorities", desk.authorities)
    assert ended.code == 0, ended.err
    for title in ("файл не изменён", "подпись верна", "сертификату можно верить"):
        assert f"{title}: ✓ да" in ended.out
    assert "Вершинина Ольга Павловна, Колледж «Пример»" in ended.out
    assert "отзыв не проверялся" in ended.out


def test_programs_get_the_same_and_the_setting_names_the_folder(desk: Desk) -> None:
    ended = desk.verify("--json", NASTAVNIK_AUTHORITIES=str(desk.authorities))
    assert ended.code == 0
    assert ended.json["ok"] is True
    [found] = ended.json["signatures"]
    assert {found[one]["answer"] for one in ("intact", "right", "trusted")} == {"yes"}
    assert found["signer"]["surname"] == "Вершинина"


def test_without_authorities_trust_is_unknown_and_that_is_no_pass(desk: Desk) -> None:
    ended = desk.verify()
    assert ended.code == 1
    assert "сертификату можно верить: ! неизвестно" in ended.out
    assert "список удостоверяющих центров не задан" in ended.out


def test_a_changed_byte_is_refused(desk: Desk) -> None:
    desk.file.write_bytes(FILE + b" ")
    ended = desk.verify("--authorities", desk.authorities)
    assert ended.code == 1
    assert "файл не изменён: ✗ нет" in ended.out


def test_what_is_no_signature_is_refused_in_russian(desk: Desk) -> None:
    desk.signature.write_bytes(FILE)
    ended = desk.verify("--json", "--authorities", desk.authorities)
    assert (ended.code, ended.json["error"]) == (1, "BadSignatureFile")
    assert "это не подпись" in ended.json["detail"]


def test_wrong_calls_name_what_is_wrong(desk: Desk) -> None:
    ended = desk.verify("--json", "--authorities", desk.authorities / "gone")
    assert ended.code == 2
    assert "gone: нет такого файла" in ended.json["detail"]
    ended = run("verify", desk.file, "--authorities", desk.authorities, "--json")
    assert (ended.code, ended.json["error"]) == (2, "WrongCall")
