"""The dashboard's server: pages, queries and exports over published generations, for this machine's browser."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

import duckdb
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from cuttings.errors import CorruptWarehouseError, CuttingsError, NothingPublishedError
from cuttings.web import api, inspector, overview, views
from cuttings.web.generation import Generations, is_lone_generation
from cuttings.web.guards import LOOPBACK_HOSTS, OwnRequests, SafeHeaders
from cuttings.web.rendering import BUNDLE, STATIC, generation_of, generations_of, render
from cuttings.web.warming import Warming


def create_app(
    warehouse: Path, *, allowed_hosts: Sequence[str] = LOOPBACK_HOSTS, pages_dirs: Sequence[Path] = ()
) -> Starlette:
    """A Starlette app over `warehouse`: a warehouse, or the folder of one generation.

    It answers only requests whose Host, whatever the port, is one of `allowed_hosts`. `pages_dirs` are folders of YAML
    pages, beside the ones that ship. Nothing has to be published yet: then every page says how to publish.
    """
    generations = Generations(warehouse)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        warming = Warming(generations, BUNDLE / "first.json")
        warming.start()
        yield
        warming.stop()
        generations.close()

    app = Starlette(
        routes=_routes(),
        middleware=[
            Middleware(SafeHeaders),
            Middleware(OwnRequests, hosts=allowed_hosts),
            Middleware(_Leased, generations=generations),
        ],
        exception_handlers={
            CuttingsError: _error_page,
            duckdb.Error: _unreadable,
            OSError: _unreadable,
            HTTPException: _http_error,
        },
        lifespan=lifespan,
    )
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


def _unreadable(request: Request, error: Exception) -> Response:
    """A file of the generation was damaged or taken away after it was opened."""
    found = f"{generations_of(request).warehouse}: {error}: run `cuttings verify`, and reload"
    return _error_page(request, CorruptWarehouseError(found))


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


class _Leased:
    """Gives every request leases of its own on the generations, and ends them with it."""

    def __init__(self, app: ASGIApp, generations: Generations) -> None:
        self._app = app
        self._generations = generations

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._generations.leases() as leases:
            scope.setdefault("state", {})["leases"] = leases
            await self._app(scope, receive, send)
