"""A reader in a process of its own: pins, reads, holds, again and again; prints what it saw as JSON at the end.

python readers.py WAREHOUSE STOP_FILE SEED pinned|unpinned
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import toy

from cuttings import store
from cuttings.store.layout import Layout


@contextmanager
def unpinned(warehouse: Path) -> Iterator[Path]:
    """Broken: reads the pointer, takes no lease."""
    layout = Layout(warehouse)
    generation_id = layout.current_id()
    assert generation_id is not None
    yield layout.generation(generation_id)


def main(warehouse: Path, stop: Path, seed: int, way: str) -> dict[str, object]:
    draw = random.Random(seed)
    pin = store.pinned if way == "pinned" else unpinned
    reads, errors, mixed = 0, [], 0
    print("ready", flush=True)
    while not stop.exists():
        try:
            with pin(warehouse) as directory:
                first = toy.states_seen(directory)
                time.sleep(draw.choice((0, 0, 0.05, 0.3)))
                second = toy.states_seen(directory)
            reads += 1
            mixed += len(first) != 1 or first != second
        except Exception as error:  # noqa: BLE001 (every kind is counted and shown)
            errors.append(f"{type(error).__name__}: {error}"[:200])
    return {"reads": reads, "errors": errors, "mixed": mixed}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])))
