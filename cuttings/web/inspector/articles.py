"""The articles on a page: where else each of them appeared, and what else was written of their stories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import duckdb

from cuttings.web.inspector.rows import fetch

# Rows shown of lists that can be as long as the warehouse: the ends and the neighbours, the rest is counted.
SHOWN_ARTICLES: Final = 200
SHOWN_APPEARANCES: Final = 8
SHOWN_MATES: Final = 12

_ARTICLES: Final = """
select
    appearances.position, appearances.zone, appearances.article_id, appearances.title, appearances.source_name,
    publishers.name, appearances.date_text, appearances.published_at, appearances.published_earliest_at,
    appearances.published_latest_at, appearances.published_precision, appearances.body_status,
    appearances.is_contiguous, appearances.byte_start, appearances.byte_end, appearances.confidence,
    articles.word_count, articles.story_id, articles.appearance_count, firsts.segment_no, firsts.opening,
    count(*) over ()
from appearances
inner join articles on appearances.article_id = articles.article_id
left join publishers on appearances.publisher_id = publishers.publisher_id
left join (
    select
        here.position, min(here.segment_no) as segment_no,
        min_by(left(here.text, 200), here.segment_no) filter (where here.role = 'body') as opening
    from here where here.position is not null group by here.position
) as firsts on appearances.position = firsts.position
where appearances.page_id = $page_id
order by appearances.position limit $shown
"""
# Ordered by capture, so that "first" is where the text was first seen.
_OTHERS: Final = """
with these as (
    select unnest($article_ids) as article_id
),

ranked as (
    select
        appearances.article_id, appearances.page_id, appearances.position, appearances.zone, pages.captured_at,
        row_number() over in_order as place,
        count(*) over (partition by appearances.article_id) as total
    from appearances
    inner join these on appearances.article_id = these.article_id
    inner join pages on appearances.page_id = pages.page_id
    window in_order as (
        partition by appearances.article_id
        order by pages.captured_at nulls last, appearances.page_id, appearances.position
    )
),

own as (
    select ranked.article_id, min(ranked.place) as place from ranked where ranked.page_id = $page_id
    group by ranked.article_id
),

shown as (
    select ranked.*, own.place as own_place
    from ranked
    inner join own on ranked.article_id = own.article_id
    where ranked.total > 1 and (
        ranked.place in (1, 2, ranked.total - 1, ranked.total) or abs(ranked.place - own.place) <= $near
    )
)

select
    shown.article_id, shown.page_id, shown.position, shown.zone, shown.captured_at, shown.place, shown.total,
    primaries.title, publishers.name
from shown
inner join pages on shown.page_id = pages.page_id
left join appearances as primaries on shown.page_id = primaries.page_id and primaries.position = 0
left join publishers on pages.publisher_id = publishers.publisher_id
order by shown.article_id, shown.place
"""
_MATES: Final = """
with these as (
    select distinct articles.story_id
    from articles
    where list_contains($article_ids, articles.article_id) and articles.story_id is not null
),

mates as (
    select articles.*, count(*) over (partition by articles.story_id) as text_count,
        row_number() over (
            partition by articles.story_id order by articles.published_at nulls last, articles.article_id
        ) as place
    from articles
    inner join these on articles.story_id = these.story_id
    where articles.article_id not in (
        select appearances.article_id from appearances where appearances.page_id = $page_id
    )
)

select
    mates.story_id, mates.article_id, mates.title, publishers.name, mates.published_at, mates.text_count,
    (
        select first(appearances.page_id order by appearances.position, appearances.page_id)
        from appearances where appearances.article_id = mates.article_id
    ) as page_id
from mates
left join publishers on mates.publisher_id = publishers.publisher_id
where mates.place <= $shown
order by mates.story_id, mates.place
"""


@dataclass(frozen=True, slots=True)
class Article:
    """An article on the page; `first_segment_no` is where it begins, None when no segment is its own.

    `opening` is its first piece of body, which stands for a title that it has not.
    """

    position: int
    zone: str
    article_id: str
    title: str | None
    source_name: str | None
    publisher: str | None
    date_text: str | None
    published_at: datetime | None
    earliest_at: datetime | None
    latest_at: datetime | None
    precision: str | None
    body_status: str
    is_contiguous: bool
    byte_start: int
    byte_end: int
    confidence: float
    word_count: int
    story_id: str | None
    appearance_count: int
    first_segment_no: int | None
    opening: str | None
    article_count: int  # on the page


@dataclass(frozen=True, slots=True)
class Appearance:
    """Where a text of this page appeared: the `place`-th of `total` times, in the order of capture."""

    article_id: str
    page_id: str
    position: int
    zone: str
    captured_at: datetime | None
    place: int
    total: int
    page_title: str | None
    publisher: str | None


@dataclass(frozen=True, slots=True)
class Mate:
    """Another text of a story of this page, and a page that shows it."""

    story_id: str
    article_id: str
    title: str | None
    publisher: str | None
    published_at: datetime | None
    text_count: int
    page_id: str


@dataclass(frozen=True, slots=True)
class Articles:
    """The first articles of a page, their appearances by `article_id`, and the other texts of their stories."""

    shown: list[Article]
    others: dict[str, list[Appearance]]
    mates: list[Mate]

    @property
    def total(self) -> int:
        """Articles on the page."""
        return self.shown[0].article_count if self.shown else 0


def read_articles(connection: duckdb.DuckDBPyConnection, page_id: str) -> Articles:
    """The articles of a page whose segments are in `here`."""
    key = {"page_id": page_id}
    shown = fetch(connection, Article, _ARTICLES, {**key, "shown": SHOWN_ARTICLES})
    these = {**key, "article_ids": sorted({article.article_id for article in shown})}
    others: dict[str, list[Appearance]] = {}
    for appearance in fetch(connection, Appearance, _OTHERS, {**these, "near": SHOWN_APPEARANCES // 2}):
        others.setdefault(appearance.article_id, []).append(appearance)
    return Articles(shown, others, fetch(connection, Mate, _MATES, {**these, "shown": SHOWN_MATES}))
