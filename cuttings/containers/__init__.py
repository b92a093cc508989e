"""Readers of files that hold several pages: compressed files, archives, JSON Lines, WARC.

kinds -> unpack -> streams, tar, zip, lines, warc -> members

They run in a sandbox: nothing here imports more than the standard library (that of Python 3.14, which has zstandard),
writes a file, or gives a member's name a meaning. A reader is a generator of members, and of None now and then, which
says that it is still at work.
"""
