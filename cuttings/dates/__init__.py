"""Date texts of news pages, read as honest intervals.

normalise_dates   a column of date texts to a frame of intervals
spans             the date texts in short lines that state a publication time
edge_spans        the dates that are glued to other words near the start or the end of a line
durations         the lines that say how long something is to read or to watch
inline_spans      the days written in full inside running text
read_mentions     date mentions of a corpus, with order and zone learned for each publisher
"""

from __future__ import annotations

from cuttings.dates.column import normalise_dates
from cuttings.dates.durations import durations
from cuttings.dates.edges import edge_spans
from cuttings.dates.inline import inline_spans
from cuttings.dates.mentions import read_mentions
from cuttings.dates.spans import spans

__all__ = ["durations", "edge_spans", "inline_spans", "normalise_dates", "read_mentions", "spans"]
