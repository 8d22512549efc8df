"""Papers on which a pair begins: the mentor's consent, agreement, individual plan."""

from doc_templates import phrases as p
from doc_templates.layout import Paper

# № 236 of 20.12.2019: agreements 5 years after the end (art. 11), plans 5 years (art. 200).
LEFT_MM = 20


def mentor_consent() -> bytes:
    """The mentor's consent to the work, with a representative's where the mentor is a minor."""
    paper = Paper("Согласие на выполнение функций наставника", left_mm=LEFT_MM)
    paper.corner(
        (
            "{{ organisation.director.post|dative|capfirst }}",
            p.SHORT,
            p.short("organisation.director", "datv"),
        )
    )
    paper.title("СОГЛАСИЕ", "на выполнение функций наставника", before=24)
    paper.para(
        f"Я, {p.name_and_post('mentor')}, {p.by_gender('mentor', 'согласен', 'согласна')} "
        f"{p.TERM} выполнять функции наставника в программе наставничества "
        "«{{ programme }}»."
    )
    paper.para(
        f"{p.by_gender('mentee', 'Наставляемый', 'Наставляемая')}: {p.name_and_post('mentee')}. "
        f"Форма наставничества: {p.FORM}."
    )
    paper.para("Мои функции: {{ duties|join('; ') }}.")
    paper.tag("if labour")
    paper.para(
        "Работу по наставничеству выполняю по поручению работодателя на основании статьи~351.8 "
        "Трудового кодекса Российской Федерации. Её содержание, срок и форма, размер и условия "
        "оплаты определяются дополнительным соглашением к трудовому договору."
    )
    paper.para(
        "Мне разъяснено, что я могу досрочно отказаться от этой работы, а работодатель "
        "— досрочно отменить поручение, письменно предупредив об этом не менее чем за три "
        "рабочих дня."
    )
    paper.tag("else")
    paper.para(
        "Функции наставника принимаю на себя добровольно; они не должны мешать моей учёбе "
        "или работе. Мне разъяснено, что я могу досрочно отказаться от них, письменно "
        "предупредив куратора не менее чем за три рабочих дня."
    )
    paper.tag("endif")
    paper.para(
        "Согласие на обработку персональных данных оформляется отдельным документом.", keep=True
    )
    paper.signatures(("Наставник", p.signed("mentor")), gap=18, below=p.BLANK_DATE)
    _representative_agrees(paper)
    return paper.bytes()


def _representative_agrees(paper: Paper) -> None:
    who = "mentor_representative.person"
    paper.tag("if mentor_representative")
    paper.para(
        f"Я, {p.name(who)} ({{{{ mentor_representative.kinship|nominative }}}}), как законный "
        f"представитель {p.by_gender(who, 'согласен', 'согласна')} с тем, чтобы "
        f"{p.name('mentor')} {p.by_gender('mentor', 'выполнял', 'выполняла')} функции наставника.",
        before=18,
        keep=True,
    )
    paper.signatures(("Законный представитель", p.signed(who)), gap=18, below=p.BLANK_DATE)
    paper.tag("endif")


def agreement() -> bytes:
    """Agreement between mentor and mentee, with representatives of minors on either side."""
    paper = Paper("Соглашение о наставничестве", left_mm=LEFT_MM)
    paper.title("СОГЛАШЕНИЕ", f"о наставничестве №~{p.NUMBER}", before=0, after=12)
    paper.both_ends("{{ organisation.city }}", p.DATE, after=12)
    paper.para(
        f"{_side('mentor', 'Наставник', 'mentor_representative')}, с одной стороны, и "
        f"{_side('mentee', 'Наставляемый', 'mentee_representative')}, с другой стороны, "
        "вместе именуемые Стороны,"
        "{% if introduction_order %} на основании приказа "
        f"{{{{ organisation.director.post|genitive }}}} {p.SHORT} "
        "от~{{ introduction_order.date_words }} "
        "№~{{ introduction_order.number }}{% endif %} заключили настоящее соглашение "
        "о нижеследующем."
    )
    _clauses(paper)
    paper.section("8. Подписи Сторон")
    paper.columns(
        _sign_column("Наставник", "mentor", "mentor_representative"),
        _sign_column("Наставляемый", "mentee", "mentee_representative"),
    )
    return paper.bytes()


def _side(person: str, word: str, representative: str) -> str:
    who = f"{representative}.person"
    called = p.by_gender(person, "именуемый", "именуемая")
    acting = p.by_gender(person, "действующий", "действующая")
    on_behalf = p.by_gender(person, "от имени которого", "от имени которой")
    kinship = f"({{{{ {representative}.kinship|genitive }}}})"
    return (
        f"{p.name_and_post(person)}, {called} в дальнейшем «{word}»"
        f"{{% if {representative} %}}{{% if {representative}.minor_signs %}}, {acting} с согласия "
        f"законного представителя {kinship} {p.name(who, 'gent')}"
        f"{{% else %}}, {on_behalf} действует законный представитель "
        f"({{{{ {representative}.kinship|nominative }}}}) {p.name(who)}{{% endif %}}{{% endif %}}"
    )


def _sign_column(word: str, person: str, representative: str) -> tuple[str, ...]:
    return (
        f"**{word}**",
        p.name(person),
        f"{{%p if not {representative} or {representative}.minor_signs %}}",
        "",
        f"______________ {p.signed(person)}",
        "{%p endif %}",
        f"{{%p if {representative} %}}",
        "",
        f"Законный представитель ({{{{ {representative}.kinship|nominative }}}})",
        "",
        f"______________ {p.signed(f'{representative}.person')}",
        "{%p endif %}",
        "",
        p.BLANK_DATE,
    )


def _clauses(paper: Paper) -> None:
    paper.section("1. Предмет и цели")
    paper.para(
        "1.1.~Стороны договариваются о совместной работе по программе наставничества "
        f"«{{{{ programme }}}}» в {p.SHORT} (далее~— Организация). "
        f"Форма наставничества: {p.FORM}."
    )
    paper.para("1.2.~Цели совместной работы: {{ goals|join('; ') }}.")
    paper.section("2. Срок")
    paper.para(f"2.1.~Соглашение действует {p.TERM}")
    paper.section("3. Права и обязанности Наставника")
    paper.para(
        "3.1.~Наставник обязуется составить вместе с Наставляемым индивидуальный план, помогать "
        "в его выполнении, передавать свой опыт, уважать личность и мнение Наставляемого, "
        "участвовать в мониторинге."
    )
    paper.para(
        "3.2.~Наставник вправе предлагать изменения плана, получать от куратора методическую "
        "и организационную помощь, просить куратора о замене пары, указав причину."
    )
    paper.section("4. Права и обязанности Наставляемого")
    paper.para(
        "4.1.~Наставляемый обязуется участвовать во встречах, выполнять согласованные мероприятия "
        "плана, заранее предупреждать о невозможности встречи, участвовать в мониторинге."
    )
    paper.para(
        "4.2.~Наставляемый вправе обращаться к Наставнику за советом и помощью, вносить "
        "предложения в план, просить куратора о замене наставника или о прекращении работы пары."
    )
    paper.section("5. Встречи и сопровождение")
    paper.para(
        "5.1.~Стороны встречаются {{ meetings }}. Время и место встреч Стороны согласуют "
        "между собой, итоги отмечает Наставник в листе учёта встреч."
    )
    paper.para(
        "5.2.~Работу пары сопровождает куратор программы наставничества "
        f"{p.name_and_post('curator')}."
    )
    paper.section("6. Конфиденциальность и персональные данные")
    paper.para(
        "6.1.~Стороны не разглашают сведения личного характера, ставшие им известными "
        "при совместной работе. Куратору сообщается лишь то, что нужно для сопровождения "
        "пары и безопасности её участников."
    )
    paper.para(
        "6.2.~Персональные данные Сторон обрабатываются на основании согласий, которые оформлены "
        "отдельными документами и не являются частью соглашения."
    )
    _final_clauses(paper)


def _final_clauses(paper: Paper) -> None:
    paper.section("7. Изменение, прекращение и прочие условия")
    paper.para(
        "7.1.~Изменения оформляются письменно. Соглашение прекращается по окончании срока, "
        "по договорённости Сторон либо по письменному заявлению любой из них куратору "
        "не менее чем за три рабочих дня."
    )
    paper.para(
        "7.2.~При отзыве согласия на обработку персональных данных работа пары прекращается."
    )
    paper.para(
        "7.3.~Соглашение составлено в трёх экземплярах: по одному для каждой Стороны "
        "и для Организации."
    )
    paper.tag("if labour")
    paper.para(
        "7.4.~Содержание, срок, форма и оплата работы по наставничеству, выполняемой по трудовому "
        "договору, определяются дополнительным соглашением к нему (статья~351.8 Трудового кодекса "
        "Российской Федерации). Настоящее соглашение его не заменяет."
    )
    paper.tag("endif")


def individual_plan() -> bytes:
    """Individual plan of one pair, approved by the director."""
    paper = Paper("Индивидуальный план", left_mm=LEFT_MM, size=13, spacing=1)
    p.approval(paper)
    paper.title(
        "ИНДИВИДУАЛЬНЫЙ ПЛАН", f"работы наставника с наставляемым {p.TERM}", before=8, after=6
    )
    p.about_pair(paper)
    paper.para("**Цель:** {{ goal }}.")
    paper.para("**Задачи:** {{ tasks|join('; ') }}.", before=3, after=6)
    paper.table(
        ("№ п/п", "Мероприятие", "Срок", "Ожидаемый результат", "Отметка о выполнении"),
        (13, 60, 29, 48, 30),
        "activity in activities",
        (
            "{{ loop.index }}",
            "{{ activity.text }}",
            "{{ activity.term }}",
            "{{ activity.result }}",
            "",
        ),
    )
    paper.signatures(
        ("Наставник", p.signed("mentor")),
        (p.by_gender("mentee", "Наставляемый", "Наставляемая"), p.signed("mentee")),
        ("Куратор", p.signed("curator")),
        gap=5,
    )
    return paper.bytes()
