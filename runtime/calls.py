"""Calls that are not understood, told in Russian. The command line's library speaks English."""

import re

_SAID = (
    (r"Missing (?:option|argument) '(.+)'\.", r"Не хватает: \1."),
    (r"No such command '(.+?)'\.(.*)", r"Нет такой команды: \1.\2"),
    (r"No such option: (\S+?)\.?((?: .*)?)", r"Нет такого параметра: \1.\2"),
    (r"Got unexpected extra argument\(?s?\)? \((.+)\)", r"Лишнее: \1."),
    (r"Option '(.+)' requires an argument\.", r"После \1 ожидается значение."),
    (r"Option '(.+)' does not take a value\.", r"После \1 значение не нужно."),
    (r"Invalid value for '(.+?)': (.*)", r"Значение \1 не годится: \2"),
    (r"Invalid value: (.*)", r"Значение не годится: \1"),
)
_EXPECTED = (
    (r"Input should be greater than or equal to (\S+)", r"ожидается не меньше \1"),
    (r"Input should be less than or equal to (\S+)", r"ожидается не больше \1"),
    (r"Input should be a valid integer.*", "ожидается целое число"),
    (r"\s*\(?Did you mean (?:one of: )?(.+?)\?\)?", r" Может быть, \1?"),
    (r"\s*\(?Possible options: (.+?)\)?$", r" Может быть, \1?"),
)


def call_in_russian(said: str) -> str:
    """What the library says of a call, in Russian; what it says in new words stays as it is."""
    for pattern, instead in _SAID:
        if found := re.fullmatch(pattern, said, re.DOTALL):
            said = found.expand(instead)
            break
    for pattern, instead in _EXPECTED:
        said = re.sub(pattern, instead, said)
    return said.strip()
