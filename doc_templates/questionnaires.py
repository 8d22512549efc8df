"""Blank questionnaires, filled by hand: what pairs are matched by.

They ask nothing about health (152-ФЗ, art. 10: a special category) and hold no consent: it is a
paper of its own (art. 9).
"""

from collections.abc import Sequence

from doc_templates import phrases as p
from doc_templates.layout import Paper

LEFT_MM = 20  # a form serves until the next one replaces it

_NEEDS_OF_PUPIL = (
    "трудно даётся учёба",
    "хочу смелее участвовать в общих делах",
    "хочу освоиться в новом классе, группе",
    "есть любимое дело, хочу развиваться",
    "хочу готовиться к конкурсам, олимпиадам",
    "делаю проект, нужен совет",
    "хочу лучше узнать будущую профессию",
    "хочу научиться планировать своё время",
)
_NEEDS_IN_PRACTICE = (
    "увидеть, как устроено предприятие",
    "понять, подходит ли мне профессия",
    "освоить приёмы работы на практике",
    "сделать проект по задаче предприятия",
    "готовиться к конкурсам мастерства",
    "узнать об условиях и росте в профессии",
    "пройти практику или стажировку",
    "договориться о будущей работе",
)
_TRIED = (
    "экскурсия на предприятие",
    "учебная или производственная практика",
    "учебный проект, выставка",
    "конкурс профессионального мастерства",
    "подработка, волонтёрство",
    "пока такого опыта нет",
)
_NEEDS_OF_TEACHER = (
    "нужна опора в начале работы",
    "привыкаю к новому месту работы",
    "нужна помощь с методикой предмета",
    "трудно с обучающимися или коллегами",
    "хочу вернуть интерес к работе",
    "хочу освоить новые методы и средства",
    "готовлюсь к аттестации или конкурсу",
)
_MERITS = (
    "победы в профессиональных конкурсах",
    "победы в олимпиадах, соревнованиях",
    "классный руководитель, куратор группы",
    "хорошие отметки, успехи обучающихся",
    "статьи, пособия, разработки",
    "выступления, мастер-классы",
    "руководство кружком, командой",
    "опыт наставника или наставляемого",
)
_READY_FOR = (
    "обучающемуся, которому трудно учиться",
    "обучающемуся, который держится в стороне",
    "обучающемуся, новому в группе",
    "одарённому обучающемуся",
    "обучающемуся на практике у работодателя",
    "молодому специалисту (до трёх лет)",
    "педагогу на новом месте",
    "педагогу, теряющему интерес к работе",
    "педагогу, осваивающему новое",
)
MATCHING = (
    "Анкета помогает подобрать Вам {}. На любой вопрос можно не отвечать. Сведения о здоровье "
    "указывать не нужно. Согласие на обработку персональных данных оформляется отдельно, "
    "до заполнения анкеты."
)
_TYPES = (
    "консультант: поддержка, организация",
    "предметник: методика предмета",
)


def questionnaire_mentee() -> bytes:
    """What a teacher needs as a future mentee, and from whom."""
    paper = opened("Анкета наставляемого педагога", MATCHING.format("наставника"))
    _about(paper, "Должность, предмет:")
    choose(
        paper,
        "2. Какой у Вас стаж педагогической работы?",
        ("до одного года", "от одного года до трёх лет", "более трёх лет"),
    )
    ask(paper, "3. Что Вам близко? Можно отметить несколько.", _NEEDS_OF_TEACHER)
    write(paper, "4. В каких делах помощь нужна прежде всего?", lines=2)
    write(paper, "5. Чего Вы хотите достичь вместе с наставником?", lines=2)
    write(paper, "6. Чем Вы сами могли бы поделиться с коллегами?", lines=1)
    choose(paper, "7. Какой наставник Вам нужен?", (*_TYPES, "решит куратор"))
    _format(paper, 8)
    _closed(paper, 9)
    return paper.bytes()


def questionnaire_mentee_pupil() -> bytes:
    """What a pupil or student needs of a teacher or of another pupil."""
    paper = opened("Анкета наставляемого обучающегося", MATCHING.format("наставника"))
    _about(paper, "Класс или группа:")
    ask(paper, "2. Что Вам близко? Можно отметить несколько.", _NEEDS_OF_PUPIL)
    write(paper, "3. Чем Вы увлекаетесь, что получается лучше всего?", lines=2)
    write(paper, "4. По каким предметам или в каких делах нужна помощь?", lines=2)
    write(paper, "5. Чего Вы хотите достичь вместе с наставником?", lines=2)
    choose(
        paper,
        "6. Кого Вы хотели бы видеть наставником?",
        ("педагога", "старшего обучающегося", "сверстника", "решит куратор"),
    )
    _format(paper, 7)
    _closed(paper, 8)
    return paper.bytes()


def questionnaire_mentee_practice() -> bytes:
    """What a pupil or student expects of a mentor who works at an employer's."""
    paper = opened(
        "Анкета обучающегося, наставляемого работодателем", MATCHING.format("наставника")
    )
    _about(paper, "Класс или группа, профессия:")
    ask(paper, "2. Что Вам интересно? Можно отметить несколько.", _NEEDS_IN_PRACTICE)
    write(paper, "3. Какие отрасли, предприятия, виды работы Вам интересны?", lines=2)
    ask(paper, "4. Что уже было в Вашем опыте? Можно отметить несколько.", _TRIED)
    write(paper, "5. Чего Вы хотите достичь вместе с наставником?", lines=2)
    choose(
        paper,
        "6. Как Вам хотелось бы работать с наставником? Можно отметить несколько.",
        ("на рабочем месте", "над проектом", "в мастерской колледжа или школы", "в беседах"),
    )
    choose(
        paper,
        "7. Видите ли Вы себя в этой профессии?",
        ("да", "скорее да", "ещё не знаю", "скорее нет"),
    )
    _format(paper, 8)
    _closed(paper, 9)
    return paper.bytes()


def questionnaire_mentor() -> bytes:
    """What a future mentor can give, and to whom."""
    paper = opened("Анкета наставника", MATCHING.format("наставляемого"))
    _about(paper, "Группа или должность:")
    choose(paper, "2. Кто Вы?", ("педагог", "обучающийся", "представитель работодателя"))
    paper.fill_in("Стаж работы или курс обучения:")
    ask(paper, "3. Что есть в Вашем опыте? Можно отметить несколько.", _MERITS)
    ask(paper, "4. Кому Вы готовы помогать? Можно отметить несколько.", _READY_FOR)
    choose(paper, "5. В какой роли? Можно отметить обе.", _TYPES)
    write(paper, "6. Чему Вы можете научить (предмет, умения)?", lines=1)
    choose(
        paper,
        "7. Со сколькими наставляемыми Вы готовы работать?",
        ("с одним", "с двумя или тремя", "с группой", "решит куратор"),
    )
    _format(paper, 8)
    write(paper, "9. Какая подготовка Вам нужна, чтобы стать наставником?", lines=1)
    _closed(paper, 10)
    return paper.bytes()


def opened(title: str, intro: str) -> Paper:
    """The approved form with its title and what it tells first."""
    paper = Paper(title, left_mm=LEFT_MM, size=12, spacing=1)
    p.approval(paper)
    paper.title(title.upper(), "по программе «{{ programme }}»", before=10, after=6)
    paper.para(intro, after=4)
    return paper


def _about(paper: Paper, place: str) -> None:
    paper.para("1. О себе", align="left", indent=False, bold=True, before=4, keep=True)
    for line in ("Фамилия, имя, отчество:", place, "Телефон или почта:"):
        paper.fill_in(line)


def ask(paper: Paper, question: str, options: Sequence[str]) -> None:
    """A question with boxes in two columns."""
    paper.para(question, indent=False, align="left", bold=True, before=4, after=2, keep=True)
    half = (len(options) + 1) // 2
    boxes = [f"{p.BOX}{option}" for option in options]
    paper.columns(boxes[:half], boxes[half:])


def choose(paper: Paper, question: str, options: Sequence[str]) -> None:
    """A question with boxes in one line."""
    paper.para(question, indent=False, align="left", bold=True, before=4, after=2, keep=True)
    boxes = "     ".join(f"{p.BOX}{option.replace(' ', '~')}" for option in options)
    paper.para(boxes, indent=False, align="left", after=3)


def write(paper: Paper, question: str, *, lines: int) -> None:
    """A question with lines to write on."""
    paper.para(question, indent=False, align="left", bold=True, before=4, keep=True)
    for _ in range(lines):
        paper.fill_in("")


def _format(paper: Paper, number: int) -> None:
    choose(
        paper,
        f"{number}. Как Вам удобно встречаться? Можно отметить несколько.",
        ("лично", "дистанционно", "вдвоём", "в группе"),
    )
    paper.fill_in("Дни и часы:")


def _closed(paper: Paper, number: int) -> None:
    paper.para(
        f"{number}. Нужны ли Вам особые условия встреч (время, место, способ общения)?",
        indent=False,
        align="left",
        bold=True,
        before=4,
        keep=True,
    )
    paper.fill_in(f"{p.BOX}не нужны     {p.BOX}нужны, а именно (причины не указывайте):", keep=True)
    signed(paper)


def signed(paper: Paper) -> None:
    """The last line of a form that is not anonymous."""
    paper.para(f"Подпись ______________    {p.BLANK_DATE}", indent=False, align="left", before=10)
