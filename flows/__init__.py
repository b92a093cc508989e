"""Prefect only: thin flows over `cuttings.pipeline`, and how they are served on a schedule."""
