"""Networks for other tools, and networks of other tools."""

import json
import os
from pathlib import Path
from typing import overload

from nngen.commands import module_files
from nngen.common.choices import Exported, Integers, Width
from nngen.common.files import refused
from nngen.interface.calls import called
from nngen.interface.modules import Module
from nngen.interface.network import Network, Source, load
from nngen.interface.result import Parameters, Result, as_file, with_parameters


@called
def export(
    network: Source | Result,
    path: str | os.PathLike[str],
    kind: Exported | None = None,
    *,
    params: Parameters = None,
    dtype: Width = "float32",
    accept_loss: bool = False,
    learn: bool = False,
    overwrite: bool = False,
) -> Path:
    """Write a trained network for another tool, as ``nngen export`` does.

    Args:
        network: the result of a training, or a spec with ``params``.
        path: the file; of ``arduino`` the folder.
        kind: what to write; None for that of the suffix ``.onnx`` or ``.safetensors``.
        params: trained parameters: their file, or a flat list.
        dtype: the type of the numbers.
        accept_loss: whether answers of ``arduino``, in integers, may be worse than those in float64.
        learn: whether ``arduino`` has a sketch whose last layer learns.
        overwrite: whether another file of this name is overwritten.

    Raises:
        SpecError: the spec or a file is wrong, or the tool lacks a part of the network.
    """
    from nngen.bridges.exporting import exported
    from nngen.commands import output
    from nngen.commands.exporting import write_library

    loaded, flat = with_parameters(network, params)
    file = Path(path)
    wanted = kind or {".onnx": "onnx", ".safetensors": "safetensors"}.get(file.suffix)
    if wanted is None:
        raise refused(file, "the suffix does not say what to write", "give `kind`, such as 'onnx'")
    with as_file(loaded, flat) as saved:
        if wanted == "arduino":
            options = {"accept_loss": accept_loss, "learn": learn, "force": overwrite}
            write_library(loaded.spec, loaded.path, saved, file, lambda line: None, **options)
        else:
            output.check(file, force=overwrite)
            made = exported(loaded.spec, loaded.path.parent, saved, [wanted], dtype)
            output.save(file, made[wanted], force=overwrite)
    return file


@overload
def import_(
    file: str | os.PathLike[str],
    *,
    name: str = ...,
    loss: str = ...,
    spec: Source | None = ...,
    dtype: None = ...,
    micro: bool = ...,
) -> Result: ...


@overload
def import_(
    file: str | os.PathLike[str],
    *,
    name: str = ...,
    loss: str = ...,
    spec: Source | None = ...,
    dtype: Integers,
    micro: bool = ...,
) -> Module: ...


@called
def import_(
    file: str | os.PathLike[str],
    *,
    name: str = "",
    loss: str = "",
    spec: Source | None = None,
    dtype: Integers | None = None,
    micro: bool = False,
) -> Result | Module:
    """Read a network of another tool, as ``nngen import`` does.

    Args:
        file: a file .onnx, .tflite, .keras, .h5, .skops, .pt2 or .safetensors, or an address of TensorFlow Playground.
        name: the name of the network; by default that of the file.
        loss: the loss; by default that of the file, or the usual one.
        spec: the spec that the arrays of a .safetensors file belong to.
        dtype: ``int8`` to keep the integers of a .tflite file, as modules.
        micro: whether these round as TensorFlow Lite Micro does.

    Returns:
        The network with its parameters, as if it had been trained here; its report says what was compared. An address
        has no parameters. With ``dtype`` the header of C and the modules of Python and JavaScript, as ``files``.

    Raises:
        SpecError: the file cannot be read or imported, or the outputs differ from those of its source.
    """
    from nngen.commands.importing import import_arrays, import_file, import_integers

    source, own = os.fspath(file), None if spec is None else load(spec)
    if dtype is not None:
        made = import_integers(source, name, micro)
    elif own is not None:
        made = import_arrays(source, own.spec, own.path)
    else:
        made = import_file(source, None, name, loss)
    if not made.right:
        raise refused(source, "the outputs differ from those of the source", "\n".join(made.lines))
    if dtype is not None:
        files = [
            module_files.Module(Path(f"{made.network}{end}"), text, made.network) for end, text in made.texts.items()
        ]
        return Module(tuple(files))
    network = own or _named(load(made.texts[".yaml"]), made.network)
    saved = made.texts.get(".params.json")
    params = json.loads(saved)["parameters"] if saved else ()
    return Result(network, tuple(params), (), (), {}, {}, "\n".join(made.lines))


def _named(network: Network, name: str) -> Network:
    """The network with a file of its name."""
    return Network(network.text, network.spec, Path(f"{name}.yaml"))
