"""Consents with a purpose besides taking part, and the withdrawal of any consent.

Publication: 152-ФЗ, art. 10.1, with the items of Roskomnadzor's order № 18 of 24.02.2021. Transfer
to a named recipient: art. 9. Withdrawal: art. 9, part 2, art. 10.1, parts 12–14, and art. 21,
parts 5 and 5.1.
"""

from doc_templates import consents as c
from doc_templates import phrases as p
from doc_templates.layout import Paper
from domain.names import Case

_CHOICES = (
    f"{p.BOX}ничего   {p.BOX}передачу   {p.BOX}обработку\n{p.BOX}условие: ______________________"
)
_DEMANDS = (
    "прекратить распространение данных не позднее трёх рабочих дней (части~12–14 статьи~10.1);",
    (
        "прекратить другую обработку, в том числе лицами, которым она поручена, не позднее "
        "10~рабочих дней; этот срок можно продлить не более чем на 5~рабочих дней, уведомив меня "
        "о причинах (часть~5.1 статьи~21);"
    ),
    (
        "уничтожить данные не позднее 30~дней, если для их обработки нет другого законного "
        "основания (часть~5 статьи~21);"
    ),
    "сообщить об отзыве тем, кому данные переданы на основании отозванных согласий;",
    (
        "письменно сообщить мне, что сделано, а если обработка части данных продолжается~— "
        "на каком законном основании."
    ),
)
_REPRESENTATIVE = "representative.person"
_CHILD = "representative and not representative.minor_signs"


def consent_publication_adult() -> bytes:
    """Consent of an adult to the publication of his data."""
    return _publication(minor=False)


def consent_publication_minor() -> bytes:
    """Consent to the publication of a minor's data; from 14 years on the minor signs too."""
    return _publication(minor=True)


def consent_transfer_adult() -> bytes:
    """Consent of an adult to the transfer of his data to one recipient."""
    return _transfer(minor=False)


def consent_transfer_minor() -> bytes:
    """Consent to the transfer of a minor's data; from 14 years on the minor signs too."""
    return _transfer(minor=True)


def _speaks(paper: Paper, asked: c.Asked, *, minor: bool) -> None:
    if not minor:
        c.adult_speaks(paper, asked)
        return
    paper.tag("if representative.minor_signs")
    c.pupil_speaks(paper, asked)
    paper.tag("else")
    c.child_spoken_for(paper, asked)
    paper.tag("endif")


def _signs(paper: Paper, *, minor: bool) -> None:
    if not minor:
        c.adult_signs(paper)
        return
    paper.tag("if representative.minor_signs")
    c.pupil_signs(paper)
    paper.tag("else")
    c.representative_signs(paper)
    paper.tag("endif")


def _publication(*, minor: bool) -> bytes:
    paper = c.opened(
        "на обработку персональных данных,", "разрешённых субъектом для распространения"
    )
    _speaks(paper, c.Asked("на распространение", "статьями~9 и~10.1"), minor=minor)
    paper.para(
        f"**1.~Оператор:** {c.OPERATOR}, ОГРН~"
        "{% if ogrn %}{{ ogrn }}{% else %}_______________________{% endif %}."
    )
    paper.para(
        "**2.~Контактная информация для связи с субъектом персональных данных или его "
        "представителем** (телефон, электронная почта или почтовый адрес):",
        keep=True,
    )
    paper.fill_in("")
    paper.para(
        "**3.~Информационные ресурсы Оператора,** на которых данные станут доступны "
        "неограниченному кругу лиц"
        "{% if resources %}: {{ resources|join('; ') }}.{% else %} (адреса страниц):{% endif %}"
    )
    paper.tag("if not resources")
    paper.fill_in("")
    paper.fill_in("")
    paper.tag("endif")
    paper.para(
        "**4.~Цель:** рассказать о программе наставничества «{{ programme }}», её участниках, "
        "опыте и результатах на ресурсах, указанных в пункте~3."
    )
    _published(paper)
    paper.para(
        "**6.~Условия передачи данных Оператором** (отмечаются по желанию): "
        f"{p.BOX}только по внутренней сети, строго определённым работникам; "
        f"{p.BOX}по информационно-телекоммуникационным сетям; {p.BOX}без передачи.",
        before=6,
    )
    paper.para(
        "**7.~Действия и способы:** сбор, запись, систематизация, накопление, хранение, уточнение "
        "(обновление, изменение), извлечение, использование, распространение на ресурсах, "
        "указанных в пункте~3, блокирование, удаление, уничтожение. "
        f"{c.FORM} Сведения о субъекте и его представителе, приведённые выше для оформления "
        "согласия, не распространяются."
    )
    c.by_order(paper, 8)
    paper.para(
        "**9.~Обязанность Оператора:** не позднее трёх рабочих дней со дня получения согласия "
        "опубликовать сведения об условиях обработки и об установленных запретах и условиях."
    )
    c.term(paper, 10)
    paper.para(
        f"**11.~Отзыв:** {c.WITHDRAWAL} Потребовать прекращения распространения можно и по части "
        "данных, указав их перечень. Действие согласия прекращается с поступлением требования; "
        "Оператор прекращает распространение и удаляет данные со своих ресурсов не позднее трёх "
        "рабочих дней. Отказ от этого согласия и его отзыв не влияют на участие в программе.",
        keep=True,
    )
    _signs(paper, minor=minor)
    return paper.bytes()


def _published(paper: Paper) -> None:
    paper.para(
        "**5.~Категория и перечень данных, запреты и условия.** Категория: общие персональные "
        "данные; специальные категории и биометрические персональные данные не распространяются, "
        "изображения для установления личности не используются. Отметки ставит тот, кто даёт "
        "согласие. **Молчание согласием не считается:** данные без отметки «да» не "
        "распространяются; пока последний столбец не заполнен, данные неограниченному кругу лиц "
        "не передаются.",
        after=4,
    )
    paper.table(
        ("№ п/п", "Персональные данные", "Разрешаю распространять", "Запрещаю, ставлю условие"),
        (13, 53, 36, 78),
        "item in published_data",
        ("{{ loop.index }}", "{{ item|capfirst }}", f"{p.BOX}да    {p.BOX}нет", _CHOICES),
        centred=(0, 2),
    )
    paper.para(
        "«Передачу»: Оператору нельзя передавать данные неограниченному кругу лиц иначе, чем "
        "открыв к ним доступ. «Обработку»: этому кругу лиц нельзя делать с данными ничего, "
        "кроме получения доступа. «Условие»: обработка допускается только при его соблюдении. "
        "Оператор не вправе отказать в установлении запретов и условий.",
        before=4,
    )


def _transfer(*, minor: bool) -> bytes:
    paper = c.opened("на передачу персональных данных")
    _speaks(paper, c.Asked("на передачу", "статьёй~9"), minor=minor)
    paper.para(f"**1.~Оператор:** {c.OPERATOR}.")
    paper.tag("if recipient")
    paper.para("**2.~Получатель:** {{ recipient }} (далее~— Получатель).")
    paper.tag("else")
    paper.para("**2.~Получатель** (наименование и адрес; далее~— Получатель):", keep=True)
    paper.fill_in("")
    paper.fill_in("")
    paper.tag("endif")
    paper.para("**3.~Цель передачи:** {{ transfer_purpose }}.")
    paper.para(
        f"**4.~Перечень данных:** персональные данные {c.OF_PARTICIPANT}: "
        "{{ transferred_data|join('; ') }}. Сведения, приведённые выше для оформления согласия, "
        "Получателю не передаются, если не названы в этом перечне. Специальные категории "
        "персональных данных и биометрические персональные данные не передаются."
    )
    paper.para(
        "**5.~Действия и способы:** Оператор извлекает, использует и передаёт (предоставляет) "
        "данные Получателю "
        "{% if recipient_upper %}в реестре участников информационной системы учёта "
        "наставничества, на бумаге{% else %}на бумаге{% endif %} "
        "или по защищённым каналам связи. Получатель вправе только "
        "для указанной цели записывать, систематизировать, накапливать, хранить, уточнять, "
        "использовать, блокировать, удалять и уничтожать полученные данные; передавать их другим "
        "лицам и распространять он не вправе. "
        f"{c.FORM}"
    )
    c.by_order(paper, 6)
    c.term(paper, 7)
    paper.para(
        f"**8.~Отзыв:** {c.WITHDRAWAL} Оператор прекращает передачу, сообщает об отзыве Получателю "
        "и не позднее 30~дней со дня поступления отзыва уничтожает данные, которые обрабатывались "
        "только на основании этого согласия. Отказ от этого согласия и его отзыв не влияют на "
        "участие в программе у Оператора.",
        keep=True,
    )
    _signs(paper, minor=minor)
    return paper.bytes()


def consent_withdrawal() -> bytes:
    """Withdrawal of consents: by the participant, or for a child under 14 the representative.

    For a pupil of 14–17 both have a line, either suffices: the two consent together (ГК РФ,
    art. 26), so without one of them nothing is left of the consent.
    """
    paper = Paper("Заявление об отзыве согласия", left_mm=c.LEFT_MM, size=c.SIZE, spacing=1)
    p.to_director(paper, f"от {_by_author('gent')}")
    paper.title("ЗАЯВЛЕНИЕ", "об отзыве согласия на обработку персональных данных")
    of_child = (
        f", законный представитель ({p.cased('representative.kinship', 'nomn')}) "
        f"{p.by_gender('person', 'малолетнего', 'малолетней')} {p.name('person', 'gent')}"
    )
    paper.para(
        f"Я, **{_by_author('nomn')}**{{% if {_CHILD} %}}{of_child}{{% endif %}}, "
        f"на основании части~2 статьи~9 {c.LAW} отзываю отмеченные ниже согласия на обработку "
        f"персональных данных, оператор которых~— {c.OPERATOR}:",
        after=4,
    )
    _withdrawn(paper)
    _demands(paper)
    _author_signs(paper)
    paper.para("**Отметка Оператора о получении**", align="left", before=12, keep=True)
    paper.fill_in("дата и входящий номер:")
    paper.fill_in("должность, подпись, инициалы и фамилия принявшего:")
    return paper.bytes()


def _author_signs(paper: Paper) -> None:
    subject = "Субъект персональных данных", p.signed("person")
    representative = "Законный представитель", p.signed(_REPRESENTATIVE)
    paper.tag("if not representative")
    paper.signatures(subject, below=p.BLANK_DATE)
    paper.tag("elif representative.minor_signs")
    paper.signatures(subject, representative, below=p.BLANK_DATE)
    paper.para("Достаточно одной из двух подписей.", indent=False, align="left")
    paper.tag("else")
    paper.signatures(representative, below=p.BLANK_DATE)
    paper.tag("endif")


def _by_author(case: Case) -> str:
    return (
        f"{{% if {_CHILD} %}}{p.name(_REPRESENTATIVE, case)}"
        f"{{% else %}}{p.name('person', case)}{{% endif %}}"
    )


def _withdrawn(paper: Paper) -> None:
    paper.tag("if consents")
    paper.tag("for consent in consents")
    paper.para(f"{p.BOX}{{{{ consent.title|capfirst }}}} от~{{{{ consent.day.words }}}}")
    paper.tag("endfor")
    paper.tag("else")
    for purpose in (
        "участие в программе наставничества",
        "распространение на информационных ресурсах организации",
        "передача получателю",
    ):
        paper.fill_in(f"{p.BOX}{purpose}; дата согласия:")
    paper.tag("endif")
    paper.fill_in("Перечень данных, если согласие отзывается не полностью:")
    paper.fill_in("Телефон, электронная почта или почтовый адрес для ответа:")


def _demands(paper: Paper) -> None:
    paper.para("На основании того же закона прошу со дня получения заявления:", before=6, keep=True)
    for demand in _DEMANDS:
        paper.para(f"—~{demand}")
    paper.para(
        "Мне известно, что обработка данных до отзыва остаётся законной, что с отзывом согласия "
        "на обработку данных для участия в программе работа пары прекращается и что отзыв других "
        "согласий на участие не влияет.",
        before=4,
        keep=True,
    )
