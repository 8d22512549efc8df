"""Results in words: nothing that went wrong is left out."""

from datetime import UTC, date, datetime

from runtime.bundle_check import Checked
from runtime.checks import Invariant, Report
from runtime.doctor import Finding, Health
from runtime.export import Recognised
from runtime.rehearsal_summary import Summary
from runtime.words import checked_words, health_words, recognised_words, report_words, summary_words

DONE = Summary(
    ok=True,
    roadmap="polytech",
    cycle="c1",
    organisations=1,
    rows_total=3,
    rows_done=2,
    steps_total=5,
    steps_done=4,
    pairs=21,
    documents=31,
    kinds=22,
    returned=32,
    approvals=33,
    sittings=3,
    registered=34,
    signatures=6,
    sealed=35,
    reminders=36,
    escalations=37,
    audit_events=38,
    reports=0,
    verified=39,
    bundles=1,
    bundle="bundles/polytech-c1.zip",
    problems=(),
    seconds=40.4,
)


def test_a_summary_tells_every_count_and_where_the_bundle_is() -> None:
    text = summary_words(DONE)
    counts = ("2 из 3", "4 из 5", "31, видов 22", "3", "6", *map(str, range(32, 36)), "36 и 37")
    for count in (*counts, "38", "39", "40"):
        assert f" {count}\n" in text, count
    assert "Репетиция «polytech»: прошла\n" in text
    assert "bundles/polytech-c1.zip" in text
    assert "sha256sum -c SHA256SUMS" in text
    assert "организаций" not in text


def test_a_summary_of_several_organisations_tells_how_many_and_of_their_reports() -> None:
    text = summary_words(DONE.changed(organisations=13, reports=72, bundles=12))
    assert " 13\n" in text
    assert " 72\n" in text
    assert "bundles/polytech-c1.zip и ещё 11 рядом\n" in text


def test_a_rehearsal_that_failed_says_so_and_why() -> None:
    text = summary_words(DONE.changed(ok=False, problems=("строк выполнено 4 из 5",)))
    assert "НЕ ПРОШЛА" in text
    assert text.endswith("✗ строк выполнено 4 из 5")


def test_a_verification_of_a_bundle_tells_what_is_wrong_and_what_can_be_compared() -> None:
    wrong = Checked(ok=False, checked=3, problems=("files/a.pdf: файл изменён",))
    assert checked_words(wrong) == (
        "✗ files/a.pdf: файл изменён\nПроверено файлов: 3. Есть ошибки."
    )
    at = datetime(2026, 11, 22, 19, 10, tzinfo=UTC)
    whole = Checked(ok=True, checked=1, problems=(), key="nastavnik/a+b+c", size=812, at=at)
    assert checked_words(whole) == (
        "Журнал: записей 812 на 22.11.2026 19:10 UTC, подпись верна.\n"
        "Ключ журнала: nastavnik/a+b+c\n"
        "Сравните его с тем, что у вас: --key КЛЮЧ\n"
        "Проверено файлов: 1. Всё цело."
    )


def test_a_known_file_is_told_as_its_document_version_and_pair() -> None:
    known = Recognised(
        ok=True,
        problems=(),
        document="d1",
        version=2,
        role="signed",
        kind="order_pairs",
        title="Приказ о парах",
        number="12-о",
        day=date(2024, 9, 2),
        pair="p1",
    )
    told = (
        "Это редакция 2 документа «Приказ о парах» № 12-о от 02.09.2024:\n"
        "  подписанный экземпляр; документ d1\n"
        "  пара p1\n"
    )
    assert recognised_words(known) == f"{told}Хранимый файл цел."
    changed = known.changed(ok=False, problems=("sealed/a: файл в хранилище изменён",))
    assert recognised_words(changed) == f"✗ sealed/a: файл в хранилище изменён\n{told[:-1]}"
    gone = known.changed(destroyed=True)
    assert recognised_words(gone) == f"{told}  Хранимый экземпляр уничтожен по акту."
    assert recognised_words(Recognised(ok=False, problems=("a: нет",))) == "✗ a: нет"


def test_each_invariant_has_its_mark_and_its_problems() -> None:
    whole = Invariant(id="I1", title="номера", ok=True, checked=2, problems=())
    broken = Invariant(id="I4", title="файлы", ok=False, checked=9, problems=("a: файла нет",))
    assert report_words(Report(ok=False, invariants=(whole, broken))) == (
        "✓ I1 номера (проверено: 2)\n✗ I4 файлы (проверено: 9)\n    a: файла нет"
    )


def test_what_the_doctor_found_is_marked_well_notable_or_failing() -> None:
    checks = (
        Finding(id="disk", title="диск", state="ok", text="свободно 9.0 ГиБ"),
        Finding(id="store", title="хранилище", state="notice", text="каталог files"),
        Finding(id="temporal", title="Temporal", state="failure", text="не отвечает"),
    )
    assert health_words(Health(ok=False, checks=checks)).splitlines() == [
        "✓ диск: свободно 9.0 ГиБ",
        "! хранилище: каталог files",
        "✗ Temporal: не отвечает",
    ]
