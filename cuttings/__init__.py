"""Cut raw text dumps of news pages into articles, date them, and read the warehouse they are published in.

>>> import cuttings
>>> page = cuttings.cut(b"Bridge reopens\\n\\nThe old bridge over the Lune reopened on Monday after a year of repairs.")
>>> page.primary.title
'Bridge reopens'
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cuttings.dates import normalise_dates
    from cuttings.page import Page, cut
    from cuttings.store import Warehouse
    from cuttings.store import open_warehouse as open

# Polars reads this when it is imported. It would hold on to memory for half a second after it was let go of, at a cost
# of a third of what a run over many small files takes; giving it back at once takes no time that can be measured.
os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:0,muzzy_decay_ms:0")

__version__ = "0.1.0"
__all__ = ["Page", "Warehouse", "cut", "normalise_dates", "open"]

# Where each public name lives; imported at first use, so that `import cuttings` costs nothing.
_HOMES = {
    "Page": ("cuttings.page", "Page"),
    "Warehouse": ("cuttings.store", "Warehouse"),
    "cut": ("cuttings.page", "cut"),
    "normalise_dates": ("cuttings.dates", "normalise_dates"),
    "open": ("cuttings.store", "open_warehouse"),
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'cuttings' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
