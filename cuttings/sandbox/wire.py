"""What the two ends of a worker's socket say to each other: one byte that tells the kind, and a pickle.

Both ends are this program; pickles never come from anywhere else. They are written and read as streams, so that a
large value is in memory once at each end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CALL: Final = b"c"  # to the worker: (limits, is_iterated, function, arguments), descriptors beside this byte
VALUE: Final = b"v"  # from the worker: the result of a call
ITEM: Final = b"i"  # an item of an iteration
END: Final = b"e"  # the end of an iteration
RAISED: Final = b"r"  # the exception that the function raised
DIED: Final = b"d"  # the last words of a worker that ends itself: its reason

OUT_OF_MEMORY: Final = "out_of_memory"
MAX_DESCRIPTORS: Final = 16


@dataclass(frozen=True, slots=True)
class Descriptor:
    """An argument that is an open file of the caller: the function gets the number of its own duplicate."""

    fd: int
