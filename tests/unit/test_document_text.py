"""How two versions of a document differ, in words."""

from domain.document_text import Block, Cell, Paragraph, Row, Run, Table, changes, lines


def paragraph(text: str) -> Paragraph:
    return Paragraph(runs=(Run(text=text),))


def table(*rows: tuple[str, ...]) -> Table:
    return Table(
        rows=tuple(
            Row(cells=tuple(Cell(paragraphs=(paragraph(text),)) for text in row)) for row in rows
        )
    )


def told(old: str, new: str) -> list[list[tuple[str, str]]]:
    found = changes([paragraph(old)], [paragraph(new)])
    return [[(piece.what, piece.text) for piece in change.pieces] for change in found]


def test_equal_texts_have_no_changes() -> None:
    blocks: list[Block] = [paragraph("Утвердить план."), table(("1", "встреча"))]
    assert changes(blocks, blocks) == ()


def test_a_changed_word_stands_among_those_that_stayed() -> None:
    assert told("срок до 5 мая", "срок до 9 мая") == [
        [("same", "срок до "), ("removed", "5 "), ("added", "9 "), ("same", "мая")]
    ]


def test_a_paragraph_that_came_or_went_is_told_whole() -> None:
    one, two = paragraph("Первый."), paragraph("Второй.")
    (came,) = changes([one], [one, two])
    assert [(piece.what, piece.text) for piece in came.pieces] == [("added", "Второй.")]
    (went,) = changes([one, two], [two])
    assert [(piece.what, piece.text) for piece in went.pieces] == [("removed", "Первый.")]


def test_a_row_of_a_table_is_a_line_and_empty_lines_count_for_nothing() -> None:
    assert lines([paragraph("  "), table(("1", "встреча"), ("", ""))]) == ["1 | встреча"]


def test_another_look_alone_is_no_change_of_words() -> None:
    bold = Paragraph(runs=(Run(text="Утвердить", bold=True), Run(text=" план.")), align="center")
    assert changes([paragraph("Утвердить план.")], [bold]) == ()
