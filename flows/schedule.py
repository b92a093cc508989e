"""Serve the ingest flow on a schedule, with a Prefect server of its own when none is configured."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final
from urllib.error import URLError

from cuttings.errors import StorageError
from cuttings.resources import load_module

# A cold Prefect server migrates its database first; on a loaded two-core machine that took up to 50 s.
SERVER_START_SECONDS: Final = 300


def serve(parameters: dict[str, Any], *, every: timedelta | None, cron: str | None, name: str = "scheduled") -> None:
    """Run the flow with `parameters` on a schedule until interrupted: `every` so much, or by a `cron` expression."""
    if os.environ.get("PREFECT_API_URL"):
        _serve(parameters, every=every, cron=cron, name=name)
        return
    with local_server() as api_url:
        os.environ["PREFECT_API_URL"] = api_url  # read by Prefect at its import, below, and by the runs it starts
        _serve(parameters, every=every, cron=cron, name=name)


def _serve(parameters: dict[str, Any], *, every: timedelta | None, cron: str | None, name: str) -> None:
    flow = load_module("flows", "ingest").ingest
    # Two runs at once would only have the second exit: the warehouse admits one writer.
    flow.serve(name=name, interval=every, cron=cron, parameters=parameters, limit=1, print_starting_message=False)


@contextmanager
def local_server() -> Iterator[str]:
    """A Prefect server on a free loopback port for the length of the block; gives its API address once it answers."""
    port = _free_port()
    api_url = f"http://127.0.0.1:{port}/api"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - own words only
    try:
        _wait_until_healthy(api_url, server)
        yield api_url
    finally:
        server.terminate()
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_until_healthy(api_url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SERVER_START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise StorageError(
                f"the Prefect server stopped with exit code {server.returncode} before it answered: "
                "run `prefect server start` to see why, or set PREFECT_API_URL to a server that runs"
            )
        try:
            with urllib.request.urlopen(f"{api_url}/health", timeout=5) as answer:  # noqa: S310 - loopback, own address
                if answer.status == 200:
                    return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.25)
    raise StorageError(
        f"the Prefect server did not answer within {SERVER_START_SECONDS} s: set PREFECT_API_URL to one that runs"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
