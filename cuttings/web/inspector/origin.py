"""Where a page comes from: the files that have its bytes, and what was learned of its site's furniture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import duckdb

from cuttings.web.inspector.rows import fetch

SHOWN_FILES: Final = 100
SHOWN_TEMPLATE_LINES: Final = 60

_FILES: Final = """
select
    files.source_label, files.source_name, files.disposition, files.size_bytes, files.modified_at, files.captured_at,
    files.captured_from, files.url, count(*) over ()
from files where files.page_id = $page_id
order by files.disposition desc, files.source_label, files.source_name limit $shown
"""
_TEMPLATE: Final = """
with furniture as (
    select distinct trim(here.text) as text
    from here where here.zone = 'page' and here.role <> 'ws' and length(here.text) <= 200
),

of_the_site as (
    select template_lines.site
    from template_lines
    inner join furniture on template_lines.text = furniture.text
    group by template_lines.site
    order by template_lines.site = $publisher_id desc, count(*) desc, template_lines.site
    limit 1
)

select
    template_lines.site, template_lines.text, template_lines.page_count, template_lines.share,
    template_lines.first_seen, template_lines.last_seen, furniture.text is not null as is_here,
    count(*) over () as line_count
from template_lines
inner join of_the_site on template_lines.site = of_the_site.site
left join furniture on template_lines.text = furniture.text
order by is_here desc, template_lines.page_count desc, template_lines.text
limit $shown
"""


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
    file_count: int  # with these bytes


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
class Origin:
    """The first files of a page and the first furniture lines of its site, those that it has before the others."""

    files: list[File]
    template_lines: list[TemplateLine]


def read_origin(connection: duckdb.DuckDBPyConnection, page_id: str, publisher_id: str | None) -> Origin:
    """The origin of a page whose segments are in `here`."""
    lines = {"publisher_id": publisher_id or "", "shown": SHOWN_TEMPLATE_LINES}
    return Origin(
        fetch(connection, File, _FILES, {"page_id": page_id, "shown": SHOWN_FILES}),
        fetch(connection, TemplateLine, _TEMPLATE, lines),
    )
