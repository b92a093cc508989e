"""Whether anything in the sources changed after a moment: a hint, found in a twentieth of the time of a scan.

What is to be started for a run can so be started before the scan. What was removed, or carries an older time, is not
seen: only the scan, which reads every byte, tells whether there is something to do.
"""

from __future__ import annotations

import os
from contextlib import suppress

from cuttings.config import Config
from cuttings.sources.objects import Source
from cuttings.sources.reading import opened_root
from cuttings.sources.roots import identity_of, sources_of
from cuttings.sources.walk import walk


def is_newer(config: Config, since_ns: int) -> bool:
    """Whether an object or a folder of the sources changed after `since_ns`. Raises UsageError as `scan` does."""
    return any(_is_newer(source, config, since_ns) for source in sources_of(config.sources))


def _is_newer(source: Source, config: Config, since_ns: int) -> bool:
    with suppress(OSError), opened_root(source.directory) as root_fd:
        if source.file is not None:
            return _changed_ns(root_fd, source.file) > since_ns
        for directory in walk(root_fd, identity_of(config.warehouse)):
            if directory.fd >= 0 and os.fstat(directory.fd).st_mtime_ns > since_ns:
                return True
            if any(_changed_ns(directory.fd, file) > since_ns for file in directory.files):
                return True
    return False


def _changed_ns(directory_fd: int, name: bytes) -> int:
    try:
        return os.stat(name, dir_fd=directory_fd, follow_symlinks=False).st_mtime_ns
    except OSError:  # the scan will say what is wrong with it
        return 0
