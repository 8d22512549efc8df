"""Forty ways to run code by a template, each in seven places: the check tells, nothing is made."""

import pytest

from adapters.docx.checking import check_template
from adapters.docx.compiled import CompiledTemplate
from adapters.docx.fields import Field
from adapters.docx.sandbox import Sandbox
from domain.errors import FactMissing, TemplateFault
from tests.adapters.docx_files import PLACES, planted

FIELDS = {
    "programme": Field(type="text", source="cycle", note="название"),
    "person": Field(type="person", source="cycle", note="человек"),
    "hours": Field(type="number", source="cycle", note="часы"),
    "rows": Field(type="list", source="cycle", note="строки"),
}
FORMS = dict.fromkeys(("nomn", "gent", "datv", "accs", "ablt", "loct"), "Ким")
FACTS = {
    "programme": "Рост",
    "person": {"name": FORMS, "gender": "f", "post": None, "birth_date": None},
    "hours": 9,
    "rows": ["один", "два"],
}
PAYLOADS = (
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ lipsum.__globals__['os'] }}",
    "{{ lipsum() }}",
    "{{ range(999999999)|join }}",
    "{{ dict(a=1) }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ [].__class__.__base__ }}",
    "{{ ().__class__ }}",
    "{{ (1).__class__ }}",
    "{{ programme.__class__ }}",
    "{{ programme['__class__'] }}",
    "{{ programme|attr('__class__') }}",
    "{{ programme|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ programme.format(1) }}",
    "{{ '{0.__class__}'.format(1) }}",
    "{{ '%s'|format(programme) }}",
    "{{ programme.format_map(person) }}",
    "{{ person.items() }}",
    "{{ person.__init__ }}",
    "{{ person['__class__']['__mro__'] }}",
    "{{ rows|map(attribute='__class__')|list }}",
    "{{ rows|map('upper')|first }}",
    "{{ rows|selectattr('__class__')|list }}",
    "{{ self._TemplateReference__context }}",
    "{{ self.__init__.__globals__ }}",
    "{{ request.application.__globals__ }}",
    "{{ config.items() }}",
    "{{ url_for.__globals__ }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ 'a' * 300000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ '%999999999d' % 1 }}",
    "{{ programme is callable }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}{{ os }}",
    "{% macro m() %}x{% endmacro %}{{ m() }}",
    "{% set x = programme %}{{ x }}",
    "{% for a in rows %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "{% for a in rows recursive %}{{ loop(rows) }}{% endfor %}",
    "{% filter upper %}x{% endfilter %}",
    "{% call m() %}{% endcall %}",
)


def test_there_are_forty_payloads_at_least() -> None:
    assert len(set(PAYLOADS)) >= 40


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_check_refuses_it_and_no_document_is_made(payload: str, where: str) -> None:
    content = planted(payload, where)

    found = check_template(content, FIELDS)

    assert not found.ok
    with pytest.raises((TemplateFault, FactMissing)):
        CompiledTemplate(content, Sandbox()).render(FACTS)


@pytest.mark.parametrize("where", [place for place in PLACES if place != "comment"])
def test_a_lawful_tag_in_the_same_place_is_printed(where: str) -> None:
    content = planted("{{ programme }}", where)

    assert check_template(content, FIELDS).ok
    assert CompiledTemplate(content, Sandbox()).render(FACTS)
