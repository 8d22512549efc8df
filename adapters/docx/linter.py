"""Measures any DOCX against a layout profile and names rule, place, what is and what should be."""

from collections.abc import Callable, Iterator
from typing import Literal

from adapters.docx import page_rules as page
from adapters.docx import requisite_rules as requisites
from adapters.docx.layout_profile import Profile, Rule, RuleId
from adapters.docx.measured import Measured
from domain.base import Value

State = Literal["kept", "broken", "absent", "exempt"]
"""Absent: the document has nothing that the rule is about."""


class Violation(Value):
    """A broken rule at one place; the same at other places is counted."""

    rule: str
    place: str  # Russian
    found: str
    expected: str
    more: int  # other places with the same


class MeasuredRule(Value):
    """A rule of the profile, and how the document stands to it."""

    rule: str
    title: str
    clause: str | None
    seen: bool
    advice: bool
    state: State


class Report(Value):
    """What a measurement found."""

    profile: str
    rules: tuple[MeasuredRule, ...]
    violations: tuple[Violation, ...]
    not_measured: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """No measured rule is broken."""
        return not self.violations


def lint(content: bytes, profile: Profile, *, kept_long: bool | None = None) -> Report:
    """Measure a file; `kept_long`: it is kept for more than 10 years (none: nobody knows).

    Raises `BadUpload` on what is no DOCX, or is too large or hostile to be opened.
    """
    document = Measured(content)
    kind = requisites.named(profile.kinds, document.paragraphs)
    exempt = {
        rule
        for exemption in profile.kinds.exempt
        if kind is not None and kind.name in exemption.names
        for rule in exemption.rules
    }
    absent = requisites.absent(profile.kinds, document, kind)
    rules: list[MeasuredRule] = []
    violations: list[Violation] = []
    for name, check in _checks(profile, document, kind, kept_long=kept_long).items():
        found = [] if name in exempt else _gathered(name, check())
        state: State = "broken" if found else "absent" if name in absent else "kept"
        state = "exempt" if name in exempt else state
        rule: Rule = getattr(profile.rules, name)
        shown = rule.model_dump(include={"title", "clause", "seen", "advice"})
        rules.append(MeasuredRule(rule=name, state=state, **shown))
        violations += found
    return Report(
        profile=profile.profile,
        rules=tuple(rules),
        violations=tuple(violations),
        not_measured=profile.not_measured,
    )


def _checks(
    profile: Profile,
    document: Measured,
    kind: requisites.Named | None,
    *,
    kept_long: bool | None,
) -> dict[RuleId, Callable[[], Iterator[page.Finding]]]:
    rules, kinds = profile.rules, profile.kinds
    return {
        "page_size": lambda: page.page_size(rules.page_size, document),
        "margins": lambda: page.margins(rules.margins, document, kept_long=kept_long),
        "font_size": lambda: page.font_size(rules.font_size, document),
        "line_spacing": lambda: page.line_spacing(rules.line_spacing, document),
        "paragraph_indent": lambda: page.paragraph_indent(rules.paragraph_indent, document),
        "text_alignment": lambda: page.text_alignment(rules.text_alignment, document),
        "page_number": lambda: page.page_number(rules.page_number, document),
        "corner_width": lambda: requisites.corner_width(
            rules.corner_width, rules.line_spacing, document
        ),
        "date_and_number": lambda: requisites.date_and_number(kinds, document, kind),
        "approval": lambda: requisites.approval(kinds, document, kind),
        "heading": lambda: requisites.heading(rules.heading, document, kind),
        "order_text": lambda: requisites.order_text(kinds, document, kind),
        "appendix_mark": lambda: requisites.appendix_mark(document),
        "signature": lambda: requisites.signature(document),
        "signature_mark": lambda: requisites.signature_mark(rules.signature_mark, document),
    }


def _gathered(rule: str, findings: Iterator[page.Finding]) -> list[Violation]:
    """One violation for all places where the same was found."""
    places: dict[tuple[str, str], list[str]] = {}
    for finding in findings:
        places.setdefault((finding.found, finding.expected), []).append(finding.place)
    return [
        Violation(rule=rule, place=where[0], found=found, expected=expected, more=len(where) - 1)
        for (found, expected), where in places.items()
    ]
