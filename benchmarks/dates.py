"""Rows of date texts per CPU-second: `python benchmarks/dates.py`.

A generated column of 500,000 rows with 100,000 distinct texts, 60 % of the rows relative, each with a capture time of
its own; then the distinct absolute texts alone. Every figure is a cold one: a fresh process reads each column once.
"""

from __future__ import annotations

import argparse
import random
import time
from datetime import datetime, timedelta

import polars as pl

from cuttings.dates import normalise_dates, spans

ENGLISH = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
GERMAN = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
          "Dezember")  # fmt: skip
RUSSIAN = ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
           "декабря")  # fmt: skip
SOURCES = ("Evening Star", "Harbour News", "Gazette", "The Northern Post", "Radio Five")


def absolute(at: datetime, form: int) -> str:
    """One instant in one of nine forms."""
    month = at.month - 1
    hour, half = at.hour % 12 or 12, "PM" if at.hour >= 12 else "AM"
    return (
        f"{at.day} {ENGLISH[month][:3]}, {at.year} {at:%H:%M}",
        f"{ENGLISH[month]} {at.day}, {at.year} {hour}:{at:%M} {half}",
        f"{at:%d.%m.%Y, %H:%M} Uhr",
        f"{at:%Y-%m-%d %H:%M:%S}",
        f"{at.day} {RUSSIAN[month]} {at.year}, {at:%H:%M}",
        f"{at.day}. {GERMAN[month]} {at.year} um {at:%H:%M} Uhr",
        f"{SOURCES[at.minute % len(SOURCES)]}{at:%d-%m-%Y}",
        f"Updated: {ENGLISH[month][:3]} {at.day}, {at.year}, {at:%H:%M} IST",
        f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}",
    )[form]


def relative_texts() -> list[str]:
    """Ages as sites print them."""
    units = ("minute", "hour", "day", "week", "month")
    english = [
        f"{name}{n} {u}{'s' * (n > 1)} ago" for name in ("", "time", *SOURCES) for u in units for n in range(1, 60)
    ]
    return english + [f"vor {n} Minuten" for n in range(2, 60)] + [f"il y a {n} heures" for n in range(2, 24)]


def column(row_count: int, distinct_count: int, relative_share: float, seed: int) -> tuple[list[str], list[str]]:
    """The rows of the benchmark, and the distinct absolute texts among them."""
    draw = random.Random(seed)
    ages = relative_texts()
    texts: dict[str, None] = {}
    while len(texts) < distinct_count - len(ages):
        at = datetime(2012, 1, 1) + timedelta(seconds=draw.randrange(13 * 365 * 86_400))
        texts[absolute(at, draw.randrange(9))] = None
    distinct = list(texts)
    rows = [draw.choice(ages) for _ in range(int(row_count * relative_share))]
    rows += distinct[: row_count - len(rows)]
    rows += [draw.choice(distinct) for _ in range(row_count - len(rows))]
    draw.shuffle(rows)
    return rows, distinct


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rows", type=int, default=500_000)
    arguments.add_argument("--distinct", type=int, default=100_000)
    arguments.add_argument("--what", choices=("rows", "distinct", "spans"), default="rows")
    asked = arguments.parse_args()
    rows, distinct = column(asked.rows, asked.distinct, relative_share=0.6, seed=8)
    draw = random.Random(9)
    month_s = 30 * 86_400
    captured = pl.Series([datetime(2025, 6, 1) + timedelta(seconds=draw.randrange(month_s)) for _ in rows])
    texts = pl.Series(distinct if asked.what == "distinct" else rows)
    start = time.process_time()
    if asked.what == "spans":
        read = spans(texts).height
    else:
        frame = normalise_dates(texts, None if asked.what == "distinct" else captured)
        read = len(texts) - frame["local_at"].null_count()
    seconds = time.process_time() - start
    print(
        f"{asked.what}: {len(texts)} texts, {read} read, {len(texts) / seconds:,.0f} per CPU-second ({seconds:.2f} s)"
    )


if __name__ == "__main__":
    main()
