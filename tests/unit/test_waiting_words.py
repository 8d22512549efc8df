"""The sentence about what is waited for: whole, in right Russian, naming nobody who is hidden."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.names import NBSP
from domain.waiting import Then, Wait
from domain.waiting_words import LEADS, THEN, Called, is_late, is_over, sentence

ZONE = ZoneInfo("Asia/Omsk")
NOW = datetime(2026, 11, 17, 5, tzinfo=UTC)
CALLED = {
    "d": Called(nomn="директор Иванова М. П.", gent="директора Ивановой М. П."),
    "c": Called(nomn="куратор Петрова А. И.", gent="куратора Петровой А. И."),
}


def day(n: int, month: int = 11, year: int = 2026) -> datetime:
    """The last second of a day in Omsk."""
    return datetime(year, month, n, 23, 59, 59, tzinfo=ZONE)


def said(wait: Wait, called: dict[str, Called] | None = None) -> str:
    known = CALLED if called is None else called
    words = sentence(wait, known, NOW, ZONE, lambda _: "нет нужных сведений")
    return words.replace(NBSP, " ")


def a_decision(**fields: object) -> Wait:
    known = {"what": "decide", "whom": ("d",), "n": 1, "since": day(12), "due": day(15)}
    return Wait.model_validate({**known, **fields})


def test_a_sentence_says_what_of_whom_since_until_and_what_follows() -> None:
    then = Then(what="register", whom=("c",))
    assert said(a_decision(about="Приказ о внедрении", then=then)) == (
        "Приказ о внедрении: ждём решения директора Ивановой М. П. с 12 ноября, срок — 15 ноября "
        "(просрочено на 2 дня); затем документ зарегистрирует куратор Петрова А. И."
    )


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (day(16), "срок — 16 ноября (просрочено на 1 день)"),
        (day(15), "срок — 15 ноября (просрочено на 2 дня)"),
        (day(12), "срок — 12 ноября (просрочено на 5 дней)"),
        (day(27, 10), "срок — 27 октября (просрочено на 21 день)"),
        (day(30, 12, 2025), "срок — 30 декабря 2025 г. (просрочено на 322 дня)"),
        (NOW - timedelta(hours=1), "срок — 17 ноября (просрочено)"),
        (day(18), "срок — 18 ноября."),
        (day(20, 1, 2027), "срок — 20 января 2027 г."),
    ],
)
def test_a_deadline_is_said_with_its_lateness_and_the_year_of_another(
    due: datetime, words: str
) -> None:
    assert said(a_decision(due=due)).endswith(words if words.endswith(".") else f"{words}.")


def test_the_day_is_that_of_the_organisation_and_not_that_of_greenwich() -> None:
    just_after_midnight = datetime(2026, 11, 17, 19, tzinfo=UTC)  # 18 November, 1:00, in Omsk
    assert "с 18 ноября" in said(a_decision(since=just_after_midnight))


def test_several_who_are_asked_are_all_named() -> None:
    assert said(a_decision(whom=("d", "c"), n=2)).startswith(
        "Ждём решений: директора Ивановой М. П. и куратора Петровой А. И. с 12 ноября"
    )


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (1, "; ещё ждёт 1 дело."),
        (2, "; ещё ждут 2 дела."),
        (5, "; ещё ждут 5 дел."),
        (11, "; ещё ждут 11 дел."),
        (21, "; ещё ждёт 21 дело."),
    ],
)
def test_what_is_waited_for_besides_is_counted(more: int, words: str) -> None:
    assert said(a_decision(more=more)).endswith(words)


@pytest.mark.parametrize(
    ("missing", "sent", "words"),
    [
        (1, 0, "Ждём отчётов от 1 организации (за ними следит куратор Петрова А. И.)."),
        (12, 0, "Ждём отчётов от 12 организаций (за ними следит куратор Петрова А. И.)."),
        (21, 3, "Ждём отчётов от 21 организации и ответа куратора Петровой А. И. на 3 отчёта."),
        (0, 1, "Ждём ответа куратора Петровой А. И. на 1 отчёт."),
        (0, 0, "Организации ещё не приглашены: ждём от куратора Петровой А. И. приглашений."),
    ],
)
def test_reports_from_below_are_counted_and_nobody_below_is_named(
    missing: int, sent: int, words: str
) -> None:
    assert said(Wait(what="gather_reports", whom=("c",), n=missing, of=sent)) == words


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (Wait(what="opens", due=day(1, 12)), "Строка откроется 1 декабря."),
        (
            Wait(what="draft", about="Приказ", then=Then(what="look", whom=("d", "c"))),
            (
                "Приказ: сервис готовит проект документа, это займёт меньше минуты; затем документ "
                "рассмотрят директор Иванова М. П. и куратор Петрова А. И."
            ),
        ),
        (
            Wait(what="mend", whom=("c",), code="FactMissing", since=day(16)),
            (
                "Работа остановлена с 16 ноября (нет нужных сведений): ждём, когда куратор "
                "Петрова А. И. устранит причину."
            ),
        ),
        (
            Wait(what="rows_before", words="1 «Приказ» и 2 «План»", n=2),
            "Сначала должны быть выполнены строки 1 «Приказ» и 2 «План».",
        ),
        (
            Wait(what="rows_before", words="1 «Приказ»", n=1, then=Then(what="rows", words="3")),
            "Сначала должна быть выполнена строка 1 «Приказ»; затем откроется строка 3.",
        ),
        (
            Wait(what="answer_remark", whom=("c",), n=5),
            "Ждём от куратора Петровой А. И. ответа на 5 замечаний.",
        ),
        (
            Wait(what="in_force", since=day(3, 2, 2025)),
            "Документ действует с 3 февраля 2025 г.",
        ),
    ],
)
def test_a_sentence_is_right_to_the_comma(wait: Wait, words: str) -> None:
    assert said(wait) == words


@pytest.mark.parametrize("what", [*LEADS, "a kind of task that is not known here"])
def test_every_beginning_is_a_whole_sentence_and_names_nobody_who_is_hidden(what: str) -> None:
    fields = {"words": "«слова»", "n": 2, "of": 3, "since": day(1), "due": day(20)}
    for then in (None, *THEN):
        follows = Then(what=then, whom=("hidden2",), words="слова") if then else None
        wait = Wait.model_validate({"what": what, "whom": ("hidden1",), "then": follows, **fields})
        words = said(wait, {})
        assert "hidden" not in words
        assert words[0].isupper()
        assert words.endswith(".")
        assert not any(sign in words for sign in ("{", "}", "  ", "..", " ,", " .", "None"))


def test_what_is_over_is_never_late_and_what_opens_is_no_deadline() -> None:
    assert is_over(Wait(what="closed"))
    assert not is_late(Wait(what="in_force", due=day(1)), NOW)
    assert not is_late(Wait(what="opens", due=day(1)), NOW)
    assert is_late(a_decision(), NOW)
