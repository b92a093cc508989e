"""P12, P22: a whole run, its audit included, in a network namespace where there is nothing to reach."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cuttings import store
from tests.reliability.trials import IS_TORTURE

# Prefect's server for one run listens on loopback, which a new namespace has, but down.
LOOPBACK_UP = (
    "import fcntl, os, socket, struct, sys\n"
    "with socket.socket() as s: fcntl.ioctl(s, 0x8914, struct.pack('16sh14x', b'lo', 1))\n"
    "os.execv(sys.executable, [sys.executable, '-m', 'cuttings', *sys.argv[1:]])\n"
)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["--prefect", "--no-prefect"])
def test_a_run_needs_no_network(tmp_path: Path, way: str) -> None:
    if way == "--prefect" and not IS_TORTURE:
        pytest.skip("the flow without a network is part of make torture")
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-n", "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine does not give its users a network namespace")
    dump = tmp_path / "dump"
    dump.mkdir()
    for name in ("a[1].txt", "http:", "s3:bucket", "star*.txt", "gen=9"):
        (dump / name).write_text(
            f"Bridge {name} reopens\n\nThe old bridge reopened on Monday. See http://a.example/{name}\n"
        )
    command = [
        unshare,
        "-n",
        sys.executable,
        "-c",
        LOOPBACK_UP,
        "run",
        str(dump),
        "-w",
        str(tmp_path / "warehouse"),
        way,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with store.open_warehouse(tmp_path / "warehouse") as opened:
        assert opened.table("pages").collect().height == 5
