"""How the pieces of an article's text are joined: the lines that links broke, and the paragraphs."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from cuttings.contract import BODY_ROLES
from cuttings.pages.labels import ROLE, RULE
from cuttings.pages.markers import Lines
from cuttings.pages.pieces import Pieces

JOINT_NAMES: Final = ("none", "space", "line", "paragraph")
JOINT_TEXT: Final = ("", " ", "\n", "\n")
JOINT_NONE, SPACE, LINE, PARAGRAPH = range(4)
# Roles whose text is the article's body.
TEXT_ROLE_NAMES: Final = (*BODY_ROLES, "dateline", "live_entry_title", "subhead")
TEXT_ROLES: Final = tuple(ROLE[role] for role in TEXT_ROLE_NAMES)


def joints_of(
    lines: Lines, pieces: Pieces, byte_start: NDArray[np.int64], byte_end: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """How each piece of text joins to the one before it in its article; `none` for all other pieces."""
    joint = np.zeros(len(pieces.line), np.uint8)
    at = np.flatnonzero(np.isin(pieces.role, TEXT_ROLES) & (pieces.position >= 0))
    if not len(at):
        return joint
    page = lines.page[pieces.line[at]]
    at = at[np.lexsort((byte_start[at], pieces.position[at], page))]
    line = pieces.line[at]
    page = lines.page[line]
    is_first = (np.diff(page, prepend=-1) != 0) | (np.diff(pieces.position[at], prepend=-2) != 0)
    previous = np.roll(line, 1)
    following = np.roll(line, -1)
    following_is_ours = np.roll(~is_first, -1)
    following_is_ours[-1] = False
    same_line = (line == previous) | lines.runs_on[line]
    touches = byte_start[at] == np.roll(byte_end[at], 1)
    is_parted = same_line & touches & (pieces.rule[at] == RULE["missing_space"])
    opens = lines.continues[line]
    closing = lines.closes[line]
    ended = lines.is_terminal[previous]
    is_link = ~ended & ~lines.is_terminal[line] & lines.continues[following] & following_is_ours & (following != line)
    spaceless = lines.units[line] * 3 > lines.chars[line]
    run_on = spaceless & ~ended & (lines.gap[line] == 0)
    goes_on = opens & ~(ended & (lines.gap[line] > 0))
    kind = np.select(
        [is_first, is_parted, same_line & touches, same_line, closing, goes_on, is_link, run_on],
        [JOINT_NONE, SPACE, JOINT_NONE, SPACE, JOINT_NONE, SPACE, SPACE, JOINT_NONE],
        PARAGRAPH,
    )
    joint[at] = kind
    return joint
