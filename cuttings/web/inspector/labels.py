"""What a label is called and which colour it wears: zones, and roles in families of like meaning.

Colour never says it alone: the name of zone and role is always printed beside it.
"""

from __future__ import annotations

from typing import Final

from cuttings.contract import ROLES, ZONES

WHITE_SPACE: Final = "ws"
# A family wears one colour of static/inspector.css.
FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "title": ("title", "title_repeat", "kicker", "standfirst", "subhead"),
    "source": ("byline", "author_bio", "place", "source", "dateline"),
    "date": ("date", "live_entry_time", "live_entry_title"),
    "text": ("body", "list_item", "quote", "transcript_turn", "table"),
    "caption": ("caption", "alt_text", "video_ui"),
    "link": ("inline_related", "related_heading", "read_more", "tags"),
    "ad": ("ad", "promo", "paywall"),
    "furniture": ("comments", "share", "nav", "icon", "legal", "cookie", "extractor"),
    "blank": (WHITE_SPACE,),
    "unknown": ("unknown",),
}
FAMILY_OF: Final = {role: family for family, roles in FAMILIES.items() for role in roles}
# Below this a label is worth a look: three in ten of such labels, or more, are wrong.
LOW_CONFIDENCE: Final = 0.7

assert set(FAMILY_OF) == set(ROLES)  # a role of the contract without a colour could not be shown


def named(label: str) -> str:
    """A label in words.

    >>> named("live_entry_time")
    'live entry time'
    """
    return "white space" if label == WHITE_SPACE else label.replace("_", " ")


__all__ = ["FAMILIES", "FAMILY_OF", "LOW_CONFIDENCE", "WHITE_SPACE", "ZONES", "named"]
