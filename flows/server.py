"""A Prefect server of our own, for the length of a block: for one run, or for a schedule."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final
from urllib.error import URLError

from cuttings.errors import StorageError

# A cold Prefect server migrates its database first; on a loaded two-core machine that took up to 50 s.
SERVER_START_SECONDS: Final = 300
_HOST: Final = "127.0.0.1"
# Uvicorn, without looking for garbage among the classes that Prefect's server is made of: a fifth of its start.
_QUICKLY: Final = "import gc; gc.set_threshold(100_000); from uvicorn.main import main; main()"


def is_configured() -> bool:
    """Whether the user has a server, or settings that may name one: then it is Prefect's own business to find it."""
    home = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser()
    return "PREFECT_API_URL" in os.environ or (home / "profiles.toml").exists()


@contextmanager
def run_server() -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """The server of one run: without pages and without the services that only schedules need.

    Prefect would start the same one, but only after it has imported all of the server into the process of the run as
    well: five seconds. It starts at once; run the flow in the context that this gives, which waits until it answers.
    """
    port = _free_port()
    options = ("--host", _HOST, "--port", str(port), "--log-level", "error", "--lifespan", "on")
    command = ("-P", "-c", _QUICKLY, "--factory", "prefect.server.api.server:create_app", *options)
    # As Prefect marks its own server of this kind; and without what a run of no blocks has no use for.
    environment = {
        "PREFECT_UI_ENABLED": "0",
        "PREFECT__SERVER_EPHEMERAL": "1",
        "PREFECT_API_BLOCKS_REGISTER_ON_START": "0",
        "PREFECT_MEMOIZE_BLOCK_AUTO_REGISTRATION": "0",
    }
    api_url = f"http://{_HOST}:{port}/api"
    with _started(command, environment) as server:
        os.environ["PREFECT_API_URL"] = api_url  # read by Prefect at its import
        try:
            yield lambda: _answering(api_url, server)
        finally:
            del os.environ["PREFECT_API_URL"]


@contextmanager
def schedule_server() -> Iterator[str]:
    """The server of a schedule, with its pages and services; gives its API address once it answers."""
    port = _free_port()
    api_url = f"http://{_HOST}:{port}/api"
    with _started(("-m", "prefect", "server", "start", "--host", _HOST, "--port", str(port)), {}) as server:
        _wait_until_healthy(api_url, server)
        yield api_url


@contextmanager
def _started(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(  # noqa: S603 - own words only
        [sys.executable, *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
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


@contextmanager
def _answering(api_url: str, server: subprocess.Popen[bytes]) -> Iterator[None]:
    """Wait until the server answers; inside the block flow runs send no heartbeats.

    Nobody waits for those on a server that ends with the run, and the thread that sends them looks only once a second
    whether the run is over, while the run waits for it.
    """
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings  # noqa: PLC0415 (takes seconds)

    _wait_until_healthy(api_url, server)
    with temporary_settings(updates={PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield


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
