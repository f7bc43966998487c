"""The command ``nngen export``."""

from pathlib import Path

import click

from nngen.cli import options
from nngen.cli.errors import explained
from nngen.cli.printing import note, write_file


@click.command()
@options.spec
@options.params
@click.option("--onnx", type=options.FILE, help="Write an ONNX model: preprocessing, network, and classes.")
@click.option(
    "--safetensors", type=options.FILE, help="Write the parameters: an array for each layer's weights and biases."
)
@click.option("--torch", type=options.FILE, help="Write a module for PyTorch that loads the safetensors file.")
@click.option("--keras", type=options.FILE, help="Write a module for Keras that loads the safetensors file.")
@click.option(
    "--arduino",
    type=options.PATH,
    metavar="DIR",
    help="Write a library for Arduino and PlatformIO, in integers (int8).",
)
@click.option("--learn", is_flag=True, help="With --arduino: add a sketch whose last layer learns from labelled rows.")
@options.accept_loss
@click.option("--float32/--float64", "narrow", default=True, show_default=True, help="The type of the numbers.")
@click.option("--force", is_flag=True, help="Overwrite the files, whatever they contain.")
@options.data_root
@explained
def export(
    spec: Path,
    params: Path,
    arduino: Path | None,
    learn: bool,
    accept_loss: bool,
    narrow: bool,
    force: bool,
    data_root: Path | None,
    **files: Path | None,
) -> None:
    """Write the network of SPEC with its trained parameters for other tools.

    The ONNX model takes the columns of the data and gives the answers of `nngen predict`. The other files are about the
    network alone: they take inputs that are encoded and scaled.

    The library for Arduino has a predictor in integers and a sketch that answers lines of the serial port.
    """
    from nngen.bridges.exporting import KINDS, exported
    from nngen.commands.output import check
    from nngen.reading import load

    wanted = {kind: path for kind in KINDS if (path := files[kind])}
    if not wanted and arduino is None:
        raise click.UsageError(f"name a file to write: {', '.join(f'--{kind}' for kind in (*KINDS, 'arduino'))}")
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
