"""The contents of exported files, by their kind."""

from collections.abc import Collection
from pathlib import Path

import numpy as np

from nngen.bridges.exporting.frameworks import source
from nngen.common import files
from nngen.description.data import Encoding, encoding
from nngen.description.model import Spec
from nngen.plan import plan
from nngen.reading import fingerprint, parameter_files, safetensors

KINDS = ("onnx", "safetensors", "torch", "keras")
"""The kinds of files, in the order in which they are written."""


def exported(spec: Spec, folder: Path, params: Path, kinds: Collection[str], dtype: str) -> dict[str, str | bytes]:
    """The content of a file for each kind.

    Args:
        spec: a spec that has passed the checks.
        folder: the folder of the spec; the path of its data file is relative to it.
        params: the file of the trained parameters.
        kinds: names in ``KINDS``.
        dtype: ``float32`` or ``float64``, the type of the numbers.

    Raises:
        SpecError: a file cannot be read, a parameter is too large, a package is missing, or a tool lacks a part of the
            network.
    """
    planned = plan(spec)
    stored, how = parameter_files.stored(params, planned), encoding(spec, folder)
    parameters = stored.of(spec, how)
    largest = max(map(abs, parameters))
    if largest > float(np.finfo(dtype).max):
        raise files.refused(params, f"a parameter of size {largest:g} does not fit into 32 bits", "use `--float64`")
    made: dict[str, str | bytes] = {}
    for kind in kinds:
        match kind:
            case "onnx":
                made[kind] = _onnx(spec, how, parameters, dtype)
            case "safetensors":
                network = fingerprint.written(spec, how and stored.calibrated(how))
                made[kind] = safetensors.written(planned, parameters, dtype, network)
            case framework:
                made[kind] = source(spec, framework)
    return made


def _onnx(spec: Spec, found: Encoding | None, parameters: list[float], dtype: str) -> bytes:
    try:
        from nngen.bridges.exporting.onnx_model import onnx_model
    except ModuleNotFoundError:
        advice = "install it: pip install onnx"
        raise files.refused("--onnx", "this needs the package onnx", advice) from None
    if found is not None and found.dates:
        message = f"ONNX has no operator that reads dates, as of the column {found.dates[0].column}"
        raise files.refused("--onnx", message, "write the parts of dates as numbers, or use a module of nngen")
    return onnx_model(spec, found, parameters, dtype)
