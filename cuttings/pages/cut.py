"""A batch of pages to tables: lex, classify, parse page by page, read the articles."""

from __future__ import annotations

from collections.abc import Sequence

from cuttings.pages.features import measure
from cuttings.pages.grammar import Page
from cuttings.pages.lines import lex
from cuttings.pages.markers import Lines, read_lines
from cuttings.pages.model import score_lines
from cuttings.pages.parse import parse
from cuttings.pages.reading import CutTables, read_tables


def cut_pages(raws: Sequence[bytes]) -> CutTables:
    """Cut each page on its own; the tables of a batch are the tables of its pages, one after the other."""
    lexed = lex(raws)
    measures = measure(lexed)
    lines = read_lines(lexed, score_lines(lexed, measures), measures.words)
    parsed = []
    for index in range(len(raws)):
        parsed.append(parse(page_view(lines, index)))
    return read_tables(raws, lexed, lines, parsed)


def page_view(lines: Lines, index: int) -> Page:
    """The grammar's view of page `index`."""
    mine = slice(int(lines.page_rows[index]), int(lines.page_rows[index + 1]))
    return Page(
        bytearray(lines.cls[mine].tobytes()), lines.gap[mine].tolist(), lines.units[mine].tolist(),
        lines.fold[mine].tolist(), lines.text[mine], lines.score[mine].tolist(), lines.words[mine].tolist(), lines.continues[mine].tolist(),
        lines.is_terminal[mine].tolist(), lines.date_start[mine].tolist(), lines.date_end[mine].tolist(),
    )  # fmt: skip
