"""A batch of pages to tables: lex, classify, parse page by page, read the articles."""

from __future__ import annotations

from collections.abc import Sequence

from cuttings.pages.lines import lex
from cuttings.pages.long import cut_each
from cuttings.pages.markers import read_lines
from cuttings.pages.measures import measure
from cuttings.pages.model import score_lines
from cuttings.pages.page import views
from cuttings.pages.parse import parse
from cuttings.pages.parting import part_lines
from cuttings.pages.reading import CutTables, read_tables
from cuttings.pages.shown import headings_of, show


def cut_pages(raws: Sequence[bytes]) -> CutTables:
    """Cut each page on its own; the tables of a batch are the tables of its pages, one after the other.

    Of a page longer than any page of news only the front is cut: see `long`.
    """
    return cut_each(raws, _cut_whole)


def _cut_whole(raws: Sequence[bytes]) -> CutTables:
    shown = {number: page for number, raw in enumerate(raws) if (page := show(raw)) is not None}
    lexed = part_lines(lex([shown[number].utf8 if number in shown else raw for number, raw in enumerate(raws)]))
    measures = measure(lexed)
    lines = read_lines(lexed, score_lines(lexed, measures), measures.words)
    return read_tables(raws, lexed, lines, parse(views(lines, headings_of(lexed, lines, shown))), shown)
