"""CPU time and memory of assembling a large dump of cut pages.

    python benchmarks/corpus.py [--pages 10000]

Every page has a primary of 150 to 700 invented words, four rail items that other pages share (one in ten of them
edited in every twentieth word), six dates and 30 furniture lines of one of 100 sites. Prints what each step costs.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from types import SimpleNamespace
from typing import TypeVar

import polars as pl

from cuttings.corpus import assemble, assemble_pages, empty_table
from cuttings.corpus.identity import with_article_id
from cuttings.corpus.shingles import sketches
from cuttings.corpus.sketch import as_sketches, similar_pairs
from cuttings.corpus.stories import SIMILARITY

RAIL_ITEMS = 4
SITES = 100
LINES_A_PAGE = 30
T = TypeVar("T")


def timed(step: str, work: Callable[[], T]) -> T:
    started = time.process_time()
    result = work()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{step:44}{time.process_time() - started:8.2f} CPU s   peak {peak_mb:6.0f} MB")
    return result


def invented(rng: random.Random, page_count: int) -> SimpleNamespace:
    """The frames of `page_count` cut pages and their files."""
    words = ["".join(rng.choices("abcdefghijklmnoprstuvwy", k=rng.randint(2, 9))) for _ in range(20_000)]

    def text() -> str:
        return " ".join(rng.choices(words, k=rng.randint(150, 700)))

    def edited(body: str) -> str:
        parts = body.split(" ")
        parts[::20] = rng.choices(words, k=len(parts[::20]))
        return " ".join(parts)

    rail = [(f"Rail item {number}", text()) for number in range(max(page_count // 2, 1))]
    furniture = [[" ".join(rng.choices(words, k=2)).title() for _ in range(LINES_A_PAGE)] for _ in range(SITES)]
    keys = [sha256(str(number).encode()).hexdigest() for number in range(page_count)]
    appearances, mentions = [], []
    for number, key in enumerate(keys):
        items = [(f"Title {number}", text()), *rng.choices(rail, k=RAIL_ITEMS)]
        for position, (title, body) in enumerate(items):
            printed = edited(body) if position and rng.random() < 0.1 else body
            date = f"{rng.randint(2, 50)} minutes ago" if position else "5 March 2024, 08:30"
            appearances.append((key, position, title, printed, f"Source {rng.randrange(200)}", date, position * 10_000))
            mentions.append((key, position * 10_000, position * 10_000 + len(date), position, date, "published"))
    unsaid = {name: pl.lit(None, dtype=pl.String) for name in ("standfirst", "byline", "dateline", "agency")}
    return SimpleNamespace(
        pages=pl.DataFrame({"page_id": keys}).with_columns(
            size_bytes=10_000, encoding=pl.lit("utf-8"), is_damaged=False, language=pl.lit("en"),
            page_type=pl.lit("article"), dialect=pl.lit("lines"), primary_count=1, related_count=RAIL_ITEMS,
            confidence=0.9,
        ),
        appearances=pl.DataFrame(
            appearances,
            schema=["page_id", "position", "title", "body", "source_name", "date_text", "date_byte_start"],
            orient="row",
        ).with_columns(
            **unsaid, zone=pl.when(pl.col("position") == 0).then(pl.lit("primary")).otherwise(pl.lit("related")),
            body_status=pl.lit("full"), is_contiguous=True, byte_start=pl.col("date_byte_start"),
            byte_end=pl.col("date_byte_start") + 9_000, confidence=0.9,
        ),
        date_mentions=pl.DataFrame(
            mentions, schema=["page_id", "byte_start", "byte_end", "position", "text", "use"], orient="row"
        ),
        lines=pl.DataFrame(
            [(key, line) for number, key in enumerate(keys) for line in furniture[number % SITES]],
            schema=["page_id", "text"],
            orient="row",
        ),
        segments=empty_table("segments"),
        repairs=empty_table("repairs"),
        files=pl.concat(
            (
                empty_table("files"),
                pl.DataFrame({"page_id": keys}).select(
                    "page_id", file_id=pl.col("page_id").str.head(32), source_label=pl.lit(""), source_name="page_id",
                    content_sha256="page_id", size_bytes=pl.lit(10_000, dtype=pl.Int64), disposition=pl.lit("loaded"),
                    modified_at=pl.lit(datetime(2024, 3, 6, tzinfo=UTC)).dt.cast_time_unit("us"),
                    captured_from=pl.lit("none"),
                ),
            ),
            how="diagonal_relaxed",
        ),
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=10_000)
    dump = invented(random.Random(1), parser.parse_args().pages)
    body_mb = dump.appearances.get_column("body").str.len_bytes().sum() / 1e6
    print(f"{dump.pages.height} pages, {dump.appearances.height} appearances, {body_mb:.0f} MB of bodies, "
          f"{dump.lines.height} furniture lines")  # fmt: skip
    identified = timed("article_id of all appearances", lambda: with_article_id(dump.appearances))
    texts = identified.unique("article_id", maintain_order=True)
    sketched = timed(
        f"sketches of {texts.height} texts",
        lambda: texts.with_columns(sketches(texts.get_column("body")).alias("sketch")),
    )
    timed("those that are alike", lambda: similar_pairs(as_sketches(sketched.get_column("sketch")), SIMILARITY))
    timed("assemble, everything", lambda: assemble(dump, dump.files))
    one = invented(random.Random(1), 1)
    timed("assemble_pages of one page, 20 times", lambda: [assemble_pages(one) for _ in range(20)])


if __name__ == "__main__":
    main()
