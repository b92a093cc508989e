"""A batch of pages to tables: lex, classify, parse page by page, read the articles."""

from __future__ import annotations

from collections.abc import Sequence

from cuttings.pages.grammar import Page
from cuttings.pages.lines import lex
from cuttings.pages.markers import Lines, read_lines
from cuttings.pages.measures import measure
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
        cls=bytearray(lines.cls[mine].tobytes()),
        gap=lines.gap[mine].tolist(),
        units=lines.units[mine].tolist(),
        fold=lines.fold[mine].tolist(),
        text=lines.text[mine],
        score=lines.score[mine].tolist(),
        words=lines.words[mine].tolist(),
        is_continuing=lines.continues[mine].tolist(),
        is_terminal=lines.is_terminal[mine].tolist(),
        date_start=lines.date_start[mine].tolist(),
        date_end=lines.date_end[mine].tolist(),
        is_glued=lines.glued[mine].tolist(),
    )
