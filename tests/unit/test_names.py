"""A person may say how a name is declined; what was said becomes sure."""

from datetime import UTC, datetime

import pytest

from adapters.russian import name_forms
from domain.errors import NotFound
from domain.names import Case, NameCorrection, NameForms, Part

AT = datetime(2026, 9, 2, 9, tzinfo=UTC)
KOBETS: dict[Case, str] = {
    "gent": "Кобеца",
    "datv": "Кобецу",
    "accs": "Кобеца",
    "ablt": "Кобецом",
    "loct": "Кобеце",
}
OGLY: dict[Case, str] = {case: f"{word} оглы" for case, word in KOBETS.items()}


def corrected(forms: NameForms, **parts: dict[Case, str]) -> NameForms:
    said: dict[Part, dict[Case, str]] = {}
    for part in ("last", "first", "patronymic"):
        if part in parts:
            said[part] = parts[part]
    return forms.corrected_with(NameCorrection(parts=said, by="u1", at=AT))


def test_a_doubtful_part_becomes_what_a_person_said_and_sure() -> None:
    doubtful = name_forms("Кобец", "Илья", "Львович", "m")
    assert doubtful.unsure == ("last",)
    forms = corrected(doubtful, last=KOBETS)
    assert (forms.sure, forms.unsure, forms.corrected) == (True, (), ("last",))
    assert (forms.corrected_by, forms.corrected_at) == ("u1", AT)
    assert {case: forms.form(case).last for case in KOBETS} == KOBETS
    assert all(forms.form(case).sure for case in KOBETS)
    assert forms.nomn.last == "Кобец"
    assert forms.gent.full == "Кобеца Ильи Львовича"
    assert forms.datv.initials_last.startswith("Кобецу")


def test_another_doubt_stays() -> None:
    doubtful = name_forms("Кобец", "Али", "Мамед оглы", "m")
    assert doubtful.unsure == ("last", "patronymic")
    forms = corrected(doubtful, last=KOBETS)
    assert (forms.unsure, forms.corrected) == (("patronymic",), ("last",))
    assert not forms.gent.sure
    whole = corrected(forms, patronymic=OGLY)
    assert (whole.sure, whole.corrected) == (True, ("last", "patronymic"))
    assert whole.gent.sure


def test_a_part_that_was_sure_may_be_corrected_too() -> None:
    forms = corrected(name_forms("Орлов", "Илья", None, "m"), last=KOBETS)
    assert forms.gent.last == "Кобеца"


def test_a_patronymic_that_is_not_there_has_no_forms() -> None:
    with pytest.raises(NotFound, match="no patronymic"):
        corrected(name_forms("Орлов", "Илья", None, "m"), patronymic=OGLY)


def test_forms_kept_before_corrections_were_known_are_read() -> None:
    kept = name_forms("Кобец", "Илья", "Львович", "m").model_dump(mode="json")
    for field in ("corrected", "corrected_by", "corrected_at"):
        del kept[field]
    assert NameForms.model_validate(kept).corrected == ()
