"""Serve the ingest flow on a schedule, with a Prefect server of its own when none is configured."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from cuttings.resources import load_module


def serve(parameters: dict[str, Any], *, every: timedelta | None, cron: str | None, name: str = "scheduled") -> None:
    """Run the flow with `parameters` on a schedule until interrupted: `every` so much, or by a `cron` expression."""
    if os.environ.get("PREFECT_API_URL"):
        _serve(parameters, every=every, cron=cron, name=name)
        return
    server = load_module("flows", "server")
    with server.schedule_server() as api_url:
        os.environ["PREFECT_API_URL"] = api_url  # read by Prefect at its import, below, and by the runs it starts
        _serve(parameters, every=every, cron=cron, name=name)


def _serve(parameters: dict[str, Any], *, every: timedelta | None, cron: str | None, name: str) -> None:
    flow = load_module("flows", "ingest").ingest
    # Two runs at once would only have the second exit: the warehouse admits one writer.
    flow.serve(name=name, interval=every, cron=cron, parameters=parameters, limit=1, print_starting_message=False)
