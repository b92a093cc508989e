"""Segments as rows of HTML: the white space after a segment at its end, dates and repairs in their places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup, escape

from cuttings.web.inspector.labels import FAMILY_OF, LOW_CONFIDENCE, WHITE_SPACE, named
from cuttings.web.inspector.marks import clip, marked, marked_white_space, plain
from cuttings.web.inspector.notes import DateMention, Repair
from cuttings.web.inspector.segments import Segment

_BYTE_ORDER_MARK: Final = "\ufeff"
_CHIP_CHARS: Final = 60  # of a text in a note


@dataclass(frozen=True, slots=True)
class Row:
    """A segment as it is drawn: its text and the white space after it as HTML."""

    segment: Segment
    html: Markup
    blanks: tuple[tuple[int, Markup], ...]  # number of the segment, its marks
    is_same_line: bool  # it goes on in the line of the row above
    line_gap: int  # empty lines after it, at most two are drawn
    hidden_chars: int

    @property
    def family(self) -> str:
        """The colour it wears."""
        return FAMILY_OF[self.segment.role]

    @property
    def is_low(self) -> bool:
        """It is worth a look."""
        return self.segment.confidence < LOW_CONFIDENCE


def draw(
    segments: Sequence[Segment],
    encoding: str,
    dates: Sequence[DateMention],
    repairs: Sequence[Repair],
    listed_dates: int,
) -> list[Row]:
    """Rows of segments in their order; white space joins the row before it when that is the segment before it.

    The first `listed_dates` of the dates are listed on the page, and their places in the text lead there.
    """
    notes = _Notes(encoding, dates, repairs, listed_dates)
    rows: list[Row] = []
    at = 0
    ends_line = True
    while at < len(segments):
        segment = segments[at]
        at += 1
        blanks = []
        last = segment
        while at < len(segments) and _follows(last, segments[at]):
            last = segments[at]
            blanks.append((last.segment_no, marked_white_space(last.text)))
            at += 1
        space = segment.text if segment.role == WHITE_SPACE else ""
        breaks = sum(text.count("\n") for text in (space, *(s.text for s in segments[at - len(blanks) : at])))
        # Of UTF-16 the byte order mark is a segment without text.
        html = marked_white_space(space or _BYTE_ORDER_MARK) if segment.role == WHITE_SPACE else notes.drawn(segment)
        hidden = segment.char_count - len(segment.text)
        rows.append(Row(segment, html, tuple(blanks), not ends_line, min(max(breaks - 1, 0), 2), hidden))
        ends_line = breaks > 0 or (at < len(segments) and segments[at].segment_no != last.segment_no + 1)
    return rows


def _follows(before: Segment, segment: Segment) -> bool:
    return segment.role == WHITE_SPACE and segment.segment_no == before.segment_no + 1


@dataclass(frozen=True, slots=True)
class _Note:
    """Something to show at a place in the text: from byte `start` to `end`, the same for a point."""

    start: int
    end: int
    opening: Markup
    closing: Markup


class _Notes:
    """The notes of a page in the order of their places, taken out segment by segment."""

    def __init__(
        self, encoding: str, dates: Sequence[DateMention], repairs: Sequence[Repair], listed_dates: int
    ) -> None:
        self._encoding = encoding
        notes = [_date_note(date, no if no < listed_dates else None) for no, date in enumerate(dates)]
        notes += [_repair_note(repair, encoding) for repair in repairs]
        self._notes = sorted(notes, key=lambda note: (note.start, note.end))
        self._at = 0

    def drawn(self, segment: Segment) -> Markup:
        """The text of the segment as HTML, with the notes whose place it holds."""
        pieces: list[Markup] = []
        done = 0
        for note in self._taken(segment):
            start = self._char_at(segment, note.start)
            end = self._char_at(segment, min(note.end, segment.byte_end))
            if start is None or end is None or start < done:  # no exact place, or inside another note: after it
                start = end = done
            pieces += (marked(segment.text[done:start]), note.opening, marked(segment.text[start:end]), note.closing)
            done = end
        return Markup("").join([*pieces, marked(segment.text[done:])])

    def _taken(self, segment: Segment) -> Iterator[_Note]:
        while self._at < len(self._notes) and self._notes[self._at].start < segment.byte_end:
            note = self._notes[self._at]
            self._at += 1
            if note.start >= segment.byte_start:
                yield note

    def _char_at(self, segment: Segment, byte: int) -> int | None:
        """Which character of the segment stands at a byte of the page; None when its bytes cannot be made again."""
        if byte <= segment.byte_start:
            return 0
        try:
            raw = segment.text.encode(self._encoding)
            is_whole = len(segment.text) < segment.char_count or len(raw) == segment.byte_end - segment.byte_start
            return len(raw[: byte - segment.byte_start].decode(self._encoding)) if is_whole else None
        except UnicodeError:
            return None


def _date_note(date: DateMention, listed_no: int | None) -> _Note:
    title = f"{named(date.use)}: {interval_text(date.earliest_at, date.latest_at)} UTC"
    if listed_no is None:
        opening = Markup('<span class="date-note" title="{}">').format(title)
        return _Note(date.byte_start, date.byte_end, opening, Markup("</span>"))
    opening = Markup('<a class="date-note" href="#date-{}" title="{}">').format(listed_no, title)
    return _Note(date.byte_start, date.byte_end, opening, Markup("</a>"))


def _repair_note(repair: Repair, encoding: str) -> _Note:
    """A struck text and what stands in its place; a text that is struck elsewhere, or lost, is a point."""
    kind = escape(named(repair.kind))
    if repair.is_loss:
        chip = Markup('<span class="repair loss" title="{}">{}</span>').format(
            f"known loss near: {plain(clip(repair.before, _CHIP_CHARS))}", kind
        )
        return _Note(repair.byte_at, repair.byte_at, chip, Markup(""))
    after = repair.after or ""
    inserted = marked_white_space(after) if after.isspace() else marked(clip(after, _CHIP_CHARS))
    ins = Markup("<ins>{}</ins>").format(inserted) if after else Markup("")
    if not repair.before.strip():  # a line break between segments: it stands before this place, not at it
        chip = Markup('<span class="repair" title="{}"><del>{}</del>{}</span>').format(
            named(repair.kind), marked_white_space(repair.before), ins
        )
        return _Note(repair.byte_at, repair.byte_at, chip, Markup(""))
    size = len(repair.before.encode(encoding, "replace"))
    opening = Markup('<span class="repair" title="{}"><del>').format(named(repair.kind))
    return _Note(repair.byte_at, repair.byte_at + size, opening, Markup("</del>{}</span>").format(ins))


def interval_text(earliest_at: datetime | None, latest_at: datetime | None) -> str:
    """An interval of UTC in words.

    >>> interval_text(None, None)
    'not on the time line'
    """
    if earliest_at is None or latest_at is None:
        return "not on the time line"
    start, end = f"{earliest_at:%Y-%m-%d %H:%M}", f"{latest_at:%Y-%m-%d %H:%M}"
    return start if start == end else f"{start} to {end[11:] if start[:10] == end[:10] else end}"
