"""Files of parameters, as the ``save`` of every module writes them: nngen knows its own files by what is in them."""

import json
import re
from pathlib import Path

from nngen import files

MAX_HEAD = 1_000_000
"""Bytes of a file that are searched for who wrote it: the longest list of parameters ends before."""

_HEAD = re.compile(rb'\s*\{\s*"layout"\s*:\s*("(?:[^"\\]|\\.)*")\s*,\s*"parameters"\s*:\s*\[')


def begins(path: Path) -> str | None:
    """The name of the network whose parameters a file begins with; None for any other file.

    Raises:
        SpecError: the file cannot be read.
    """
    return _network(_HEAD.match(files.start(path, MAX_HEAD)))


def holds(path: Path) -> str | None:
    """The name of the network whose parameters a file holds, and nothing else; errors as in ``begins``."""
    with files.opened(path) as file:
        head = _HEAD.match(file.read(MAX_HEAD))
        file.seek(head.end() if head else 0)
        rest = b""
        while head and len(rest) <= 2 and (part := file.read(MAX_HEAD)):
            rest = (rest + part).translate(None, b"+-.0123456789eE, \t\r\n")
    return _network(head) if rest == b"]}" else None


def _network(head: re.Match[bytes] | None) -> str | None:
    try:
        return str(json.loads(head[1])).split(" ")[0] if head else None
    except ValueError:  # no text of JSON
        return None
