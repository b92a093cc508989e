"""What only many pages show: capture times, identity of articles, publishers, stories, template lines."""

from cuttings.corpus.assemble import assemble, assemble_pages
from cuttings.corpus.frames import CutFrames, conform, empty_table

__all__ = ["CutFrames", "assemble", "assemble_pages", "conform", "empty_table"]
