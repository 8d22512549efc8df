"""People and bodies, the access they have, and who acts."""

from datetime import date
from enum import StrEnum

from domain.base import Message

ADULT_AT = 18
"""Гражданский кодекс РФ, ст. 21."""
OWN_SIGNATURE_AT = 14
"""From here a minor signs beside the parent: ГК РФ, ст. 26."""

NOVICE_YEARS = 3
"""A young specialist works for so many years at most: ОГПОБУ «Политехнический техникум», программа
наставничества на 2020–2024 годы, 4.3 («при опыте работы от 0 до 3 лет»)."""


class AccessRole(StrEnum):
    """What an account may do; apart from the roles of a roadmap."""

    ADMINISTRATOR = "administrator"
    DIRECTOR = "director"
    CURATOR = "curator"
    AUDITOR = "auditor"


class Actor(Message):
    """Who makes a wish, as far as a workflow must know."""

    user_id: str
    role: AccessRole
    acts_for: tuple[str, ...] = ()  # the person, and the bodies the person sits in

    def is_one_of(self, *holders: str) -> bool:
        """True if the actor is, or sits in, one of `holders` (ids of people or bodies)."""
        return any(holder in self.acts_for for holder in holders)


class Form(StrEnum):
    """Forms of mentoring of the target model (Р-145)."""

    TEACHER_TEACHER = "teacher_teacher"
    TEACHER_STUDENT = "teacher_student"
    STUDENT_STUDENT = "student_student"
    EMPLOYER_STUDENT = "employer_student"


def age_on(birth: date, day: date) -> int:
    """Full years on `day`; one born on 29 February comes of age on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def is_minor(birth: date, day: date) -> bool:
    return age_on(birth, day) < ADULT_AT
