"""What only many pages show: capture times, identity of articles, publishers, stories, template lines."""

from cuttings.corpus.assemble import UNFINISHED, assemble, assemble_pages, completed, named, relate, with_texts
from cuttings.corpus.capture import page_captures, resolve_files
from cuttings.corpus.forgotten import (
    Tombstones,
    compacted,
    line_digests,
    name_digests,
    without_forgotten,
    without_objects,
)
from cuttings.corpus.frames import BrokenRowsError, CutFrames, conform, empty_table, folded_case
from cuttings.corpus.hexes import PAGE_ID_BYTES, HexIds, packed
from cuttings.corpus.keyed import COLUMNS, TEXTS, Ids, KeyedPages, keyed, numbered
from cuttings.corpus.prepared import PreparedPages, prepare
from cuttings.corpus.publishers import publisher_ids
from cuttings.corpus.withheld import set_aside, withheld_pages, without_pages

__all__ = [
    "COLUMNS",
    "PAGE_ID_BYTES",
    "TEXTS",
    "UNFINISHED",
    "BrokenRowsError",
    "CutFrames",
    "HexIds",
    "Ids",
    "KeyedPages",
    "PreparedPages",
    "Tombstones",
    "assemble",
    "assemble_pages",
    "compacted",
    "completed",
    "conform",
    "empty_table",
    "folded_case",
    "keyed",
    "line_digests",
    "name_digests",
    "named",
    "numbered",
    "packed",
    "page_captures",
    "prepare",
    "publisher_ids",
    "relate",
    "resolve_files",
    "set_aside",
    "with_texts",
    "withheld_pages",
    "without_forgotten",
    "without_objects",
    "without_pages",
]
