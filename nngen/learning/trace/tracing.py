"""From a spec and the options of the command line to a worksheet, and to its text."""

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from nngen.common.diagnostics import nearest, show
from nngen.common.messages import message
from nngen.description.data import encoding
from nngen.description.model import MAX_UNROLLED, PythonTarget, Spec
from nngen.learning.trace.example import Example, Request, chosen, telling, together
from nngen.learning.trace.excerpt import LAYERS, WHOLE, Cut
from nngen.learning.trace.general import sections
from nngen.learning.trace.given import refuse
from nngen.learning.trace.html import html
from nngen.learning.trace.latex import latex_document
from nngen.learning.trace.markdown import markdown
from nngen.learning.trace.matrices import Matrices, Values
from nngen.learning.trace.rows import Tables
from nngen.learning.trace.statements import Module
from nngen.learning.trace.stepper import take_step
from nngen.learning.trace.terminal import terminal
from nngen.learning.trace.traced import Traced
from nngen.learning.trace.worksheet import Step, Worksheet
from nngen.learning.typeset import Digits, Symbols, Text, tree
from nngen.plan import Plan, plan
from nngen.reading import load, parameter_files
from nngen.targets import render_by_weights, texts, unfit_for_workbook


def trace(path: Path, request: Request) -> Worksheet:
    """Run steps of training of the spec in a file, and record every equation.

    Raises:
        SpecError: the spec, its data or an option cannot be used.
    """
    return of_spec(load(path, request.data_root), path, request)


def of_spec(spec: Spec, path: Path, request: Request) -> Worksheet:
    """Trace a spec that has been read. Its data are relative to the folder of ``path``.

    Raises:
        SpecError: as ``trace``.
    """
    stored = parameter_files.stored(request.params, plan(spec)) if request.params else None
    planned = plan(spec, encoding(spec, path.parent))
    flat = stored.of(spec, planned.encoding) if stored else None
    _refuse_options(planned, request)
    request = request if request.seed is not None else replace(request, seed=spec.initial.seed)
    module = Module(spec.name, render_by_weights(planned, spec) if planned.needs_batch else _page(spec, path))

    def start() -> list[float]:
        first: list[float] = module.names["init"](request.seed) if flat is None else module.names["unpack"](flat)
        return first

    if planned.loss.name == "perceptron":
        request = telling(spec, path, planned, module, start(), request)
    given = chosen(spec, path, planned, request, module.names.get("encode"))
    steps = [*_steps(spec, path, planned, module, request, start, given)]
    training = steps[0].loss is not None
    notes = (*_notes(planned, request, training=training), *_workbook(planned, path, request))
    head = sections(planned, spec, training=training, matrices=request.matrices)
    return Worksheet(planned, notes, _functions(planned), tuple(steps), head)


def _workbook(planned: Plan, path: Path, request: Request) -> Iterator[str]:
    """How to get its numbers into cells, where a workbook can have the network."""
    if not unfit_for_workbook(planned):
        params = ["--params", request.params.name] if request.params else []
        command = shlex.join(["nngen", "build", path.name, *params, "--target", "xlsx"])
        yield message("To take this network into a spreadsheet: {command}", command=command)


def _refuse_options(planned: Plan, request: Request) -> None:
    """Refuse what matrices have no form for."""
    if not request.matrices:
        return
    if request.units or request.layers:
        advice = "leave out --unit and --layer, or --matrices; --whole shows large matrices completely"
        refuse("--matrices", "matrices have all units of a layer, so --unit and --layer choose nothing", advice)
    if together(planned, request):
        why = "batch normalization needs a batch" if planned.needs_batch else "--batch takes several"
        refuse("--matrices", f"a step in matrix form has one example, but {why}", "leave out --matrices")


def _steps(
    spec: Spec,
    path: Path,
    planned: Plan,
    module: Module,
    request: Request,
    start: Callable[[], list[float]],
    given: Sequence[Sequence[Example]],
) -> Iterator[Step]:
    """The steps, each with one example, or with several together; with ids, each with the rows that these select."""
    names, batch = module.names, together(planned, request)

    def traced(net: Plan, by_weights: Module, ids: Mapping[str, str]) -> Traced:
        _refuse_large(net, path)
        cut = Values(net, None) if request.matrices else _cut(net, request)
        return Traced(net, by_weights, cut, names.get("decode"), planned, batch, ids)

    tables = None
    if planned.indices:
        for number, (example,) in enumerate(given, 1):
            with _refusing(path, request, number):
                names["_check_ids"](example.x)
        orthogonal = any(
            block.orthogonal for block in planned.blocks if block.index
        )  # such a matrix is made as a whole
        whole = names["pack"](start()) if request.params or orthogonal else None
        tables = Tables(spec, planned, [example.x for (example,) in given], request.seed or 0, whole)
    else:
        net, params = traced(planned, module, {}), start()
        state = names["init_state"](params)
    for number, examples in enumerate(given, 1):
        if tables:
            selection = tables.select(number - 1)
            net = traced(selection.plan, selection.module, selection.ids)
            params, state = tables.take(selection)
        with _refusing(path, request, number):
            step, new, later = take_step(net, number, params, state, examples)
        matrices = Matrices(net.plan, net.module, whole=request.whole)
        yield matrices.step(step, params, state) if request.matrices else step
        params, state = new, later
        if tables:
            tables.keep(selection, params, state)


@contextmanager
def _refusing(path: Path, request: Request, number: int) -> Iterator[None]:
    """Report an example that the module refuses."""
    try:
        yield
    except (ValueError, ArithmeticError) as error:
        where = f"step {number}: " if request.steps > 1 else ""
        refuse(path, f"{where}the module does not take this example: {error}")


def _page(spec: Spec, path: Path) -> str:
    """The Python page: with an equation for each weight, unless it has ids."""
    target = PythonTarget(name="python", unroll="layers" if spec.indices else "weights")
    return texts(spec.model_copy(update={"targets": (target,)}), path.parent, ["python"])["python"]


def _refuse_large(planned: Plan, path: Path) -> None:
    weights = sum(block.size for block in planned.blocks if block.matrix)
    if weights > MAX_UNROLLED:
        message = f"{weights:,} weights; a worksheet has at most {MAX_UNROLLED:,}"
        refuse(path, message, "trace a smaller network of the same kind")


def _cut(planned: Plan, request: Request) -> Cut:
    units = {layer.name: layer.units for layer in planned.layers}
    known = [*planned.inputs, *(unit for names in units.values() for unit in names)]
    _refuse_unknown("--unit", "unit or input", request.units, known)
    _refuse_unknown("--layer", "layer", request.layers, list(units))
    if request.whole or (planned.size <= WHOLE and not request.units and not request.layers):
        return Cut(planned, None)
    if request.units or request.layers:
        return Cut(planned, frozenset(request.units).union(*(units[name] for name in request.layers)))
    layers = planned.layers
    ends = layers if len(layers) <= 2 * LAYERS else (*layers[:LAYERS], *layers[-LAYERS:])
    return Cut(planned, frozenset(layer.units[0] for layer in ends))


def _refuse_unknown(option: str, what: str, names: Sequence[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            few = f"known: {', '.join(known)}" if len(known) <= WHOLE else ""
            refuse(option, f"the network has no {what} {show(name)}", nearest(name, known) or few)


def _rows_notes(planned: Plan) -> Iterator[str]:
    """What a step does to the rows that the example does not select."""
    yield message(
        "The worksheet has the rows of embeddings that its examples select. "
        "The derivatives with respect to all other rows are 0."
    )
    if not planned.dense_steps:
        yield message("A step leaves the other rows as they are (lazy).")
    elif planned.optimizer.keeps:
        yield message("A step also changes the other rows: their momentum moves them (dense).")
    else:
        yield message("A step also changes the other rows: momentum and decay move them (dense).")


def _functions(planned: Plan) -> tuple[tuple[str, str], ...]:
    """The functions of the module that equations call, each with its description."""
    symbols = Symbols(planned)
    calls = []
    for function in planned.page_functions:
        arguments = tuple(tree.Name(symbols(name)) for name in function.arguments)
        name, prime = symbols.function(function.name)
        calls.append((Text().whole(tree.Call(name, arguments, prime)), function.says))
    return tuple(calls)


def _notes(planned: Plan, request: Request, *, training: bool) -> Iterator[str]:
    """Notes for the reader of a worksheet."""
    if request.params:
        yield message("The parameters come from {file}.", file=request.params.name)
    else:
        yield message("The parameters are the initial ones with seed {seed}.", seed=request.seed)
    if request.matrices:
        yield message("⊙ multiplies vectors number by number; functions and fractions take each number, too.")
        yield message("Wᵀ is W with rows and columns exchanged.")
        if planned.numbers and planned.encoding and (planned.scaling or not planned.encoding.plain):
            yield message("x has the values that the network gets, scaled and encoded.")
    if not training:
        return
    yield message("The error δ of a unit is ∂loss/∂z, the derivative of the loss with respect to its weighted sum.")
    if together(planned, request):
        reduction = planned.loss.over_batch
        yield message(
            "The loss is {reduction}. A number above a symbol is that of its example; r stands for each of them.",
            reduction=reduction,
        )
    elif planned.batch_size is None:
        yield message("Each step here uses one example; fit uses all examples together.")
    elif planned.batch_size != 1:
        size = planned.batch_size
        yield message("Each step here uses one example; fit uses batches of {count} examples.", count=size)
    if planned.has_dropout:
        if request.dropout_seed is None:
            yield message(
                "Dropout drops no unit here, as in forward. With --dropout-seed it drops units, as in training."
            )
        else:
            yield message(
                "Dropout uses seed {seed}, and the next seed in each further step.", seed=request.dropout_seed
            )
    if planned.indices:
        yield from _rows_notes(planned)
    if planned.loss.missing:
        yield message("A target that is NaN is missing: its output contributes no loss and gets no error.")
    for block in (block for block in planned.frozen if not block.running_statistic):
        yield message("{name} does not change: {reason}.", name=block.name, reason=block.frozen_reason)
    if planned.loss.weighted_mean and not together(planned, request):
        yield message("The weights of a batch are divided by their sum; for a single example the result is 1.")


def written(sheet: Worksheet, form: str, digits: Digits, *, colour: bool = False) -> str:
    """Write a worksheet as ``text``, with colour or without, ``markdown``, ``latex`` or ``html``."""
    writers = {"markdown": markdown, "latex": latex_document, "html": html}
    return writers[form](sheet, digits) if form in writers else terminal(sheet, digits, colour=colour)
