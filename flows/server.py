"""A Prefect server of our own, for the length of a block: for one run, or for a schedule."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.error import URLError

from cuttings.errors import StorageError

# A cold Prefect server migrates its database first; on a loaded two-core machine that took up to 50 s.
SERVER_START_SECONDS: Final = 300
# Writing the end of a task takes it milliseconds.
_RECORD_SECONDS: Final = 60
_HOST: Final = "127.0.0.1"
# Addresses of the API by which a flow run, its task runs, their states and what happened in them are written, and of
# what any client may ask. FastAPI puts each of the others together, too, when the first request comes.
_ROUTES_OF_A_RUN: Final = frozenset({
    "/flows", "/flow_runs", "/task_runs", "/flow_run_states", "/task_run_states", "/logs", "/events", "/csrf-token",
    "/concurrency_limits", "/v2/concurrency_limits", "/variables", "/admin", "",
})  # fmt: skip


def is_configured() -> bool:
    """Whether the user has a server, or settings that may name one: then it is Prefect's own business to find it."""
    home = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser()
    return "PREFECT_API_URL" in os.environ or (home / "profiles.toml").exists()


@contextmanager
def own_server() -> Iterator[None]:
    """A server in this process, for its own flow: without pages, and without what only schedules and workers need.

    Prefect would start one in another process, which imports all of Prefect again. To be entered before Prefect is
    imported, which reads its settings then; inside the block flow runs send no heartbeats. Nobody waits for those on a
    server that ends with the run, and the thread that sends them looks only once a second whether the run is over.
    """
    with socket.create_server((_HOST, 0)) as listener:
        # As Prefect marks its own server of this kind; and without what a run of no blocks has no use for.
        os.environ |= {
            "PREFECT_API_URL": f"http://{_HOST}:{listener.getsockname()[1]}/api",
            "PREFECT_UI_ENABLED": "0",
            "PREFECT__SERVER_EPHEMERAL": "1",
            "PREFECT_API_BLOCKS_REGISTER_ON_START": "0",
            "PREFECT_MEMOIZE_BLOCK_AUTO_REGISTRATION": "0",
        }
        from prefect.server.api import server as api  # noqa: PLC0415 (takes seconds)
        from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings  # noqa: PLC0415
        from uvicorn import Config, Server  # noqa: PLC0415

        api.__dict__["API_ROUTERS"] = tuple(router for router in api.API_ROUTERS if router.prefix in _ROUTES_OF_A_RUN)
        server = Server(Config(api.create_app, factory=True, log_level="error", lifespan="on"))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        while not server.started:
            if not thread.is_alive():
                raise StorageError(
                    "the Prefect server of this run stopped before it answered: run `prefect server start` to see why"
                )
            time.sleep(0.01)
        try:
            with temporary_settings(updates={PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
                yield
        finally:
            server.should_exit = True
            thread.join()


def await_records(flow_run_id: str, task_count: int) -> None:
    """Wait until `own_server` has the ends of all tasks of a flow run, which are written behind it.

    Raises StorageError when it takes too long.
    """
    query = {
        "flow_runs": {"id": {"any_": [flow_run_id]}},
        "task_runs": {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]}}},
    }
    request = urllib.request.Request(  # noqa: S310 - loopback, own address
        f"{os.environ['PREFECT_API_URL']}/task_runs/count",
        json.dumps(query).encode(),
        {"Content-Type": "application/json"},
    )
    deadline = time.monotonic() + _RECORD_SECONDS
    while time.monotonic() < deadline:
        with urllib.request.urlopen(request, timeout=_RECORD_SECONDS) as answer:  # noqa: S310 - as above
            if int(answer.read()) >= task_count:
                return
        time.sleep(0.05)
    raise StorageError(f"the Prefect server had not written the ends of {task_count:,} tasks after {_RECORD_SECONDS} s")


@contextmanager
def schedule_server() -> Iterator[str]:
    """The server of a schedule, with its pages and services; gives its API address once it answers."""
    port = _free_port()
    api_url = f"http://{_HOST}:{port}/api"
    with _started(("-m", "prefect", "server", "start", "--host", _HOST, "--port", str(port))) as server:
        _wait_until_healthy(api_url, server)
        yield api_url


@contextmanager
def _started(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(  # noqa: S603 - own words only
        [sys.executable, *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield server
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
            time.sleep(0.1)
    raise StorageError(
        f"the Prefect server did not answer within {SERVER_START_SECONDS} s: set PREFECT_API_URL to one that runs"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port
