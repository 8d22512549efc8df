"""Posts as papers call them: of somebody who learns, a list has only the group or class."""

import re
from typing import Final

from adapters.russian import post_forms
from domain.names import Gender

_GROUP: Final = "группа "
_CLASS: Final = re.compile(r"([0-9]{1,2}\b.*) класс")
_PRESCHOOL: Final = re.compile(r"[а-яё]+(ая|яя) группа", re.IGNORECASE)
_LEARNERS: Final = {
    "студент": "студент",
    "учени": "ученик",
    "воспитанни": "воспитанник",
}


def shown_post(post: str | None, gender: Gender) -> str | None:
    """«группа ЭМ-31», «8 «В» класс», «старшая группа» with who learns there; any other as it is."""
    if post is None:
        return None
    hers = gender == "f"
    if post.casefold().startswith(_GROUP):
        return f"{'студентка' if hers else 'студент'} группы {post[len(_GROUP) :]}"
    if found := _CLASS.fullmatch(post):
        return f"{'ученица' if hers else 'ученик'} {found.group(1)} класса"
    if _PRESCHOOL.fullmatch(post):
        return f"{'воспитанница' if hers else 'воспитанник'} {post_forms(post).gent.lower()}"
    return post


def learner_category(shown: str | None) -> str | None:
    """What a register calls whoever has this post, as shown; None if it is not a learner's."""
    word = (shown or "").casefold()
    return next((name for start, name in _LEARNERS.items() if word.startswith(start)), None)
