"""The addresses of the inspector. Each reads one generation and answers with HTML that needs no script.

/pages                  the list, least certain first
/page/{id}              one page; the beginning of an id is enough where it is the only one
/page/{id}/raw          its bytes
/diff                   two generations side by side
"""

from __future__ import annotations

import re
from contextlib import closing
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from cuttings.contract import PAGE_TYPES, ROLES
from cuttings.web.generation import OpenGeneration, is_lone_generation
from cuttings.web.inspector.articles import read_articles
from cuttings.web.inspector.diff import (
    CHANGE_ROWS,
    ChangedPage,
    compare_generations,
    has_others,
    kept_generations,
    named_pages,
    previous_id,
)
from cuttings.web.inspector.drawing import draw
from cuttings.web.inspector.labels import FAMILY_OF, LOW_CONFIDENCE, ZONES
from cuttings.web.inspector.listing import Wanted, list_pages
from cuttings.web.inspector.notes import read_notes
from cuttings.web.inspector.origin import read_origin
from cuttings.web.inspector.page import find_page, read_facts, read_neighbours
from cuttings.web.inspector.page_diff import SHOWN_CHARS, compare_page
from cuttings.web.inspector.raw import read_raw
from cuttings.web.inspector.segments import ANY_CONFIDENCE, LONG_SEGMENTS, Text, Window, gather, read_text
from cuttings.web.inspector.show import register
from cuttings.web.inspector.timeline import time_line
from cuttings.web.rendering import environment, generation_of, generations_of, render

SHOWN_DATES: Final = 100  # on the time line; a live page can have thousands
LONG_DATES: Final = 1000  # for those who ask for all
_PAGE_ID: Final = re.compile(r"[0-9a-f]{64}")
_PAGE_ID_START: Final = re.compile(r"[0-9a-f]{4,63}")

register(environment)


def routes() -> list[BaseRoute]:
    """`/pages`, `/page/{page_id}`, `/page/{page_id}/raw` and `/diff`."""
    return [
        Route("/pages", _pages),
        Route("/page/{page_id}", _page),
        Route("/page/{page_id}/raw", _raw),
        Route("/diff", _diff),
    ]


def _pages(request: Request) -> Response:
    generation = generation_of(request)
    with closing(generation.connection()) as connection:
        listing = list_pages(connection, Wanted.read(request.query_params))
    return _render(request, generation, "pages", listing=listing, page_types=PAGE_TYPES)


def _page(request: Request) -> Response:
    generation = generation_of(request)
    page_id = str(request.path_params["page_id"])
    window = _window(request)
    with closing(generation.connection()) as connection:
        facts = read_facts(connection, page_id) if _PAGE_ID.fullmatch(page_id) else None
        if facts is None:
            found = find_page(connection, page_id) if _PAGE_ID_START.fullmatch(page_id) else ()
            if len(found) == 1:
                return RedirectResponse(str(request.url.replace(path=f"/page/{found[0]}")))
            return _unknown(request, generation, page_id, is_many=len(found) > 1)
        gather(connection, page_id)
        text = read_text(connection, facts.size_bytes, window)
        notes = read_notes(connection, page_id, text.byte_range)
        articles = read_articles(connection, page_id)
        origin = read_origin(connection, page_id, facts.publisher_id)
        neighbours = read_neighbours(connection, facts)
    shown_dates = notes.dates[:LONG_DATES] if window.is_long else notes.dates[:SHOWN_DATES]
    dates = time_line(shown_dates, facts.captured_at, facts.captured_earliest_at, facts.captured_latest_at)
    return _render(
        request,
        generation,
        "page",
        facts=facts,
        neighbours=neighbours,
        text=text,
        rows=draw(text.segments, facts.encoding, notes.dates, notes.repairs, len(shown_dates)),
        notes=notes,
        articles=articles,
        origin=origin,
        dates=dates,
        window=window,
        has_changes=has_others(generation),
        longest=LONG_SEGMENTS,
        low=LOW_CONFIDENCE,
        zones=ZONES,
        families=FAMILY_OF,
        seen={line.text: line for line in origin.template_lines if line.is_here},
        with_window=lambda **changes: _window_query(request, window, **changes),
        window_fields=_window_fields(request, window, at=None),
        at_segment=lambda no: _segment_link(request, text, window, no),
    )


def _raw(request: Request) -> Response:
    generation = generation_of(request)
    page_id = str(request.path_params["page_id"])
    with closing(generation.connection()) as connection:
        facts = read_facts(connection, page_id) if _PAGE_ID.fullmatch(page_id) else None
        if facts is None:
            return _unknown(request, generation, page_id)
        raw = read_raw(connection, page_id, facts.encoding)
    kind = "attachment" if "download" in request.query_params else "inline"
    return Response(
        raw.content,
        headers={
            "Content-Type": f"text/plain; charset={raw.charset}",
            "Content-Disposition": f'{kind}; filename="{page_id[:16]}.txt"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            # The very bytes that were read, or their text as UTF-8 where they cannot be made again from it.
            "Cuttings-Fidelity": "exact" if raw.is_exact else "decoded",
        },
    )


def _diff(request: Request) -> Response:
    held = generations_of(request)
    published = held.get()
    kept = [] if is_lone_generation(held.warehouse) else kept_generations(published)
    to_id = request.query_params.get("to", published.generation_id)
    after = held.get(to_id)
    others = [one.generation_id for one in kept if one.generation_id != to_id]
    earlier = previous_id(after)
    from_id = request.query_params.get("from", earlier if earlier in others else next(iter(others), to_id))
    context: dict[str, Any] = {"kept": kept, "from_id": from_id, "to_id": to_id, "page_id": "", "comparison": None}
    if from_id == to_id:
        return _render(request, published, "diff", **context)
    before = held.get(from_id)
    comparison = compare_generations(before, after)
    last_screen = max(1, -(-len(comparison.pages) // CHANGE_ROWS))
    screen = min(_number(request.query_params.get("screen", "1")) or 1, last_screen)
    rows = named_pages(comparison.pages[(screen - 1) * CHANGE_ROWS : screen * CHANGE_ROWS], before, after)
    page_id = request.query_params.get("page", "")
    if page_id:
        context |= {"page_id": page_id, "page": compare_page(before, after, page_id)}
        context["row"] = named_pages([ChangedPage(page_id, "", (), None, None)], before, after)[0]
    return _render(
        request,
        published,
        "diff",
        **{"page": None, **context, "comparison": comparison},
        rows=rows,
        screen=screen,
        last_screen=last_screen,
        here="/diff?" + urlencode({"from": from_id, "to": to_id}),
        families=FAMILY_OF,
        shown_chars=SHOWN_CHARS,
    )


def _number(text: str) -> int:
    """A whole number of an address, as large as one can be meant; 0 when it is none."""
    return int(text[:9]) if text.isascii() and text.isdigit() else 0


def _unknown(request: Request, generation: OpenGeneration, page_id: str, *, is_many: bool = False) -> Response:
    return _render(request, generation, "unknown", status=HTTPStatus.NOT_FOUND, page_id=page_id, is_many=is_many)


def _window(request: Request) -> Window:
    """What part of the text an address asks for; what it cannot mean is left out."""
    query = request.query_params
    at, below = query.get("at", ""), query.get("below", "")
    return Window(
        at=_number(at),
        below=float(below) if re.fullmatch(r"[01]\.[0-9]{1,3}", below) else ANY_CONFIDENCE,
        roles=tuple(role for role in query.getlist("role") if role in ROLES),
        zones=tuple(zone for zone in query.getlist("zone") if zone in ZONES),
        is_long=query.get("show") == "all",
    )


def _window_query(request: Request, window: Window, **changes: Any) -> str:
    """The parameters of an address that asks for `window` with `changes`."""
    return "?" + urlencode(_window_fields(request, window, **changes))


def _window_fields(request: Request, window: Window, **changes: Any) -> list[tuple[str, str]]:
    values = {
        "generation": request.query_params.get("generation"),
        "at": window.at,
        "below": None if window.below == ANY_CONFIDENCE else f"{window.below:.3f}",
        "role": window.roles,
        "zone": window.zones,
        "show": "all" if window.is_long else None,
        **changes,
    }
    named = [(name, value if isinstance(value, tuple) else (value,)) for name, value in values.items()]
    return [(name, str(one)) for name, several in named for one in several if one]


def _segment_link(request: Request, text: Text, window: Window, segment_no: int) -> str:
    """Where a segment of the page is shown: on this screen, else on the one that holds it, with nothing left out."""
    place = f"#segment-{segment_no}"
    is_here = not window.is_narrowed and text.first <= segment_no < text.first + text.shown
    return place if is_here else _window_query(request, Window(at=segment_no)) + place


def _render(
    request: Request, generation: OpenGeneration, name: str, *, status: int = HTTPStatus.OK, **context: Any
) -> Response:
    """A page of the inspector; `keep` carries a pinned generation into the links."""
    pinned = request.query_params.get("generation")
    keep = "?" + urlencode({"generation": pinned}) if pinned else ""
    return render(request, f"inspector/{name}.html", status=status, generation=generation, keep=keep, **context)
