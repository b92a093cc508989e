"""What a person sees in the terminal: page text made inert, tables, and the labelled page of `cuttings explain`.

Page text may carry escape sequences, direction overrides or markup. It only ever reaches the terminal through
`inert`, as a rich `Text`, which is never parsed for markup.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cuttings.rules import RULES

if TYPE_CHECKING:
    from cuttings.page import Page, Segment

# Colour-blind-safe hues (Okabe and Ito, 2008), one a zone; the label is always printed beside the colour.
ZONE_STYLES: Final = {"primary": "bold #56b4e9", "related": "#e69f00", "sibling": "#cc79a7", "page": "grey58"}
_LABEL_CHARS: Final = 63  # what stands before a segment's text in `explain`
_LEAST_TEXT_CHARS: Final = 40  # of a segment's text, however narrow the terminal; --full prints all of it
_CONFIDENCE: Final = (
    "A confidence is the chance, as measured on labelled pages, that a segment's label or an article's text is right; "
    "the page has that of its least sure article."
)
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def inert(text: str) -> str:
    r"""`text` with everything a terminal could obey written out, e.g. ESC as `\x1b`.

    >>> inert("a\x1b[2Jb")
    'a\\x1b[2Jb'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if unicodedata.category(c) not in _INVISIBLE else _escaped(c) for c in text)


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()) -> Table:
    """A plain table; every cell is inert text, null an empty cell, and the columns in `right` are right-aligned."""
    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        drawn.add_column(Text(inert(column)), justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(Text("" if cell is None else inert(str(cell))) for cell in row))
    return drawn


def print_page(console: Console, page: Page, *, name: str, is_full: bool = False) -> None:
    """One page: a head, every segment with its label, rule and confidence, then the articles, dates and repairs."""
    head = f"{page.page_type} page, {page.size_bytes:,} bytes, {page.encoding}, language {page.language or 'unsure'}"
    damage = ", damaged" if page.is_damaged else ""
    console.print(Text(inert(name), style="bold"))
    console.print(Text(f"{head}{damage}, confidence {page.confidence:.2f}"))
    console.print()
    text_chars = page.size_bytes if is_full else max(_LEAST_TEXT_CHARS, console.width - _LABEL_CHARS)
    for segment in page.segments:
        if segment.role != "ws":
            console.print(_segment_line(segment, text_chars), soft_wrap=True)
    _print_articles(console, page)
    _print_dates(console, page)
    if page.repairs:
        console.print(Text("\nRepairs and known losses", style="bold"))
        rows = [(r.position, r.byte_at, r.kind, _clip(r.before, 40), _clip(r.after, 40)) for r in page.repairs]
        console.print(table(("article", "byte", "kind", "before", "after"), rows, right=("article", "byte")))
    _print_legend(console, page)


def _print_legend(console: Console, page: Page) -> None:
    """What the rules of the page say, in the order in which they are met, and what a confidence is."""
    used = dict.fromkeys(segment.rule for segment in page.segments if segment.role != "ws")
    console.print(Text("\nRules and confidence", style="bold"))
    for rule in used:
        console.print(Text(f"{rule:<22} ", style="grey50").append(RULES.get(rule, "")))
    console.print(Text(_CONFIDENCE))


def _segment_line(segment: Segment, text_chars: int) -> Text:
    owner = segment.zone if segment.position is None else f"{segment.zone} {segment.position}"
    line = Text(f"{segment.byte_start:>7} ", style="grey50")
    line.append(f"{owner:<11} {segment.role:<15} ", style=ZONE_STYLES[segment.zone])
    line.append(f"{segment.rule:<20} {segment.confidence:.2f} ", style="grey50")
    line.append(_clip(segment.text, text_chars))
    return line


def _print_articles(console: Console, page: Page) -> None:
    console.print(Text("\nArticles", style="bold"))
    if not page.articles:
        console.print(Text("none"))
    for article in page.articles:
        line = Text(f"{article.position:>3} ", style="grey50")
        line.append(article.zone, style=ZONE_STYLES[article.zone])
        line.append(f"  {inert(article.title) if article.title else '(no title)'}", style="bold")
        facts = [
            article.source_name and inert(article.source_name),
            article.date_text and inert(article.date_text),
            f"body {article.body_status}, {len(article.body):,} characters, {article.paragraph_count} lines",
            f"confidence {article.confidence:.2f}",
        ]
        line.append("\n      " + " · ".join(fact for fact in facts if fact), style="grey50")
        console.print(line)


def _print_dates(console: Console, page: Page) -> None:
    if not page.dates:
        return
    console.print(Text("\nDates (UTC)", style="bold"))
    rows = []
    for date in page.dates:
        interval = "not placed: give --captured-at"
        if date.is_placed:
            interval = f"{date.earliest_at:%Y-%m-%d %H:%M} to {date.latest_at:%Y-%m-%d %H:%M}"
        doubt = "ambiguous" if date.is_ambiguous else ""
        rows.append((date.position, date.use, _clip(date.text, 40), interval, date.precision, date.rule, doubt))
    columns = ("article", "use", "as printed", "interval", "precision", "rule", "")
    console.print(table(columns, rows, right=("article",)))


def _clip(text: str | None, chars: int) -> str:
    if text is None:
        return ""
    flat = inert(" ".join(text[: 4 * chars].split()))
    return flat if len(flat) <= chars else flat[: chars - 1] + "…"
