"""Consents to the processing of personal data: each a paper of its own with one purpose.

The items are those of 152-ФЗ, art. 9, part 4; separate from any other paper since 01.09.2025.
Below 14 years the representative consents (ГК РФ, art. 28); from 14 on the pupil does, and the
representative agrees (art. 26).
"""

from typing import NamedTuple

from doc_templates import phrases as p
from doc_templates.layout import Paper

SIZE = 13
LEFT_MM = 20  # kept 3 years after the end or the withdrawal (№ 236 of 20.12.2019, art. 441)

PARTICIPANT = p.by_gender("person", "Участник", "Участница")
OF_PARTICIPANT = p.by_gender("person", "Участника", "Участницы")


LAW = (
    "Федерального закона от 27~июля 2006~г. №~152\N{NON-BREAKING HYPHEN}ФЗ «О~персональных данных»"
)


class Asked(NamedTuple):
    """What is consented to («на обработку»), and the articles of 152-ФЗ that it rests on."""

    to: str
    articles: str


PROCESSING = Asked("на обработку", "статьёй~9")

OPERATOR = (
    "{{ organisation.name }}, ИНН~{{ organisation.inn }}, адрес: {{ organisation.address }} "
    "(далее~— Оператор)"
)
WITHDRAWAL = (
    "согласие можно отозвать в любое время письменным заявлением, переданным Оператору лично "
    "или почтой по адресу, указанному в пункте~1."
)
FORM = "Обработка смешанная: с использованием средств автоматизации и без них."

_REPRESENTATIVE = "representative.person"
_KINSHIP = "({{ representative.kinship|nominative }})"


def consent_adult() -> bytes:
    """Consent of an adult participant."""
    paper = opened("на обработку персональных данных")
    adult_speaks(paper, PROCESSING)
    _terms(paper, "")
    adult_signs(paper)
    return paper.bytes()


def consent_parent() -> bytes:
    """Consent of the legal representative of a child under 14, who does not sign."""
    paper = opened("на обработку персональных данных")
    child_spoken_for(paper, PROCESSING)
    _terms(paper, _OF_REPRESENTATIVE)
    representative_signs(paper)
    return paper.bytes()


def consent_pupil() -> bytes:
    """Consent of a pupil of 14–17 with the agreement of the legal representative; both sign."""
    paper = opened("на обработку персональных данных")
    pupil_speaks(paper, PROCESSING)
    _terms(paper, _OF_REPRESENTATIVE)
    pupil_signs(paper)
    return paper.bytes()


def opened(*to: str) -> Paper:
    """The paper with its title: a consent `to` something, line by line."""
    paper = Paper(f"Согласие {' '.join(to)}", left_mm=LEFT_MM, size=SIZE, spacing=1)
    paper.title("СОГЛАСИЕ", *to, before=0, after=10)
    return paper


def adult_speaks(paper: Paper, asked: Asked) -> None:
    """Who consents, and to what: an adult, for himself."""
    _introduced(paper)
    paper.para(
        "действуя от своего имени (без представителя), свободно, своей волей и в своём интересе "
        f"{_given(asked)} моих персональных данных на следующих условиях.",
        before=6,
        indent=False,
    )


def pupil_speaks(paper: Paper, asked: Asked) -> None:
    """Who consents, and to what: a pupil of 14–17."""
    _introduced(paper)
    paper.para(
        "свободно, своей волей и в своём интересе, с~согласия законного представителя, которое "
        "дано ниже (статья~26 Гражданского кодекса Российской Федерации), "
        f"{_given(asked)} моих персональных данных на следующих условиях.",
        before=6,
        indent=False,
    )


def child_spoken_for(paper: Paper, asked: Asked) -> None:
    """Who consents, and to what: the representative of a child under 14."""
    paper.para(f"Я, **{p.name(_REPRESENTATIVE)}**, законный представитель {_KINSHIP},")
    _of_representative(paper)
    paper.para(
        "действуя на основании статьи~28 Гражданского кодекса Российской Федерации в интересах "
        f"{p.by_gender('person', 'малолетнего', 'малолетней')} "
        f"**{p.name('person', 'gent')}**, дата рождения: {p.birth_date('person')} "
        f"(далее~— {PARTICIPANT}),",
        indent=False,
        before=6,
    )
    paper.fill_in(f"{p.by_gender('person', 'проживающего', 'проживающей')} по адресу:")
    paper.fill_in("документ (свидетельство о рождении), номер:")
    paper.fill_in("кем и когда выдан:")
    paper.para(
        f"свободно, своей волей {_given(asked)} персональных данных {OF_PARTICIPANT} "
        "на следующих условиях.",
        before=6,
        indent=False,
    )


def adult_signs(paper: Paper) -> None:
    """The signature of an adult."""
    _signature(paper, "Субъект персональных данных", "person")


def representative_signs(paper: Paper) -> None:
    """The signature for a child under 14."""
    _signature(paper, "Законный представитель", _REPRESENTATIVE)


def pupil_signs(paper: Paper) -> None:
    """The pupil's signature, and the representative's agreement with his own."""
    _signature(paper, PARTICIPANT, "person")
    paper.para(
        f"Я, **{p.name(_REPRESENTATIVE)}**, законный представитель {OF_PARTICIPANT} {_KINSHIP},",
        before=12,
        keep=True,
    )
    _of_representative(paper, keep=True)
    paper.para(
        "действуя свободно и своей волей, "
        f"{p.by_gender(_REPRESENTATIVE, 'согласен', 'согласна')} с тем, что {PARTICIPANT} даёт "
        "это согласие, и с его условиями.",
        before=6,
        indent=False,
        keep=True,
    )
    _signature(paper, "Законный представитель", _REPRESENTATIVE)


def _given(asked: Asked) -> str:
    return f"в соответствии со {asked.articles} {LAW} даю согласие {asked.to}"


def _introduced(paper: Paper) -> None:
    paper.para(
        f"Я, **{p.name('person')}**, дата рождения: {p.birth_date('person')} "
        f"(далее~— {PARTICIPANT}),"
    )
    _address_and_document(paper)


def _address_and_document(paper: Paper, *, keep: bool = False) -> None:
    paper.fill_in("адрес:", keep=keep)
    paper.fill_in("документ, удостоверяющий личность: паспорт, серия и номер:", keep=keep)
    paper.fill_in("кем и когда выдан:", keep=keep)


def _of_representative(paper: Paper, *, keep: bool = False) -> None:
    _address_and_document(paper, keep=keep)
    paper.fill_in("полномочия подтверждает {{ representative.document }}:", keep=keep)


_OF_REPRESENTATIVE = (
    f"; данные законного представителя {OF_PARTICIPANT}: фамилия, имя, отчество, родство, "
    "номер телефона"
)


def _terms(paper: Paper, besides: str) -> None:
    paper.para(f"**1.~Оператор:** {OPERATOR}.")
    paper.para(
        f"**2.~Цель обработки:** организация участия {OF_PARTICIPANT} в программе наставничества "
        "«{{ programme }}» в качестве "
        "{% if is_mentor %}наставника{% else %}наставляемого{% endif %}."
    )
    paper.para(
        f"**3.~Перечень данных:** персональные данные {OF_PARTICIPANT}: "
        "{{ personal_data|join('; ') }}"
        "{% if is_mentor %}; сведения об образовании, квалификации и профессиональном опыте"
        f"{{% endif %}}; сведения, указанные в этом согласии{besides}. "
        "Специальные категории персональных данных и биометрические персональные данные "
        "не обрабатываются."
    )
    by_order(paper, 4)
    paper.para(
        "**5.~Действия и способы:** сбор, запись, систематизация, накопление, хранение, уточнение "
        "(обновление, изменение), извлечение, использование, предоставление работникам Оператора, "
        "ответственным за программу наставничества, и второму участнику пары (доступ), "
        "блокирование, удаление, уничтожение. "
        f"{FORM} Распространение данных неопределённому кругу лиц этим согласием "
        "не разрешается."
    )
    term(paper, 6)
    paper.para(
        f"**7.~Отзыв:** {WITHDRAWAL} Оператор прекращает обработку и уничтожает данные "
        "не позднее 30~дней со дня поступления отзыва, если для обработки персональных данных "
        f"{OF_PARTICIPANT} нет другого законного основания.",
        keep=True,
    )


def by_order(paper: Paper, number: int) -> None:
    """The item about those who process by the operator's order."""
    paper.para(
        f"**{number}.~Лица, обрабатывающие данные по поручению Оператора:** "
        "{% if processors %}{% for item in processors %}{{ item.name }}, адрес: {{ item.address }}"
        "{% if not loop.last %}; {% endif %}{% endfor %}"
        "{% else %}обработка другим лицам не поручается{% endif %}."
    )


def term(paper: Paper, number: int) -> None:
    """The item about the term."""
    paper.para(
        f"**{number}.~Срок действия:** со дня подписания по~{{{{ until.words }}}} включительно, "
        "если согласие не будет отозвано раньше."
    )


def _signature(paper: Paper, who: str, person: str) -> None:
    paper.signatures((who, p.signed(person)), below=f"Дата подписания: {p.BLANK_DATE}")
