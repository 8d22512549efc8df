"""A check tells everything that is wrong with a template, each with its place."""

import io
from pathlib import Path
from typing import Any, get_args

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.docx.checking import MOST_PROBLEMS, check_template
from adapters.docx.fields import FactType, Field
from adapters.docx.shapes import ANY, TEXT, Shape, shape_of
from domain.errors import BadUpload, TemplateFault
from domain.templates import TemplateCheck
from tests.adapters.docx_files import (
    BODY,
    paragraph,
    part_of,
    plain,
    planted,
    with_body,
    with_parts,
)
from tests.law import RENDERER

TEMPLATES = Path(__file__).parents[2] / "doc_templates"
FIELDS = {
    "programme": Field(type="text", source="cycle", note="название программы"),
    "mentor": Field(type="person", source="pair", note="наставник"),
    "hours": Field(type="amount", source="input", note="часы"),
    "forms": Field(type="list", source="cycle", note="формы"),
    "pairs": Field(
        type="table",
        source="cycle",
        note="пары",
        columns={"mentor": "person", "mentee": "person", "role_model": "text"},
    ),
    "forms_of_names": Field(
        type="table",
        source="cycle",
        note="слова по падежам",
        columns={"nomn": "text", "datv": "text"},
    ),
    "marks": Field(type="list", required=False, default=[], source="rendering", note="пометки"),
    "document": Field(type="document", required=False, source="rendering", note="код"),
}


def check(*texts: str) -> TemplateCheck:
    return check_template(with_body("".join(map(paragraph, texts))), FIELDS)


def told(*texts: str) -> list[str]:
    return [str(problem) for problem in check(*texts).errors]


@pytest.mark.parametrize("kind", RENDERER.kinds())
def test_templates_of_ours_have_no_mistake_and_print_every_fact(kind: str) -> None:
    content = (TEMPLATES / kind / "template.docx").read_bytes()

    assert check_template(content, RENDERER.fields(kind)).problems == ()


def test_all_mistakes_are_told_at_once_each_with_its_paragraph() -> None:
    assert told(
        "{{ programe }}",
        "{% for a in [mentor.name] %}{{ loop.lst }} и {{ a.gen }}{% endfor %}",
        "{{ 'a'|uper }}",
        "{% if programme %}без конца",
        "{{ 2 * 2 }}{{ range(3) }}",
        "{{ programme. }}",
    ) == [
        f"текст, абзац {line}"
        for line in (
            "4: тег не закрыт: «{% if programme %}»",
            "1: неизвестное поле «programe» — в теге «{{ programe }}»; может быть, «programme»?",
            "2: неизвестное поле «loop.lst» — в теге «{{ loop.lst }}»; может быть, «loop.last»?",
            "2: неизвестное поле «a.gen» — в теге «{{ a.gen }}»; может быть, «a.gent»?",
            "3: неизвестный фильтр «uper» — в теге «{{ 'a'|uper }}»; может быть, «upper»?",
            "5: запрещённое выражение (действие «*») — в теге «{{ 2 * 2 }}»",
            "5: запрещённое выражение (вызов) — в теге «{{ range(3) }}»",
            "6: ошибка в записи «{{ programme. }}»: после точки не хватает имени",
        )
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ mentor }}", "«mentor» печатают по частям, например «mentor.name»"),
        ("{{ mentor.name }}", "«mentor.name» печатают по частям"),
        ("{{ forms }}", "«forms» — список"),
        ("{{ programme|dative }}", "фильтр «dative» выбирает падеж, а у «programme» его нет"),
        ("{{ programme|in_words }}", "фильтр «in_words» — для чисел"),
        ("{% for a in programme %}{{ a }}{% endfor %}", "«programme» не список"),
        ("{% for a in pairs %}{{ a.name }}{% endfor %}", "неизвестное поле «a.name»"),
        ("{% for a in pairs %}{% endfor %}{{ a.mentor.gender }}", "неизвестное поле «a»"),
        ("{% for a in pairs %}{{ loop.previtem }}{% endfor %}", "неизвестное поле «loop.previtem»"),
        ("{{ pairs[0].nobody }}", "неизвестное поле «pairs.0.nobody»"),
        ("{{ mentor[programme] }}", "по вычисленному имени"),
        ("{{ programme[1:2] }}", "запрещённое выражение"),
        ("{{ {'a': 1} }}", "запрещённое выражение (словарь)"),
        ("{{ programme is defined }}", "запрещённое выражение (проверка «is»)"),
        ("{% set a = 1 %}", "тег не поддерживается: «{% set a = 1 %}»"),
        ("{%- if programme %}x{% endif %}", "тег не поддерживается"),
        ("{# note #}", "тег не поддерживается"),
        ("{{r programme }}", "тег не поддерживается"),
        ("x{%p if programme %}", "рядом с тегом"),
        ("{% endfor %}", "лишний тег «{% endfor %}»"),
        ("{{ programme", "тег не закрыт"),
        ("{{ «programme» }}", "недопустимый знак ««»"),
        ("{% if programme %}" * 13 + "{% endif %}" * 13, "теги вложены глубже 12"),
        (f"{{{{ {'(' * 400}programme{')' * 400} }}}}", "слишком сложное выражение"),
        (f"{{{{ programme ~ '{'x' * 3000}' }}}}", "тег длиннее 2000 знаков"),
    ],
)
def test_each_mistake_has_its_words(text: str, said: str) -> None:
    assert any(said in line for line in told(text)), told(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ programme|upper }}{{ forms|join(', ') }}{{ forms|length }}",
        "{% for form in forms_of_names %}{{ form|dative }}{% endfor %}",
        "{{ mentor.name|dative }}{% if mentor.post %}, {{ mentor.post|genitive }}{% endif %}",
        "{{ hours.value }} ({{ hours|in_words }}, {{ hours.words|genitive }})",
        "{% for a in pairs %}{{ loop.index }}. {{ a.mentor.name|nominative }}{% endfor %}",
        "{% for a in pairs if a.role_model %}{{ a.mentee.initials_last.nomn }}{% endfor %}",
        "{% for a in pairs %}{% for f in forms %}{{ a.role_model ~ f }}{% endfor %}{% endfor %}",
        "{{ 'да' if mentor.gender == 'f' and not forms else 'нет' }}",
        "{{ pairs[0].mentor.birth_date.words }}{{ pairs[-1].role_model }}{{ mentor['gender'] }}",
        "{% if programme %}а{% elif forms %}б{% else %}в{% endif %}",
        "{% for word in ['а', 'б'] %}{{ word }}{% endfor %}",
        "Скобки { } и %} без тега",
    ],
)
def test_what_is_lawful_is_left_in_peace(text: str) -> None:
    assert told(text) == []


def test_a_tag_that_word_has_split_into_runs_is_understood() -> None:
    runs = "".join(
        f"<w:r><w:rPr><w:b/></w:rPr><w:t>{piece}</w:t></w:r>"
        for piece in ("{", "{ ment", "or.", "nam|dat", "ive }", "}")
    )
    (line,) = [str(one) for one in check_template(with_body(f"<w:p>{runs}</w:p>"), FIELDS).errors]

    assert (
        "текст, абзац 1: неизвестное поле «mentor.nam» — в теге «{{ mentor.nam|dative }}»" in line
    )


def test_quotes_that_word_makes_curly_are_understood() -> None:
    assert told("{{ forms|join(“; ”) }}") == []


def test_the_cell_of_a_mistake_is_told() -> None:
    document = Document(io.BytesIO(plain()))
    document.add_table(rows=2, cols=3).cell(1, 2).text = "{{ nobody }}"
    out = io.BytesIO()
    document.save(out)

    (problem,) = check_template(out.getvalue(), FIELDS).errors

    assert problem.place == "текст, таблица 1, строка 2, ячейка 3"


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ("header", "верхний колонтитул header1.xml, абзац 1"),
        ("footer", "нижний колонтитул footer1.xml, абзац 1"),
        ("footnote", "сноски, абзац 1"),
        ("properties", "свойства документа"),
        ("comment", "word/comments.xml"),
    ],
)
def test_parts_besides_the_text_are_looked_at(where: str, place: str) -> None:
    (problem,) = check_template(planted("{{ nobody }}", where), FIELDS).errors

    assert problem.place == place


def test_facts_that_are_printed_are_listed_and_the_others_warned_about() -> None:
    found = check("{{ programme }}{% for a in pairs %}{{ a.role_model }}{% endfor %}")

    assert [one.name for one in found.fields if one.used] == ["programme", "pairs"]
    assert [one.text for one in found.warnings] == [
        "в шаблоне нет факта «mentor» (наставник)",
        "в шаблоне нет факта «hours» (часы)",
        "в шаблоне нет факта «forms» (формы)",
        "в шаблоне нет факта «forms_of_names» (слова по падежам)",
        "в шаблоне нет факта «marks» (пометки)",
    ]
    assert found.ok


def test_a_loops_variable_hides_a_fact_of_the_same_name() -> None:
    found = check("{% for mentor in forms %}{{ mentor }}{% endfor %}")

    assert "mentor" not in [one.name for one in found.fields if one.used]


def test_very_many_mistakes_are_counted() -> None:
    found = check(*[f"{{{{ nobody{n} }}}}" for n in range(MOST_PROBLEMS + 7)])

    assert len(found.errors) == MOST_PROBLEMS + 1
    assert found.errors[-1].text == "и ещё ошибок: 7"


def test_only_the_making_of_documents_meets_a_table_without_columns() -> None:
    table = "<w:tbl><w:tr><w:tc>" + paragraph("{{ programme }}") + "</w:tc></w:tr></w:tbl>"

    assert "не заданы столбцы" in check_template(with_body(table), FIELDS).errors[0].text


def test_a_hostile_file_is_refused_before_it_is_opened() -> None:
    with pytest.raises(BadUpload, match="DOCTYPE"):
        check_template(with_parts(plain(), {BODY: b"<!DOCTYPE a><a/>"}), FIELDS)


@pytest.mark.parametrize("fact", get_args(FactType))
def test_each_type_of_fact_has_a_shape(fact: FactType) -> None:
    assert shape_of(Field(type=fact, source="cycle", note="")) is not ANY


@pytest.mark.parametrize("kind", RENDERER.kinds())
def test_examples_have_the_shapes_that_the_check_believes(kind: str) -> None:
    facts = RENDERER.example(kind)
    for name, field in RENDERER.fields(kind).items():
        assert_fits(name, shape_of(field), facts[name])


def assert_fits(path: str, shape: Shape, fact: Any) -> None:  # noqa: ANN401 - JSON
    """The fact has every part that the shape promises."""
    if fact is None:
        return
    if isinstance(shape, tuple):
        for element in fact:
            assert_fits(f"{path}[]", shape[0], element)
    elif isinstance(shape, str):
        assert shape is ANY or not isinstance(fact, dict | list), path
        assert shape in (TEXT, ANY)
    else:
        assert set(shape) <= set(fact), path
        for name, part in shape.items():
            assert_fits(f"{path}.{name}", part, fact[name])


# Whatever is done to a file, the check has words for it

PIECES = st.sampled_from(
    [
        *(
            "{{",
            "}}",
            "{%",
            "%}",
            "{#",
            "#}",
            "{{ programme }}",
            "{% if programme %}",
            "{% endif %}",
        ),
        *(
            "{% for a in pairs %}",
            "{% endfor %}",
            "{%p else %}",
            "{%tr for a in forms %}",
            "|",
            ".",
        ),
        *("<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>", "</w:t>", "<w:tbl>", "</w:tbl>", "<w:tr>"),
        *("<w:tc>", "</w:body>", "&amp;", "&x;", "<!--", "-->", "\x00", "“", "w:", "a", "(", "'"),
    ]
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    changes=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 40), st.lists(PIECES, max_size=4)),
        min_size=1,
        max_size=6,
    )
)
def test_random_changes_of_a_template_never_break_the_check(
    changes: list[tuple[float, int, list[str]]],
) -> None:
    body = part_of((TEMPLATES / "order_curator/template.docx").read_bytes(), BODY).decode()
    for place, taken, put in changes:
        at = int(place * len(body))
        body = body[:at] + "".join(put) + body[at + taken :]
    content = with_parts(plain(), {BODY: body.encode()})
    assert all(told_of(content))


@settings(max_examples=60, deadline=None)
@given(at=st.floats(0, 1), put=st.binary(max_size=30), taken=st.integers(0, 200))
def test_random_bytes_in_the_file_never_break_the_check(at: float, put: bytes, taken: int) -> None:
    file = (TEMPLATES / "order_curator/template.docx").read_bytes()
    place = int(at * len(file))
    assert all(told_of(file[:place] + put + file[place + taken :]))


def told_of(content: bytes) -> list[str]:
    """What the check says, or why it does not look."""
    try:
        return [str(problem) for problem in check_template(content, FIELDS).problems]
    except (BadUpload, TemplateFault) as refusal:
        return [str(refusal)]
