"""Analysts' pages: a YAML file in a folder is a page. Read anew on every visit, so nothing has to be built."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import yaml
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from cuttings.resources import resource_dir
from cuttings.web.parameters import misspelt_parameter
from cuttings.web.rendering import generation_of, render

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
SPEC_BYTES: Final = 1024**2  # a page that a person wrote is far shorter
# What a specification can draw, at its top; see the components of Mosaic's specifications.
_DRAWN: Final = frozenset({"plot", "hconcat", "vconcat", "hspace", "vspace", "input", "legend", "mark"})


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
    for path in _files(folders):
        if _NAME.fullmatch(path.stem) and path.stem not in found:
            found[path.stem] = _read(path)
    return found


def _files(folders: tuple[Path, ...]) -> list[Path]:
    every = (*folders, resource_dir("dashboards") / "pages")
    return [path for folder in every for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])]


def listing(request: Request) -> Response:
    """Every analysts' page, and how to add one."""
    folders = request.app.state.pages_dirs
    return render(
        request,
        "views.html",
        generation=generation_of(request),
        views=list(find_views(folders).values()),
        folders=[str(folder) for folder in folders],
        unnamed=[path.name for path in _files(folders) if not _NAME.fullmatch(path.stem)],
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
    try:
        specification, fault = _specification(path), ""
    except _FaultError as error:
        specification, fault = {}, str(error)
    meta = specification.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    title, description = str(meta.get("title") or path.stem), str(meta.get("description") or "")
    return View(path.stem, path, title, description, specification, fault)


class _FaultError(Exception):
    """Why a file is no page, in words of the person who wrote it."""


def _specification(path: Path) -> dict[str, Any]:
    """What the file says. Names of marks, attributes and columns are judged where the page is drawn."""
    try:
        if path.stat().st_size > SPEC_BYTES:
            raise _FaultError(f"the file is longer than {SPEC_BYTES:,} bytes")
        text = path.read_text(encoding="utf-8")
        parsed = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "somewhere"
        raise _FaultError(f"it is no YAML: {where}: {error.problem}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise _FaultError(f"it cannot be read: {error}") from error
    if not isinstance(parsed, dict):
        raise _FaultError(f"expected a mapping with one of the keys {_list(_DRAWN)}, and optionally meta and params")
    if not _DRAWN.intersection(map(str, parsed)):
        raise _FaultError(
            f"nothing is drawn: expected one of the keys {_list(_DRAWN)}, and found {_list(parsed) or 'no key'}"
        )
    if "data" in parsed:
        raise _FaultError("take out `data`: a page creates no table, its marks read those that are there")
    try:
        JSONResponse(parsed)
    except (TypeError, ValueError) as error:
        raise _FaultError("write dates in quotes: a value is a text, a number, a list or a mapping") from error
    if fault := misspelt_parameter(text):
        raise _FaultError(fault)
    return parsed


def _list(names: Iterable[object]) -> str:
    return ", ".join(sorted(map(str, names)))
