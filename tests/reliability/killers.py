"""What a worker runs in the tests of the crew: cutting, with pages that kill it."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

from cuttings.corpus import Tombstones
from cuttings.cutting import cut_to_shard


def cut_or_die(directory: Path, raws: Sequence[bytes], page_ids: Sequence[str], tombstones: Tombstones) -> None:
    """Cut pages, but die of those that say so."""
    for raw in raws:
        for name in ("SEGV", "BUS", "ABRT", "KILL"):
            if raw.startswith(name.encode()):
                os.kill(os.getpid(), getattr(signal, f"SIG{name}"))
        if raw.startswith(b"MEMORY"):
            bytearray(os.urandom(1 << 20) * 2_000)
        if raw.startswith(b"RULE"):
            raise ZeroDivisionError
    cut_to_shard(directory, raws, page_ids, tombstones)
