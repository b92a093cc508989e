"""What was mended in a text, and what is known to be lost: one row each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Final

import numpy as np
import polars as pl

from cuttings.pages.joints import JOINT_NONE, JOINT_TEXT, SPACE, TEXT_ROLES
from cuttings.pages.labels import RULE, Labels
from cuttings.pages.lines import LexedBatch
from cuttings.pages.markers import Lines
from cuttings.pages.pieces import Pieces

# Cuts that leave the article's text with something taken out of it.
RESIDUE_RULES: Final = [RULE[name] for name in ("advert_glued", "advert_doubled", "residue_tail", "also_read_inline")]


SCHEMA: Final[dict[str, type[pl.DataType]]] = {
    "page": pl.Int64, "position": pl.Int32, "byte_at": pl.Int64, "kind": pl.String, "before": pl.String,
    "after": pl.String,
}  # fmt: skip
_Row = tuple[int, int, int, str, str, str | None]


def repairs_of(
    lexed: LexedBatch, lines: Lines, parsed: Sequence[Labels], frame: pl.DataFrame, pieces: Pieces
) -> pl.DataFrame:
    """All repairs and known losses, ordered by page and place; `frame` has the pieces' page, bytes, joint and text."""
    rows = [*_joints(lines, frame, pieces), *_residue(frame, pieces), *_losses(lexed, lines, parsed)]
    return pl.DataFrame(sorted(rows, key=itemgetter(0, 2, 3)), schema=SCHEMA, orient="row")


def _joints(lines: Lines, frame: pl.DataFrame, pieces: Pieces) -> Iterator[_Row]:
    """Line breaks taken out of sentences, and spaces put between them."""
    page, start, end, joint = (frame[name].to_numpy() for name in ("page", "byte_start", "byte_end", "joint"))
    at = np.flatnonzero(np.isin(pieces.role, TEXT_ROLES) & (pieces.position >= 0))
    at = at[np.lexsort((start[at], pieces.position[at], page[at]))]
    last, here = at[:-1], at[1:]
    is_same_text = (page[here] == page[last]) & (pieces.position[here] == pieces.position[last])
    is_same_line = (pieces.line[here] == pieces.line[last]) | lines.runs_on[pieces.line[here]]
    is_parted = is_same_line & (start[here] == end[last]) & (pieces.rule[here] == RULE["missing_space"])
    is_joined = ~is_same_line & np.isin(joint[here], (JOINT_NONE, SPACE))
    for k in here[is_same_text & is_joined].tolist():
        yield int(page[k]), int(pieces.position[k]), int(start[k]), "link_join", "\n", JOINT_TEXT[joint[k]]
    for k in here[is_same_text & is_parted].tolist():
        yield int(page[k]), int(pieces.position[k]), int(start[k]), "missing_space", "", " "


def _residue(frame: pl.DataFrame, pieces: Pieces) -> Iterator[_Row]:
    """Residue taken out of lines, which belongs to the article before it, and lines that stood twice."""
    page, start, text = frame["page"], frame["byte_start"], frame["text"]
    is_residue = np.isin(pieces.rule, RESIDUE_RULES)
    line = owner = -1
    for k in np.flatnonzero(np.isin(pieces.line, pieces.line[is_residue])).tolist():
        owner = int(pieces.position[k]) if pieces.position[k] >= 0 else owner if pieces.line[k] == line else -1
        line = pieces.line[k]
        if is_residue[k] and owner >= 0:
            yield page[k], owner, start[k], "residue_cut", text[k], ""
    for k in np.flatnonzero((pieces.rule == RULE["doubled_line"]) & (pieces.position >= 0)).tolist():
        yield page[k], int(pieces.position[k]), start[k], "doubled_line", text[k], ""


def _losses(lexed: LexedBatch, lines: Lines, parsed: Sequence[Labels]) -> list[_Row]:
    """What is known to be lost and cannot be mended."""
    found = [
        (page, int(lines.page_rows[page]) + i, start, kind, before, labels.position[i])
        for page, labels in enumerate(parsed)
        for i, start, kind, before in labels.losses
        if labels.position[i] >= 0
    ]
    line = np.array([row[1] for row in found], np.int64)
    start = np.array([row[2] for row in found], np.int64)
    places = lexed.byte_offsets(lines.row[line], lines.lead_chars[line] + start).tolist()
    return [
        (page, position, at, kind, before, None)
        for at, (page, _, _, kind, before, position) in zip(places, found, strict=True)
    ]
