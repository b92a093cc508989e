"""What the charts ask for: rows in Arrow, and exports of what they show in CSV and Parquet."""

from __future__ import annotations

import io
import json
import re
from http import HTTPStatus
from typing import Any, Final

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from cuttings.errors import CuttingsError
from cuttings.query import spreadsheet_safe
from cuttings.web.queries import QueryFailedError, RefusedError
from cuttings.web.rendering import generations_of

ARROW_STREAM: Final = "application/vnd.apache.arrow.stream"
BODY_BYTES: Final = 400_000  # of a request; the longest statement is shorter
_FILE_NAME_CHARS: Final = 180  # file systems take 255 bytes
_NOT_IN_FILE_NAMES: Final = re.compile(r"[^A-Za-z0-9._=+-]+")


async def query(request: Request) -> Response:
    """POST {type: arrow or exec, sql, generation}: Arrow rows of one SELECT, or nothing for a pre-aggregation.

    The answer repeats the request's `X-Request-Number`, so that a page can drop answers that come late.
    """
    asked = await _body(request)
    if isinstance(asked, Response):
        return asked
    number = {"x-request-number": request.headers.get("x-request-number", "0")[:20]}
    try:
        if asked["type"] == "exec":
            await run_in_threadpool(_prepare, request, asked)
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=number)
        answer = await run_in_threadpool(_arrow, request, asked)
        return Response(answer, media_type=ARROW_STREAM, headers=number)
    except (RefusedError, QueryFailedError, CuttingsError) as error:
        return _refusal(error)


async def export(request: Request) -> Response:
    """POST {sql, generation, format: csv or parquet, name, filters}: a file of the rows.

    Its name says the panel, the filters and the generation; Parquet says them in its metadata too, in full.
    """
    asked = await _body(request)
    if isinstance(asked, Response):
        return asked
    try:
        content, media_type = await run_in_threadpool(_export, request, asked)
    except (RefusedError, QueryFailedError, CuttingsError) as error:
        return _refusal(error)
    headers = {"content-disposition": f'attachment; filename="{file_name(asked)}"'}
    return Response(content, media_type=media_type, headers=headers)


def file_name(asked: dict[str, Any]) -> str:
    """`articles__publisher=Harbour-Mirror__generation=0123456789abcdef.csv`, of harmless characters."""
    filters = [f"{key}={value}" for key, value in asked["filters"]]
    parts = [_NOT_IN_FILE_NAMES.sub("-", part).strip("-.") for part in [asked["name"], *filters]]
    name = "__".join(part for part in parts if part) or "rows"
    if len(name) > _FILE_NAME_CHARS:
        name = name[:_FILE_NAME_CHARS].rstrip("-._=") + "__and-more"
    return f"{name}__generation={asked['generation']}.{asked['format']}"


def _arrow(request: Request, asked: dict[str, Any]) -> bytes:
    return generations_of(request).get(asked["generation"]).queries.arrow(asked["sql"])


def _prepare(request: Request, asked: dict[str, Any]) -> None:
    try:
        statements = [statement.query.strip().rstrip(";") for statement in duckdb.extract_statements(asked["sql"])]
    except duckdb.Error as error:
        raise RefusedError(f"the SQL does not parse: {error}") from error
    generations_of(request).get(asked["generation"]).queries.prepare(statements)


def _export(request: Request, asked: dict[str, Any]) -> tuple[bytes, str]:
    rows = generations_of(request).get(asked["generation"]).queries.table(asked["sql"])
    if asked["format"] == "parquet":
        facts = {
            "cuttings.generation": asked["generation"],
            "cuttings.filters": json.dumps(asked["filters"], ensure_ascii=False),
            "cuttings.sql": asked["sql"],
        }
        sink = pa.BufferOutputStream()
        pq.write_table(rows.replace_schema_metadata(facts), sink, compression="zstd")
        return sink.getvalue().to_pybytes(), "application/vnd.apache.parquet"
    frame = pl.DataFrame(rows)
    text = io.BytesIO()
    spreadsheet_safe(frame).write_csv(text)
    return text.getvalue(), "text/csv; charset=utf-8"


async def _body(request: Request) -> dict[str, Any] | Response:
    """The JSON object of a request with every field that is needed; else what to answer.

    Only `application/json` is taken: a page of another origin cannot send that without asking first.
    """
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        return JSONResponse({"error": "send application/json"}, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > BODY_BYTES:
            return JSONResponse({"error": "the request is too long"}, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        asked = json.loads(raw)
        fields = {
            "type": str(asked.get("type", "arrow")),
            "sql": str(asked["sql"]),
            "generation": str(asked["generation"]),
            "format": "parquet" if asked.get("format") == "parquet" else "csv",
            "name": str(asked.get("name", "rows")),
            "filters": [(str(key), str(value)) for key, value in asked.get("filters", [])],
        }
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return JSONResponse({"error": "expected a JSON object with sql and generation"}, HTTPStatus.BAD_REQUEST)
    return fields


def _refusal(error: Exception) -> Response:
    if isinstance(error, RefusedError):
        status = HTTPStatus.FORBIDDEN
    elif isinstance(error, QueryFailedError):
        status = HTTPStatus.BAD_REQUEST
    else:
        status = HTTPStatus.GONE  # the generation is not there any more
    return JSONResponse({"error": str(error)}, status)
