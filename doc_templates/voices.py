"""Blank questionnaires about the work together: whom one would work with, how content one is.

As with those that pairs are matched by: nothing about health, and no consent (152-ФЗ, art. 9, 10).
"""

from collections.abc import Sequence

from doc_templates.layout import Paper
from doc_templates.questionnaires import choose, opened, signed, write

_ROLES = ("наставник", "наставляемый")
_SCALE = "1   2   3   4   5   6   7   8   9   10"
_SCALE_MM = 72
_NAMED = 3  # lines for names

_OF_BOTH = (
    "Цель и порядок работы были понятны с самого начала",
    "На встречи хватало времени, время и место были удобны",
    "Встречи приносили пользу",
    "В паре было легко говорить открыто и с уважением",
    "План выполнен, намеченное достигнуто",
    "Куратор помогал, когда это было нужно",
    "Участие в программе оправдало ожидания",
)
_OF_MENTEE = (
    "Наставник слышал мои вопросы и помогал искать решение",
    "Я знаю и умею больше, чем в начале работы",
    "Я увереннее чувствую себя в учёбе, работе, общении",
)
_OF_MENTOR = (
    "Подготовки к роли наставника было достаточно",
    "Наставляемый стал самостоятельнее",
    "Мой труд наставника замечают и ценят",
)


def questionnaire_preference() -> bytes:
    """Whom one would like to work with after the first meeting, and whom rather not."""
    paper = opened(
        "Анкета предпочтений",
        "Анкета заполняется после общей встречи наставников и наставляемых. Её читает только "
        "куратор; другим участникам ответы не сообщаются. При составлении пар они учитываются, но "
        "ни к чему не обязывают. На любой вопрос можно не отвечать. Согласие на обработку "
        "персональных данных оформляется отдельно, до заполнения анкеты.",
    )
    _who(paper, 1)
    paper.fill_in("Фамилия, имя, отчество:")
    paper.fill_in("Дата встречи:")
    _name(
        paper,
        "2. С кем Вы хотели бы работать? Начните с того, с кем хотели бы больше всего.",
    )
    write(paper, "3. Что Вам важно в этих людях (опыт, предмет, увлечения, общение)?", lines=2)
    _name(paper, "4. С кем Вы предпочли бы не работать? Причины объяснять не нужно.")
    choose(
        paper,
        "5. Если пожелания не совпадут, что Вам подойдёт?",
        ("решение куратора", "ещё одна встреча", "работа в группе", "ждать следующего года"),
    )
    write(paper, "6. О чём куратору нужно знать, чтобы пара сложилась?", lines=2)
    signed(paper)
    return paper.bytes()


def questionnaire_satisfaction() -> bytes:
    """How content mentors and mentees are with their work; anonymous unless told otherwise."""
    paper = opened(
        "Анкета удовлетворённости",
        "{% if anonymous %}Анкета анонимна: не называйте себя и вторую сторону пары, не ставьте "
        "подпись. {% else %}Ответы читает только куратор; в отчёт войдут лишь общие итоги. "
        "Согласие на обработку персональных данных оформляется отдельно, до заполнения анкеты. "
        "{% endif %}На любой вопрос можно не отвечать. Сведения о здоровье указывать не нужно.",
    )
    _who(paper, 1)
    paper.tag("if not anonymous")
    paper.fill_in("Фамилия, имя, отчество:")
    paper.tag("endif")
    paper.para(
        "2. Обведите оценку от~1 (совсем не так) до~10 (именно так).",
        indent=False,
        align="left",
        bold=True,
        before=4,
        after=3,
        keep=True,
    )
    _scored(paper, "Отвечают все", _OF_BOTH)
    _scored(paper, "Отвечает наставляемый", _OF_MENTEE)
    _scored(paper, "Отвечает наставник", _OF_MENTOR)
    write(paper, "3. Что было самым ценным?", lines=2)
    write(paper, "4. Чего не хватило, что мешало?", lines=2)
    write(paper, "5. Что Вы предлагаете изменить в программе?", lines=2)
    choose(
        paper,
        "6. Хотите ли Вы продолжить?",
        ("да, в той же паре", "да, в другой паре", "да, в другой роли", "нет", "ещё не знаю"),
    )
    paper.tag("if not anonymous")
    signed(paper)
    paper.tag("endif")
    return paper.bytes()


def _who(paper: Paper, number: int) -> None:
    choose(paper, f"{number}. Кто Вы?", _ROLES)


def _name(paper: Paper, question: str) -> None:
    paper.para(question, indent=False, align="left", bold=True, before=6, keep=True)
    for line in range(1, _NAMED + 1):
        paper.fill_in(f"{line}.")


def _scored(paper: Paper, who: str, statements: Sequence[str]) -> None:
    paper.figures(
        [(statement, _SCALE) for statement in statements],
        _SCALE_MM,
        heads=(who, "Оценка"),
    )
