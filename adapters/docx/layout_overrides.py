"""An organisation's layout beside the standard: what is measured then, what falls short of it."""

from collections.abc import Iterator

from adapters.docx.layout_profile import Profile, Rule, RuleId
from adapters.docx.linter import Violation
from adapters.docx.page_rules import TOLERANCE_MM, mm_words, number_words
from domain.layout_settings import LayoutSettings

_OWN = "настройки организации"
_PLACES = {
    "top_center": "вверху посередине",
    "top_right": "вверху справа",
    "bottom_center": "внизу посередине",
    "bottom_right": "внизу справа",
}
_MARGINS = {
    "left_mm": "левое поле",
    "left_kept_long_mm": "левое поле при хранении дольше 10 лет",
    "right_mm": "правое поле",
    "top_mm": "верхнее поле",
    "bottom_mm": "нижнее поле",
}


def overridden(profile: Profile, settings: LayoutSettings) -> Profile:
    """The profile with the organisation's numbers in place of the standard's."""
    rules = profile.rules
    sides = {name: getattr(settings, name) for name in _MARGINS}
    size, spacing = settings.size_pt, settings.line_spacing
    requisite = settings.requisite_spacing
    least = min(spacing or rules.line_spacing.least, requisite or rules.line_spacing.requisite)
    most = max(spacing or rules.line_spacing.most, requisite or rules.line_spacing.requisite)
    # Requisites stand in tables too, in the size of the text.
    largest = max(rules.font_size.table_largest_pt, size or 0, settings.table_size_pt or 0)
    changed = {
        "margins": sides,
        "font_size": {
            "text_pt": None if size is None else (*rules.font_size.text_pt, size),
            "table_largest_pt": None
            if size is None and settings.table_size_pt is None
            else largest,
        },
        "line_spacing": {
            "least": None if spacing is None and requisite is None else least,
            "most": None if spacing is None and requisite is None else most,
            "requisite": requisite,
        },
        "paragraph_indent": {"indent_mm": settings.indent_mm},
        "text_alignment": {"align": settings.align},
        "page_number": {"from_edge_mm": settings.page_number_mm, "place": settings.page_number},
        "corner_width": {"widest_mm": settings.corner_mm},
    }
    own = {name: _with(getattr(rules, name), fields) for name, fields in changed.items()}
    return profile.changed(rules=rules.changed(**own))


def short_of(profile: Profile, settings: LayoutSettings) -> tuple[Violation, ...]:
    """Which settings fall short of the profile: they may, but it is told."""
    return tuple(
        Violation(rule=rule, place=f"{_OWN}, {place}", found=found, expected=expected, more=0)
        for rule, place, found, expected in _shortcomings(profile, settings)
    )


def _with(rule: Rule, fields: dict[str, object]) -> Rule:
    given = {name: value for name, value in fields.items() if value is not None}
    if not given:
        return rule
    return rule.changed(**given, title=f"{rule.title} — с настройками организации")


def _shortcomings(
    profile: Profile, given: LayoutSettings
) -> Iterator[tuple[RuleId, str, str, str]]:
    rules = profile.rules
    for name, place in _MARGINS.items():
        length, least = getattr(given, name), getattr(rules.margins, name)
        if length is not None and length < least - TOLERANCE_MM:
            yield "margins", place, mm_words(length), f"не меньше {mm_words(least)}"
    yield from _type(profile, given)
    indent = rules.paragraph_indent.indent_mm
    if given.indent_mm is not None and abs(given.indent_mm - indent) > TOLERANCE_MM:
        yield "paragraph_indent", "отступ", mm_words(given.indent_mm), mm_words(indent)
    if given.align == "left" and rules.text_alignment.align == "both":
        yield "text_alignment", "текст", "по левому краю", "по ширине"
    widest = rules.corner_width.widest_mm
    if given.corner_mm is not None and given.corner_mm > widest + TOLERANCE_MM:
        expected = f"не больше {mm_words(widest)}"
        yield "corner_width", "угловые реквизиты", mm_words(given.corner_mm), expected
    place = rules.page_number.place
    if given.page_number not in {None, place}:
        yield "page_number", "номер страницы", _PLACES[str(given.page_number)], _PLACES[place]
    from_edge = rules.page_number.from_edge_mm
    if given.page_number_mm is not None and given.page_number_mm < from_edge - TOLERANCE_MM:
        expected = f"не меньше {mm_words(from_edge)}"
        yield "page_number", "номер страницы, до края", mm_words(given.page_number_mm), expected


def _type(profile: Profile, given: LayoutSettings) -> Iterator[tuple[RuleId, str, str, str]]:
    """What letters and lines are like."""
    sizes, spacing = profile.rules.font_size, profile.rules.line_spacing
    if given.size_pt is not None and given.size_pt not in sizes.text_pt:
        expected = f"{', '.join(map(number_words, sizes.text_pt))} пт"
        yield "font_size", "текст", f"{number_words(given.size_pt)} пт", expected
    if given.table_size_pt is not None and given.table_size_pt > sizes.table_largest_pt:
        expected = f"не больше {number_words(sizes.table_largest_pt)} пт"
        yield "font_size", "таблицы", f"{number_words(given.table_size_pt)} пт", expected
    between = f"{number_words(spacing.least)}–{number_words(spacing.most)}"
    lines = given.line_spacing
    if lines is not None and not spacing.least <= lines <= spacing.most:
        yield "line_spacing", "интервал текста", number_words(lines), between
    lines = given.requisite_spacing
    if lines is not None and lines != spacing.requisite:
        expected = number_words(spacing.requisite)
        yield "line_spacing", "интервал реквизитов", number_words(lines), expected
