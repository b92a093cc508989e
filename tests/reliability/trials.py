"""How many trials a test makes: few in `make test`, those of the promise in `make torture`.

CUTTINGS_TORTURE is the share of the trials that are drawn at random, 1 for all. What is tried point by point is tried
at every point, whatever the share.
"""

from __future__ import annotations

import os
from typing import Final

SHARE: Final = float(os.environ.get("CUTTINGS_TORTURE") or 0)
IS_TORTURE: Final = SHARE > 0


def trials(few: int, all_of_them: int) -> int:
    """The number of random trials to make."""
    return max(few, round(SHARE * all_of_them)) if IS_TORTURE else few
