"""`docx lint`: files measured against a layout profile, told in words and to programs."""

import datetime as dt
from pathlib import Path

import yaml
from pydantic import ValidationError

from adapters.docx.layout_overrides import overridden, short_of
from adapters.docx.layout_profile import Profile, profile_on, profiles
from adapters.docx.linter import MeasuredRule, Report, State, Violation, lint
from adapters.zip_parts import MAX_FILE
from domain.base import Value
from domain.errors import BadUpload
from domain.layout_settings import LayoutSettings
from runtime.settings import WrongCall

_MARKS: dict[State, str] = {"kept": "✓", "broken": "✗", "absent": "·", "exempt": "–"}
_WHY_NOT: dict[State, str] = {
    "absent": "в документе нет, что измерять",
    "exempt": "не применяется к этому виду",
}
_STRENGTH: tuple[State, ...] = ("broken", "kept", "absent", "exempt")


class FileViolation(Violation):
    """A broken rule in one of the files."""

    file: str


class Linted(Value):
    """All files together: how they stand to each rule, and what breaks one."""

    ok: bool
    profile: str
    title: str  # of the norm
    files: tuple[str, ...]
    rules: tuple[MeasuredRule, ...]
    violations: tuple[FileViolation, ...]
    short_of: tuple[Violation, ...]
    """Settings of the organisation that fall short of the norm; they do not make a file wrong."""
    not_measured: tuple[str, ...]


def lint_files(
    files: list[Path],
    folder: Path,
    name: str | None = None,
    *,
    kept_long: bool | None = None,
    settings: LayoutSettings | None = None,
    today: dt.date,
) -> Linted:
    """Measure files against the named profile, or the one that is in force today.

    The organisation's `settings` stand in place of the profile's numbers.
    Raises `WrongCall` for an unknown profile, `BadUpload` for a file that cannot be measured.
    """
    standard, settings = _profile(folder, name, today), settings or LayoutSettings()
    profile = overridden(standard, settings)
    reports = [(str(file), _lint(file, profile, kept_long=kept_long)) for file in files]
    violations = tuple(
        FileViolation(file=file, **dict(violation))
        for file, report in reports
        for violation in report.violations
    )
    return Linted(
        ok=not violations,
        profile=profile.profile,
        title=profile.title,
        files=tuple(file for file, _ in reports),
        rules=tuple(_together(rules) for rules in zip(*(r.rules for _, r in reports), strict=True)),
        violations=violations,
        short_of=short_of(standard, settings),
        not_measured=profile.not_measured,
    )


def read_layout(file: Path | None) -> LayoutSettings:
    """An organisation's layout from a YAML file; no file: none. Raises `WrongCall`."""
    if file is None:
        return LayoutSettings()
    try:
        given = yaml.safe_load(file.read_text("utf-8"))
        return LayoutSettings.model_validate({} if given is None else given)
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise WrongCall(f"{file}: это не YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "файл"
        raise WrongCall(f"{file}: {where}: {first['msg']}") from error


def lint_words(linted: Linted) -> str:
    """Which rules are kept, what breaks one and where; never that a norm is met."""
    lines = [f"Профиль {linted.profile} ({linted.title}). Файлов: {len(linted.files)}.", ""]
    for rule in linted.rules:
        notes = [f"п. {rule.clause}" if rule.clause and rule.clause[0].isdigit() else rule.clause]
        notes += ["совет" if rule.advice else None, None if rule.seen else "с текстом не сверено"]
        notes += [_WHY_NOT.get(rule.state)]
        note = "; ".join(note for note in notes if note)
        lines.append(f"{_MARKS[rule.state]} {rule.title}{f'  ({note})' if note else ''}")
        for violation in linted.violations:
            if violation.rule == rule.rule:
                lines += _violation_words(violation, several=len(linted.files) > 1)
    kept = sum(rule.state == "kept" for rule in linted.rules)
    used = sum(rule.state in {"kept", "broken"} for rule in linted.rules)
    lines += ["", f"Соблюдено правил: {kept} из {used}."]
    if linted.short_of:
        lines.append("Настройки организации отступают от профиля:")
        for one in linted.short_of:
            lines.append(f"  · {one.place}: {one.found}; по профилю: {one.expected}")
    lines += ["Не измеряется:", *(f"  · {text}" for text in linted.not_measured)]
    return "\n".join(lines)


def _violation_words(violation: FileViolation, *, several: bool) -> list[str]:
    place = f"{violation.file}: {violation.place}" if several else violation.place
    more = f" (и ещё мест: {violation.more})" if violation.more else ""
    return [f"    {place}{more}", f"      есть: {violation.found}; надо: {violation.expected}"]


def _profile(folder: Path, name: str | None, today: dt.date) -> Profile:
    if name is None:
        return profile_on(folder, today)
    known = {profile.profile: profile for profile in profiles(folder)}
    if name not in known:
        raise WrongCall(f"профиль «{name}»: ожидается одно из: {', '.join(known)}")
    return known[name]


def _lint(file: Path, profile: Profile, *, kept_long: bool | None) -> Report:
    with file.open("rb") as opened:
        content = opened.read(MAX_FILE + 1)  # a larger one is refused, and never all in memory
    try:
        return lint(content, profile, kept_long=kept_long)
    except BadUpload as error:
        raise BadUpload(f"{file}: {error}") from error


def _together(rules: tuple[MeasuredRule, ...]) -> MeasuredRule:
    """One rule over all files: broken if any breaks it."""
    states = {rule.state for rule in rules}
    return rules[0].changed(state=next(state for state in _STRENGTH if state in states))
