"""Analysts' pages: a YAML file in a folder is a page. Read anew on every visit, so nothing has to be built."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import yaml
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from cuttings.resources import resource_dir
from cuttings.web.rendering import generation_of, render

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
SPEC_BYTES: Final = 1024**2  # a page that a person wrote is far shorter


@dataclass(frozen=True, slots=True)
class View:
    """One analysts' page: `name` is its address, `fault` says why it cannot be shown, or is empty."""

    name: str
    path: Path
    title: str
    description: str
    spec: dict[str, Any]
    fault: str = ""


def find_views(folders: tuple[Path, ...]) -> dict[str, View]:
    """The pages of the folders and the ones that ship, by name; the first folder that has a name wins."""
    found: dict[str, View] = {}
    for folder in (*folders, resource_dir("dashboards") / "pages"):
        for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
            if _NAME.fullmatch(path.stem) and path.stem not in found:
                found[path.stem] = _read(path)
    return found


def listing(request: Request) -> Response:
    """Every analysts' page, and how to add one."""
    folders = request.app.state.pages_dirs
    return render(
        request,
        "views.html",
        generation=generation_of(request),
        views=list(find_views(folders).values()),
        folders=[str(folder) for folder in folders],
    )


def page(request: Request) -> Response:
    """One analysts' page; the browser asks for its specification."""
    view = _wanted(request)
    return render(request, "view.html", generation=generation_of(request), view=view)


def spec(request: Request) -> Response:
    """The specification of a page as JSON, so that the browser needs no YAML."""
    view = _wanted(request)
    if view.fault:
        return JSONResponse({"error": view.fault}, HTTPStatus.UNPROCESSABLE_ENTITY)
    return JSONResponse(view.spec)


def _wanted(request: Request) -> View:
    view = find_views(request.app.state.pages_dirs).get(request.path_params["name"])
    if view is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "There is no such page")
    return view


def _read(path: Path) -> View:
    fault, parsed = "", None
    try:
        if path.stat().st_size > SPEC_BYTES:
            fault = f"the file is longer than {SPEC_BYTES:,} bytes"
        else:
            parsed = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        fault = f"it cannot be read: {error}"
    if not fault and not isinstance(parsed, dict):
        fault = "expected a Mosaic specification: keys such as meta, data, plot, hconcat, vconcat"
    specification = parsed if isinstance(parsed, dict) else {}
    meta = specification.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    title, description = str(meta.get("title") or path.stem), str(meta.get("description") or "")
    try:
        JSONResponse(specification)
    except (TypeError, ValueError):
        fault = "write dates in quotes: every value has to be a text, a number, a list or a mapping"
    return View(path.stem, path, title, description, specification, fault)
