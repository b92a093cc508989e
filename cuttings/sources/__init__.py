"""Edge in: files of the sources, and what is packed in them, to page bytes, one disposition each.

walk -> reading -> sniff -> scan -> rereading -> batches of bytes
roots   members ──────────────┘ │
        sidecar, capture ─ provenance
"""

from cuttings.sources.newer import is_newer
from cuttings.sources.reasons import REASONS
from cuttings.sources.scan import Batch, Known, Scan, scan

__all__ = ["REASONS", "Batch", "Known", "Scan", "is_newer", "scan"]
