"""Exactly the documents that law asks for: by form, by the ages of both sides and by the day."""

from datetime import date
from pathlib import Path

import pytest

from adapters.package_rules import read_package_rules
from domain.errors import BadDate, BadRules
from domain.packages import (
    AgeGroup,
    PairCase,
    PaperRule,
    Purpose,
    age_group,
    kinds_possible,
    package,
)
from domain.people import Form
from tests.law import KINDS, RULES

SCOPES = {"side": "person", "mentor": "pair", "pair": "pair", "order": "cycle", "partner": "cycle"}

# Days around which law changed: 351.8 ТК РФ on 1 March, consents apart on 1 September 2025.
D24, D28FEB, D1MAR = date(2024, 9, 2), date(2025, 2, 28), date(2025, 3, 1)
D31AUG, D1SEP, D26 = date(2025, 8, 31), date(2025, 9, 1), date(2026, 11, 22)
AGES = {"a": 30, "y": 15, "c": 10}  # adult, youth of 14–17, child
FORMS = {
    "tt": Form.TEACHER_TEACHER,
    "ts": Form.TEACHER_STUDENT,
    "ss": Form.STUDENT_STUDENT,
    "es": Form.EMPLOYER_STUDENT,
}
CONSENTS = {"a": "consent_adult", "y": "consent_pupil", "c": "consent_parent"}
SIGNERS = {"a": "{0}", "y": "{0}+{0}_representative", "c": "{0}_representative"}


def case(form: str, ages: str, day: date, *purposes: Purpose) -> PairCase:
    mentor, mentee = (date(day.year - AGES[age], 1, 1) for age in ages)
    return PairCase(
        form=FORMS[form],
        mentor_birth=mentor,
        mentee_birth=mentee,
        day=day,
        purposes=(Purpose.PARTICIPATION, *purposes),
    )


def told(form: str, ages: str, day: date, *purposes: Purpose) -> list[str]:
    """«about:kind» of each document."""
    return [f"{one.about}:{one.kind}" for one in package(RULES, case(form, ages, day, *purposes))]


# form, ages of mentor and mentee, day → what comes beside the two consents and the order
TABLE: list[tuple[str, str, date, str]] = [
    # Teacher and teacher: an agreement of the parties before 351.8, labour papers since.
    ("tt", "aa", D24, "mentor:mentor_consent pair:agreement"),
    ("tt", "aa", D28FEB, "mentor:mentor_consent pair:agreement"),
    ("tt", "aa", D1MAR, "mentor:mentor_consent mentor:additional_agreement"),
    ("tt", "aa", D31AUG, "mentor:mentor_consent mentor:additional_agreement"),
    ("tt", "aa", D1SEP, "mentor:mentor_consent mentor:additional_agreement"),
    ("tt", "aa", D26, "mentor:mentor_consent mentor:additional_agreement"),
    ("tt", "ay", D24, "mentor:mentor_consent pair:agreement"),
    ("tt", "ay", D26, "mentor:mentor_consent mentor:additional_agreement"),
    # Teacher and pupil: 351.8 does not cover pupils, whatever the day.
    ("ts", "aa", D24, "mentor:mentor_consent pair:agreement"),
    ("ts", "aa", D28FEB, "mentor:mentor_consent pair:agreement"),
    ("ts", "aa", D1MAR, "mentor:mentor_consent pair:agreement"),
    ("ts", "aa", D31AUG, "mentor:mentor_consent pair:agreement"),
    ("ts", "aa", D1SEP, "mentor:mentor_consent pair:agreement"),
    ("ts", "aa", D26, "mentor:mentor_consent pair:agreement"),
    ("ts", "ay", D24, "mentor:mentor_consent pair:agreement"),
    ("ts", "ay", D28FEB, "mentor:mentor_consent pair:agreement"),
    ("ts", "ay", D1MAR, "mentor:mentor_consent pair:agreement"),
    ("ts", "ay", D31AUG, "mentor:mentor_consent pair:agreement"),
    ("ts", "ay", D1SEP, "mentor:mentor_consent pair:agreement"),
    ("ts", "ay", D26, "mentor:mentor_consent pair:agreement"),
    ("ts", "ac", D24, "mentor:mentor_consent pair:agreement"),
    ("ts", "ac", D1MAR, "mentor:mentor_consent pair:agreement"),
    ("ts", "ac", D31AUG, "mentor:mentor_consent pair:agreement"),
    ("ts", "ac", D1SEP, "mentor:mentor_consent pair:agreement"),
    ("ts", "ac", D26, "mentor:mentor_consent pair:agreement"),
    # Pupil and pupil: the mentor may be a minor too, and a child.
    ("ss", "aa", D24, "pair:agreement"),
    ("ss", "aa", D1MAR, "pair:agreement"),
    ("ss", "aa", D26, "pair:agreement"),
    ("ss", "ay", D24, "pair:agreement"),
    ("ss", "ay", D26, "pair:agreement"),
    ("ss", "ac", D24, "pair:agreement"),
    ("ss", "ac", D26, "pair:agreement"),
    ("ss", "ya", D24, "pair:agreement"),
    ("ss", "ya", D26, "pair:agreement"),
    ("ss", "yy", D24, "pair:agreement"),
    ("ss", "yy", D28FEB, "pair:agreement"),
    ("ss", "yy", D1MAR, "pair:agreement"),
    ("ss", "yy", D31AUG, "pair:agreement"),
    ("ss", "yy", D1SEP, "pair:agreement"),
    ("ss", "yy", D26, "pair:agreement"),
    ("ss", "yc", D24, "pair:agreement"),
    ("ss", "yc", D1SEP, "pair:agreement"),
    ("ss", "yc", D26, "pair:agreement"),
    ("ss", "ca", D26, "pair:agreement"),
    ("ss", "cy", D24, "pair:agreement"),
    ("ss", "cy", D26, "pair:agreement"),
    ("ss", "cc", D24, "pair:agreement"),
    ("ss", "cc", D1SEP, "pair:agreement"),
    ("ss", "cc", D26, "pair:agreement"),
    # Employer and student: a contract with the partner beside.
    ("es", "aa", D24, "pair:agreement partner:partnership_contract"),
    ("es", "aa", D28FEB, "pair:agreement partner:partnership_contract"),
    ("es", "aa", D1MAR, "pair:agreement partner:partnership_contract"),
    ("es", "aa", D1SEP, "pair:agreement partner:partnership_contract"),
    ("es", "aa", D26, "pair:agreement partner:partnership_contract"),
    ("es", "ay", D24, "pair:agreement partner:partnership_contract"),
    ("es", "ay", D1MAR, "pair:agreement partner:partnership_contract"),
    ("es", "ay", D31AUG, "pair:agreement partner:partnership_contract"),
    ("es", "ay", D1SEP, "pair:agreement partner:partnership_contract"),
    ("es", "ay", D26, "pair:agreement partner:partnership_contract"),
    ("es", "ac", D24, "pair:agreement partner:partnership_contract"),
    ("es", "ac", D26, "pair:agreement partner:partnership_contract"),
]


def test_the_table_is_whole() -> None:
    assert len(TABLE) >= 60
    assert len({row[:3] for row in TABLE}) == len(TABLE)
    assert {row[0] for row in TABLE} == set(FORMS)


@pytest.mark.parametrize(("form", "ages", "day", "besides"), TABLE)
def test_a_pair_needs_exactly_these_documents(
    form: str, ages: str, day: date, besides: str
) -> None:
    consents = [f"{s}:{CONSENTS[a]}" for s, a in zip(("mentor", "mentee"), ages, strict=True)]
    assert sorted(told(form, ages, day)) == sorted(
        [*consents, *besides.split(), "order:order_pairs"]
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("ages", [a + b for a in AGES for b in AGES])
@pytest.mark.parametrize("day", [D24, D28FEB, D1MAR, D31AUG, D1SEP, D26])
def test_each_document_names_its_norm_and_who_signs(form: str, ages: str, day: date) -> None:
    signs = {
        side: SIGNERS[age].format(side)
        for side, age in zip(("mentor", "mentee"), ages, strict=True)
    }
    signs |= {"pair": f"{signs['mentor']}+{signs['mentee']}", "order": "", "partner": ""}
    for one in package(RULES, case(form, ages, day)):
        assert one.norm
        assert "+".join(one.signers) == signs[one.about]


@pytest.mark.parametrize(
    ("form", "kind", "before", "after", "turn"),
    [
        ("tt", "mentor_consent", "60.2", "351.8", D1MAR),
        ("tt", "order_pairs", "Р-145", "351.8", D1MAR),
        ("ss", "consent_adult", "152-ФЗ, ст. 9, ч. 4", "156-ФЗ", D1SEP),
        ("ss", "consent_pupil", "152-ФЗ, ст. 9, ч. 4", "156-ФЗ", D1SEP),
        ("ss", "consent_parent", "152-ФЗ, ст. 9, ч. 4", "156-ФЗ", D1SEP),
    ],
)
def test_the_norm_is_the_one_of_the_day(
    form: str, kind: str, before: str, after: str, turn: date
) -> None:
    def norm(day: date) -> str:
        (rule,) = (
            rule
            for rule in kinds_possible(RULES, [FORMS[form]], [Purpose.PARTICIPATION], day)
            if rule.kind == kind
        )
        return rule.norm

    last = date.fromordinal(turn.toordinal() - 1)
    assert before in norm(last)
    assert after not in norm(last)
    assert after in norm(turn)


@pytest.mark.parametrize("purpose", [Purpose.PUBLICATION, Purpose.TRANSFER])
@pytest.mark.parametrize("day", [date(2020, 9, 1), D24, D26])
def test_a_further_purpose_takes_a_consent_of_its_own_from_each_side(
    purpose: Purpose, day: date
) -> None:
    more = set(told("ss", "ay", day, purpose)) - set(told("ss", "ay", day))
    assert more == {f"mentor:consent_{purpose}_adult", f"mentee:consent_{purpose}_minor"}


@pytest.mark.parametrize(
    ("born", "group"),
    [
        (date(2012, 11, 23), AgeGroup.UNDER_14),
        (date(2012, 11, 22), AgeGroup.FROM_14_TO_17),
        (date(2008, 11, 23), AgeGroup.FROM_14_TO_17),
        (date(2008, 11, 22), AgeGroup.ADULT),
    ],
)
def test_a_birthday_moves_one_into_the_next_group(born: date, group: AgeGroup) -> None:
    assert age_group(born, D26) is group


def test_nobody_takes_part_before_birth() -> None:
    with pytest.raises(BadDate):
        age_group(date(2026, 11, 23), D26)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.kind}-{rule.since}")
def test_each_rule_names_a_kind_that_can_be_made(rule: PaperRule) -> None:
    assert KINDS[rule.kind].scope == SCOPES[rule.about]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "papers: [{kind: a, about: pair, norm: n}, {kind: a, about: pair, norm: m}]",
            "два правила",
        ),
        (
            "papers: [{kind: a, about: pair, norm: n, since: 2025-02-01, until: 2025-01-01}]",
            "кончается раньше",
        ),
        ("papers: [{kind: a, about: nobody, norm: n}]", "papers.0.about"),
        ("papers: [{kind: a, about: pair}]", "нет поля «norm»"),
        ("papers: [", "не читается"),
        ("- 1", "packages.yaml"),
    ],
)
def test_broken_rules_are_refused_by_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "packages.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadRules, match=said):
        read_package_rules(path)


def test_rules_that_share_no_day_or_age_or_form_do_not_contradict(tmp_path: Path) -> None:
    path = tmp_path / "packages.yaml"
    path.write_text(
        "papers:\n"
        "  - {kind: a, about: side, norm: n, ages: [adult], until: 2024-12-31}\n"
        "  - {kind: a, about: side, norm: n, ages: [adult], since: 2025-01-01}\n"
        "  - {kind: a, about: side, norm: n, ages: [under_14]}\n"
        "  - {kind: a, about: side, norm: n, ages: [from_14_to_17], forms: [student_student]}\n"
        "  - {kind: a, about: side, norm: n, ages: [from_14_to_17], forms: [teacher_teacher]}\n",
        encoding="utf-8",
    )
    assert len(read_package_rules(path)) == 5
