"""Consents to the processing of personal data: each a paper of its own with one purpose.

The items are those of 152-ФЗ, art. 9, part 4; separate from any other paper since 01.09.2025.
"""

from doc_templates import phrases as p
from doc_templates.layout import Paper

LEFT_MM = 20  # kept 3 years after the end or the withdrawal (№ 236 of 20.12.2019, art. 441)

_LAW = (
    "в соответствии со статьёй~9 Федерального закона от 27~июля 2006~г. №~152-ФЗ "
    "«О~персональных данных»"
)


def consent_adult() -> bytes:
    """Consent of an adult participant."""
    paper = _paper()
    paper.para(f"Я, **{p.name('person')}**, дата рождения: {p.birth_date('person')},")
    _address_and_document(paper, "паспорт")
    paper.para(
        "действуя от своего имени (без представителя), свободно, своей волей и в своём интересе "
        f"{_LAW} даю согласие на обработку моих персональных данных на следующих условиях.",
        before=6,
        indent=False,
    )
    _terms(
        paper,
        "моего участия",
        ("мои персональные данные", ""),
        "моих персональных данных",
    )
    _signature(paper, "Субъект персональных данных", "person")
    return paper.bytes()


def consent_parent() -> bytes:
    """Consent of a minor's legal representative; from 14 years on the minor signs too."""
    paper = _paper()
    paper.para(
        f"Я, **{p.name('representative.person')}**, законный представитель "
        "({{ representative.kinship.nomn }}),"
    )
    _address_and_document(paper, "паспорт")
    paper.fill_in("полномочия подтверждает {{ representative.document }}:")
    paper.para(
        "действуя в интересах "
        f"{p.by_gender('person', 'несовершеннолетнего', 'несовершеннолетней')} "
        f"**{p.name('person', 'gent')}**, дата рождения: {p.birth_date('person')},",
        indent=False,
        before=6,
    )
    paper.fill_in(f"{p.by_gender('person', 'проживающего', 'проживающей')} по адресу:")
    paper.fill_in("документ (свидетельство о рождении или паспорт):")
    paper.fill_in("кем и когда выдан:")
    paper.para(
        f"свободно, своей волей {_LAW} даю согласие на обработку персональных данных "
        f"{p.by_gender('person', 'представляемого', 'представляемой')} мною "
        f"{p.by_gender('person', 'несовершеннолетнего', 'несовершеннолетней')} (далее~— "
        f"{p.by_gender('person', 'Участник', 'Участница')}) на следующих условиях.",
        before=6,
        indent=False,
    )
    participant = p.by_gender("person", "Участника", "Участницы")
    _terms(
        paper,
        f"участия {participant}",
        (
            f"персональные данные {participant}",
            (
                "; мои данные как законного представителя: фамилия, имя, отчество, родство, "
                "номер телефона"
            ),
        ),
        f"персональных данных {participant}",
    )
    _signature(paper, "Законный представитель", "representative.person")
    paper.tag("if representative.minor_signs")
    paper.para(
        "Мне исполнилось 14~лет. Содержание согласия мне понятно, на обработку моих персональных "
        f"данных на указанных условиях {p.by_gender('person', 'согласен', 'согласна')}.",
        before=12,
        keep=True,
    )
    _signature(paper, p.by_gender("person", "Участник", "Участница"), "person")
    paper.tag("endif")
    return paper.bytes()


def _paper() -> Paper:
    paper = Paper("Согласие на обработку персональных данных", left_mm=LEFT_MM, spacing=1)
    paper.title("СОГЛАСИЕ", "на обработку персональных данных", before=0, after=10)
    return paper


def _address_and_document(paper: Paper, document: str) -> None:
    paper.fill_in("адрес:")
    paper.fill_in(f"документ, удостоверяющий личность: {document}, серия и номер:")
    paper.fill_in("кем и когда выдан:")


def _terms(paper: Paper, participation: str, whose: tuple[str, str], subject: str) -> None:
    data_of, besides = whose
    paper.para(
        "**1.~Оператор:** {{ organisation.name }}, ИНН~{{ organisation.inn }}, "
        "адрес: {{ organisation.address }} (далее~— Оператор)."
    )
    paper.para(
        f"**2.~Цель обработки:** организация {participation} в программе наставничества "
        "«{{ programme }}» в качестве "
        "{% if is_mentor %}наставника{% else %}наставляемого{% endif %}."
    )
    paper.para(
        f"**3.~Перечень данных:** {data_of}: {{{{ personal_data|join('; ') }}}}"
        "{% if is_mentor %}; сведения об образовании, квалификации и профессиональном опыте"
        f"{{% endif %}}; сведения, указанные в этом согласии выше{besides}. "
        "Специальные категории персональных данных и биометрические персональные данные "
        "не обрабатываются."
    )
    paper.para(
        "**4.~Лица, обрабатывающие данные по поручению Оператора:** "
        "{% if processors %}{% for item in processors %}{{ item.name }}, адрес: {{ item.address }}"
        "{% if not loop.last %}; {% endif %}{% endfor %}"
        "{% else %}обработка другим лицам не поручается{% endif %}."
    )
    paper.para(
        "**5.~Действия и способы:** сбор, запись, систематизация, накопление, хранение, уточнение "
        "(обновление, изменение), извлечение, использование, предоставление работникам Оператора, "
        "ответственным за программу наставничества, и второму участнику пары (доступ), "
        "блокирование, удаление, уничтожение. Обработка смешанная: с использованием средств "
        "автоматизации и без них. Распространение данных неопределённому кругу лиц этим согласием "
        "не разрешается."
    )
    paper.para(
        "**6.~Срок действия:** со дня подписания до {{ until.words }}, если согласие не будет "
        "отозвано раньше."
    )
    paper.para(
        "**7.~Отзыв:** согласие можно отозвать в любое время письменным заявлением, переданным "
        "Оператору лично "
        "или почтой по адресу, указанному в пункте~1. Оператор прекращает "
        f"обработку и уничтожает данные не позднее 30~дней со дня поступления отзыва, если для "
        f"обработки {subject} нет другого законного основания.",
        keep=True,
    )


def _signature(paper: Paper, who: str, person: str) -> None:
    paper.signatures((who, p.signed(person)), keep=True)
    paper.para(f"Дата подписания: {p.BLANK_DATE}", indent=False, align="left", before=4)
