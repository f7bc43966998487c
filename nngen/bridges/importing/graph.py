"""The network of any source, as a graph of vectors.

Each node is a vector for each example, made from the vectors of earlier nodes. Arrays are float64, and matrices have a
row for each output and a column for each input, whatever the source does: readers transpose, nobody else.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator

from nngen.common.records import dataclass
from nngen.description.model import Column, ValueColumn
from nngen.mathematics.catalogue import PAIRS


def _decoded(value: Any) -> NDArray[np.float64]:
    """An array as it is, or from its shape and the base64 text of its bytes, which must agree."""
    if isinstance(value, np.ndarray):
        array = np.asarray(value, np.float64)
    else:
        shape, text = value
        array = np.frombuffer(b64decode(text, validate=True), "<f8").reshape(shape)
    array = np.array(array, np.float64, order="C")
    array.flags.writeable = False
    return array


def _encoded(array: NDArray[np.float64]) -> tuple[list[int], str]:
    return list(array.shape), b64encode(np.asarray(array, "<f8").tobytes()).decode()


Array = Annotated[NDArray[np.float64], PlainValidator(_decoded), PlainSerializer(_encoded)]
"""An array of float64; between processes, its shape and the base64 text of its bytes."""


def _of_two(name: str) -> str:
    if name not in PAIRS:
        raise ValueError(f"no kind of layer that takes two sources has the name {name!r}")
    return name


PairName = Annotated[str, AfterValidator(_of_two)]
"""The name of a kind of layer that takes two sources."""


@dataclass(frozen=True, kw_only=True)
class _Named:
    name: str
    """The name in the source: any text, and not two nodes have the same."""
    place: str = ""
    """Where it is in the source, for messages: ``node 3, Gemm``."""
    note: str = ""
    """What a reader of the spec should know about it, such as a folded operator; it becomes a comment."""


@dataclass(frozen=True, kw_only=True)
class Input(_Named):
    """The input of the network: numbers without gaps, as they are. A graph has one ``Input`` or one ``Columns``."""

    width: int
    names: tuple[str, ...] = ()
    """A name for each number, where the source has names."""
    kind: Literal["input"] = "input"


@dataclass(frozen=True, kw_only=True)
class Columns(_Named):
    """The input of the network, made from columns of data with ids, categories, gaps or scales by value.

    The vector has the inputs of the columns without ids one after another: ``input_names(values)`` of
    ``nngen.description.model`` names them. Ids come first, and only embeddings take them.
    """

    columns: tuple[Column, ...]
    kind: Literal["columns"] = "columns"

    @property
    def values(self) -> tuple[ValueColumn, ...]:
        """The columns without ids."""
        return tuple(column for column in self.columns if isinstance(column, ValueColumn))


@dataclass(frozen=True, kw_only=True)
class Dense(_Named):
    """The weighted sum ``bias + sum of weights[k] @ sources[k]``."""

    sources: tuple[str, ...]
    weights: tuple[Array, ...]
    """A matrix (outputs, inputs) for each source."""
    bias: Array | None = None
    """A number for each output."""
    trainable: bool = True
    """Whether the source trains it."""
    kind: Literal["dense"] = "dense"


@dataclass(frozen=True, kw_only=True)
class Embedding(_Named):
    """The row of a matrix for each id."""

    column: int
    """The position of the ids among the columns of the input."""
    table: Array
    """A row for each id."""
    trainable: bool = True
    """Whether the source trains it."""
    kind: Literal["embedding"] = "embedding"


@dataclass(frozen=True, kw_only=True)
class Pair(_Named):
    """Two vectors of the same width, joined number by number, or to one number as in a dot product."""

    operation: PairName
    sources: tuple[str, ...]
    kind: Literal["pair"] = "pair"


@dataclass(frozen=True, kw_only=True)
class Activate(_Named):
    """An activation of the catalogue, or a formula.

    ``log_softmax`` is allowed as well, for the output: it becomes softmax, and the comparison takes the logarithm.
    """

    source: str
    activation: str
    """The name in the catalogue; with ``formula``, the name of the custom activation."""
    options: Mapping[str, float] = field(default_factory=dict)
    formula: str = ""
    """A formula of ``z`` in the words of custom activations, if the catalogue has none; for example ``exp(z)``."""
    kind: Literal["activate"] = "activate"


@dataclass(frozen=True, kw_only=True)
class Scale(_Named):
    """``(x - subtract) / divide``, number by number: a standardization."""

    source: str
    subtract: Array
    divide: Array
    kind: Literal["scale"] = "scale"


@dataclass(frozen=True, kw_only=True)
class Affine(_Named):
    """``x * multiply + add``, number by number."""

    source: str
    multiply: Array
    add: Array
    trainable: bool | None = None
    """Whether the source trains what it adds; None if it does not say so."""
    kind: Literal["affine"] = "affine"


@dataclass(frozen=True, kw_only=True)
class Concat(_Named):
    """The vectors of several nodes, one after another."""

    sources: tuple[str, ...]
    kind: Literal["concat"] = "concat"


@dataclass(frozen=True, kw_only=True)
class Sum(_Named):
    """The sum of vectors of the same width: a residual connection."""

    sources: tuple[str, ...]
    kind: Literal["sum"] = "sum"


@dataclass(frozen=True, kw_only=True)
class Select(_Named):
    """Some numbers of a vector: ``x[indices]``, each index from 0, in any order."""

    source: str
    indices: tuple[int, ...]
    kind: Literal["select"] = "select"


@dataclass(frozen=True, kw_only=True)
class BatchNorm(_Named):
    """``gain (x - mean) / sqrt(variance + epsilon) + shift``, with statistics of the training."""

    source: str
    gain: Array
    shift: Array
    mean: Array
    variance: Array
    epsilon: float
    momentum: float = 0.1
    """The share of a new batch in the running statistics: 0.1 is PyTorch's 0.1, and Keras's and ONNX's 0.9."""
    correction: float = 1.0
    """The variance that training measures is divided by n - correction: 1 is PyTorch's, 0 that of Keras."""
    trainable: bool = True
    """Whether the source trains its gain and shift."""
    kind: Literal["batch_norm"] = "batch_norm"


@dataclass(frozen=True, kw_only=True)
class LayerNorm(_Named):
    """``gain (x - mean of x) / sqrt(variance of x + epsilon) + shift``."""

    source: str
    gain: Array
    shift: Array
    epsilon: float
    trainable: bool = True
    """Whether the source trains its gain and shift."""
    kind: Literal["layer_norm"] = "layer_norm"


@dataclass(frozen=True, kw_only=True)
class RmsNorm(_Named):
    """``gain x / sqrt(mean of x^2 + epsilon)``."""

    source: str
    gain: Array
    epsilon: float
    trainable: bool = True
    """Whether the source trains its gain."""
    kind: Literal["rms_norm"] = "rms_norm"


@dataclass(frozen=True, kw_only=True)
class Dropout(_Named):
    """Dropout: outside training, it passes its source on."""

    source: str
    rate: float
    kind: Literal["dropout"] = "dropout"


Node = Annotated[
    Input
    | Columns
    | Dense
    | Embedding
    | Pair
    | Activate
    | Scale
    | Affine
    | Concat
    | Sum
    | Select
    | BatchNorm
    | LayerNorm
    | RmsNorm
    | Dropout,
    Field(discriminator="kind"),
]


@dataclass(frozen=True, kw_only=True)
class Graph:
    """A network: its nodes, each after its sources, and what the source says beyond them."""

    nodes: tuple[Node, ...]
    output: str
    """The name of the node that is the output."""
    value: str = ""
    """The name of the output in a file of operators."""
    name: str = ""
    """The name of the network, if the source has one; otherwise that of the file."""
    source: str = ""
    """Which tool wrote it, for the head of the spec: ``ONNX file of pytorch 2.13``."""
    dtype: Literal["float32", "float64"] = "float64"
    """The width of the numbers that the source computes with."""
    above: bool = False
    """Whether a function, such as a logarithm, has no value for numbers far below the means."""
    classes: tuple[str, ...] = ()
    """The classes in the order of the outputs; two classes for one output mean that it is about the second."""
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The names of the units of layers by the names of their weighted sums, where the source has such."""
    targets: tuple[Array, Array] | None = None
    """The scaling of the targets, ``subtract`` and ``divide``: an answer is ``output * divide + subtract``."""
    loss: Mapping[str, Any] | None = None
    """The loss that it was trained with, as a spec has it under ``loss``, if the source says so."""
    training: Mapping[str, Any] | None = None
    """Its training, as a spec has it under ``training``, if the source says so."""
    notes: tuple[str, ...] = ()
    """Comments for the head of the spec."""


def sources(node: Node) -> tuple[str, ...]:
    """The names of the nodes that a node is made from."""
    match node:
        case Input() | Columns() | Embedding():
            return ()
        case Dense() | Pair() | Concat() | Sum():
            return node.sources
    return (node.source,)
