"""What the library says of a call that it does not understand is told in Russian."""

import pytest
from typer.exceptions import TyperException

from runtime.calls import call_in_russian
from runtime.cli import app


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("export pair p1", "Не хватает: -o' / '--out."),
        ("verify", "Не хватает: path."),
        ("roadmap check", "Не хватает: files."),
        ("nosuch", "Нет такой команды: nosuch."),
        ("roadmap lst", "Нет такой команды: lst."),
        ("roadmap list --nosuch", "Нет такого параметра: --nosuch."),
        ("roadmap list extra", "Лишнее: extra."),
        ("up --port", "После --port ожидается значение."),
        ("up --port many", "Значение --port не годится: ожидается целое число"),
        ("rehearse polytech --pairs 0", "Значение --pairs не годится: ожидается не меньше 1"),
    ],
)
def test_a_call_that_is_not_understood_is_told_in_russian(words: str, told: str) -> None:
    with pytest.raises(TyperException) as refused:
        app(words.split(), standalone_mode=False)
    assert call_in_russian(refused.value.format_message()).startswith(told)


def test_what_is_said_in_new_words_stays() -> None:
    assert call_in_russian("Something else is wrong") == "Something else is wrong"
