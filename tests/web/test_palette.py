"""Colours by numbers: what is told apart by colour stays apart for any colour vision, and what is read can be read.

Colour never says it alone here (the names are always printed); these are the distances that are kept all the same.
"""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

STATIC = Path(__file__).resolve().parents[2] / "cuttings" / "web" / "static"
# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
VISIONS = {
    "common": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = TO_XYZ.sum(axis=1)
LEAST_DISTANCE = 12.0  # CIE76; about four times what the eye just notices between two fields side by side
THEMES = ("light", "dark")


def colours(theme: str) -> dict[str, str]:
    """The hexadecimal colours of a theme by their names, of every stylesheet."""
    found: dict[str, str] = {}
    for sheet in ("theme.css", "inspector.css", "graph.css"):
        text = (STATIC / sheet).read_text(encoding="utf-8").split("@media print")[0]
        for selector, body in re.findall(r'(:root(?:\[data-theme="dark"\])?) \{([^}]*)\}', text):
            if selector == ":root" or theme == "dark":
                found.update(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", body))
    return found


def linear(colour: str) -> np.ndarray:
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    share = np.array([int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)])
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def lab(colour: str, vision: str) -> np.ndarray:
    xyz = TO_XYZ @ np.clip(VISIONS[vision] @ linear(colour), 0, 1) / WHITE
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    low, high = sorted(0.05 + (TO_XYZ @ linear(colour))[1] for colour in (one, other))
    return high / low


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "names",
    [
        ("zone-primary", "zone-related", "zone-sibling", "zone-page"),
        ("del", "ins"),
        ("warn", "bad", "good"),
    ],
    ids=["zones", "changes", "checks"],
)
def test_colours_stay_apart_for_any_vision(names: tuple[str, ...], theme: str, vision: str) -> None:
    found = colours(theme)
    distances = {
        pair: round(float(np.linalg.norm(lab(found[pair[0]], vision) - lab(found[pair[1]], vision))), 1)
        for pair in combinations(names, 2)
    }
    assert min(distances.values()) >= LEAST_DISTANCE, distances


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("theme", THEMES)
def test_heat_grows_in_one_direction(theme: str, vision: str) -> None:
    found = colours(theme)
    lightness = [lab(found[f"heat-{step}"], vision)[0] for step in range(7)]
    steps = np.diff(lightness) * (1 if theme == "dark" else -1)
    assert (steps > 4).all(), lightness


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_read_can_be_read(theme: str) -> None:
    """WCAG 2.2: 4.5 to 1 for text, 3 to 1 for what is only seen."""
    found = colours(theme)
    card = found["card"]
    text = [name for name in found if name in {"ink", "mute", "accent"} or re.fullmatch(r"zone-\w+-ink", name)]
    text += [name for name in found if name.startswith("role-") and name != "role-blank"]
    faint = {name: round(contrast(found[name], card), 2) for name in text if contrast(found[name], card) < 4.5}
    assert not faint
    seen = [name for name in found if name.startswith(("zone-", "hue-"))] + ["focus", "role-blank"]
    faint = {name: round(contrast(found[name], card), 2) for name in seen if contrast(found[name], card) < 3}
    assert not faint
    for state in ("good", "warn", "bad"):
        assert contrast(found[state], found[f"{state}-soft"]) >= 4.5, state
    assert contrast(found["accent-ink"], found["accent"]) >= 4.5
    assert contrast(found["mark"], found["mark-soft"]) >= 4.5
