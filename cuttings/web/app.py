"""The dashboard's server: pages, queries and exports over published generations, for this machine's browser."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cuttings.errors import CuttingsError, NothingPublishedError
from cuttings.web import api, inspector, overview, views
from cuttings.web.generation import Generations, is_lone_generation
from cuttings.web.rendering import STATIC, generation_of, generations_of, render

LOOPBACK_HOSTS: Final = ("127.0.0.1", "localhost", "[::1]")
_SAFE_HEADERS: Final = {
    b"content-security-policy": b"default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    b"form-action 'self'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}


def create_app(
    warehouse: Path, *, allowed_hosts: Sequence[str] = LOOPBACK_HOSTS, pages_dirs: Sequence[Path] = ()
) -> Starlette:
    """A Starlette app over `warehouse`: a warehouse, or the folder of one generation.

    It answers only requests whose Host is one of `allowed_hosts`. `pages_dirs` are folders of YAML pages, beside the
    ones that ship. Nothing has to be published yet: then every page says how to publish.
    """
    generations = Generations(warehouse)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        generations.close()

    app = Starlette(
        routes=_routes(),
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(allowed_hosts)), Middleware(_SafeHeaders)],
        exception_handlers={CuttingsError: _error_page, HTTPException: _http_error},
        lifespan=lifespan,
    )
    app.state.generations = generations
    app.state.pages_dirs = tuple(pages_dirs)
    return app


def _routes() -> list[BaseRoute]:
    return [
        Route("/", _overview),
        Route("/graph", _graph),
        Route("/views", views.listing),
        Route("/views/{name}", views.page),
        Route("/views/{name}/spec", views.spec),
        *inspector.routes(),
        Route("/api/generation", _generation),
        Route("/api/query", api.query, methods=["POST"]),
        Route("/api/export", api.export, methods=["POST"]),
        Mount("/static", StaticFiles(directory=STATIC), name="static"),
    ]


def _overview(request: Request) -> Response:
    generation = generation_of(request)
    return render(request, "overview.html", generation=generation, **overview.facts(generation))


def _graph(request: Request) -> Response:
    return render(request, "graph.html", generation=generation_of(request))


def _generation(request: Request) -> Response:
    """What is published now; a page compares it with the generation it stands on."""
    held = generations_of(request)
    return JSONResponse({"published_id": held.published_id(), "is_lone": is_lone_generation(held.warehouse)})


def _error_page(request: Request, error: Exception) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": str(error)}, HTTPStatus.CONFLICT)
    if isinstance(error, NothingPublishedError):
        warehouse = generations_of(request).warehouse
        return render(
            request,
            "message.html",
            status=HTTPStatus.NOT_FOUND,
            heading="Nothing is published here yet",
            lines=[
                "The warehouse is empty. Publish a generation, then this page shows it.",
                "While a first run is under way there is nothing to show either: a generation appears whole.",
            ],
            command=f"cuttings run path/to/dumps --warehouse {warehouse}",
            href=request.url.path,
            link="Look again",
        )
    return render(
        request,
        "message.html",
        status=HTTPStatus.CONFLICT,
        heading="This generation cannot be shown",
        lines=[str(error)],
        command="",
        href=request.url.path,
        link="Show what is published now",
    )


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": error.detail}, error.status_code)
    return render(
        request,
        "message.html",
        status=error.status_code,
        heading=error.detail,
        lines=[],
        command="",
        href="/",
        link="To the overview",
    )


class _SafeHeaders:
    """Adds the headers that keep a page to itself to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_SAFE_HEADERS.items()]
            await send(message)

        await self._app(scope, receive, send_safely)
