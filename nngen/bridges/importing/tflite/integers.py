"""A full-integer file of TensorFlow Lite as a network that keeps its integers."""

from pathlib import Path

from nngen.bridges.importing.checks import UnfitError, dense_only, problem
from nngen.bridges.importing.limits import SMALL
from nngen.bridges.importing.tflite.file import File, Operator, Tensor, read
from nngen.bridges.importing.tflite.integer_calls import Call, scale_of, width
from nngen.bridges.importing.tflite.integer_operators import HANDLERS, RESIZING, SEVERAL
from nngen.common import files
from nngen.common.diagnostics import Diagnostic, SpecError, show
from nngen.integers import Lite, lite

FLOATS = "without `--dtype int8` it becomes a spec, with the numbers that its integers stand for"
"""The other way to import a file."""


def read_integers(path: str, name: str) -> Lite:
    """The network in a file. This runs in a process of its own.

    Raises:
        SpecError: it is no such file, or something in it is not of 8 bits or has no integer form, with all of it.
    """
    file = read(files.read(Path(path), SMALL.file), path)
    needed = file.needed()
    dense_only(path, ((operator.place, operator.kind) for operator in needed))
    found: list[Diagnostic] = []
    if not file.integers:
        raise SpecError([problem(path, "", "it does not compute with integers of 8 bits", "leave out `--dtype int8`")])
    if len(file.inputs) != 1 or len(file.outputs) != 1:
        message = f"expected one input and one output, got {len(file.inputs)} and {len(file.outputs)}"
        raise SpecError([problem(path, "", message, FLOATS)])
    made = _Network(file)
    for operator in needed:
        try:
            made.add(operator)
        except UnfitError as error:
            found.append(problem(path, operator.place, str(error), error.advice or FLOATS))
            made.values |= dict.fromkeys(operator.outputs, UNKNOWN)
    if not found and (made.given is None or made.values.get(file.outputs[0], 0) != len(made.steps) or not made.steps):
        found.append(problem(path, "", "it does not compute with integers of 8 bits", "leave out `--dtype int8`"))
    if found or made.given is None:
        raise SpecError(found)
    given, answers = scale_of(made.given), scale_of(made.answers)
    return Lite(name, width(made.given), given, answers, tuple(made.steps))


UNKNOWN = -1
"""The source number of a refused operator's output."""


class _Network:
    """The operators of a file: each takes what others give, and constants."""

    def __init__(self, file: File) -> None:
        self._file = file
        source = file.tensors[file.inputs[0]]
        self.given = source if source.type == "INT8" else None
        """The first tensor of 8 bits."""
        self.answers = source
        """The last one."""
        self.values = {source.name: 0}
        """The operators that give tensors, from 1; 0 for the inputs."""
        self.steps: list[lite.LiteStep] = []

    def add(self, operator: Operator) -> None:
        """Add an operator."""
        if operator.kind not in HANDLERS:
            raise UnfitError("this operator has no integer form")
        if len(operator.outputs) != 1 or not operator.inputs or "" in operator.inputs[:1] + operator.outputs:
            raise UnfitError("it has not one output, or no input")
        names = operator.inputs if operator.kind in SEVERAL else operator.inputs[:1]
        others, sources = operator.inputs[len(names) :], tuple(self._file.tensors[name] for name in names if name)
        if any(name and self._file.tensors[name].values is None for name in others):
            raise UnfitError("with integers, all of its inputs but the first are constant")
        output = self._file.tensors[operator.outputs[0]]
        if self.given is not None and "FLOAT32" in (source.type for source in sources):
            raise UnfitError("numbers become integers only once, before all other operators")
        floats = {"QUANTIZE": sources[0], "DEQUANTIZE": output}.get(operator.kind)
        for tensor in (*sources, output):
            kinds = ("FLOAT32", "INT8") if tensor is floats else ("INT8",)
            if tensor.type not in kinds:
                raise UnfitError(f"its tensor {show(tensor.name)} is of the type {tensor.type}, and not INT8")
            if tensor.type == "INT8":
                scale_of(tensor)
        if operator.kind not in RESIZING and width(sources[0]) != width(output):
            raise UnfitError("it changes the number of activations")
        taken = tuple(self._taken(source, width(output)) for source in sources)
        widths = tuple(self._width(number) for number in taken)
        step = HANDLERS[operator.kind](Call(operator, sources, taken, widths, output, self._file.tensors))
        if step is not None:
            self.steps.append(step)
        self.values[output.name] = taken[0] if step is None else len(self.steps)
        if output.type == "INT8":
            self.answers = output
            self.given = self.given or output

    def _taken(self, tensor: Tensor, size: int) -> int:
        """The number of the operator that gives a tensor; a constant becomes one."""
        if tensor.integers is not None and tensor.name not in self.values:
            values = tensor.integers.ravel().tolist()
            values = values * size if len(values) == 1 else values
            if not values:
                raise UnfitError(f"its tensor {show(tensor.name)} is empty")
            self.steps.append(lite.LiteConstant(f"the constant {show(tensor.name)}", (), len(values), tuple(values)))
            self.values[tensor.name] = len(self.steps)
        if tensor.name not in self.values:
            raise UnfitError(f"its input {show(tensor.name)} is not computed before it")
        return self.values[tensor.name]

    def _width(self, number: int) -> int:
        """How many activations a step gives."""
        return self.steps[number - 1].width if number > 0 else width(self.given or self.answers)
