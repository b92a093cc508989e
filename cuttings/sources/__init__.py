"""Edge in: files of the sources to page bytes, one disposition each.

walk -> reading -> sniff -> scan -> batches of bytes
            sidecar, capture, names ──┘
"""

from cuttings.sources.reasons import REASONS
from cuttings.sources.scan import Batch, Scan, scan

__all__ = ["REASONS", "Batch", "Scan", "scan"]
