"""The specs and the parameter files among the files and folders that a user names."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from nngen.commands.output import network_in
from nngen.common import files
from nngen.common.files import reason


def specs(paths: Iterable[Path]) -> Iterator[Path]:
    """The spec files: the given files, and the YAML and JSON files in the given folders, except parameter files.

    Raises:
        SpecError: a folder has no spec, or cannot be read.
    """
    for path in dict.fromkeys(paths):
        if not os.path.isdir(path):
            yield path
            continue
        found = [file for file in _listed(path) if network_in(file) is None]
        if not found:
            raise files.refused(path, "the folder holds no spec, which is a .yaml, .yml or .json file")
        yield from found


def parameters(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """The parameter files that ``specs`` skips in folders, each with the name of its network.

    Raises:
        SpecError: a folder cannot be read.
    """
    for path in dict.fromkeys(paths):
        for file in _listed(path) if os.path.isdir(path) else ():
            network = network_in(file)
            if network is not None:
                yield file, network


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(file for file in folder.iterdir() if file.suffix in (".yaml", ".yml", ".json"))
    except OSError as error:
        raise files.refused(folder, f"the folder cannot be read: {reason(error)}") from None
