"""Whose signature counts: the certificate says it, never the sender."""

import pytest

from domain.errors import NotTheSigner, OnPaperOnly, SignatureRefused
from domain.signatories import (
    Signatory,
    SignaturePlace,
    check_can_be_signed,
    same_name,
    signers,
)
from domain.signing import Answer, SignedBy
from tests.fakes.signatures import a_check

DIRECTOR, DEPUTY, MENTOR, MENTEE = "p-director", "p-deputy", "p-mentor", "p-mentee"


def a_place(id_: str, **people: str) -> SignaturePlace:
    """A line, with the names of those who may sign it by their ids."""
    known = tuple(
        Signatory(person_id=f"p-{person}", name=name.replace("_", " "))
        for person, name in people.items()
    )
    return SignaturePlace(id=id_, title=id_.capitalize(), people=known)


PLACES = (
    a_place("director", director="Вершинина Ольга Павловна", deputy="Ким Лев Ильич"),
    a_place("mentor", mentor="Ёлкин Пётр Ильич"),
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ёлкин Пётр Ильич", "ЕЛКИН ПЕТР ИЛЬИЧ", True),
        ("Ёлкин  Пётр\N{NO-BREAK SPACE}Ильич ", "Ёлкин Пётр Ильич", True),
        ("Йот Илья", "И\u0306от Илья", True),
        ("Елкин Петр Ильич", "Елкина Петр Ильич", False),
        ("Елкин Петр Ильич", "Елкин Петр", False),
        ("Елкин Петр Ильич", "Петр Ильич Елкин", False),
    ],
)
def test_a_name_is_the_same_whatever_its_case_spaces_and_yo(
    one: str, other: str, *, same: bool
) -> None:
    assert same_name(one, other) is same


def test_a_signature_stands_on_the_line_of_whomever_the_certificate_names() -> None:
    checks = [a_check("ЕЛКИН Петр Ильич"), a_check("Вершинина Ольга Павловна")]

    assert signers(checks, PLACES) == (
        SignedBy(person_id=MENTOR, places=("mentor",)),
        SignedBy(person_id=DIRECTOR, places=("director",)),
    )


def test_whoever_decides_in_anothers_place_signs_on_that_line() -> None:
    found = signers([a_check("Ким Лев Ильич")], PLACES)

    assert found == (SignedBy(person_id=DEPUTY, places=("director",)),)


def test_one_signature_stands_on_every_line_of_its_person() -> None:
    places = (*PLACES, a_place("curator", mentor="Ёлкин Пётр Ильич"))

    (found,) = signers([a_check("Ёлкин Пётр Ильич")], places)

    assert found.places == ("mentor", "curator")


def test_a_certificate_that_names_its_owner_as_a_whole_counts_too() -> None:
    check = a_check("Ёлкин Пётр Ильич")
    assert check.signer
    whole = check.changed(signer=check.signer.changed(surname="", given_name=""))

    assert signers([whole], PLACES)[0].person_id == MENTOR


@pytest.mark.parametrize("name", ["Чужой Иван Петрович", "Вершинина Ольга", ""])
def test_a_certificate_of_somebody_else_is_refused_without_a_name(name: str) -> None:
    checks = [a_check("Ёлкин Пётр Ильич"), a_check(name)]

    with pytest.raises(NotTheSigner) as refused:
        signers(checks, PLACES)

    assert "подпись 2" in str(refused.value)
    for word in ("Чужой", "Вершинина", "Ёлкин"):
        assert word not in str(refused.value)


def test_two_signers_of_one_name_cannot_be_told_apart() -> None:
    places = (a_place("mentor", mentor="Ким Лев"), a_place("mentee", mentee="КИМ ЛЕВ"))

    with pytest.raises(NotTheSigner, match="зовут одинаково"):
        signers([a_check("Ким Лев")], places)


@pytest.mark.parametrize("answer", [Answer.NO, Answer.UNKNOWN])
@pytest.mark.parametrize("question", ["intact", "right", "trusted"])
def test_anything_but_three_times_yes_is_refused_with_all_three_answers(
    question: str, answer: Answer
) -> None:
    check = a_check("Ёлкин Пётр Ильич", **{question: answer})

    with pytest.raises(SignatureRefused) as refused:
        signers([check], PLACES)

    first, *answers = str(refused.value).splitlines()
    assert "не принята" in first
    words = {Answer.NO: "нет", Answer.UNKNOWN: "неизвестно"}
    titles = {
        "intact": "файл не изменён",
        "right": "подпись верна",
        "trusted": "сертификату можно верить",
    }
    assert answers == [
        f"{title}: {words[answer] if name == question else 'да'}; {name} looked at"
        for name, title in titles.items()
    ]


def test_one_bad_signature_of_several_refuses_all_and_is_named() -> None:
    checks = [a_check("Ёлкин Пётр Ильич"), a_check("Вершинина Ольга Павловна", right=Answer.NO)]

    with pytest.raises(SignatureRefused, match="подпись 2: подпись верна: нет"):
        signers(checks, PLACES)


def test_a_paper_for_the_hand_takes_no_electronic_signature() -> None:
    with pytest.raises(OnPaperOnly, match="от руки"):
        check_can_be_signed(())


def test_a_line_of_nobody_whom_we_know_makes_it_a_paper_for_the_hand() -> None:
    with pytest.raises(OnPaperOnly, match="Reviewer"):
        check_can_be_signed((*PLACES, a_place("reviewer")))

    check_can_be_signed(PLACES)
