"""Models of Keras in files: the description of the layers, and their weights, by h5py alone."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.graph import Array, Graph
from nngen.bridges.importing.hdf5 import Hdf5, hdf5, numbers
from nngen.bridges.importing.keras.layer import Layer
from nngen.bridges.importing.keras.model import Model, graph
from nngen.bridges.importing.limits import members, parse
from nngen.common.files import refused


def read_keras(content: bytes, where: str) -> Graph:
    """The graph of a ``.keras`` file, a ZIP archive of ``config.json`` and ``model.weights.h5``.

    Raises:
        SpecError: the file is damaged or hostile, or a layer has no equal in a spec.
    """
    archive = members(content, where)
    missing = [name for name in ("config.json", "model.weights.h5") if name not in archive]
    if missing:
        raise refused(where, f"expected a .keras file, which has a member {missing[0]!r}")
    config = parse(archive["config.json"], where, "config.json")
    metadata = parse(archive.get("metadata.json", b"{}"), where, "metadata.json")
    with hdf5(archive["model.weights.h5"], where) as file:
        compiled = config.get("compile_config") if isinstance(config, dict) else None
        version = metadata.get("keras_version") if isinstance(metadata, dict) else None
        return graph(Model(config, compiled, _version(version)), _Numbered(file, archive), where)


def read_h5(content: bytes, where: str) -> Graph:
    """The graph of a legacy ``.h5`` file; errors as in ``read_keras``."""
    with hdf5(content, where) as file:
        config = file.text("model_config")
        if config is None:
            advice = "save the whole model: `model.save(...)`, not `model.save_weights(...)`"
            raise refused(where, "the file has weights, but not the layers that they belong to", advice)
        compiled = file.text("training_config")
        model = Model(
            parse(config, where, "model_config"),
            None if compiled is None else parse(compiled, where, "training_config", nan=True),
            _version(file.text("keras_version") or "2"),
        )
        return graph(model, _Named(file), where)


def _version(given: object) -> str:
    """The version of Keras, if it is one."""
    return given if isinstance(given, str) and re.fullmatch(r"[0-9]+(\.[0-9]+){0,3}", given) else "3"


class _Numbered:
    """The weights of a ``.keras`` file: those of a layer are ``vars/0``, ``vars/1``, in the order of their making."""

    def __init__(self, file: Hdf5, archive: Mapping[str, bytes]) -> None:
        self._file, self._archive = file, archive

    @cached_property
    def _datasets(self) -> Mapping[str, Any]:
        """The arrays by their paths, once the description of the layers is a known one."""
        return self._file.datasets("layers")

    def __call__(self, layer: Layer, shapes: Mapping[str, tuple[int, ...]]) -> Mapping[str, Array]:
        """The weights of a layer, see ``Weights``."""
        group = "/layers/".join(key for key, _ in layer.path) + "/vars"
        found = {path for path in self._datasets if path.rpartition("/")[0] == group}
        expected = [f"{group}/{number}" for number in range(len(shapes))]
        if found != set(expected):
            raise UnfitError(f"expected {len(shapes)} arrays of weights, got {len(found)}")
        owner = self._file.text("name", f"layers/{group}")
        if owner not in (None, layer.name):
            raise UnfitError(f"its weights belong to another layer, {owner!r:.60}")
        return {
            name: numbers(self._datasets[path], shape, name)
            for path, (name, shape) in zip(expected, shapes.items(), strict=True)
        }

    def vocabulary(self, layer: Layer) -> list[Any] | None:
        """A line for each id, see ``Weights``."""
        group = "/layers/".join(key for key, _ in layer.path)
        content = self._archive.get(f"assets/layers/{group}/vocabulary.txt")
        if content is None:
            return None
        try:
            lines = content.decode().split("\n")
            return lines if layer.kind == "StringLookup" else [*map(int, lines)]
        except ValueError:
            raise UnfitError("its vocabulary is damaged") from None


class _Named:
    """The weights of an ``.h5`` file: those of a layer are ``.../LAYER/kernel``; in Keras 2, ``.../LAYER/kernel:0``."""

    def __init__(self, file: Hdf5) -> None:
        self._datasets = file.datasets("model_weights")

    def __call__(self, layer: Layer, shapes: Mapping[str, tuple[int, ...]]) -> Mapping[str, Array]:
        """The weights of a layer, see ``Weights``."""
        top = layer.path[0][1]
        paths = [path.split("/") for path in self._datasets]
        own = [path for path in paths if path[0] == top and path[-2] == layer.name]
        found = {path[-1].removesuffix(":0"): "/".join(path) for path in own}
        if len(own) != len(found) or found.keys() != shapes.keys():
            raise UnfitError(f"expected the weights {', '.join(shapes)}, got {', '.join(sorted(found)) or 'none'}")
        return {name: numbers(self._datasets[found[name]], shape, name) for name, shape in shapes.items()}

    def vocabulary(self, layer: Layer) -> None:
        """These files have none, see ``Weights``."""
