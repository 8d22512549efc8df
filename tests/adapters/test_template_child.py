"""Templates from outside are filled by a child process that fails alone."""

import json
import os
import signal
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from activities.ports import Template
from adapters.docx.child import Child, Children
from adapters.docx.renderer import DocxRenderer
from adapters.docx.templates import DocxTemplates
from domain.errors import BadTemplate, BadUpload, FactMissing, NotFound, TemplateFault
from domain.layout_settings import LayoutSettings
from tests.adapters.docx_files import paragraph, plain, with_body

TEMPLATES = Path(__file__).parents[2] / "doc_templates"
KIND = "order_curator"
ENDLESS = "{% for a in f %}" * 12 + "x" + "{% endfor %}" * 12
GROWING = "{% for a in f %}" * 5 + "{{ t }}" + "{% endfor %}" * 5
FACTS = {"f": list("абвгдежзик"), "t": "я" * 10_000, "one": "раз"}
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="macOS does not heed this limit")


@pytest.fixture(scope="module")
def renderer() -> DocxRenderer:
    return DocxRenderer(TEMPLATES)


def template_of(text: str) -> bytes:
    return with_body(paragraph(text))


def made(content: bytes) -> Template:
    return Template(sha256=sha256(content).hexdigest(), content=content, ours=False)


def render(children: Children, text: str, **facts: Any) -> bytes:  # noqa: ANN401 - JSON
    return children.render(template_of(text), {**FACTS, **facts}, None)


def pid_of(children: Children) -> int:
    """Of the child that was asked last."""
    return list(children._kept.values())[-1]._process.pid


@pytest.mark.parametrize("kind", ["order_pairs", "agreement", "consent_parent"])
def test_a_child_makes_the_same_bytes_as_we_do(renderer: DocxRenderer, kind: str) -> None:
    content = (TEMPLATES / kind / "template.docx").read_bytes()
    facts = dict(renderer.example(kind))

    assert renderer.render(kind, facts, made(content)) == renderer.render(kind, facts)


def test_a_template_of_ours_that_was_kept_needs_no_child(renderer: DocxRenderer) -> None:
    fresh = DocxRenderer(TEMPLATES)
    content = fresh.ours(KIND, LayoutSettings())
    kept = Template(sha256="", content=content, ours=True)

    assert fresh.render(KIND, fresh.example(KIND), kept) == fresh.render(KIND, fresh.example(KIND))
    assert not fresh._children._kept


def test_facts_as_kept_fit_their_template_whatever_a_later_release_asks() -> None:
    renderer = DocxRenderer(TEMPLATES)
    facts = dict(renderer.example(KIND))
    del facts["organisation"]
    facts["of_old"] = "слово прежнего шаблона"

    document = renderer.render(KIND, facts, made(template_of("{{ of_old }}")))

    assert document
    with pytest.raises(FactMissing, match="organisation"):
        renderer.render(KIND, facts)


def test_a_fault_is_told_with_its_place_and_the_child_goes_on() -> None:
    children = Children()
    render(children, "{{ one }}")
    before = pid_of(children)

    with pytest.raises(TemplateFault, match=r"«\{\{ one.two \}\}» — текст, абзац 1"):
        render(children, "{{ one.two }}")
    with pytest.raises(FactMissing, match="непечатный знак"):
        render(children, "{{ one }}", one="a\x01")

    assert render(children, "{{ one }}")
    assert pid_of(children) == before


@LINUX
def test_a_loop_without_end_is_ended_and_the_next_document_is_made() -> None:
    child = Child(cpu=1)
    child.ask("load", template_of(ENDLESS))

    with pytest.raises(TemplateFault, match="больше 1 с"):
        child.ask("render", facts={"f": list(range(10))}, code=None)

    assert not child.is_alive


def test_a_child_that_does_not_answer_is_ended() -> None:
    child = Child(cpu=600, wall=0.7)
    os.kill(child._process.pid, signal.SIGSTOP)
    began = time.monotonic()

    with pytest.raises(TemplateFault, match="не заполнился за 1 с"):
        child.ask("load", plain())

    assert time.monotonic() - began < 60
    assert not child.is_alive


@LINUX
def test_a_template_that_eats_memory_is_refused_and_we_stay_small() -> None:
    children = Children()

    with pytest.raises(TemplateFault, match="не хватило памяти: больше 512 МБ"):
        render(children, GROWING)

    assert render(children, "{{ one }}")


def test_a_child_that_dies_is_replaced() -> None:
    children = Children()
    first = render(children, "{{ one }}")
    before = pid_of(children)
    os.kill(before, signal.SIGKILL)

    list(children._kept.values())[-1]._process.wait(5)

    assert render(children, "{{ one }}") == first
    assert pid_of(children) != before


def test_no_child_works_on_two_templates_and_few_are_kept() -> None:
    children = Children()
    pids = set()
    for number in range(4):
        render(children, f"{{{{ one }}}} {number}")
        pids.add(pid_of(children))

    assert len(pids) == 4
    assert len(children._kept) == 2


def test_children_that_nobody_needs_are_ended() -> None:
    children = Children(idle=0.1)
    render(children, "{{ one }}")
    process = list(children._kept.values())[-1]._process

    assert process.wait(5) == -signal.SIGKILL
    assert render(children, "{{ one }}")


def test_many_threads_may_ask_at_once() -> None:
    children = Children()
    texts = [f"{{{{ one }}}} {number % 3}" for number in range(24)]
    expected = {text: render(Children(), text) for text in texts[:3]}

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda text: render(children, text), texts))

    assert found == [expected[text] for text in texts]


@LINUX
def test_a_child_has_no_environment_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASTAVNIK_MASTER_KEY", "secret")
    child = Child()
    child.ask("load", plain())

    assert Path(f"/proc/{child._process.pid}/environ").read_bytes() == b""


@LINUX
def test_a_child_reaches_no_network_where_the_system_can_take_it_away() -> None:
    child = Child()
    child.ask("load", plain())
    theirs = Path(f"/proc/{child._process.pid}/ns/net").readlink()
    if theirs == Path("/proc/self/ns/net").readlink():
        pytest.skip("this system lets nobody make a network namespace")

    shown = Path(f"/proc/{child._process.pid}/net/dev").read_text()
    assert [line.split(":")[0].strip() for line in shown.splitlines()[2:]] == ["lo"]
    assert len(socket.if_nameindex()) >= 1


def test_a_child_ends_when_its_owner_is_gone() -> None:
    child = Child()
    child.ask("load", plain())
    process = child._process
    del child

    assert process.wait(5) == -signal.SIGKILL
    assert process.stdin is not None
    assert process.stdin.closed


# What an organisation does with templates


@pytest.fixture(scope="module")
def templates(renderer: DocxRenderer) -> DocxTemplates:
    return DocxTemplates(renderer)


def test_a_template_of_ours_has_no_mistake_and_a_sample(templates: DocxTemplates) -> None:
    ours = templates.ours(KIND, LayoutSettings())

    assert templates.check(KIND, ours).problems == ()
    assert templates.preview(KIND, ours).startswith(b"PK")
    assert all(field.used for field in templates.fields(KIND) if field.name == "curator")


def test_a_hostile_file_is_refused_by_the_child_as_by_us(templates: DocxTemplates) -> None:
    with pytest.raises(BadUpload, match="не читается"):
        templates.check(KIND, b"PK\x03\x04 nothing")


def test_mistakes_come_out_of_the_child_with_their_places(templates: DocxTemplates) -> None:
    found = templates.check(KIND, template_of("{{ curatr.name|dative }}"))

    (problem,) = found.errors
    assert problem.text == "неизвестное поле «curatr» — в теге «{{ curatr.name|dative }}»"
    assert (problem.place, problem.nearest) == ("текст, абзац 1", "curator")
    with pytest.raises(BadTemplate, match="curatr"):
        templates.preview_of_checked(KIND, template_of("{{ curatr.name|dative }}"))


def test_what_only_facts_can_show_is_a_mistake_too(templates: DocxTemplates) -> None:
    found = templates.check(KIND, template_of(ENDLESS.replace(" f ", " duties ")))

    assert [one.level for one in found.errors] == ["error"]
    # A busy machine may not give it ten seconds of a processor in twenty.
    limits = ("больше 10 с", "памяти", "не заполнился за 20 с")
    assert any(limit in found.errors[0].text for limit in limits), found.errors


def test_an_unknown_kind_is_not_found(templates: DocxTemplates) -> None:
    for ask in (templates.fields, lambda kind: templates.check(kind, plain())):
        with pytest.raises(NotFound):
            ask("nothing")


def test_two_templates_are_compared_in_words(templates: DocxTemplates) -> None:
    old = with_body("".join(map(paragraph, ("Первый", "{{ curator.name|dative }}", "Третий"))))
    new = with_body(
        "".join(map(paragraph, ("Первый", "{{ organisation.city }}", "Третий", "Новый")))
    )

    found = templates.difference(KIND, old, new)

    assert [one.model_dump() for one in found.changes] == [
        {
            "what": "changed",
            "place": "текст, абзац 2",
            "before": "{{ curator.name|dative }}",
            "after": "{{ organisation.city }}",
        },
        {"what": "added", "place": "текст, абзац 4", "before": None, "after": "Новый"},
    ]
    assert (found.fields_added, found.fields_removed) == (("organisation",), ("curator",))
    assert not found.layout
    assert templates.difference(KIND, old, old).changes == ()
    assert json.loads(found.model_dump_json())["more"] == 0


def test_a_page_number_and_the_way_a_hyphen_is_written_are_no_difference(
    templates: DocxTemplates,
) -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{}</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    old = f"<w:p><w:r><w:t>152\u2011ФЗ</w:t></w:r>{field.format(1)}</w:p>"
    new = f"<w:p><w:r><w:t>152</w:t><w:noBreakHyphen/><w:t>ФЗ</w:t></w:r>{field.format(7)}</w:p>"

    found = templates.difference_of_any(with_body(old), with_body(new))

    assert (found.changes, found.layout) == ((), True)


def test_another_look_of_the_same_text_is_told(templates: DocxTemplates) -> None:
    bold = with_body("<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Первый</w:t></w:r></w:p>")

    found = templates.difference_of_any(with_body(paragraph("Первый")), bold)

    assert (found.changes, found.layout) == ((), True)
