"""Warehouses of the contract's shape, drawn from a seed: consistent by construction, so every check must hold on them.

Names and texts are invented. Pages have a primary and up to six related articles from one pool, so that texts recur;
some captures are unknown, some dates are missing, ambiguous or relative, some objects are duplicates or set aside.
"""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cuttings.contract import TABLES

Row = dict[str, Any]

_PUBLISHERS = (
    ("Harbour Herald", "en"), ("The Inland Post", "en"), ("Noordzijde Courant", "nl"), ("De Polderbode", "nl"),
    ("Suara Teluk", "id"), ("Warta Lembah", "id"), ("Eastern Wire", "en"), ("Gazette of Kestrel Bay", "en"),
)  # fmt: skip
_WORDS = {
    "en": [
        "council",
        "bridge",
        "harbour",
        "vote",
        "river",
        "ferry",
        "storm",
        "budget",
        "school",
        "teacher",
        "winter",
        "market",
        "minister",
        "train",
        "station",
        "repair",
        "delay",
        "farmer",
        "price",
        "union",
        "strike",
        "talks",
        "museum",
        "opening",
        "record",
        "summer",
        "festival",
        "mayor",
        "plan",
    ],
    "nl": [
        "gemeente",
        "brug",
        "haven",
        "stemming",
        "rivier",
        "veerboot",
        "storm",
        "begroting",
        "school",
        "leraar",
        "winter",
        "markt",
        "minister",
        "trein",
        "station",
        "herstel",
        "vertraging",
        "boer",
        "prijs",
        "vakbond",
        "staking",
        "overleg",
        "museum",
        "opening",
        "record",
        "zomer",
    ],
    "id": [
        "dewan",
        "jembatan",
        "pelabuhan",
        "suara",
        "sungai",
        "feri",
        "badai",
        "anggaran",
        "sekolah",
        "guru",
        "musim",
        "pasar",
        "menteri",
        "kereta",
        "stasiun",
        "perbaikan",
        "tunda",
        "petani",
        "harga",
        "serikat",
        "mogok",
        "perundingan",
        "museum",
        "pembukaan",
        "rekor",
    ],
}
_START = datetime(2025, 3, 1, tzinfo=UTC)
_CAPTURES = ("sidecar", "sidecar", "sidecar", "option", "name", "mtime", "none")


def _digest(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


@dataclass
class _Text:
    """One text of the pool."""

    article_id: str
    title: str
    body: list[str]
    publisher: str
    language: str
    published_at: datetime
    story: int


@dataclass
class _Page:
    """A page while its segments are laid down, one after the other."""

    raw: bytearray = field(default_factory=bytearray)
    segments: list[Row] = field(default_factory=list)

    def put(self, text: str, zone: str, role: str, position: int | None = None, joint: str = "none") -> tuple[int, int]:
        start = len(self.raw)
        self.raw.extend(text.encode())
        self.segments.append(
            {
                "segment_no": len(self.segments), "byte_start": start, "byte_end": len(self.raw), "zone": zone,
                "role": role, "position": position, "joint": joint, "rule": "generated", "confidence": 0.9,
                "text": text,
            }
        )  # fmt: skip
        return start, len(self.raw)

    def line(
        self, text: str, zone: str, role: str, position: int | None = None, joint: str = "none"
    ) -> tuple[int, int]:
        span = self.put(text, zone, role, position, joint)
        self.put("\n", "page", "ws")
        return span


def generate(seed: int, page_count: int = 40) -> dict[str, pa.Table]:
    """All tables of the contract for `page_count` pages; `runs` and `checks` are empty, as when a build is audited."""
    draw = random.Random(seed)
    pool = _pool(draw, page_count)
    rows: dict[str, list[Row]] = defaultdict(list)
    seen: dict[str, list[tuple[Row, Row]]] = defaultdict(list)  # article_id -> its appearances with their pages
    for number in range(page_count):
        page, appearances = _page(draw, pool, number, rows)
        rows["pages"].append(page)
        rows["appearances"].extend(appearances)
        for appearance in appearances:
            seen[appearance["article_id"]].append((appearance, page))
        _files(draw, page, number, rows)
    _set_aside(draw, page_count, rows)
    by_id = {text.article_id: text for text in pool}
    rows["articles"] = [_article(by_id[article_id], shown) for article_id, shown in seen.items()]
    _stories(rows)
    for name, _ in _PUBLISHERS:
        rows["publishers"].append({"publisher_id": _digest(name, 16), "name": name, "kind": "publisher"})
        for alias in (name, name.upper()):
            rows["publisher_aliases"].append(
                {
                    "alias": alias,
                    "publisher_id": _digest(name, 16),
                    "evidence": "printed" if alias == name else "folded",
                }
            )
        rows["template_lines"].append(
            {
                "site": _digest(name, 16), "line_hash": _digest("menu" + name, 16), "text": f"Menu of {name}",
                "page_count": 3, "share": 0.75, "first_seen": _START, "last_seen": _START + timedelta(days=2),
            }
        )  # fmt: skip
    return {name: _arrow(name, rows[name]) for name in TABLES}


def write(tables: dict[str, pa.Table], generation_dir: Path) -> Path:
    """Write the tables as Parquet files in the layout of a generation; return the folder."""
    for name, table in tables.items():
        folder = generation_dir / name
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, folder / "part-0.parquet")
    return generation_dir


def _arrow(name: str, rows: list[Row]) -> pa.Table:
    table = TABLES[name]
    known = {column.name for column in table.columns}
    kept = [{key: value for key, value in row.items() if key in known} for row in rows]
    return pa.Table.from_pylist(kept, schema=table.schema).sort_by([(key, "ascending") for key in table.key])


def _pool(draw: random.Random, page_count: int) -> list[_Text]:
    pool = []
    for number in range(page_count * 3):
        publisher, language = draw.choice(_PUBLISHERS)
        words = _WORDS[language]
        title = " ".join(draw.sample(words, 6)).capitalize() + f" {number}"
        body = [
            " ".join(draw.choices(words, k=draw.randint(25, 45))).capitalize() + "." for _ in range(draw.randint(2, 5))
        ]
        published_at = _START + timedelta(minutes=draw.randrange(60 * 24 * 20))
        text = _Text(_digest(title, 32), title, body, publisher, language, published_at, draw.randrange(page_count * 2))
        pool.append(text)
    return pool


def _page(draw: random.Random, pool: list[_Text], number: int, rows: dict[str, list[Row]]) -> tuple[Row, list[Row]]:
    has_primary = draw.random() > 0.1
    texts = draw.sample(pool, draw.randint(2, 6))
    captured_from = draw.choice(_CAPTURES)
    newest = max(text.published_at for text in texts)
    captured_at = newest + timedelta(minutes=draw.randint(90, 5000)) if captured_from != "none" else None
    page = _Page()
    page.line(f"Home News Sport {number}", "page", "nav")
    appearances, mentions = [], []
    for index, text in enumerate(texts):
        position = index if has_primary else index + 1
        zone = "primary" if position == 0 else draw.choice(["related", "related", "related", "sibling"])
        if position == 1:
            page.line("More on this", "page", "related_heading")
        appearance, mention = _appearance(draw, page, text, zone, position, captured_at)
        appearances.append(appearance)
        if mention is not None:
            mentions.append(mention)
    page.line("All rights reserved", "page", "legal")
    raw = bytes(page.raw)
    page_id = hashlib.sha256(raw).hexdigest()
    for segment in page.segments:
        rows["segments"].append({"page_id": page_id, **segment})
    for row in appearances:
        row["page_id"] = page_id
    for row in mentions:
        rows["date_mentions"].append({"page_id": page_id, **row})
    if draw.random() < 0.3:
        first = appearances[0]
        kind = draw.choice(["link_join", "missing_space", "lost_value"])
        rows["repairs"].append(
            {
                "page_id": page_id, "position": first["position"], "byte_at": first["byte_end"] - 4, "kind": kind,
                "before": "", "after": None if kind == "lost_value" else " ",
            }
        )  # fmt: skip
    primary = texts[0] if has_primary else None
    return {
        "page_id": page_id, "size_bytes": len(raw), "encoding": "utf-8", "is_damaged": False,
        "language": (primary or texts[0]).language, "page_type": "article" if has_primary else "index",
        "dialect": "lines", "publisher_id": _digest(primary.publisher, 16) if primary else None,
        "captured_at": captured_at, "captured_from": captured_from, "captured_earliest_at": captured_at,
        "captured_latest_at": captured_at, "primary_count": int(has_primary),
        "related_count": len(appearances) - int(has_primary), "confidence": 0.9,
    }, appearances  # fmt: skip


def _appearance(
    draw: random.Random, page: _Page, text: _Text, zone: str, position: int, captured_at: datetime | None
) -> tuple[Row, Row | None]:
    names_source, names_date, has_ad = draw.random() < 0.8, draw.random() < 0.9, draw.random() < 0.2
    start = len(page.raw)
    if names_source:
        page.line(text.publisher, zone, "source", position)
    date = _date(draw, text, captured_at) if names_date else None
    if date is not None:
        date["byte_start"], date["byte_end"] = page.line(date["text"], zone, "date", position)
        date["position"] = position
    page.line(text.title, zone, "title", position)
    for index, paragraph in enumerate(text.body):
        if has_ad and index == 1:
            page.line("Advertisement", "page", "ad")
        _, end = page.line(paragraph, zone, "body", position, "paragraph" if index else "none")
    known = date or {}
    return {
        "position": position, "zone": zone, "article_id": text.article_id, "title": text.title,
        "source_name": text.publisher if names_source else None,
        "publisher_id": _digest(text.publisher, 16) if names_source else None,
        "date_text": known.get("text"), "published_at": known.get("instant_at"),
        "published_earliest_at": known.get("earliest_at"), "published_latest_at": known.get("latest_at"),
        "published_precision": known.get("precision"), "body_status": "full", "is_contiguous": not has_ad,
        "byte_start": start, "byte_end": end, "confidence": 0.9,
    }, date  # fmt: skip


def _date(draw: random.Random, text: _Text, captured_at: datetime | None) -> Row:
    at = text.published_at
    row: Row = {
        "use": "published", "zone_written": None, "zone_from": "none", "anchor": "written", "is_ambiguous": False,
        "alternatives": [], "rule": "generated", "confidence": 0.9, "offset_seconds": None, "instant_at": at,
    }  # fmt: skip
    choice = draw.random()
    if choice < 0.4:
        day = at.replace(hour=0, minute=0)
        row |= {
            "text": f"{at:%d %B %Y}", "form": "day_month_name_year", "precision": "day", "instant_at": day,
            "earliest_at": day - timedelta(hours=14), "latest_at": day + timedelta(hours=36),
        }  # fmt: skip
    elif choice < 0.5:
        day = at.replace(hour=0, minute=0)
        width = {"earliest_at": day - timedelta(hours=14), "latest_at": day + timedelta(hours=36)}
        row |= {"text": f"{at:%d-%m-%Y}", "form": "numeric", "precision": "day", "instant_at": day, **width}
        if at.day <= 12 and at.day != at.month:
            row |= {"is_ambiguous": draw.random() < 0.2}
            row["alternatives"] = [{key: value - timedelta(days=20) for key, value in width.items()}] * row[
                "is_ambiguous"
            ]
    elif choice < 0.8:
        row |= {
            "text": f"{at:%Y-%m-%dT%H:%M:%SZ}", "form": "iso", "precision": "second", "zone_written": "Z",
            "zone_from": "written", "earliest_at": at, "latest_at": at + timedelta(seconds=1),
        }  # fmt: skip
    else:
        hours = draw.randint(1, 40)
        row |= {
            "text": f"{hours} hours ago", "form": "relative", "precision": "hour", "offset_seconds": hours * 3600,
            "anchor": "capture" if captured_at else "none", "instant_at": None, "earliest_at": None, "latest_at": None,
        }  # fmt: skip
        if captured_at is not None:
            row |= {
                "instant_at": captured_at - timedelta(hours=hours),
                "earliest_at": captured_at - timedelta(hours=hours + 1),
                "latest_at": captured_at - timedelta(hours=hours - 0.5),
            }
    return row


def _files(draw: random.Random, page: Row, number: int, rows: dict[str, list[Row]]) -> None:
    copies = 1 + (draw.random() < 0.1)
    for copy in range(copies):
        name = f"day-{number % 7}/page-{number}-{copy}.txt"
        rows["files"].append(
            {
                "file_id": _digest(f"\0{name}", 32), "source_label": "", "source_name": name,
                "content_sha256": page["page_id"], "size_bytes": page["size_bytes"], "modified_at": _START,
                "page_id": page["page_id"], "captured_at": page["captured_at"], "captured_from": page["captured_from"],
                "url": None, "disposition": "duplicate" if copy else "loaded", "reason": None,
            }
        )  # fmt: skip


def _set_aside(draw: random.Random, page_count: int, rows: dict[str, list[Row]]) -> None:
    for number in range(1 + page_count // 40):
        for disposition, reason in (("quarantined", "binary"), ("refused", "symlink")):
            name = f"odd/{disposition}-{number}"
            row = {
                "file_id": _digest(f"\0{name}", 32), "source_label": "", "source_name": name, "size_bytes": 100,
                "content_sha256": _digest(name, 64) if disposition == "quarantined" else None, "modified_at": _START,
                "page_id": None, "captured_at": None, "captured_from": "none", "url": None,
                "disposition": disposition, "reason": reason,
            }  # fmt: skip
            rows["files"].append(row)
            if disposition == "quarantined":
                rows["quarantine"].append(
                    {
                        **row, "stage": "source", "detail": "found NUL bytes, expected text",
                        "bytes_kept_at": f"quarantine/{row['content_sha256']}",
                    }
                )  # fmt: skip


def _article(text: _Text, shown: list[tuple[Row, Row]]) -> Row:
    dated = [pair[0] for pair in shown if pair[0]["published_earliest_at"] is not None]
    best = min(
        dated,
        key=lambda row: (row["published_latest_at"] - row["published_earliest_at"], row["page_id"], row["position"]),
        default=None,
    )
    names = ("published_at", "published_earliest_at", "published_latest_at", "published_precision")
    captures = [page["captured_at"] for _, page in shown if page["captured_at"] is not None]
    body = "\n".join(text.body)
    return {
        "article_id": text.article_id, "title": text.title, "standfirst": None, "byline": None, "dateline": None,
        "agency": None, "publisher_id": _digest(text.publisher, 16), "language": text.language, "body": body,
        "body_status": "full", "word_count": len(body.split()), **{name: best and best[name] for name in names},
        "published_from": best and best["page_id"], "story": text.story, "appearance_count": len(shown),
        "first_captured_at": min(captures, default=None),
    }  # fmt: skip


def _stories(rows: dict[str, list[Row]]) -> None:
    members = defaultdict(list)
    for article in rows["articles"]:
        members[article["story"]].append(article)
    for group in members.values():
        story_id = min(article["article_id"] for article in group)[:16]
        dates = [article["published_at"] for article in group if article["published_at"] is not None]
        longest = max(group, key=lambda article: (len(article["body"]), article["article_id"]))
        for article in group:
            article["story_id"] = story_id
        rows["stories"].append(
            {
                "story_id": story_id, "article_count": len(group), "first_published_at": min(dates, default=None),
                "representative_article_id": longest["article_id"],
            }
        )  # fmt: skip
