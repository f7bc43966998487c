"""From an ONNX file to a graph: each operator is read in the order of the file, and all that cannot be are reported."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from nngen.bridges.importing import graph
from nngen.bridges.importing.checks import HALF, UnfitError, dense_only, problem
from nngen.bridges.importing.expressions import TOO_LARGE
from nngen.bridges.importing.graph import Array, Graph
from nngen.bridges.importing.nodes import Nodes, Vector
from nngen.bridges.importing.onnx.columns import Table
from nngen.bridges.importing.onnx.constants import FOLDED, Constants
from nngen.bridges.importing.onnx.model import Constant, Label, Model, Named, Operator, RawColumns, Unknown, Value
from nngen.common.diagnostics import Diagnostic, SpecError, show
from nngen.common.text import joined

SUPPORTED = "docs/bridges.md lists the operators that are read"
ADVICE = {
    "TreeEnsembleClassifier TreeEnsembleRegressor TreeEnsemble": "m2cgen and treelite write trees as code",
    "SVMClassifier SVMRegressor": "this is no neural network",
    "DynamicQuantizeLinear MatMulInteger QLinearMatMul QGemm ConvInteger QLinearAdd QLinearMul QLinearLeakyRelu "
    "QLinearSigmoid QLinearSoftmax MatMulIntegerToFloat DynamicQuantizeMatMul MatMulNBits": "export it before that, or "
    "with QDQ",
    "If Loop Scan": "export the network in inference mode, without control flow",
}


Handler = Callable[["Reader", Operator], Sequence[Value]]


class Reader(Nodes):
    """Reads the operators of a file, one after another."""

    def __init__(self, model: Model, path: str, handlers: "Mapping[tuple[str, str], Handler]") -> None:
        super().__init__()
        self.model = model
        self.path = path
        self._handlers = handlers
        self.table = Table(model)
        self.values: dict[str, Value] = {name: Constant(array) for name, array in model.constants.items()}
        self.independent = False
        """Whether an example may have several of the classes."""
        self._value = ""
        """What the operator that is read makes."""
        self._found: list[Diagnostic] = []
        self._constants = Constants()
        self._uses = Counter(name for operator in model.operators for name in set(operator.inputs))
        self._uses.update(model.outputs)

    def network(self) -> Graph:
        """The whole network.

        Raises:
            SpecError: something cannot be read, with all of it.
        """
        operators = self.model.needed(self.model.outputs)
        dense_only(self.path, ((operator.place, operator.kind) for operator in operators))
        for tensor in self.model.inputs:
            try:
                self.values[tensor.name] = self.table.input(tensor)
            except UnfitError as error:
                self._refuse(f"input {show(tensor.name)}", error)
                self.values[tensor.name] = Unknown()
        for operator in operators:
            self._read(operator)
        self.place = ""
        try:
            if not self._found:
                return self._network()
        except UnfitError as error:
            self._refuse(self.place, error)
        except RecursionError:
            self._refuse(self.place, UnfitError(TOO_LARGE))
        raise SpecError(self._found)

    def _refuse(self, place: str, error: UnfitError) -> None:
        self._found.append(problem(self.path, place, str(error), error.advice))

    def _read(self, operator: Operator) -> None:
        self.place, self._value = operator.place, operator.outputs[0]
        values: Sequence[Value] = ()
        try:
            values = self._values_of(operator)
        except UnfitError as error:
            self._refuse(operator.place, error)
        except RecursionError:
            self._refuse(operator.place, UnfitError(TOO_LARGE))
        for index, name in enumerate(operator.outputs):
            value = values[index] if index < len(values) else Unknown()
            self.values[name] = self.shared(value) if self._uses[name] > 1 else value
            if self._uses[name] > 1 and isinstance(value, Vector):
                self.several.add(value.node)

    def _values_of(self, operator: Operator) -> Sequence[Value]:
        """The outputs of an operator; none if an input has been refused."""
        given = [self.values[name] for name in operator.inputs if name]
        constants = [value.array for value in given if isinstance(value, Constant)]
        if operator.kind in FOLDED and not operator.domain and 0 < len(operator.inputs) == len(constants):
            return [Constant(self._constants.folded(operator, constants))]
        handler = self._handlers.get((operator.domain, operator.kind))
        if handler is None:
            advice = next((text for kinds, text in ADVICE.items() if operator.kind in kinds.split()), SUPPORTED)
            raise UnfitError("this operator is not supported", advice)
        return () if any(isinstance(value, Unknown) for value in given) else handler(self, operator)

    # what handlers use

    def named(self, name: str) -> str:
        """The name of a layer: in files of nngen that of the value that is read, otherwise the one given."""
        own = self.model.producer.partition(" ")[0] == "nngen"
        return self._value.removeprefix("z_") if own and self._value.startswith("z_") else name

    def constant(self, operator: Operator, index: int, what: str) -> Array | None:
        """An input that must be constant numbers, in float64; None if it is left out."""
        if index >= len(operator.inputs) or not operator.inputs[index]:
            return None
        value = self.values[operator.inputs[index]]
        if not isinstance(value, Constant) or value.array.dtype.kind not in "fib":
            raise UnfitError(f"its {what} are not constant numbers", "export the network in inference mode")
        return value.doubles()

    def integers(self, operator: Operator, index: int, attribute: str) -> list[int] | None:
        """Whole numbers: an attribute in older versions, a constant input in newer ones; None if they are left out."""
        if attribute in operator.attributes:
            given = operator.attributes[attribute]
            return [int(value) for value in (given if isinstance(given, list) else [given])]
        found = self.constant(operator, index, attribute)
        return None if found is None else [int(value) for value in found.ravel()]

    def vector(self, operator: Operator, index: int = 0) -> Vector:
        """An input that must be a vector of numbers for each example."""
        value = self.values[operator.inputs[index]]
        if isinstance(value, RawColumns):
            value = Vector(self.numbers(value), value.shape)
        if not isinstance(value, Vector):
            raise UnfitError(f"its input {show(operator.inputs[index])} is no vector of numbers")
        return value

    def flat(self, operator: Operator, index: int = 0) -> Vector:
        """An input that must be a vector with one dimension for each example, as a node."""
        vector = self.vector(operator, index)
        if len(vector.shape) != 1:
            shape = joined(map(str, vector.shape), "by")
            raise UnfitError(f"expected a vector for each example, got {shape or 'a single number'}")
        return Vector(self.node_of(vector), vector.shape)

    def numbers(self, value: RawColumns) -> str:
        """The node that has these columns as numbers."""
        name = self.table.numbers(value.places)
        self.widths[name] = len(value.places)
        return name

    def _network(self) -> Graph:
        scores: dict[str, str] = {}
        classes: tuple[str, ...] = ()
        for name in self.model.outputs:
            value = self.values[name]
            self.place = f"output {show(name)}"
            if isinstance(value, Label | Named):
                classes = value.classes or classes
                name = value.scores
                value = self.values[name]
            if isinstance(value, RawColumns):
                value = Vector(self.numbers(value), value.shape)
            if not isinstance(value, Vector):
                raise UnfitError("it is no vector of numbers", "export the network without it")
            scores.setdefault(self.node_of(value), name)
        self.place = ""
        scores = self._joined(scores)
        if len(scores) != 1:
            names = joined(map(show, scores.values()), "and")
            raise UnfitError(f"expected one output, got {names or 'none'}", "export it with one of them")
        ((node, output),) = scores.items()
        return Graph(
            nodes=(*self.table.nodes(), *self.nodes.values()),
            output=self._single(node) or node,
            value=output,
            source=self._source(),
            dtype=self.table.dtype,
            classes=() if self.independent else classes,
            units=self.model.units,
            notes=(*self.notes, *([HALF] if self.model.half else [])),
        )

    def _source(self) -> str:
        versions = {operator.version for operator in self.model.operators if not operator.domain}
        return ", ".join(filter(None, (self.model.producer, *(f"opset {version}" for version in versions))))

    def _joined(self, scores: Mapping[str, str]) -> dict[str, str]:
        """The scores, where all other outputs are some of their numbers, as in a data frame with a column for each.

        A single number may stand beside the scores of two classes that are made of it.
        """
        for whole in scores:
            others = scores.keys() - {whole}
            parts = [self.nodes.get(name) for name in others]
            selected = all(isinstance(part, graph.Select) and part.source == whole for part in parts)
            if selected or others == {self._single(whole)}:
                return {whole: scores[whole]}
        return dict(scores)

    def _single(self, name: str) -> str:
        """The number p where a node has 1 - p and p, or s where it has -s and s; empty for other nodes."""
        node = self.nodes.get(name)
        if not isinstance(node, graph.Concat) or len(node.sources) != 2 or self.widths[name] != 2:
            return ""
        opposite, source = node.sources
        other = self.nodes.get(opposite)
        if not isinstance(other, graph.Affine) or other.source != source or other.multiply[0] != -1.0:
            return ""
        activated = self.nodes.get(source)
        likelihood = isinstance(activated, graph.Activate) and activated.activation == "sigmoid"
        return source if other.add[0] == (1.0 if likelihood else 0.0) else ""
