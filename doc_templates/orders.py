"""Orders: the introduction of mentoring, the curator, the pairs."""

from doc_templates import phrases as p
from doc_templates.layout import Paper

LEFT_MM = 30  # orders on main activity are kept permanently (№ 236 of 20.12.2019, art. 19а)


def order_introduction() -> bytes:
    """Order on the introduction of mentoring in the organisation."""
    paper = Paper("Приказ о внедрении целевой модели наставничества", left_mm=LEFT_MM, spacing=1.1)
    head(paper)
    paper.para(
        f"{p.preamble()}{{% if council_minutes %}}, на основании решения "
        f"{p.council('gent')} "
        f"(протокол {p.dated('council_minutes')}){{% endif %}}",
        keep=True,
    )
    i_order(paper)
    paper.para(
        f"1.~Внедрить в {p.WHERE} целевую модель наставничества и реализовать её {p.TERM} "
        "по программе «{{ programme }}»."
    )
    paper.tag("if local_acts")
    paper.para("2.~Утвердить и ввести в действие:", keep=True)
    paper.tag("for text in local_acts")
    paper.para("2.{{ loop.index }}.~{{ text }} (приложение~№~{{ loop.index }}).")
    paper.tag("endfor")
    paper.tag("else")
    paper.para("2.~Подготовить локальные акты о наставничестве и представить их на утверждение.")
    paper.tag("endif")
    paper.para("3.~Установить следующие формы наставничества: {{ forms|join('; ') }}.")
    paper.para(
        "4.~Координацию работы возложить на куратора программы наставничества "
        f"{p.name_and_post('curator', 'accs')}."
    )
    paper.para(f"5.~Куратору программы наставничества {p.short('curator', 'datv')}:", keep=True)
    for item in (
        _by_level(
            "5.1.~В срок до {{ base_due.words }} ",
            "получить от организаций первые сведения о внедрении целевой модели",
            "провести анкетирование, собрать письменные согласия на обработку персональных "
            "данных и сформировать базы наставляемых и наставников",
        ),
        _by_level(
            "5.2.~В срок до {{ pairs_due.words }} ",
            "принять отчёты организаций о парах и об итогах их работы",
            "подобрать наставнические пары и представить их состав на утверждение",
        ),
        _by_level(
            "5.3.~В течение срока, указанного в пункте~1, ",
            "вести учёт организаций, которые внедряют целевую модель, и консультировать "
            "их кураторов",
            "вести учёт встреч наставников с наставляемыми, провести промежуточный и итоговый "
            "мониторинг",
        ),
        _by_level(
            "5.4.~В срок до {{ report_due.words }} представить ",
            "сводный отчёт о реализации программы наставничества",
            "отчёт о реализации программы наставничества",
        ),
        _by_level(
            "5.5.~Довести настоящий приказ до сведения ",
            "руководителей организаций",
            "работников под подпись",
        ),
    ):
        paper.para(item)
    paper.para("6.~{{ control }}", keep=True)
    signed(paper)
    return paper.bytes()


def _by_level(begins: str, upper: str, own: str) -> str:
    """An item of the order of whoever stands above organisations, or of an organisation."""
    return f"{begins}{{% if is_upper %}}{upper}{{% else %}}{own}{{% endif %}}."


def order_curator() -> bytes:
    """Order that appoints the curator and names the duties."""
    paper = Paper("Приказ о назначении куратора", left_mm=LEFT_MM, spacing=1)
    head(paper)
    paper.para(
        f"{p.preamble()}{{% if introduction_order %}}, во исполнение приказа "
        f"{p.dated('introduction_order')}{{% endif %}}",
        keep=True,
    )
    i_order(paper)
    paper.para(
        f"1.~Назначить куратором программы наставничества {p.name_and_post('curator', 'accs')}."
    )
    paper.para(f"2.~Установить срок исполнения обязанностей куратора {p.TERM}")
    paper.para("3.~Возложить на куратора следующие обязанности:", keep=True)
    paper.tag("for duty in duties")
    paper.para("3.{{ loop.index }}.~{{ duty|capfirst }}.")
    paper.tag("endfor")
    paper.para(
        "4.~Куратор вправе запрашивать у структурных подразделений сведения, нужные для программы, "
        "привлекать к сопровождению пар педагога-психолога и других специалистов, вносить "
        "предложения о замене наставников и об их поощрении."
    )
    paper.para(
        "5.~Если обязанности куратора не входят в трудовую функцию работника, условия и оплату "
        "дополнительной работы определить письменным соглашением с ним (статьи~60.2 и~151 "
        "Трудового кодекса Российской Федерации)."
    )
    paper.para("6.~{{ control }}", keep=True)
    signed(paper)
    return paper.bytes()


def order_pairs() -> bytes:
    """Order on the pairs, with the table of pairs as its appendix."""
    paper = Paper("Приказ об утверждении наставнических пар", left_mm=LEFT_MM, spacing=1.1)
    head(paper)
    paper.para(
        f"{{% if grounds_in_force %}}{p.in_accordance()}, {{% if introduction_order %}}"
        f"во исполнение приказа {p.dated('introduction_order')}, {{% endif %}}на"
        f"{{% elif introduction_order %}}Во исполнение приказа {p.dated('introduction_order')} и на"
        "{% else %}На{% endif %} основании {{ grounds }}",
        keep=True,
    )
    i_order(paper)
    paper.para(
        "1.~Утвердить состав наставнических пар на {{ school_year }}~учебный год "
        "согласно приложению к настоящему приказу."
    )
    paper.para(f"2.~Установить срок наставничества {p.TERM}")
    paper.para(
        "3.~Возложить сопровождение наставнических пар на куратора программы наставничества "
        f"{p.name_and_post('curator', 'accs')}."
    )
    paper.para(
        "4.~Наставникам в срок до {{ plans_due.words }} составить вместе с наставляемыми "
        "индивидуальные планы и представить их куратору."
    )
    paper.para(f"5.~Куратору программы наставничества {p.short('curator', 'datv')}:", keep=True)
    paper.para("5.1.~Ознакомить участников пар с настоящим приказом под подпись.")
    paper.para("5.2.~Вести учёт встреч, провести промежуточный и итоговый мониторинг работы пар.")
    paper.para("5.3.~В срок до {{ report_due.words }} представить отчёт о работе пар.")
    paper.para("6.~{{ control }}", keep=True)
    signed(paper)
    _pairs_appendix(paper)
    return paper.bytes()


def _pairs_appendix(paper: Paper) -> None:
    appendix(paper)
    paper.title(
        "СОСТАВ", "наставнических пар на {{ school_year }}~учебный год", before=18, after=10
    )
    paper.table(
        ("№ п/п", "Наставник", "Наставляемый", "Форма наставничества"),
        (13, 57, 57, 43),
        "pair in pairs",
        (
            "{{ loop.index }}",
            p.name_and_post("pair.mentor"),
            p.name_and_post("pair.mentee"),
            "{{ pair.form }}",
        ),
        centred=(0, 3),
    )
    paper.para(
        f"Куратор программы наставничества: {p.name_and_post('curator')}.",
        indent=False,
        align="left",
        before=10,
    )


def head(paper: Paper) -> None:
    """What stands above the text of every order."""
    p.letterhead(paper)
    paper.title("ПРИКАЗ", before=4, after=8)
    head_lines(paper)


def head_lines(paper: Paper) -> None:
    """Date and number, place, heading: what stands under the name of every act."""
    paper.both_ends(p.DATE, f"№~{p.NUMBER}")
    paper.para("{{ organisation.city }}", align="center", indent=False, before=6, after=10)
    paper.para("{{ heading }}", align="left", indent=False, bold=True, after=10)


def appendix(paper: Paper) -> None:
    """A new page with the mark of an appendix to the order itself."""
    paper.page_break()
    paper.corner(
        (
            "Приложение",
            "к приказу {{ organisation.director.post|genitive }}",
            p.SHORT,
            f"от~{p.DATE} №~{p.NUMBER}",
        )
    )


def i_order(paper: Paper) -> None:
    """The word after which the items of an order come."""
    paper.para("ПРИКАЗЫВАЮ:", indent=False, align="left", before=6, after=6, keep=True)


def signed(paper: Paper, *, act: str = "приказом") -> None:
    """The director's line, and the curator's on having read the act."""
    # In one table with the director's line, so that it does not go overleaf on its own.
    read = (
        f"С {act} {p.by_gender('curator', 'ознакомлен', 'ознакомлена')}:\n\n"
        f"______________ {p.signed('curator')}    {p.BLANK_DATE}"
    )
    paper.signatures(
        (
            p.cased("organisation.director.post", "nomn", "|capfirst"),
            p.signed("organisation.director"),
        ),
        ruled=False,
        gap=28,
        below=read,
    )
