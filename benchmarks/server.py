"""A dashboard server in a process of its own, for what is measured and pictured."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen


@contextmanager
def serving(warehouse: Path) -> Iterator[tuple[str, int]]:
    """The address, without a slash at its end, and the process id of a server that answers, on a free port."""
    command = [sys.executable, "-m", "cuttings", "dashboard", "-w", str(warehouse), "--port", "0", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().split()[-1].rstrip("/")  # "<warehouse> at <address>"
            with urlopen(f"{url}/api/generation", timeout=60):  # it listens already, and answers when it is ready
                pass
            yield url, server.pid
        finally:
            server.terminate()
