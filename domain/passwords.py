"""What a password must be."""

from typing import Final

from domain.errors import WeakPassword

SHORTEST: Final = 12
"""With a limit on tries; a few plain words are as good as signs."""
LONGEST: Final = 200
_FEWEST_SIGNS: Final = 5


def check_password(new: str, old: str, login: str) -> None:
    """Raises `WeakPassword`, in words for its owner."""
    if not SHORTEST <= len(new) <= LONGEST:
        raise WeakPassword(f"нужно от {SHORTEST} до {LONGEST} знаков, можно несколько слов")
    if len(set(new.casefold())) < _FEWEST_SIGNS:
        raise WeakPassword("слишком мало разных знаков")
    if login.casefold() in new.casefold():
        raise WeakPassword("в пароле не должно быть логина")
    if new == old:
        raise WeakPassword("новый пароль такой же, как прежний")
