"""The command ``nngen export``."""

from pathlib import Path
from typing import Annotated

import click

from nngen.cli import options
from nngen.cli.options import command
from nngen.cli.printing import note, write_file
from nngen.cli.values import FILE


@command
def export(
    *,
    spec: options.Spec,
    params: options.Params,
    onnx: Annotated[Path | None, FILE, "Write an ONNX model: preprocessing, network, and classes."],
    safetensors: Annotated[Path | None, FILE, "Write the parameters: an array for each layer's weights and biases."],
    torch: Annotated[Path | None, FILE, "Write a module for PyTorch that loads the safetensors file."],
    keras: Annotated[Path | None, FILE, "Write a module for Keras that loads the safetensors file."],
    arduino: Annotated[Path | None, "--arduino DIR", "Write a library for Arduino and PlatformIO, in integers (int8)."],
    learn: Annotated[bool, "With --arduino: add a sketch whose last layer learns from labelled rows."],
    accept_loss: options.AcceptLoss,
    narrow: Annotated[bool, "--float32/--float64", "The type of the numbers."] = True,
    force: Annotated[bool, "Overwrite the files, whatever they contain."],
    data_root: options.DataRoot,
) -> None:
    """Write the network of SPEC with its trained parameters for other tools.

    The ONNX model takes the columns of the data and gives the answers of `nngen predict`. The other files are about the
    network alone: they take inputs that are encoded and scaled.

    The library for Arduino has a predictor in integers and a sketch that answers lines of the serial port.
    """
    from nngen.bridges.exporting import exported
    from nngen.commands.output import check
    from nngen.reading import load

    files = {"onnx": onnx, "safetensors": safetensors, "torch": torch, "keras": keras}
    wanted = {kind: path for kind, path in files.items() if path}
    if not wanted and arduino is None:
        raise click.UsageError(f"name a file to write: {', '.join(f'--{kind}' for kind in (*files, 'arduino'))}")
    for option, given in (("--accept-loss", accept_loss), ("--learn", learn)):
        if given and arduino is None:
            raise click.UsageError(f"{option} belongs to --arduino")
    if len({*wanted.values()}) < len(wanted):
        raise click.UsageError("each file needs its own name")
    loaded = load(spec, data_root)
    for path in wanted.values():
        check(path, force=force)
    if arduino is not None:
        from nngen.commands.exporting import write_library

        write_library(loaded, spec, params, arduino, note, accept_loss=accept_loss, learn=learn, force=force)
    for kind, content in exported(loaded, spec.parent, params, wanted, "float32" if narrow else "float64").items():
        write_file(wanted[kind], content, force=force)
