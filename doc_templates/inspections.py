"""What a look at an organisation leads to: the checklist, the recommendations, the mended plan."""

from doc_templates import phrases as p
from doc_templates.layout import Paper

# The list of № 236 of 20.12.2019 was not seen to name them; kept like other papers of the pairs.
LEFT_MM = 20
# A change of the year plan is kept as the plan itself, permanently (art. 197а).
PLAN_LEFT_MM = 30

_OTHER = "about_organisation"
_BOX = "☐~"
_LINE = "_________________"


def inspection_checklist() -> bytes:
    """Checklist of an organisation: what is there, what is amiss and by when it is put right."""
    paper = Paper("Контрольный лист проверки организации", left_mm=LEFT_MM, spacing=1)
    p.letterhead(paper)
    paper.title(
        "КОНТРОЛЬНЫЙ ЛИСТ",
        "проверки реализации целевой модели наставничества",
        "за {{ school_year }}~учебный год",
        before=8,
        after=8,
    )
    _inspected(paper)
    paper.para(
        "Документы предъявляются для ознакомления. С согласий, анкет и других документов "
        "с персональными данными копии не снимаются, фамилии участников в лист не вносятся. Если "
        "пункт к организации не относится, в примечании ставится «не применяется».",
        before=6,
    )
    paper.section("1. Что проверено")
    paper.table(
        ("№ п/п", "Что проверяется", "Да", "Нет", "Примечание"),
        (13, 95, 13, 13, 46),
        "row in section.rows",
        ("{{ row.number }}", "{{ row.title }}", "", "", ""),
        group=("section in checks", "{{ section.title }}"),
    )
    _found(paper)
    paper.para(
        "С результатами проверки организация ознакомлена, один экземпляр листа передан её "
        "руководителю. Возражения прилагаются в письменном виде.",
        before=6,
        keep=True,
    )
    paper.signatures(
        ("Проверяющий", p.signed("curator")),
        ("Руководитель проверенной организации", _LINE),
        gap=14,
        below=p.BLANK_DATE,
    )
    return paper.bytes()


def _inspected(paper: Paper) -> None:
    about = (
        ("Проверяемая организация", _OTHER, f"{{{{ {_OTHER} }}}}"),
        ("Основание проверки (документ, дата, номер)", "ground", "{{ ground|capfirst }}"),
        ("Проверяющий", "curator", p.name_and_post("curator")),
    )
    rows = [
        (label, f"{{%p if {known} %}}\n{text}\n{{%p else %}}\n\n\n{{%p endif %}}")
        for label, known, text in about
    ]
    paper.figures(
        (
            rows[0],
            ("Её руководитель", "\n"),
            *rows[1:],
            ("В проверке участвовали", "\n"),
            ("Дата проверки", p.BLANK_DATE),
        ),
        value_mm=110,
        heads=("Проверка", "Сведения"),
        value_align="left",
    )


def _found(paper: Paper) -> None:
    paper.section("2. Итог проверки")
    for conclusion in (
        "замечаний нет;",
        "замечания были и устранены в ходе проверки;",
        "замечания нужно устранить в сроки, указанные ниже.",
    ):
        last = conclusion.endswith(".")
        paper.para(f"{_BOX}{conclusion}", align="left", indent=False, keep=not last)
    p.caption(paper, "Замечания и сроки их устранения")
    p.rows_or_blanks(
        paper,
        "findings",
        (
            ("Замечание (пункт листа)", 56, "{{ row.finding }}"),
            ("Что сделать", 50, "{{ row.action }}"),
            ("Срок", 31, "{{ row.due }}"),
            ("Отметка об устранении", 30, ""),
        ),
        blanks=5,
    )
    paper.para(
        "О принятых мерах организация письменно сообщает проверяющему не позднее последнего "
        "из этих сроков.",
        before=6,
    )


def recommendations() -> bytes:
    """Recommendations to one organisation, each with its reason and term."""
    paper = Paper("Адресные рекомендации", left_mm=LEFT_MM, spacing=1.1)
    p.letterhead(paper)
    _addressee(paper)
    paper.title(
        "АДРЕСНЫЕ РЕКОМЕНДАЦИИ",
        "по итогам мониторинга целевой модели наставничества",
        "за {{ school_year }}~учебный год",
        before=14,
        after=10,
    )
    paper.para(
        "Рекомендации подготовлены по сведениям, которые представила организация, и по результатам "
        "мониторинга. Они помогают выбрать меры на следующий период; решение о мерах принимает "
        "руководитель организации.",
        after=4,
    )
    paper.section("1. Что рекомендуется")
    p.rows_or_blanks(
        paper,
        "advice",
        (
            ("Что показал мониторинг", 60, "{{ row.finding }}"),
            ("Рекомендация", 72, "{{ row.action }}"),
            ("Срок", 35, "{{ row.due }}"),
        ),
        blanks=6,
    )
    paper.section("2. Что просим сделать")
    paper.tag("for text in requests")
    paper.para("2.{{ loop.index }}.~{{ text }}")
    paper.tag("endfor")
    paper.para(
        "{% if reply_due %}Сведения о принятых мерах просим направить до~{{ reply_due.words }}"
        "{% else %}Сведения о принятых мерах просим направить до~____________________."
        "{% endif %}",
        keep=True,
    )
    p.director_signs(paper)
    return paper.bytes()


def _addressee(paper: Paper) -> None:
    paper.corner(
        (
            "Руководителю",
            f"{{% if {_OTHER} %}}{{{{ {_OTHER} }}}}{{% else %}}{_LINE}{{% endif %}}",
            _LINE,
        )
    )


def plan_correction() -> bytes:
    """Changes of the roadmap, row by row: as it was, as it becomes, and why."""
    paper = Paper("Лист корректировки плана", left_mm=PLAN_LEFT_MM, spacing=1, landscape=True)
    p.approved_by_order(paper, "УТВЕРЖДЁН", "amendment_order")
    paper.title(
        "ЛИСТ КОРРЕКТИРОВКИ",
        "плана мероприятий («дорожной карты»)",
        "реализации программы «{{ programme }}»",
        "на {% if plan_year %}{{ plan_year }}{% else %}____________{% endif %}~учебный год",
        before=10,
        after=8,
    )
    paper.para(
        "План утверждён приказом "
        f"{p.cased('organisation.director.post', 'gent')} {p.SHORT} "
        f"{p.dated('introduction_order')}. Изменения внесены по итогам анализа реализации "
        "программы за {{ school_year }}~учебный год{% if council_minutes %}, рассмотренного "
        f"педагогическим советом (протокол {p.dated('council_minutes')}){{% endif %}}.",
        after=6,
    )
    p.rows_or_blanks(
        paper,
        "corrections",
        (
            ("Строка плана", 24, "{{ row.number }}"),
            ("Как было", 75, "{{ row.before }}"),
            ("Как становится", 80, "{{ row.after }}"),
            ("Причина", 65, "{{ row.reason }}"),
        ),
        blanks=4,
        centred=(0, 1),
    )
    paper.para(
        "Строки, которых нет в этом листе, остаются без изменений. Лист хранится вместе с прежней "
        "редакцией плана; ответственные за изменённые строки знакомятся с ним под подпись.",
        before=6,
        keep=True,
    )
    p.curator_signs(paper)
    return paper.bytes()
