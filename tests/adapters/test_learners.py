"""What papers call somebody of whom the list has only the group or class."""

import pytest

from adapters.learners import learner_category, shown_post
from domain.names import Gender


@pytest.mark.parametrize(
    ("post", "gender", "shown", "category"),
    [
        ("группа ЭМ-31", "f", "студентка группы ЭМ-31", "студент"),
        ("8 «В» класс", "m", "ученик 8 «В» класса", "ученик"),
        ("10 «А» класс", "f", "ученица 10 «А» класса", "ученик"),
        ("старшая группа", "m", "воспитанник старшей группы", "воспитанник"),
        ("Подготовительная группа", "f", "воспитанница подготовительной группы", "воспитанник"),
        ("учитель начальных классов", "f", "учитель начальных классов", None),
        (None, "m", None, None),
    ],
)
def test_a_learner_is_named_by_group_or_class(
    post: str | None, gender: Gender, shown: str | None, category: str | None
) -> None:
    assert shown_post(post, gender) == shown
    assert learner_category(shown) == category
