"""From a graph to a spec and its parameters."""

from collections.abc import Iterator
from pathlib import Path, PurePath

from nngen.bridges.importing.checks import check
from nngen.bridges.importing.dense_layer import DenseLayer
from nngen.bridges.importing.graph import Array, BatchNorm, Graph, LayerNorm
from nngen.bridges.importing.layers import Network, network
from nngen.bridges.importing.loss import LOG_SOFTMAX, ChosenLoss, choose
from nngen.bridges.importing.parametric import with_kinds
from nngen.bridges.importing.spec_text import Names, names_of, plain_names, spec_text
from nngen.common.diagnostics import Diagnostic, SpecError
from nngen.common.files import refused
from nngen.common.records import dataclass
from nngen.description.data import encoding
from nngen.description.identifiers import module_name
from nngen.description.model import Spec
from nngen.plan import plan
from nngen.reading import fingerprint, parameter_files, parse


@dataclass(frozen=True)
class Imported:
    """A network of another tool as a spec and its parameters."""

    text: str
    """The spec as YAML, with comments."""
    spec: Spec
    parameters: tuple[float, ...]
    """In the order of the layout."""
    loss: ChosenLoss
    graph: Graph

    @property
    def log_outputs(self) -> bool:
        """Whether the outputs of the source are the logarithms of those of the spec."""
        return any(node.kind == "activate" and node.activation == LOG_SOFTMAX for node in self.graph.nodes)

    def parameter_file(self) -> str:
        """The text of a parameter file."""
        network = fingerprint.written(self.spec, encoding(self.spec, Path()))
        return parameter_files.written(plan(self.spec).layout, self.parameters, network)


def assemble(graph: Graph, path: str, *, name: str = "", loss: str = "") -> Imported:
    """Make a spec of a graph.

    Args:
        graph: what a reader has made.
        path: the file, or another name of the source, for messages and for the description.
        name: the name of the network; by default that of the graph or of the file.
        loss: the name of the loss; by default that of the source, or the usual one for the output activation.

    Raises:
        SpecError: something cannot be expressed exactly, with all of it.
    """
    check(graph, path)
    graph = with_kinds(graph)
    made = network(graph)
    _trained(made, path)
    chosen = choose(graph, made, loss)
    called = name or module_name(graph.name or PurePath(path).name.partition(".")[0])
    try:
        text, spec = _parsed(graph, made, path, chosen, names_of(graph, made, called))
    except SpecError:  # names that are valid one by one, and meet in the equations
        try:
            text, spec = _parsed(graph, made, path, chosen, plain_names(made, called))
        except SpecError as error:
            found = dict.fromkeys((f"in its spec, {mistake.message}", mistake.help) for mistake in error.diagnostics)
            raise SpecError(Diagnostic(path, None, None, message, help=advice) for message, advice in found) from None
    return Imported(text, spec, tuple(_parameters(spec, made)), chosen, graph)


def _trained(made: Network, path: str) -> None:
    """Let a network whose source trains nothing train all of its weights, as a spec needs some to train."""
    normalized = any(layer.normalization and layer.normalization.trainable for layer in made.layers)
    if normalized or any(layer.trainable and layer.weighted for layer in made.layers):
        return
    weights = [layer for layer in made.layers if layer.weighted]
    if not weights:
        raise refused(path, "the network has no weights, so that a spec would have nothing to train")
    for layer in weights:
        layer.trainable = True
        layer.note("the source does not train it")


def _parsed(graph: Graph, made: Network, path: str, loss: ChosenLoss, names: Names) -> tuple[str, Spec]:
    text = spec_text(graph, made, path, loss, names)
    return text, parse(text, f"{path}.yaml")


def _parameters(spec: Spec, made: Network) -> Iterator[float]:
    """The parameters in the order of the layout."""
    for planned, layer in zip(plan(spec).layers, made.layers, strict=True):
        arrays = [*layer.matrices(made.widths).values(), *_vectors(layer)]
        for parameters, array in zip(planned.blocks, arrays, strict=True):
            assert parameters.shape == array.shape  # noqa: S101 (both are of the same layer)
            yield from array.ravel().tolist()


def _vectors(layer: DenseLayer) -> Iterator[Array]:
    """The biases of a layer, and the parameters of its normalization."""
    if layer.bias is not None:
        yield layer.bias
    if layer.normalization is not None:
        yield layer.normalization.gain
    if isinstance(layer.normalization, BatchNorm | LayerNorm):
        yield layer.normalization.shift
    if isinstance(layer.normalization, BatchNorm):
        yield from (layer.normalization.mean, layer.normalization.variance)
