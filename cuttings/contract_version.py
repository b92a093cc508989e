"""The version of the contract, apart from it: a look at a warehouse needs it, and not the libraries of the tables."""

from __future__ import annotations

from typing import Final

# Part of every generation's identity: a new one rebuilds every table.
CONTRACT_VERSION: Final = 1
