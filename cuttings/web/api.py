"""What the charts ask for: rows in Arrow, and exports of what they show in CSV and Parquet."""

from __future__ import annotations

import io
import json
import re
import struct
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from cuttings.errors import CuttingsError
from cuttings.query import spreadsheet_safe
from cuttings.web.queries import Queries, QueryFailedError
from cuttings.web.rendering import generations_of
from cuttings.web.statements import RefusedError, split

ARROW_STREAM: Final = "application/vnd.apache.arrow.stream"
ARROW_FRAMES: Final = "application/octet-stream"
BODY_BYTES: Final = 400_000  # of a request; the longest statement is shorter
_FILE_NAME_CHARS: Final = 180  # file systems take 255 bytes
_NOT_IN_FILE_NAMES: Final = re.compile(r"[^A-Za-z0-9._=+-]+")


async def query(request: Request) -> Response:
    """POST {type: arrow or exec, sql, generation}: Arrow rows of one SELECT, or nothing for a pre-aggregation.

    A list of statements as `sql` is answered by a frame for each, in their order, sent as soon as it is found: 0 for
    rows or 1 for an error, the length of what follows in four bytes, little end first, and the rows or the words.

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
        queries = await run_in_threadpool(_queries, request, asked)
        if asked["list"] is not None:
            return StreamingResponse(_frames(queries, asked["list"]), media_type=ARROW_FRAMES, headers=number)
        answer = await run_in_threadpool(queries.arrow, asked["sql"])
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


def _queries(request: Request, asked: dict[str, Any]) -> Queries:
    return generations_of(request).get(asked["generation"]).queries


def _frames(queries: Queries, statements: list[str]) -> Iterator[bytes]:
    for sql in statements:
        try:
            kind, answer = 0, queries.arrow(sql)
        except (RefusedError, QueryFailedError) as error:
            kind, answer = 1, str(error).encode()
        yield struct.pack("<BI", kind, len(answer)) + answer


def _prepare(request: Request, asked: dict[str, Any]) -> None:
    queries = _queries(request, asked)
    for _, statement in split(asked["sql"]):
        queries.prepare(statement)


def _export(request: Request, asked: dict[str, Any]) -> tuple[bytes, str]:
    rows = _queries(request, asked).table(asked["sql"])
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
        sql = asked["sql"]
        fields = {
            "type": str(asked.get("type", "arrow")),
            "sql": "" if isinstance(sql, list) else str(sql),
            "list": [str(one) for one in sql] if isinstance(sql, list) else None,
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
