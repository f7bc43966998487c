"""The command ``nngen``. Commands import what they need, so that ``--help`` answers at once."""

import os
import shlex
import sys
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click

P = ParamSpec("P")

TARGETS = ("python", "numpy", "javascript", "c")
TRAINED = ("python", "numpy", "c")


def _explained(command: Callable[P, None]) -> Callable[P, None]:
    """A command that prints the mistakes of a spec and exits with code 2."""

    @wraps(command)
    def explained(*args: P.args, **kwargs: P.kwargs) -> None:
        from nngen.diagnostics import SpecError

        try:
            command(*args, **kwargs)
        except SpecError as error:
            click.echo(str(error), err=True)
            raise SystemExit(2) from None

    return explained


class _Commands(click.Group):
    """The commands. If standard output cannot be written, for example on a full disk, they print one line."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            try:
                return super().main(*args, **kwargs)
            finally:
                if sys.stdout is not None:
                    sys.stdout.flush()
        except BrokenPipeError:  # who read the output has seen enough
            code = 1
        except OSError as error:
            with suppress(OSError):
                what = error.filename or "standard output"
                _echo(f"error: {what} cannot be written: {(error.strerror or str(error)).lower()}", err=True)
            code = 2
        with suppress(OSError):  # what could not be written is not tried again when Python ends
            sys.stdout.close()
        raise SystemExit(code)


def _echo(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print lines that may contain names and texts of files: nothing in them acts on the terminal."""
    from nngen.text import printable

    click.echo("\n".join(map(printable, text.split("\n"))), err=err, nl=nl)


def _save(path: Path, content: str | bytes | Iterable[str], *, force: bool, mark: str = "") -> None:
    """Write a file or to ``/dev/stdout``; the arguments are those of ``output.save``."""
    from nngen.commands.output import save

    if path == Path("/dev/stdout"):
        for part in (content,) if isinstance(content, str | bytes) else content:
            click.echo(part, nl=False)
        return
    save(path, content, force=force, mark=mark)
    _echo(f"wrote {path}")


def _again(**changed: Any) -> str:
    """The command that runs now, with some values changed."""
    context = click.get_current_context()
    words = context.command_path.split()
    for parameter in context.command.params:
        given = (context.params | changed)[parameter.name or ""]
        if given in (None, (), False) or given == parameter.default:
            continue
        option = [max(parameter.opts, key=len)] if isinstance(parameter, click.Option) else []
        for value in given if isinstance(given, tuple) else (given,):
            words += [*option, *([] if value is True else [str(value)])]
    return shlex.join(words)


class _Named(click.Path):
    """A path. An empty text is refused, because it would mean the working directory."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path.

        Raises:
            BadParameter: the text is empty.
        """
        if value == "":
            self.fail("the path is empty", param, ctx)
        return super().convert(value, param, ctx)


class _Whole(click.IntRange):
    """A whole number within a range, with the digits that data may have."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number.

        Raises:
            BadParameter: the text is not a number, or out of range.
        """
        return super().convert(_in_digits(value, self, param, ctx), param, ctx)


class _Real(click.FloatRange):
    """A number within a range, with the digits that data may have."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number.

        Raises:
            BadParameter: the text is not a number, or out of range.
        """
        return super().convert(_in_digits(value, self, param, ctx), param, ctx)


def _in_digits(value: Any, kind: click.IntRange | click.FloatRange, *place: Any) -> Any:
    """The value; fails for digits other than 0 to 9, underscores, and letters, as in NaN and infinity."""
    if not set(str(value)) <= set("0123456789+-.eE"):
        kind.fail(f"{str(value)!r} is not a number", *place)
    return value


_path = _Named(path_type=Path)
_file = _Named(path_type=Path, dir_okay=False)
_spec = click.argument("spec", type=_path)
_out = click.option(
    "--out", type=_path, default=Path("generated"), show_default=True, help="Output folder of the modules."
)

_data_root = click.option(
    "--data-root",
    type=_path,
    metavar="FOLDER",
    help="Specs may also use data in this folder, not only in their own folder and the working directory.",
)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="nngen-backprop", message="nngen %(version)s")
def main() -> None:
    """Turn the description of a neural network into a module with all its equations, forward and backward.

    Exit codes: 0 done, 1 a check failed, 2 the input is wrong.
    """


@main.command()
@click.argument("file", type=_file)
@click.option("--target", required=True, metavar="COLUMN", help="The column to predict.")
@click.option(
    "--task", type=click.Choice(["classes", "numbers"]), help="What the target holds; default: judged by its values."
)
@click.option("-o", "--out", type=_file, help="Output file; default: NAME.yaml, by the name of FILE.")
@click.option("--force", is_flag=True, help="Overwrite the file, whatever it contains.")
@_explained
def init(file: Path, target: str, task: Any, out: Path | None, force: bool) -> None:
    """Write a spec that trains a network on the table FILE: CSV, Parquet, Feather or .npz.

    Each line of the spec has a comment that gives its reason, and every line may be changed.
    """
    from nngen.commands.init import spec_for

    text, proposal = spec_for(file, target, task, out or Path("spec.yaml"))
    path = out or Path(f"{proposal.name}.yaml")
    _save(path, text, force=force)
    for column in proposal.left_out:
        _echo(f"left out {column.column!r}: {column.reason}", err=True)
    outside = f" --data-root {file.parent}" if proposal.file.startswith("../") else ""
    _echo(f"next: nngen train {path}{outside}", err=True)


@main.command()
@click.argument("specs", type=_path, nargs=-1, required=True)
@click.option(
    "--target", "targets", type=click.Choice(TARGETS), multiple=True, help="Write only this target; may be repeated."
)
@_out
@click.option("-o", "file", type=_file, help="Write the only module to this file.")
@click.option(
    "--params", multiple=True, type=_path, help="Let the module carry these trained parameters; can be repeated."
)
@click.option("--selftest", is_flag=True, help="Add a function that compares the module with the reference.")
@click.option("--check", is_flag=True, help="Write nothing; fail if a file differs from what its spec gives.")
@click.option("--diff", is_flag=True, help="Write nothing; print the changes, and fail if there are any.")
@click.option("--force", is_flag=True, help="Also overwrite files that nngen did not write.")
@_data_root
@_explained
def build(
    specs: tuple[Path, ...],
    targets: tuple[str, ...],
    out: Path,
    file: Path | None,
    params: tuple[Path, ...],
    selftest: bool,
    check: bool,
    diff: bool,
    force: bool,
    data_root: Path | None,
) -> None:
    """Write the modules of SPECS, which are files or folders.

    This overwrites manual changes in a module; use --diff to see them first. A file that nngen did not write is kept,
    and the exit code is 2. If you built modules with --selftest, give it also with --check and --diff.
    """
    from nngen.commands.build import modules, parameters, placed, stale, write

    built = modules(specs, out, targets, selftest, data_root, params)
    if file is not None:
        built = placed(built, file)
    for path, network in parameters(specs):
        _echo(f"passed over {path}: the parameters of {network}", err=True)
    changed = [module for module in built if not module.current]
    left = stale(built, out) if any(map(os.path.isdir, specs)) and not targets and file is None else []
    if not (check or diff):
        write(changed, force=force)
        for module in built:
            _echo(f"{'wrote' if module in changed else 'same '} {module.path}")
        return
    reformatted = [module for module in changed if module.reformatted]
    for module in changed:
        wrong = (
            "differs only in layout, as after a formatter" if module in reformatted else "is not what its spec gives"
        )
        _echo(module.diff() if diff else f"{module.path} {wrong}", nl=not diff)
    for path in left:
        _echo(f"{path} comes from none of the specs; delete it")
    if changed or left:
        options = [*(f"--target {t}" for t in targets), f"--out {out}" if file is None else f"-o {file}"]
        options += [*(f"--params {path}" for path in params), *(["--selftest"] if selftest else [])]
        options += [f"--data-root {data_root}"] if data_root else []
        command = " ".join(["nngen build", *map(str, specs), *options])
        _echo(f"{len(changed) + len(left)} of {len(built)} differ; to write them: {command}", err=True)
        if reformatted:
            _echo("help: exclude generated modules from your formatter, for Prettier in .prettierignore", err=True)
        raise SystemExit(1)


@main.command()
@_spec
@_data_root
@_explained
def show(spec: Path, data_root: Path | None) -> None:
    """Print the layers of SPEC, their shapes and sizes, and the sizes of its modules.

    If arm-none-eabi-gcc and its newlib are installed (in Debian gcc-arm-none-eabi and libnewlib-arm-none-eabi), this
    also measures the C header on a Cortex-M4: -Os, 32 bits, with the library of mathematics. It does not measure
    headers of more than 300,000 characters, which have about 1,000 equations.
    """
    from nngen.commands import cortex_m4, show
    from nngen.data import encoding
    from nngen.pages import texts
    from nngen.plan import plan
    from nngen.reading import load

    loaded = load(spec, data_root)
    planned = plan(loaded, encoding(loaded, spec.parent))
    _echo(show.show(planned, texts(loaded, spec.parent, TARGETS), cortex_m4.table(planned, loaded)))


@main.command()
@_spec
@click.option("--target", type=click.Choice(TRAINED), default="numpy", show_default=True, help="The module to train.")
@click.option("--seed", type=_Whole(0, 2**32 - 1), help="Seed of the initial parameters; default: the spec's.")
@click.option("--epochs", type=_Whole(1), help="Number of epochs in all; default: the spec's.")
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="PLACE=VALUE",
    help="Replace a value of the spec, such as training.optimizer.rate=0.01; can be repeated.",
)
@click.option("--save", type=_file, help="Write the parameters to this JSON file P.json, and P.checkpoint beside it.")
@click.option("--resume", type=_path, help="Continue the training of this checkpoint, as if there had been no break.")
@click.option("--history", type=_file, help="Write the losses of each epoch to this CSV file.")
@click.option("--report", "page", type=_file, help="Write a report to this HTML file: curves, metrics and errors.")
@click.option("--seeds", type=_Whole(2, 1000), help="Train with this many seeds; print mean and standard deviation.")
@click.option("--folds", type=_Whole(2, 1000), help="Cross-validate with this many folds; print the same.")
@click.option("--jobs", type=_Whole(1, 256), help="How many trainings run at once; default: the number of processors.")
@click.option("--force", is_flag=True, help="Overwrite the files of --save, --history and --report in any case.")
@_data_root
@_explained
def train(
    spec: Path,
    target: str,
    seed: int | None,
    epochs: int | None,
    overrides: tuple[str, ...],
    save: Path | None,
    resume: Path | None,
    history: Path | None,
    page: Path | None,
    seeds: int | None,
    folds: int | None,
    jobs: int | None,
    force: bool,
    data_root: Path | None,
) -> None:
    """Train the module of SPEC on its data, and print the results.

    Ctrl-C ends the training: --save then keeps the last complete epoch, and the exit code is 130. If a loss is infinite
    or NaN, training ends with exit code 1 and saves nothing.
    """
    from nngen.commands import checkpoint, runs, train_report
    from nngen.commands.interrupts import Interrupted, interruptible
    from nngen.commands.train import DivergedError, Trainer
    from nngen.commands.train_files import TrainFiles
    from nngen.diagnostics import Diagnostic
    from nngen.reading import load

    loaded, files = load(spec, data_root, overrides), TrainFiles(save, history, page, force)
    if (save or resume or history or page) and (seeds or folds):
        options = "--save, --resume, --history and --report"
        raise click.UsageError(f"{options} are about one training; leave out --seeds and --folds")
    files.check(loaded.name)

    def keep(trainer: Trainer) -> None:
        for path in files.parameters(trainer):
            _echo(f"wrote {path}")
        for path, text, mark in files.checkpoint(trainer):
            _save(path, text, force=force, mark=mark)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # NumPy warns of overflow
        try:
            if seeds or folds:
                chosen = loaded.initial.seed if seed is None else seed
                first = runs.Run(spec, data_root, overrides, target, chosen, epochs, None)
                listed = runs.of(first, seeds or 1, folds)
                with train_report.bar(len(listed), "training") as update:
                    found = runs.compared(listed, jobs or os.cpu_count() or 1, lambda: update(1, ""))
                _echo(found)
                return
            trainer = Trainer(loaded, spec, target, seed, epochs)
            if resume:
                checkpoint.restore(trainer, resume)
            with interruptible():
                try:
                    with train_report.shown(trainer, _echo) as report:
                        trainer.run(report)
                except Interrupted as signal:
                    if trainer.done:
                        keep(trainer)
                    again = _again(resume=checkpoint.beside(save)) if save else ""
                    _echo(train_report.interrupted(trainer, again), err=True)
                    raise SystemExit(signal.code) from None
            scores = trainer.scores()
        except DivergedError as error:
            advice = "lower the optimizer's `rate`, or scale inputs and targets to sizes near 1 (`scale: standardize`)"
            click.echo(str(Diagnostic(str(spec), None, None, str(error), help=advice)), err=True)
            raise SystemExit(1) from None
        _echo(train_report.learned(trainer, scores))
    keep(trainer)
    for path, text, mark in files.results(trainer, scores):
        _save(path, text, force=force, mark=mark)


_params = click.option("--params", type=_path, required=True, help="A parameter file of `nngen train --save`.")
_data = click.argument("data", type=_path, required=False)


@main.command()
@_spec
@_data
@_params
@click.option("--out", "-o", type=_file, help="Write the answers to this file.")
@click.option("--force", is_flag=True, help="Overwrite the file of --out.")
@_data_root
@_explained
def predict(spec: Path, data: Path | None, params: Path, out: Path | None, force: bool, data_root: Path | None) -> None:
    """Answer each row of DATA with the trained network of SPEC, as CSV: the class and its probabilities, or numbers.

    DATA is a table with the columns of the inputs, or - for standard input; without it, the data of SPEC. It is read
    and answered in batches, so that memory does not grow with its rows. If a row is wrong, the file of --out is not
    written; on standard output, the answers for the batches before it stand.
    """
    from nngen.commands.predict import answers
    from nngen.reading import load

    parts = answers(load(spec, data_root), spec, params, data)
    _save(out or Path("/dev/stdout"), parts, force=force)


@main.command()
@_spec
@_data
@_params
@_data_root
@_explained
def evaluate(spec: Path, data: Path | None, params: Path, data_root: Path | None) -> None:
    """Print how good the answers of the trained network of SPEC are.

    DATA is a table with the columns of the inputs and the target, or - for standard input. It is read in batches; of
    each row, only the targets and the outputs are kept. Without it, this judges the held-out rows of SPEC's own data,
    or all rows if none are held out.
    """
    from nngen.commands.evaluate import evaluation
    from nngen.reading import load

    _echo(evaluation(load(spec, data_root), spec, params, data))


@main.command()
@_spec
@click.option("--x", help="Values of the example, as in the data: 0.9,0.1 or age=31,home=rent.")
@click.option("--y", help="Its targets, 1,0,0, or its class name; with --params, they may be omitted.")
@click.option("--weight", help="Its weight, if the loss has weights of examples.")
@click.option("--row", type=_Whole(1), help="A row of the data instead of --x and --y.  [default: 1]")
@click.option(
    "--csv",
    type=_path,
    help="Take the rows of this file.",
)
@click.option("--params", type=_path, help="A parameter file of `nngen train --save`.")
@click.option("--seed", type=_Whole(0, 2**32 - 1), help="Seed of the initial parameters; default: the spec's.")
@click.option("--dropout-seed", type=_Whole(0, 2**32 - 1), help="Seed of dropout; without it, dropout drops nothing.")
@click.option(
    "--steps", type=_Whole(1, 1000), default=1, show_default=True, help="Number of steps; each uses the next row."
)
@click.option("--unit", "units", multiple=True, help="Show this unit or input of a large network; may be repeated.")
@click.option("--layer", "layers", multiple=True, help="Show all units of this layer; may be repeated.")
@click.option("--whole", is_flag=True, help="Show every equation of a large network.")
@click.option("--digits", type=_Whole(1, 17), default=6, show_default=True, help="Significant digits shown.")
@click.option("--full", is_flag=True, help="Show numbers with all digits.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "latex", "html"]),
    default="text",
    show_default=True,
    help="Output format.",
)
@click.option("--out", "-o", type=_file, help="Output file.")
@click.option("--force", is_flag=True, help="Overwrite the file of --out.")
@_data_root
@_explained
def trace(spec: Path, form: str, out: Path | None, force: bool, full: bool, digits: int, **asked: Any) -> None:
    """Write a training step of SPEC as a worksheet: every equation of its module, with numbers.

    The example is the first row of the spec's data, or that of --x and --y. With --params and without --y, the
    worksheet has the forward pass alone. If columns of the data are encoded, --x takes their values as they are, in
    their order or as NAME=VALUE, and the worksheet shows their encoding. For a network with more than 40 parameters,
    the worksheet shows one unit of each layer, and in long sums the sum of the other terms.
    """
    from nngen import trace as worksheets
    from nngen.typeset import Digits

    sheet = worksheets.trace(spec, worksheets.Request(**asked))
    text = worksheets.written(sheet, form, Digits(None if full else digits), colour=out is None)
    if out is None:
        click.echo(text, nl=False)
    else:
        _save(out, text, force=force)


@main.command("import")
@click.argument("file", metavar="FILE")
@click.option("--out", type=_path, default=Path("."), show_default=True, help="Folder of the spec and its parameters.")
@click.option("--name", default="", help="The name of the network; default: that of FILE.")
@click.option("--loss", default="", help="The loss; default: that of FILE, or the usual one for its outputs.")
@click.option("--spec", type=_path, help="The spec that the arrays of a .safetensors file belong to.")
@click.option("--force", is_flag=True, help="Overwrite files of these names, whatever they contain.")
@_explained
def import_(file: str, out: Path, name: str, loss: str, spec: Path | None, force: bool) -> None:
    """Write the spec and the parameters of a trained network: .onnx, .keras, .h5, .skops, .safetensors with --spec.

    FILE may also be an address of TensorFlow Playground. Files are read as data, never as code. Inputs go through the
    network of FILE and through that of the spec; if their outputs differ, nothing is written, and the exit code is 1.
    """
    from nngen.commands.importing import import_file, write

    imported = import_file(file, spec, name, loss)
    if not imported.right:
        _echo("\n".join(("error: the outputs differ; nothing is written", *imported.lines)), err=True)
        raise SystemExit(1)
    paths = write(imported, out, force=force)
    _echo("\n".join((f"wrote {', '.join(map(str, paths))}", *imported.lines)))


@main.command()
@click.argument("module", type=_path)
@click.option("--spec", type=_path, help="The spec of the module; default: one with its name, near the module.")
@click.option("--json", "machine", is_flag=True, help="Print JSON.")
@click.option(
    "--timeout",
    type=_Real(0.1, 86_400),
    default=20.0,
    show_default=True,
    help="Time limit in seconds for a call of the module.",
)
@_data_root
@_explained
def verify(module: Path, spec: Path | None, machine: bool, timeout: float, data_root: Path | None) -> None:
    """Compare MODULE, a generated file, with nngen's reference, and say which equation is wrong.

    The module may have been moved, renamed or edited. It runs in its own process, with your rights.
    """
    from nngen.verify import report
    from nngen.verify import verify as run

    done = run(module, spec, timeout, data_root)
    _echo(report.machine(done) if machine else report.printed(done))
    if not done.right:
        raise SystemExit(1)


@main.command()
@_spec
@click.option("--params", type=_path, required=True, help="The trained parameters, as `nngen train --save` wrote them.")
@click.option("--onnx", type=_file, help="Write an ONNX model: preprocessing, network, and classes.")
@click.option("--safetensors", type=_file, help="Write the parameters: an array for each layer's weights and biases.")
@click.option("--torch", type=_file, help="Write a module for PyTorch that loads the safetensors file.")
@click.option("--keras", type=_file, help="Write a module for Keras that loads the safetensors file.")
@click.option("--float32/--float64", "narrow", default=True, show_default=True, help="The type of the numbers.")
@click.option("--force", is_flag=True, help="Overwrite the files, whatever they contain.")
@_data_root
@_explained
def export(spec: Path, params: Path, narrow: bool, force: bool, data_root: Path | None, **files: Path | None) -> None:
    """Write the network of SPEC with its trained parameters for other tools.

    The ONNX model takes the columns of the data and gives the answers of `nngen predict`. The other files are about the
    network alone: they take inputs that are encoded and scaled.
    """
    from nngen.commands.output import check
    from nngen.exporting import KINDS, exported
    from nngen.reading import load

    wanted = {kind: path for kind in KINDS if (path := files[kind])}
    if not wanted:
        raise click.UsageError(f"name a file to write: {', '.join(f'--{kind}' for kind in KINDS)}")
    if len({*wanted.values()}) < len(wanted):
        raise click.UsageError("each file needs its own name")
    loaded = load(spec, data_root)
    for path in wanted.values():
        check(path, force=force)
    for kind, content in exported(loaded, spec.parent, params, wanted, "float32" if narrow else "float64").items():
        _save(wanted[kind], content, force=force)


@main.command()
@_spec
@click.option("-o", "--out", type=_file, help="Output file; default: NAME.html, by the spec's name.")
@click.option("--params", type=_path, help="Start from the parameters of this file of `nngen train --save`.")
@click.option("--force", is_flag=True, help="Overwrite the file even if it is not a living page.")
@_data_root
@_explained
def explain(spec: Path, out: Path | None, params: Path | None, force: bool, data_root: Path | None) -> None:
    """Write the living page of SPEC: its picture, equations and code, running in the browser.

    The page is one file, opens from disk and loads nothing. You can change and train the network on it.
    """
    from nngen.explain import MARK, living_page
    from nngen.reading import load

    loaded = load(spec, data_root)
    _save(out or Path(f"{loaded.name}.html"), living_page(loaded, spec.parent, params), force=force, mark=MARK)


@main.command()
def formulas() -> None:
    """Print all activations, losses, optimizers, initializers and so on, each with its formula and source."""
    from nngen.commands.formulas import formulas as listing

    click.echo(listing())


@main.command()
def schema() -> None:
    """Print the JSON Schema of a spec, for editors."""
    import json

    from nngen.spec import editor_schema

    click.echo(json.dumps(editor_schema(), indent=2))


if __name__ == "__main__":
    main()
