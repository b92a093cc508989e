"""Zones as written: an offset, or the rules of a place."""

from __future__ import annotations

from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from cuttings.dates.lexicon import ANY, by_language, phrases

UNWRITTEN: Final = -1
FIXED: Final = 0  # the offset itself is in the reading


@cache
def names() -> tuple[str, ...]:
    """Zone names of the lexicon; place 0 stands for a fixed offset."""
    found = {value for p in phrases("Z") for kind, value in by_language(p).get(ANY, ()) if kind == "Z" and "/" in value}
    return ("", *sorted(found))


def fixed_seconds(zone: str) -> int:
    """Seconds east of UTC of a zone given in minutes; 0 for a named one or none."""
    return int(zone) * 60 if zone and "/" not in zone else 0


def index(zone: str) -> int:
    """Place of a zone in `names()`, -1 without one."""
    if not zone:
        return UNWRITTEN
    return names().index(zone) if "/" in zone else FIXED


def to_utc(local_s: np.ndarray, zone: np.ndarray, offset_s: np.ndarray) -> np.ndarray:
    """Local clocks to UTC seconds; a clock without a written zone is taken as UTC."""
    utc: np.ndarray = local_s - np.where(zone == FIXED, offset_s, 0)
    for place, name in enumerate(names()):
        rows = np.flatnonzero(zone == place) if place else np.zeros(0, dtype=np.int64)
        if len(rows):
            clocks = pl.Series(local_s[rows] * 1_000_000, dtype=pl.Int64).cast(pl.Datetime("us"))
            aware = clocks.dt.replace_time_zone(str(ZoneInfo(name)), ambiguous="earliest", non_existent="null")
            seconds = aware.dt.convert_time_zone("UTC").dt.timestamp("us") // 1_000_000
            fallback = pl.Series(local_s[rows], dtype=pl.Int64)
            utc[rows] = seconds.fill_null(fallback).to_numpy()
    return utc
