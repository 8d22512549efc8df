"""Blank questionnaires, filled by hand: what pairs are matched by.

They ask nothing about health (152-ФЗ, art. 10: a special category) and hold no consent: it is a
paper of its own (art. 9).
"""

from collections.abc import Sequence

from doc_templates import phrases as p
from doc_templates.layout import Paper

LEFT_MM = 20  # a form serves until the next one replaces it
_BOX = "☐~"

_NEEDS_OF_STUDENT = (
    "трудно даётся учёба",
    "хочу смелее участвовать в жизни группы",
    "хочу освоиться в новой группе",
    "есть любимое дело, хочу развиваться",
    "хочу готовиться к конкурсам, олимпиадам",
    "хочу лучше узнать будущую профессию",
)
_NEEDS_OF_TEACHER = (
    "нужна опора в начале работы",
    "привыкаю к новому месту работы",
    "нужна помощь с методикой предмета",
    "трудно со студентами или коллегами",
    "хочу вернуть интерес к работе",
    "хочу освоить новые методы и средства",
    "готовлюсь к аттестации или конкурсу",
)
_MERITS = (
    "победы в профессиональных конкурсах",
    "победы в олимпиадах, соревнованиях",
    "классный руководитель, куратор группы",
    "хорошие отметки, результаты студентов",
    "статьи, пособия, разработки",
    "выступления, мастер-классы",
    "руководство кружком, командой",
    "опыт наставника или наставляемого",
)
_READY_FOR = (
    "студенту, которому трудно учиться",
    "студенту, который держится в стороне",
    "студенту, новому в группе",
    "одарённому студенту",
    "молодому специалисту (до трёх лет)",
    "педагогу на новом месте",
    "педагогу, теряющему интерес к работе",
    "педагогу, осваивающему новое",
)
_TYPES = (
    "консультант: поддержка, организация",
    "предметник: методика предмета",
)


def questionnaire_mentee() -> bytes:
    """What a future mentee needs, and from whom."""
    paper = _opened("Анкета наставляемого", "подобрать Вам наставника")
    _about(paper)
    _ask(
        paper,
        "2. Кто Вы?",
        (
            "студент",
            "педагог, стаж до одного года",
            "педагог, стаж от одного года до трёх лет",
            "педагог, стаж более трёх лет",
        ),
    )
    _ask(paper, "3. Для студентов. Что Вам близко? Можно отметить несколько.", _NEEDS_OF_STUDENT)
    _ask(paper, "4. Для педагогов. Что Вам близко? Можно отметить несколько.", _NEEDS_OF_TEACHER)
    _write(paper, "5. Чего Вы хотите достичь вместе с наставником?", lines=2)
    _choose(
        paper,
        "6. Кого Вы хотели бы видеть наставником?",
        ("педагога", "студента", "представителя работодателя", "решит куратор"),
    )
    _choose(paper, "7. Для педагогов. Какой наставник Вам нужен?", _TYPES)
    _format(paper, 8)
    _closed(paper, 9)
    return paper.bytes()


def questionnaire_mentor() -> bytes:
    """What a future mentor can give, and to whom."""
    paper = _opened("Анкета наставника", "подобрать Вам наставляемого")
    _about(paper)
    _choose(paper, "2. Кто Вы?", ("педагог", "студент", "представитель работодателя"))
    paper.fill_in("Стаж работы или курс обучения:")
    _ask(paper, "3. Что есть в Вашем опыте? Можно отметить несколько.", _MERITS)
    _ask(paper, "4. Кому Вы готовы помогать? Можно отметить несколько.", _READY_FOR)
    _choose(paper, "5. В какой роли? Можно отметить обе.", _TYPES)
    _write(paper, "6. Чему Вы можете научить (предмет, умения)?", lines=1)
    _choose(
        paper,
        "7. Со сколькими наставляемыми Вы готовы работать?",
        ("с одним", "с двумя или тремя", "с группой", "решит куратор"),
    )
    _format(paper, 8)
    _write(paper, "9. Какая подготовка Вам нужна, чтобы стать наставником?", lines=1)
    _closed(paper, 10)
    return paper.bytes()


def _opened(title: str, aim: str) -> Paper:
    paper = Paper(title, left_mm=LEFT_MM, size=12, spacing=1)
    p.approval(paper)
    paper.title(title.upper(), "по программе «{{ programme }}»", before=10, after=6)
    paper.para(
        f"Анкета помогает {aim}. На любой вопрос можно не отвечать. Сведения о здоровье указывать "
        "не нужно. Согласие на обработку персональных данных оформляется отдельно, до заполнения "
        "анкеты.",
        after=4,
    )
    return paper


def _about(paper: Paper) -> None:
    paper.para("1. О себе", align="left", indent=False, bold=True, before=4, keep=True)
    for line in ("Фамилия, имя, отчество:", "Группа или должность:", "Телефон или почта:"):
        paper.fill_in(line)


def _ask(paper: Paper, question: str, options: Sequence[str]) -> None:
    paper.para(question, indent=False, align="left", bold=True, before=4, after=2, keep=True)
    half = (len(options) + 1) // 2
    boxes = [f"{_BOX}{option}" for option in options]
    paper.columns(boxes[:half], boxes[half:])


def _choose(paper: Paper, question: str, options: Sequence[str]) -> None:
    paper.para(question, indent=False, align="left", bold=True, before=4, after=2, keep=True)
    boxes = "     ".join(f"{_BOX}{option.replace(' ', '~')}" for option in options)
    paper.para(boxes, indent=False, align="left", after=3)


def _write(paper: Paper, question: str, *, lines: int) -> None:
    paper.para(question, indent=False, align="left", bold=True, before=4, keep=True)
    for _ in range(lines):
        paper.fill_in("")


def _format(paper: Paper, number: int) -> None:
    _choose(
        paper,
        f"{number}. Как Вам удобно встречаться? Можно отметить несколько.",
        ("лично", "дистанционно", "вдвоём", "в группе"),
    )
    paper.fill_in("Дни и часы:")


def _closed(paper: Paper, number: int) -> None:
    _choose(
        paper,
        f"{number}. Нужны ли Вам особые условия встреч (время, место, способ общения)?",
        ("не нужны",),
    )
    paper.fill_in(f"{_BOX}нужны, а именно (причины не указывайте):")
    paper.para(f"Подпись ______________    {p.BLANK_DATE}", indent=False, align="left", before=10)
