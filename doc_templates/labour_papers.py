"""Papers between the employer and a worker who is a mentor: the agreement, and what ends it early.

Sources of their rules: ТК РФ art. 351.8 (content, term, form and pay of mentoring; an early end by
either side with at least three working days' notice), art. 72 (changes in writing), art. 67 (two
copies, a mark of receipt), art. 22.3 (electronic form).
"""

from doc_templates import phrases as p
from doc_templates.contracts import party, party_signs
from doc_templates.layout import Paper

LEFT_MM = 30  # agreements to labour contracts are kept 50 years (№ 236 of 20.12.2019, art. 435)
NOTICE_LEFT_MM = 20


def additional_agreement() -> bytes:
    """Agreement to a worker's labour contract on the work of a mentor, as ТК РФ 351.8 asks."""
    paper = Paper("Дополнительное соглашение к трудовому договору", left_mm=LEFT_MM, spacing=1)
    paper.title(
        f"ДОПОЛНИТЕЛЬНОЕ СОГЛАШЕНИЕ №~{p.NUMBER}",
        f"к трудовому договору {p.dated('labour_contract')}",
        before=0,
    )
    paper.both_ends("{{ organisation.city }}", p.DATE, after=12)
    paper.para(
        f"{party('organisation', 'Работодатель')}, с одной стороны, и {p.name_and_post('mentor')} "
        "(далее~— Работник), с другой стороны, на основании статей~72 и~351.8 Трудового кодекса "
        "Российской Федерации заключили настоящее соглашение о нижеследующем."
    )
    _work_of_mentor(paper)
    _pay_and_end(paper)
    paper.section("5. Подписи сторон")
    paper.columns(party_signs("Работодатель", "organisation"), _worker_signs())
    return paper.bytes()


def _worker_signs() -> tuple[str, ...]:
    return (
        "**Работник**",
        p.name_and_post("mentor"),
        "",
        "",
        f"______________ {p.signed('mentor')}",
        "",
        p.BLANK_DATE,
        "",
        p.by_gender("mentor", "Экземпляр соглашения получил:", "Экземпляр соглашения получила:"),
        "",
        f"______________ {p.signed('mentor')}",
        "",
        p.BLANK_DATE,
    )


def _work_of_mentor(paper: Paper) -> None:
    p.clauses(
        paper,
        1,
        "Поручаемая работа: содержание и форма",
        (
            (
                "Работодатель поручает, а Работник, давший на это письменное согласие, принимает "
                "работу по наставничеству: помогает работнику "
                f"{p.name_and_post('mentee', 'datv')}, овладеть навыками работы "
                f"на рабочем месте по {p.by_gender('mentee', 'его', 'её')} профессии "
                "(специальности)."
            ),
            "Содержание работы: {{ duties|join('; ') }}.",
            "Форма работы: {{ work_form }}.",
            (
                "Работа выполняется {{ work_time }}, не заменяет трудовой функции, определённой "
                "трудовым договором, и не меняет её."
            ),
        ),
    )
    p.clauses(
        paper,
        2,
        "Срок",
        (
            f"Работа по наставничеству поручается на срок {p.TERM}",
            "Срок продлевается соглашением сторон в письменной форме.",
        ),
    )


def _pay_and_end(paper: Paper) -> None:
    p.clauses(
        paper,
        3,
        "Размер и условия оплаты",
        (
            (
                "За работу по наставничеству Работодатель выплачивает Работнику сверх заработной "
                "платы, установленной трудовым договором, {% if payment %}{{ payment }}"
                "{% else %}______________ (____________________________________) рублей "
                "в~месяц{% endif %}."
            ),
            "Условия выплаты: {{ payment_terms }}.",
            (
                "Размер и условия выплаты определены с учётом содержания и объёма работы и не хуже "
                "тех, что установлены нормативными правовыми актами, коллективным договором "
                "и системой оплаты труда Работодателя."
            ),
        ),
    )
    p.clauses(
        paper,
        4,
        "Досрочное прекращение и прочие условия",
        (
            (
                "Работник вправе досрочно отказаться от работы по наставничеству, письменно "
                "предупредив об этом Работодателя не менее чем за три рабочих дня."
            ),
            (
                "Работодатель вправе досрочно отменить поручение, письменно предупредив об этом "
                "Работника не менее чем за три рабочих дня."
            ),
            (
                "Отказ или отмена не прекращает трудового договора и не является дисциплинарным "
                "проступком. Выплата начисляется по последний день работы по наставничеству."
            ),
            (
                "Остальные условия трудового договора не изменяются. Соглашение является его "
                "неотъемлемой частью и вступает в силу с~{{ start.words }}"
            ),
            (
                "До подписания соглашения Работник ознакомлен с положением о наставничестве "
                "и с локальными нормативными актами об оплате труда. Соглашение составлено в двух "
                "экземплярах, по одному для каждой стороны."
            ),
        ),
    )


def early_end_notice() -> bytes:
    """Written notice of an early end: by the mentor, or by the employer to the mentor."""
    paper = Paper("Уведомление о досрочном прекращении наставничества", left_mm=NOTICE_LEFT_MM)
    paper.tag("if by_employer")
    _from_employer(paper)
    paper.tag("else")
    _from_mentor(paper)
    paper.tag("endif")
    return paper.bytes()


_PAIR_WORK = (
    f"{p.by_gender('mentee', 'наставляемый', 'наставляемая')}~— {p.name_and_post('mentee')}; "
    f"срок {p.TERM}"
)
_LAST_DAY = "{% if last_day %}{{ last_day.words }}{% else %}" + p.BLANK_DATE + "{% endif %}"
_GROUND = (
    "{% if labour %}статьи~351.8 Трудового кодекса Российской Федерации и дополнительного "
    "соглашения к трудовому договору{% else %}соглашения о наставничестве{% endif %} "
    f"{p.dated('agreement_made')}"
)


def _from_mentor(paper: Paper) -> None:
    p.to_director(
        paper,
        "от " + p.name_and_post("mentor", "gent"),
    )
    paper.title("УВЕДОМЛЕНИЕ", "о досрочном отказе от наставничества", before=30)
    paper.para(
        f"На основании {_GROUND} предупреждаю, что досрочно отказываюсь от работы "
        f"по наставничеству ({_PAIR_WORK})."
    )
    paper.para(f"Последний день работы по наставничеству: {_LAST_DAY}")
    _notice_time(paper)
    paper.tag("if reason")
    paper.para("Причина: {{ reason }}.")
    paper.tag("endif")
    paper.signatures(("Наставник", p.signed("mentor")), gap=24, below=p.BLANK_DATE)
    _received(
        paper,
        p.cased("organisation.director.post", "nomn", "|capfirst"),
        "organisation.director",
    )


def _from_employer(paper: Paper) -> None:
    p.letterhead(paper)
    paper.corner(
        (
            f"{{% if mentor.post %}}{p.cased('mentor.post', 'datv', '|capfirst')}{{% endif %}}",
            p.short("mentor", "datv"),
        )
    )
    paper.title("УВЕДОМЛЕНИЕ", "о досрочной отмене поручения о наставничестве", before=24)
    paper.para(
        f"На основании {_GROUND} предупреждаем Вас, что поручение о наставничестве ({_PAIR_WORK}) "
        "отменяется досрочно."
    )
    paper.para(f"Последний день работы по наставничеству: {_LAST_DAY}")
    _notice_time(paper)
    paper.para(
        "{% if reason %}Причина: {{ reason }}. {% endif %}Отмена не меняет остальных условий Вашей "
        "работы. {% if labour %}Выплата за наставничество начисляется по указанный день "
        "включительно.{% endif %}"
    )
    paper.signatures(
        (
            p.cased("organisation.director.post", "nomn", "|capfirst"),
            p.signed("organisation.director"),
        ),
        gap=24,
        below=p.BLANK_DATE,
    )
    _received(paper, "Наставник", "mentor")


def _notice_time(paper: Paper) -> None:
    paper.para(
        "Срок предупреждения~— не менее трёх рабочих дней со дня, когда получено это уведомление."
    )


def _received(paper: Paper, post: str, person: str) -> None:
    paper.para(
        f"Уведомление {p.by_gender(person, 'получил', 'получила')}:",
        align="left",
        indent=False,
        before=24,
        keep=True,
    )
    paper.signatures((post, p.signed(person)), gap=18, below=p.BLANK_DATE)
