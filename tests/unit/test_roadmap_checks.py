"""What a roadmap may not say, though its shape is right."""

from typing import Any

import pytest

from domain.roadmap_checks import complaints
from tests.roadmap_builders import (
    KINDS,
    TRACK,
    a_result,
    a_roadmap,
    a_step,
    an_order_step,
    roadmap_values,
)

CONSENTS, PAPERS, ORDER, MONITORING = TRACK[0], TRACK[1], TRACK[2], TRACK[5]
AGREEMENT: dict[str, Any] = {
    "id": "agreement",
    "title": "Соглашение",
    "days": 14,
    "needs": {"kind": "document", "document": "agreement"},
}
AN_ORDER_WITH_FACTS = a_result(
    id="order",
    by={
        "proof": "document",
        "kind": "order_pairs",
        "registrar": "curator",
        "pairs_at": "order",
        "facts": {"control": "Контроль оставляю за собой.", "heading": "О парах"},
    },
)


def a_paper(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - of a document's proof
    return a_result(by={"proof": "document", "kind": "agreement", **fields})


def steps(*found: dict[str, Any]) -> dict[str, Any]:
    return {"steps": [*found, an_order_step()]}


def track(*stages: dict[str, Any], lead: str = "mentor") -> dict[str, Any]:
    forms = {"teacher_teacher": {"title": "педагог — педагог"}}
    titles = roadmap_values()["track"]["titles"]
    return {"track": {"lead": lead, "forms": forms, "titles": titles, "stages": [*stages, PAPERS]}}


def with_needs(**needs: Any) -> dict[str, Any]:  # noqa: ANN401 - of a stage
    return track(CONSENTS, ORDER, {**AGREEMENT, "needs": {**AGREEMENT["needs"], **needs}})


# What it shows, the fields, where the complaint points, words of it.
CASES: list[tuple[str, dict[str, Any], tuple[str | int, ...], str]] = [
    (
        "a doubled row",
        steps(a_step(), a_step()),
        ("steps", 1, "id"),
        "«1» встречается второй раз",
    ),
    (
        "a doubled stage",
        {"stages": [{"id": "main", "title": "А"}, {"id": "main", "title": "Б"}]},
        ("stages", 1, "id"),
        "«main» встречается второй раз",
    ),
    (
        "a doubled result",
        steps(a_step(results=[a_result(), a_result()])),
        ("steps", 0, "results"),
        "«done» указан дважды",
    ),
    (
        "an unknown lead",
        steps(a_step(lead="wizard")),
        ("steps", 0, "lead"),
        "неизвестная роль «wizard»; есть роли: curator, director, mentor",
    ),
    (
        "an unknown co-executor",
        steps(a_step(co_executors=["director", "wizard"])),
        ("steps", 0, "co_executors", 1),
        "«wizard»",
    ),
    ("an unknown curator", {"curator": "wizard"}, ("curator",), "«wizard»"),
    ("an unknown lead of pairs", track(CONSENTS, ORDER, lead="x"), ("track", "lead"), "«x»"),
    (
        "an unknown drafter",
        steps(a_step(results=[a_paper(drafter="x")])),
        ("steps", 0, "results", 0, "by", "drafter"),
        "неизвестная роль «x»",
    ),
    (
        "an unknown approver",
        steps(a_step(results=[a_paper(approver="x")])),
        ("steps", 0, "results", 0, "by", "approver"),
        "неизвестная роль «x»",
    ),
    (
        "an unknown registrar in the track",
        with_needs(registrar="x"),
        ("track", "stages", 2, "needs", "registrar"),
        "неизвестная роль «x»",
    ),
    (
        "a registrar of a paper that no journal counts",
        with_needs(registrar="curator"),
        ("track", "stages", 2, "needs"),
        "нет журнала: уберите registrar",
    ),
    (
        "a paper of a journal without a registrar",
        steps(a_step(results=[a_paper(kind="order_pairs")])),
        ("steps", 0, "results", 0, "by"),
        "регистрируют в журнале: укажите registrar",
    ),
    (
        "a paper about one person in a row of the cycle",
        steps(a_step(results=[a_paper(kind="needs_assessment")])),
        ("steps", 0, "results", 0, "by", "kind"),
        "«needs_assessment» об одном человеке, а строка о цикле",
    ),
    (
        "a mentor who leads a row of the cycle",
        steps(a_step(lead="mentor")),
        ("steps", 0, "lead"),
        "роль «mentor» есть только в паре, а здесь scope: cycle",
    ),
    (
        "a mentor who helps with a row of the cycle",
        steps(a_step(co_executors=["mentor"])),
        ("steps", 0, "co_executors", 0),
        "только в паре",
    ),
    (
        "a mentor who approves a paper of the cycle",
        steps(a_step(results=[a_paper(approver="mentor")])),
        ("steps", 0, "results", 0, "by", "approver"),
        "только в паре",
    ),
    (
        "an unknown kind of document",
        steps(a_step(results=[a_paper(kind="agrement")])),
        ("steps", 0, "results", 0, "by", "kind"),
        "неизвестный вид документа «agrement»; есть: agreement, consent_adult",
    ),
    (
        "an unknown kind in the track",
        with_needs(document="pact"),
        ("track", "stages", 2, "needs", "document"),
        "неизвестный вид документа «pact»",
    ),
    (
        "an unknown approver of what law asks",
        {
            "track": {
                **roadmap_values()["track"],
                "stages": [
                    CONSENTS,
                    {**PAPERS, "needs": {**PAPERS["needs"], "director": "x"}},
                    ORDER,
                ],
            }
        },
        ("track", "stages", 1, "needs", "director"),
        "неизвестная роль «x»",
    ),
    (
        "a track without the papers that law asks",
        {"track": {**roadmap_values()["track"], "stages": [CONSENTS, ORDER]}},
        ("track", "stages"),
        "нет этапа «kind: package»",
    ),
    (
        "an unknown stage",
        steps(a_step(stage="end")),
        ("steps", 0, "stage"),
        "неизвестный этап «end»; есть: main",
    ),
    (
        "a result of an unknown stage",
        steps(a_step(results=[a_result(stage="end")])),
        ("steps", 0, "results", 0, "stage"),
        "неизвестный этап «end»; есть: main",
    ),
    (
        "an unknown section",
        steps(a_step(section="first")),
        ("steps", 0, "section"),
        "неизвестный раздел «first»; есть: ни одного",
    ),
    (
        "a doubled section",
        {"sections": [{"id": "first", "title": "А"}, {"id": "first", "title": "Б"}]},
        ("sections", 1, "id"),
        "«first» встречается второй раз",
    ),
    (
        "a fact that the template does not take",
        {"steps": [an_order_step(results=[AN_ORDER_WITH_FACTS])]},
        ("steps", 0, "results", 0, "by", "facts", "heading"),
        "у «order_pairs» нет факта «heading», который можно задать; есть: control",
    ),
    (
        "monitoring without a Russian name",
        track(CONSENTS, ORDER, {**MONITORING, "needs": {**MONITORING["needs"], "parts": ["x"]}}),
        ("track", "stages", 2, "needs"),
        "как по-русски называется «x»",
    ),
    (
        "indicators where there are none",
        steps(a_step(results=[a_result(by={"proof": "indicators"})])),
        ("steps", 0, "results", 0, "by"),
        "впишите indicators",
    ),
    (
        "a doubled indicator",
        {
            "indicators": [
                {"title": "А", "indicators": [{"id": "1.1", "title": "Договоры"}]},
                {"title": "Б", "indicators": [{"id": "1.1", "title": "Экзамены"}]},
            ]
        },
        ("indicators", 1, "indicators", 0, "id"),
        "«1.1» встречается второй раз",
    ),
    (
        "an unknown row before",
        steps(a_step(after=["7"])),
        ("steps", 0, "after", 0),
        "нет строки «7»; есть: 1, 9",
    ),
    (
        "rows of two scopes",
        steps(a_step(scope="pairs", lead="mentor"), a_step(id="2", after=["1"])),
        ("steps", 1, "after", 0),
        "разного охвата; ждать все пары: pairs",
    ),
    (
        "a row over pairs that waits for the pairs",
        steps(a_step(scope="pairs", after=["pairs"])),
        ("steps", 0, "after", 0),
        "не может ждать конца пар",
    ),
    (
        "a row that waits for itself",
        steps(a_step(after=["1"])),
        ("steps", 0, "after"),
        "по кругу: 1 → 1",
    ),
    (
        "rows in a circle",
        steps(a_step(after=["3"]), a_step(id="2", after=["1"]), a_step(id="3", after=["2"])),
        ("steps", 0, "after"),
        "строки ждут друг друга по кругу: 1 → 3 → 2 → 1",
    ),
    (
        "an order that waits for the pairs that wait for it",
        {"steps": [a_step(after=["pairs"]), an_order_step(after=["1"])]},
        ("steps", 1, "after"),
        "по кругу: 9 → 1 → pairs → 9",
    ),
    (
        "an unknown result before",
        steps(a_step(results=[a_result(after=["x"])])),
        ("steps", 0, "results", 0, "after"),
        "в строке нет результата «x»; есть: done",
    ),
    (
        "results in a circle",
        steps(a_step(results=[a_result(after=["b"]), a_result(id="b", after=["done"])])),
        ("steps", 0, "results", 1, "after"),
        "результаты ждут друг друга по кругу: b → done → b",
    ),
    (
        "a doubled stage of the track",
        track(CONSENTS, ORDER, AGREEMENT, AGREEMENT),
        ("track", "stages", 3, "id"),
        "«agreement» встречается второй раз",
    ),
    (
        "a stage with a name that pairs use",
        track(CONSENTS, ORDER, {**AGREEMENT, "id": "completed"}),
        ("track", "stages", 2, "id"),
        "«completed» занято",
    ),
    (
        "a track without consents",
        track(AGREEMENT, ORDER),
        ("track", "stages", 0),
        "путь пары начинается с согласий",
    ),
    (
        "an order that nobody issues",
        {"steps": [a_step()]},
        ("track", "stages", 2),
        "этап «order» ждёт приказа, но ни одна строка его не издаёт",
    ),
    (
        "an order that no pair waits for",
        track(CONSENTS, AGREEMENT),
        ("steps", 1, "results", 0, "by", "pairs_at"),
        "у пары нет этапа «order», который ждёт приказа",
    ),
    (
        "an order at a stage of another kind",
        steps(a_step(results=[a_paper(pairs_at="plan")])),
        ("steps", 0, "results", 0, "by", "pairs_at"),
        "нет этапа «plan», который ждёт приказа; ждут: order",
    ),
    (
        "an order issued twice",
        steps(an_order_step(id="8")),
        ("steps", 1, "results", 0, "by", "pairs_at"),
        "ждут уже от другой строки",
    ),
    (
        "an order issued by the pair",
        {"steps": [an_order_step(scope="pairs")]},
        ("steps", 0, "results", 0, "by", "pairs_at"),
        "приказ о парах издаёт строка всего цикла",
    ),
    (
        "two orders",
        track(CONSENTS, ORDER, {**ORDER, "id": "order2"}),
        ("track", "stages", 2),
        "только один раз",
    ),
    (
        "a row over pairs that there are not",
        steps(a_step(scope="pairs", forms=["employer_student"])),
        ("steps", 0, "forms", 0),
        "таких пар нет: формы пути пары teacher_teacher, teacher_student",
    ),
    (
        "a deadline after the cycle",
        {
            "season": {"month": 9, "months": 3},
            **steps(a_step(deadline={"rule": "month", "month": 5})),
        },
        ("steps", 0, "deadline"),
        "срок 01.05.2025–31.05.2025 лежит вне цикла 01.09.2024–30.11.2024",
    ),
    (
        "a deadline that never comes",
        {
            "season": {"month": 9, "months": 3},
            **steps(a_step(deadline={"rule": "yearly", "first": 5})),
        },
        ("steps", 0, "deadline"),
        "срок не наступает в цикле 01.09.2024–30.11.2024",
    ),
    (
        "a row that waits for one that begins after its deadline",
        steps(
            a_step(deadline={"rule": "month", "month": 9}, after=["2"]),
            a_step(id="2", deadline={"rule": "month", "month": 11}),
        ),
        ("steps", 0, "after", 0),
        "строка «2» начинается позже, чем кончается срок «1»",
    ),
]


@pytest.mark.parametrize(
    ("fields", "at", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_contradiction_is_named_with_its_place(
    fields: dict[str, Any], at: tuple[str | int, ...], words: str
) -> None:
    found = complaints(a_roadmap(**fields), KINDS)
    assert [c.text for c in found if c.at == at and words in c.text], found


def test_a_sound_roadmap_has_no_complaints() -> None:
    roadmap = a_roadmap(
        **steps(
            a_step(),
            a_step(id="2", after=["1", "pairs"]),
            a_step(id="3", scope="pairs", lead="mentor", co_executors=["director"]),
            a_step(id="4", scope="pairs", after=["3"], results=[a_paper(approver="mentor")]),
            a_step(id="5", deadline={"rule": "none"}, after=["2"]),
            a_step(id="6", deadline={"rule": "month", "month": 11}, after=["1"]),
        )
    )
    assert complaints(roadmap, KINDS) == ()


def test_every_complaint_is_found_at_once() -> None:
    roadmap = a_roadmap(**steps(a_step(lead="x", stage="y", after=["7"])))
    assert {c.at[2] for c in complaints(roadmap, KINDS)} == {"lead", "stage", "after"}


def test_many_ways_from_row_to_row_are_each_followed_once() -> None:
    # Each row waits for all before it: 2³⁸ ways from the last to the first, and no circle.
    rows = [a_step(id=str(n), after=[str(m) for m in range(100, n)]) for n in range(100, 140)]
    assert complaints(a_roadmap(**steps(*rows)), KINDS) == ()
