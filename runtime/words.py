"""Results of commands in words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.signing import Answer

if TYPE_CHECKING:  # a command that wants a sentence would else load all that the others need
    from collections.abc import Sequence

    from adapters.postgres.organisation_views import OrganisationLine
    from adapters.postgres.shown import GroundLine
    from domain.signing import SignatureCheck
    from runtime.backup import Made
    from runtime.bundle_check import Checked
    from runtime.checks import Report
    from runtime.doctor import Health
    from runtime.export import Recognised
    from runtime.names import Declined
    from runtime.organisations import AddedOrganisation
    from runtime.recover import Recovered
    from runtime.rehearsal_summary import Summary
    from runtime.restore import Restored

MARKS = {"ok": "✓", "notice": "!", "failure": "✗"}
ROLES = {
    "draft": "проект, без номера и подписи",
    "registered": "текст с номером и датой, до подписи",
    "signed": "подписанный экземпляр",
    "signature": "файл электронной подписи",
    "visual": "копия с отметкой об электронной подписи",
}
_ANSWERS = {Answer.YES: "✓ да", Answer.NO: "✗ нет", Answer.UNKNOWN: "! неизвестно"}


def summary_words(summary: Summary) -> str:
    """What a rehearsal came to."""
    several = (
        ("организаций", str(summary.organisations)),
        ("отчётов организаций принято", str(summary.reports)),
    )
    rows = (
        *(several if summary.organisations > 1 else ()),
        ("строк дорожной карты выполнено", f"{summary.rows_done} из {summary.rows_total}"),
        ("в том числе по каждой паре", f"{summary.steps_done} из {summary.steps_total}"),
        ("пар прошли весь путь", str(summary.pairs)),
        ("документов создано", f"{summary.documents}, видов {summary.kinds}"),
        ("из них возвращено на доработку", str(summary.returned)),
        ("решений об утверждении", str(summary.approvals)),
        ("заседаний, решивших о документах", str(summary.sittings)),
        ("зарегистрировано в журналах", str(summary.registered)),
        ("подписано и заложено на хранение", str(summary.sealed)),
        ("из них электронной подписью", str(summary.signatures)),
        ("подписанных файлов проверено", str(summary.verified)),
        ("напоминаний и эскалаций", f"{summary.reminders} и {summary.escalations}"),
        ("событий в журнале", str(summary.audit_events)),
        ("секунд", f"{summary.seconds:.0f}"),
    )
    width = max(len(name) for name, _ in rows)
    lines = [f"Репетиция «{summary.roadmap}»: {'прошла' if summary.ok else 'НЕ ПРОШЛА'}", ""]
    lines += [f"  {name:<{width}}  {value}" for name, value in rows]
    others = f" и ещё {summary.bundles - 1} рядом" if summary.bundles > 1 else ""
    lines += ["", f"Свидетельства: {summary.bundle}{others}"]
    lines += ["Проверить самому: unzip, затем sha256sum -c SHA256SUMS или check.html в браузере."]
    lines += [f"✗ {problem}" for problem in summary.problems]
    return "\n".join(lines)


def checked_words(checked: Checked) -> str:
    """What a verification of a bundle found, and what else its reader can compare."""
    lines = [f"✗ {problem}" for problem in checked.problems]
    if checked.size is not None and checked.at is not None:
        lines.append(
            f"Журнал: записей {checked.size} на {checked.at:%d.%m.%Y %H:%M} UTC, подпись верна."
        )
    if checked.key is not None:
        lines += [f"Ключ журнала: {checked.key}", "Сравните его с тем, что у вас: --key КЛЮЧ"]
    lines.append(
        f"Проверено файлов: {checked.checked}. {'Всё цело.' if checked.ok else 'Есть ошибки.'}"
    )
    return "\n".join(lines)


def recognised_words(found: Recognised) -> str:
    """Which version of which document a file is, and whether the kept one is intact."""
    lines = [f"✗ {problem}" for problem in found.problems]
    if found.document is not None:
        number = f" № {found.number}" if found.number else ""
        day = f" от {found.day:%d.%m.%Y}" if found.day else ""
        lines.append(f"Это редакция {found.version} документа «{found.title}»{number}{day}:")
        lines.append(f"  {ROLES.get(found.role or '', found.role)}; документ {found.document}")
        if found.pair is not None:
            lines.append(f"  пара {found.pair}")
        if found.destroyed:
            lines.append("  Хранимый экземпляр уничтожен по акту.")
        elif found.ok:
            lines.append("Хранимый файл цел.")
    return "\n".join(lines)


def signed_words(checks: Sequence[SignatureCheck]) -> str:
    """Three answers about each signature, and whose it is by its certificate."""
    lines = []
    for number, one in enumerate(checks, 1):
        lines.append(f"Подпись {number} из {len(checks)}: {one.algorithm}")
        lines += [f"  {title}: {_ANSWERS[it.answer]} ({it.words})" for title, it in one.answers]
        if (signer := one.signer) is not None:
            term = f"с {signer.valid_from:%d.%m.%Y} по {signer.valid_until:%d.%m.%Y}"
            owner = ", ".join(filter(None, (signer.owner, signer.organisation)))
            lines.append(f"  Владелец по сертификату: {owner or 'не назван'}")
            lines.append(f"  Сертификат {signer.serial} {term}, выдал: {signer.issuer}")
        if one.signed_at is not None:
            lines.append(
                f"  Время подписания, по словам подписавшего: {one.signed_at:%d.%m.%Y %H:%M} UTC"
            )
    return "\n".join(lines)


def report_words(report: Report) -> str:
    """What `check --all` found."""
    lines = []
    for one in report.invariants:
        mark = MARKS["ok"] if one.ok else MARKS["failure"]
        lines.append(f"{mark} {one.id} {one.title} (проверено: {one.checked})")
        lines += [f"    {problem}" for problem in one.problems]
        lines += [f"    {MARKS['notice']} {notice}" for notice in one.notices]
    return "\n".join(lines)


def health_words(health: Health) -> str:
    """What `doctor` found."""
    return "\n".join(f"{MARKS[one.state]} {one.title}: {one.text}" for one in health.checks)


def name_words(declined: Declined) -> str:
    """A name in its case; a doubt is told."""
    return declined.name if declined.sure else f"{declined.name}  (проверьте: форма не бесспорна)"


def ground_words(act: GroundLine) -> str:
    """An act, and whether it has no force: not any more, or not yet."""
    if act.end is not None and act.lost:
        told = f"не действует с {act.end.lost_on:%d.%m.%Y}: {act.end.ended_by}"
        return f"{MARKS['failure']} {act.words}  ({told})"
    mark = MARKS["ok"] if act.in_force else MARKS["notice"]
    return f"{mark} {act.words}" + ("" if act.in_force else "  (ещё не действует)")


def recovered_words(found: Recovered) -> str:
    """How many processes were begun again, and what could not be."""
    counts = (
        ("начато заново", found.started),
        ("взамен устаревших", found.restarted),
        ("были целы", found.intact),
        ("завершены раньше", found.finished),
        ("закрыто лишних", found.ended),
    )
    told = "Процессы: " + ", ".join(f"{name} {count}" for name, count in counts) + "."
    return "\n".join([told, *(f"✗ {problem}" for problem in found.trouble)])


def backup_words(made: Made) -> str:
    """What was copied, what was missing, what was removed."""
    size = sum(part.size for part in made.parts) / 1024**2
    lines = [
        f"Копия: {made.backup}",
        f"База и Temporal: {size:.0f} МиБ; файлов {made.files}, из них новых {made.copied}.",
        *(f"Удалена по сроку: {name}" for name in made.expired),
        *(f"✗ {problem}" for problem in made.problems),
        "Главного ключа в копии нет: храните его отдельно.",
    ]
    return "\n".join(lines)


def restored_words(found: Restored) -> str:
    """What came back, and whether it agrees."""
    counts = (
        ("файлов", found.files),
        ("лишних в копии", found.dropped),
        ("снова уничтожено ключей", found.destroyed),
    )
    lines = [
        f"Копия {found.backup}: {', '.join(f'{name} {count}' for name, count in counts)}.",
        recovered_words(found.recovered),
        *(f"✗ {problem}" for problem in found.problems),
        report_words(found.checked),
    ]
    return "\n".join(lines)


def added_words(added: AddedOrganisation) -> str:
    """An organisation below, and how its administrator signs in for the first time."""
    told = f"Организация {added.organisation} ({added.code})"
    if added.login is None:
        return f"{told}: не работает в системе"
    password = f", разовый пароль: {added.password}" if added.password else ", пароль уже свой"
    return f"{told}: логин {added.login}{password}"


def organisation_words(line: OrganisationLine) -> str:
    """An organisation below, in a line."""
    how = {"none": "не работает в системе", "waits": "ещё не входили", "taken": "работает"}
    tags = f" [{', '.join(line.tags)}]" if line.tags else ""
    return f"{line.organisation_id}  {line.short_name}{tags}: {how[line.account]}"
