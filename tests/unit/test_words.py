"""Results in words: nothing that went wrong is left out."""

from runtime.bundle import Checked
from runtime.checks import Invariant, Report
from runtime.doctor import Finding, Health
from runtime.rehearse import Summary
from runtime.words import checked_words, health_words, report_words, summary_words

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
    verified=39,
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


def test_a_rehearsal_that_failed_says_so_and_why() -> None:
    text = summary_words(DONE.changed(ok=False, problems=("строк выполнено 4 из 5",)))
    assert "НЕ ПРОШЛА" in text
    assert text.endswith("✗ строк выполнено 4 из 5")


def test_a_verification_names_document_and_version_or_what_is_wrong() -> None:
    known = Checked(ok=True, checked=1, problems=(), document="d1", version=2)
    assert checked_words(known) == ("Это редакция 2 документа d1.\nПроверено файлов: 1. Всё цело.")
    wrong = Checked(ok=False, checked=3, problems=("files/a.pdf: файл изменён",))
    assert checked_words(wrong) == (
        "✗ files/a.pdf: файл изменён\nПроверено файлов: 3. Есть ошибки."
    )


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
