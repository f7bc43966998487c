"""The command ``nngen import``."""

from pathlib import Path
from typing import Annotated

import click

from nngen.cli import options
from nngen.cli.options import command
from nngen.cli.printing import echo, note
from nngen.common.choices import Integers


@command
def import_(
    *,
    file: Annotated[str, options.ARGUMENT],
    out: Annotated[Path, "Folder of the spec and its parameters."] = Path("."),
    name: Annotated[str, "The name of the network; default: that of FILE."] = "",
    loss: Annotated[str, "The loss; default: that of FILE, or the usual one for its outputs."] = "",
    spec: Annotated[Path | None, "The spec that the arrays of a .safetensors file belong to."],
    dtype: Annotated[
        Integers | None,
        "int8: keep the integers of a .tflite file; writes NAME.h, NAME.py and NAME.mjs, which compute its bytes.",
    ],
    micro: Annotated[bool, "With int8: round sums twice, as TensorFlow Lite Micro does."],
    force: Annotated[bool, "Overwrite files of these names, whatever they contain."],
) -> None:
    """Write the spec and the parameters of a trained network: .onnx, .tflite, .keras, .h5, .skops, .pt2, .safetensors.

    A .safetensors file needs its --spec. With --dtype int8, a .tflite file of integers becomes modules. FILE may also
    be an address of TensorFlow Playground. Files are read as data, never as code. Inputs go through the network of FILE
    and through that of the spec; if their outputs differ, nothing is written, and the exit code is 1.
    """
    from nngen.commands.importing import import_file, import_integers, write

    if dtype and (loss or spec):
        raise click.UsageError("--dtype int8 writes modules without training, and takes neither --loss nor --spec")
    if micro and not dtype:
        raise click.UsageError("--micro belongs to --dtype int8")
    imported = import_integers(file, name, micro) if dtype else import_file(file, spec, name, loss)
    if not imported.right:
        note("\n".join(("error: the outputs differ; nothing is written", *imported.lines)))
        raise SystemExit(1)
    paths = write(imported, out, force=force)
    note(f"wrote {', '.join(map(str, paths))}")
    echo("\n".join(imported.lines))
