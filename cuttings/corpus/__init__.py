"""What only many pages show: capture times, identity of articles, publishers, stories, template lines."""

from cuttings.corpus.assemble import assemble, assemble_pages, relate, with_bodies
from cuttings.corpus.forgotten import (
    Tombstones,
    compacted,
    line_digests,
    name_digests,
    without_forgotten,
    without_objects,
)
from cuttings.corpus.frames import BrokenRowsError, CutFrames, conform, empty_table, folded_case
from cuttings.corpus.prepared import PreparedPages, prepare
from cuttings.corpus.publishers import publisher_ids
from cuttings.corpus.withheld import set_aside, withheld_pages, without_pages

__all__ = [
    "BrokenRowsError",
    "CutFrames",
    "PreparedPages",
    "Tombstones",
    "assemble",
    "assemble_pages",
    "compacted",
    "conform",
    "empty_table",
    "folded_case",
    "line_digests",
    "name_digests",
    "prepare",
    "publisher_ids",
    "relate",
    "set_aside",
    "with_bodies",
    "withheld_pages",
    "without_forgotten",
    "without_objects",
    "without_pages",
]
