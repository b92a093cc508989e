"""Everything the inspector says of one page, read from the tables of a generation.

The text itself is in `segments.py`; here is what stands around it: facts, articles and where else they appeared,
stories, files, template lines, and the pages before and after it by confidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import duckdb

from cuttings.web.inspector.rows import fetch, single

# Rows shown of lists that can be as long as the warehouse: the ends and the neighbours, the rest is counted.
SHOWN_APPEARANCES: Final = 8
SHOWN_MATES: Final = 12
SHOWN_TEMPLATE_LINES: Final = 60
SHOWN_FILES: Final = 100

_FACTS: Final = """
select
    pages.page_id, primaries.title, publishers.name, pages.publisher_id, pages.page_type, pages.dialect,
    pages.language, pages.encoding, pages.is_damaged, pages.size_bytes, pages.captured_at, pages.captured_from,
    pages.captured_earliest_at, pages.captured_latest_at, pages.primary_count, pages.related_count, pages.confidence
from pages
left join appearances as primaries on pages.page_id = primaries.page_id and primaries.position = 0
left join publishers on pages.publisher_id = publishers.publisher_id
where pages.page_id = $page_id
"""
# One pass without a sort: the greatest of those before, the least of those after.
_NEIGHBOURS: Final = """
with placed as (
    select
        pages.page_id, {key: pages.confidence, id: pages.page_id} as place,
        pages.confidence < $confidence or (pages.confidence = $confidence and pages.page_id < $page_id) as is_before
    from pages
)

select
    arg_max(page_id, place) filter (where is_before),
    arg_min(page_id, place) filter (where not is_before and page_id <> $page_id),
    count(*) filter (where is_before) + 1,
    count(*)
from placed
"""
_ARTICLES: Final = """
select
    appearances.position, appearances.zone, appearances.article_id, appearances.title, appearances.source_name,
    publishers.name, appearances.date_text, appearances.published_at, appearances.published_earliest_at,
    appearances.published_latest_at, appearances.published_precision, appearances.body_status,
    appearances.is_contiguous, appearances.byte_start, appearances.byte_end, appearances.confidence,
    articles.word_count, articles.story_id, articles.appearance_count, firsts.segment_no
from appearances
inner join articles on appearances.article_id = articles.article_id
left join publishers on appearances.publisher_id = publishers.publisher_id
left join (
    select segments.position, min(segments.segment_no) as segment_no
    from segments where segments.page_id = $page_id and segments.position is not null group by segments.position
) as firsts on appearances.position = firsts.position
where appearances.page_id = $page_id
order by appearances.position
"""
# Ordered by capture, so that "first" is where the text was first seen.
_OTHERS: Final = """
with here as (
    select distinct appearances.article_id from appearances where appearances.page_id = $page_id
),

ranked as (
    select
        appearances.article_id, appearances.page_id, appearances.position, appearances.zone, pages.captured_at,
        row_number() over in_order as place,
        count(*) over (partition by appearances.article_id) as total
    from appearances
    inner join here on appearances.article_id = here.article_id
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
with here as (
    select distinct articles.story_id
    from appearances
    inner join articles on appearances.article_id = articles.article_id
    where appearances.page_id = $page_id and articles.story_id is not null
),

mates as (
    select articles.*, count(*) over (partition by articles.story_id) as text_count,
        row_number() over (
            partition by articles.story_id order by articles.published_at nulls last, articles.article_id
        ) as place
    from articles
    inner join here on articles.story_id = here.story_id
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
_FILES: Final = """
select
    files.source_label, files.source_name, files.disposition, files.size_bytes, files.modified_at, files.captured_at,
    files.captured_from, files.url
from files where files.page_id = $page_id
order by files.disposition desc, files.source_label, files.source_name limit $shown
"""
_TEMPLATE: Final = """
with here as (
    select distinct trim(segments.text) as text
    from segments where segments.page_id = $page_id and segments.zone = 'page' and segments.role <> 'ws'
        and length(segments.text) <= 200
),

of_the_site as (
    select template_lines.site
    from template_lines
    inner join here on template_lines.text = here.text
    group by template_lines.site
    order by template_lines.site = $publisher_id desc, count(*) desc, template_lines.site
    limit 1
)

select
    template_lines.site, template_lines.text, template_lines.page_count, template_lines.share,
    template_lines.first_seen, template_lines.last_seen, here.text is not null as is_here,
    count(*) over () as line_count
from template_lines
inner join of_the_site on template_lines.site = of_the_site.site
left join here on template_lines.text = here.text
order by is_here desc, template_lines.page_count desc, template_lines.text
limit $shown
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """A row of `pages` with the title of its primary and the name of its publisher."""

    page_id: str
    title: str | None
    publisher: str | None
    publisher_id: str | None
    page_type: str
    dialect: str
    language: str | None
    encoding: str
    is_damaged: bool
    size_bytes: int
    captured_at: datetime | None
    captured_from: str
    captured_earliest_at: datetime | None
    captured_latest_at: datetime | None
    primary_count: int
    related_count: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The pages before and after in the order of confidence; `place` counts from 1, the least certain page."""

    previous_id: str | None
    next_id: str | None
    place: int
    page_count: int


@dataclass(frozen=True, slots=True)
class Article:
    """An article on the page; `first_segment_no` is where it begins, None when no segment is its own."""

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
class File:
    """An object whose bytes are this page."""

    source_label: str
    source_name: str
    disposition: str
    size_bytes: int
    modified_at: datetime | None
    captured_at: datetime | None
    captured_from: str
    url: str | None


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A furniture line of the page's site; `is_here` when this page has it, `line_count` counts those of the site."""

    site: str
    text: str
    page_count: int
    share: float
    first_seen: datetime | None
    last_seen: datetime | None
    is_here: bool
    line_count: int


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the text of a page."""

    neighbours: Neighbours
    articles: list[Article]
    others: dict[str, list[Appearance]]
    mates: list[Mate]
    files: list[File]
    template_lines: list[TemplateLine]


def find_page(connection: duckdb.DuckDBPyConnection, start: str) -> Sequence[str]:
    """Up to two ids of pages that begin with `start`."""
    sql = "select page_id from pages where starts_with(page_id, $start) order by page_id limit 2"
    return [row[0] for row in connection.execute(sql, {"start": start}).fetchall()]


def read_facts(connection: duckdb.DuckDBPyConnection, page_id: str) -> Facts | None:
    """The page itself; None when the generation has no such page."""
    return single(connection, Facts, _FACTS, {"page_id": page_id})


def read_around(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Around:
    """Articles, stories, files, template lines and neighbours of a page that is there."""
    key = {"page_id": facts.page_id}
    neighbours = single(connection, Neighbours, _NEIGHBOURS, {**key, "confidence": facts.confidence})
    assert neighbours is not None  # an aggregate has a row
    others: dict[str, list[Appearance]] = {}
    for appearance in fetch(connection, Appearance, _OTHERS, {**key, "near": SHOWN_APPEARANCES // 2}):
        others.setdefault(appearance.article_id, []).append(appearance)
    return Around(
        neighbours=neighbours,
        articles=fetch(connection, Article, _ARTICLES, key),
        others=others,
        mates=fetch(connection, Mate, _MATES, {**key, "shown": SHOWN_MATES}),
        files=fetch(connection, File, _FILES, {**key, "shown": SHOWN_FILES}),
        template_lines=fetch(
            connection,
            TemplateLine,
            _TEMPLATE,
            {**key, "publisher_id": facts.publisher_id or "", "shown": SHOWN_TEMPLATE_LINES},
        ),
    )
