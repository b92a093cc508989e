"""HTML pages: one Jinja environment in which everything is escaped, and what every page is given."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from cuttings import __version__
from cuttings.web.generation import Leases, OpenGeneration

STATIC: Final = Path(__file__).parent / "static"
BUNDLE: Final = STATIC / "bundle"  # made by `make web`, part of the wheel
_TEMPLATES: Final = Path(__file__).parent / "templates"

environment: Final = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def generations_of(request: Request) -> Leases:
    """The generations that are there for this request, and stay open until it is answered."""
    leases: Leases = request.state.leases
    return leases


def generation_of(request: Request) -> OpenGeneration:
    """The generation a request is about: the one it names as `?generation=`, else the published one.

    Raises what `Leases.get` raises; the app turns it into a page that says what to do.
    """
    return generations_of(request).get(request.query_params.get("generation"))


def render(request: Request, template: str, *, status: int = HTTPStatus.OK, **context: Any) -> HTMLResponse:
    """`cuttings/web/templates/<template>`; every value is escaped.

    Beside `context` a page knows `path` (of the request), `version`, `warehouse` and `generation_id`: the generation
    in `context["generation"]`, or an empty text; and `is_built`: the charts are there.
    """
    generation: OpenGeneration | None = context.pop("generation", None)
    html = environment.get_template(template).render(
        path=request.url.path,
        version=__version__,
        warehouse=str(generations_of(request).warehouse),
        generation_id=generation.generation_id if generation else "",
        is_pinned="generation" in request.query_params,
        is_built=(BUNDLE / "overview.js").is_file(),
        **context,
    )
    return HTMLResponse(html, status_code=status)
