"""The contract between two schools: one mentors, the other is helped.

Sources of its rules: 273-ФЗ art. 15 (schools may share in programmes); 152-ФЗ art. 6 and 7; ГК РФ
art. 450 and 452 (how a contract changes and ends).
"""

from collections.abc import Sequence

from doc_templates import phrases as p
from doc_templates.contracts import party, party_signs
from doc_templates.layout import Paper

LEFT_MM = 20  # contracts are kept 5 years after the end (№ 236 of 20.12.2019, art. 11)

_MENTOR, _HELPED = "Школа-наставник", "Школа-партнёр"

_SUBJECT = (
    (
        f"{_MENTOR} безвозмездно помогает Школе-партнёру улучшить результаты обучающихся: "
        "её педагоги работают с педагогами и управленческой командой Школы-партнёра, в том числе "
        "в наставнических группах."
    ),
    (
        "Работа ведётся по программе «{{ programme }}» (далее~— программа), которую "
        f"координирует {p.SHORT} (далее~— Координатор)."
    ),
    "Договор не порождает трудовых отношений между педагогами одной Стороны и другой Стороной.",
)

_MENTOR_DUTIES = (
    (
        f"{_MENTOR} обязуется:",
        "назвать педагогов, которые станут наставниками, с их письменного согласия",
        "вместе со Школой-партнёром выявить затруднения и составить план совместной работы",
        "открыть педагогам Школы-партнёра свои занятия, методические материалы и разработки",
        "проводить совместные занятия, консультации и разборы уроков по плану",
    ),
    f"{_MENTOR} вправе просить Координатора о методической помощи и об изменении плана.",
)

_HELPED_DUTIES = (
    (
        f"{_HELPED} обязуется:",
        "назвать педагогов, которые хотят участвовать, и ответственного за совместную работу",
        "дать наставникам сведения о результатах, нужные для плана, без персональных данных",
        "обеспечить время и помещения для совместной работы, участие своих педагогов в ней",
        "применять согласованные приёмы и сообщать о том, что получилось",
    ),
    f"{_HELPED} вправе просить о замене наставника и предлагать темы совместной работы.",
)

_TOGETHER = (
    (
        "План совместной работы на учебный год Стороны составляют в течение месяца со дня "
        "подписания договора; о его выполнении каждая сообщает Координатору в своём отчёте."
    ),
    (
        "Персональные данные участников Стороны передают друг другу только с их согласия и лишь "
        "в объёме, без которого встречи провести нельзя (Федеральный закон от 27~июля 2006~г. "
        "№~152-ФЗ «О~персональных данных»)."
    ),
    (
        "Стороны не платят друг другу за исполнение договора. Работу наставников оплачивает их "
        "работодатель. Споры решаются переговорами, а если согласие не достигнуто~— в суде."
    ),
)

_TERM = (
    f"Договор вступает в силу со дня подписания и действует {p.TERM}",
    (
        "Договор изменяется и прекращается по письменному соглашению Сторон. Каждая Сторона вправе "
        "отказаться от него, письменно предупредив другую Сторону и Координатора за {{ notice }}."
    ),
    (
        "Договор составлен в трёх экземплярах равной юридической силы: по одному для каждой "
        "Стороны и для Координатора."
    ),
)


def schools_contract() -> bytes:
    """Contract on the cooperation of a school that mentors and one that is helped."""
    paper = Paper("Договор о сотрудничестве школ", left_mm=LEFT_MM, spacing=1)
    paper.title("ДОГОВОР", f"о сотрудничестве школ №~{p.NUMBER}", before=0)
    paper.both_ends("{{ organisation.city }}", p.DATE, after=12)
    _side(paper, "mentor_school", _MENTOR)
    paper.para("с одной стороны, и", indent=False)
    _side(paper, "helped_school", _HELPED)
    paper.para(
        "с другой стороны, вместе именуемые Стороны, заключили настоящий договор о нижеследующем.",
        indent=False,
        before=4,
    )
    sections: tuple[tuple[str, Sequence[str | Sequence[str]]], ...] = (
        ("Предмет договора", _SUBJECT),
        ("Обязанности и права Школы-наставника", _MENTOR_DUTIES),
        ("Обязанности и права Школы-партнёра", _HELPED_DUTIES),
        ("Совместная работа", _TOGETHER),
        ("Срок, изменение и прекращение договора", _TERM),
    )
    for number, (title, texts) in enumerate(sections, start=1):
        p.clauses(paper, number, title, texts)
    paper.section("6. Реквизиты и подписи Сторон")
    paper.columns(_signs(_MENTOR, "mentor_school"), _signs(_HELPED, "helped_school"))
    paper.para("", indent=False, size=8)
    paper.corner(("СОГЛАСОВАНО", *party_signs("Координатор", "organisation")[5:]))
    return paper.bytes()


def _side(paper: Paper, who: str, word: str) -> None:
    """A school as a side: named, or lines to be filled by hand."""
    paper.tag(f"if {who}")
    paper.para(f"{party(who, word)},")
    paper.tag("else")
    paper.fill_in("", "(полное наименование и ИНН школы)")
    paper.fill_in(f"(далее~— {word}) в~лице", "(должность, фамилия, имя, отчество)")
    paper.fill_in("действующего (-ей) на основании")
    paper.tag("endif")


def _signs(word: str, who: str) -> tuple[str, ...]:
    head, *lines = party_signs(word, who)
    line = "_" * 28
    blanks = (line, line, "Адрес:~" + "_" * 21, line, "ИНН~" + "_" * 20, "", line, "(должность)")
    return (
        head,
        f"{{%p if {who} %}}",
        *lines,
        "{%p else %}",
        *blanks,
        "",
        "______________ ______________",
        "",
        p.BLANK_DATE,
        "{%p endif %}",
    )
