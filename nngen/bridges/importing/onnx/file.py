"""Reads an ONNX file as data: its nodes, its constants, its inputs and outputs, and nothing that it would run.

Sizes are checked before arrays are made. The text of the format: https://onnx.ai/onnx/repo-docs/IR.html.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import prod
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from nngen.bridges.importing.checks import problem
from nngen.bridges.importing.graph import Graph
from nngen.bridges.importing.limits import LIMITS
from nngen.bridges.importing.onnx.definitions import mistake, names, own_names
from nngen.bridges.importing.onnx.model import InputTensor, Model, Operator, shortest, width_of
from nngen.bridges.importing.onnx.operators import HANDLERS
from nngen.bridges.importing.onnx.reader import Reader
from nngen.common import files
from nngen.common.diagnostics import Diagnostic, SpecError, show

OPSETS = {"": (7, onnx.defs.onnx_opset_version()), "ai.onnx.ml": (1, 5)}
"""The versions of the operators that are read, by domain. From version 7 on, shapes broadcast as in NumPy."""

NUMBERS = {
    getattr(TensorProto, name) for name in "FLOAT FLOAT16 DOUBLE INT64 INT32 INT16 INT8 UINT16 UINT8 BOOL".split()
}
"""The types of numbers that are read."""


def read_graph(path: str) -> Graph:
    """The graph of a file. This runs in a process of its own; errors as in ``read``."""
    model, _ = read(Path(path))
    return Reader(model, path, HANDLERS).network()


def read(path: Path) -> tuple[Model, onnx.ModelProto]:
    """Read a file.

    Raises:
        SpecError: it is no ONNX file, it is too large, or it has what cannot be read; with all of it.
    """
    content = files.read(path, LIMITS.file)
    proto = onnx.ModelProto()
    try:
        proto.ParseFromString(content)
    except Exception as error:  # the class of the error depends on the implementation of protobuf
        raise files.refused(path, f"this is no ONNX file: {type(error).__name__}") from None
    if not proto.graph.node:
        raise files.refused(path, "this is no ONNX file, or its graph is empty")
    reader = _Reader(path, proto)
    model = reader.model()
    if reader.found:
        raise SpecError(reader.found)
    return model, proto


class _Reader:
    def __init__(self, path: Path, proto: onnx.ModelProto) -> None:
        self._path = path
        self._proto = proto
        self._left = LIMITS.numbers
        self._texts = LIMITS.texts
        self._half = False
        self.found: list[Diagnostic] = []

    def _refuse(self, place: str, message: str, advice: str = "") -> None:
        self.found.append(problem(str(self._path), place, message, advice))

    def model(self) -> Model:
        graph = self._proto.graph
        if not all(isinstance(name, str) for name in names(self._proto)):  # what protobuf gives where it is no text
            self._refuse("", "a name in the file is not UTF-8")
            raise SpecError(self.found)
        versions = self._versions()
        if len(graph.node) > LIMITS.nodes:
            self._refuse("", f"the graph has {len(graph.node):,} nodes; at most {LIMITS.nodes:,} are read")
            raise SpecError(self.found)
        if self._proto.functions:
            self._refuse("", "the file defines its own operators", "export it with these written out (inlined)")
        for sparse in graph.sparse_initializer:
            self._refuse(
                f"tensor {show(sparse.values.name)}", "sparse tensors are not read", "export it as a dense tensor"
            )
        constants: dict[str, NDArray[Any]] = {}
        for tensor in graph.initializer:
            if tensor.name in constants:
                self._refuse(f"tensor {show(tensor.name)}", "there are two tensors of this name")
            array = self._tensor(tensor, f"tensor {show(tensor.name)}")
            if array is not None:
                constants[tensor.name] = array
        stored = {tensor.name for tensor in graph.initializer}
        inputs = tuple(self._input(value) for value in graph.input if value.name not in stored)
        operators = tuple(self._operator(number, node, versions) for number, node in enumerate(graph.node, 1))
        self._order(operators, stored | {tensor.name for tensor in inputs})
        producer = " ".join(filter(None, (self._proto.producer_name, self._proto.producer_version)))
        outputs = tuple(value.name for value in graph.output)
        model = Model(operators, constants, inputs, outputs, producer, *own_names(self._proto))
        half = self._half or any(tensor.type == "float16" for tensor in inputs)
        return replace(model, half=half, inputs=tuple(_with_width(tensor, model) for tensor in inputs))

    def _versions(self) -> dict[str, int]:
        versions: dict[str, int] = {}
        for imported in self._proto.opset_import:
            domain = "" if imported.domain == "ai.onnx" else imported.domain
            versions[domain] = max(versions.get(domain, 0), imported.version)
        for domain, (low, high) in OPSETS.items():
            if domain in versions and not low <= versions[domain] <= high:
                what = f"version {versions[domain]} of the operators {domain or 'ai.onnx'}"
                self._refuse("", f"{what} is not read, only {low} to {high}", "export it for another version (opset)")
        return versions

    def _order(self, operators: tuple[Operator, ...], known: set[str]) -> None:
        """Each value is computed once, before it is used: so there is no cycle."""
        for operator in operators:
            unknown = [name for name in operator.inputs if name and name not in known]
            if unknown:
                self._refuse(operator.place, f"its input {show(unknown[0])} is not computed before it")
            twice = [name for name in operator.outputs if name and name in known]
            if twice:
                self._refuse(operator.place, f"there is a value {show(twice[0])} already")
            known |= {name for name in operator.outputs if name}
        for value in self._proto.graph.output:
            if value.name not in known:
                self._refuse("", f"the output {show(value.name)} is computed nowhere")

    def _operator(self, number: int, node: Any, versions: Mapping[str, int]) -> Operator:
        domain = "" if node.domain == "ai.onnx" else node.domain
        made = Operator(
            number=number,
            kind=node.op_type,
            domain=domain,
            version=versions.get(domain, 0),
            name=node.name,
            inputs=tuple(node.input),
            outputs=tuple(node.output),
            attributes={},
        )
        values = {attribute.name: self._attribute(attribute, made.place) for attribute in node.attribute}
        if len(values) < len(node.attribute):
            self._refuse(made.place, "it has an attribute twice")
        if message := mistake(node, made, self._proto.ir_version):
            self._refuse(made.place, message, "export the file again: it breaks the definition of this operator")
        return Operator(**{**vars(made), "attributes": values})

    def _attribute(self, attribute: Any, place: str) -> Any:
        """A number of float32 becomes the double of its shortest decimal, as its author wrote it: 0.3."""
        kinds = onnx.AttributeProto
        match attribute.type:
            case kinds.FLOAT:
                return shortest(attribute.f)
            case kinds.INT:
                return attribute.i
            case kinds.STRING:
                return attribute.s.decode(errors="replace")
            case kinds.FLOATS:
                self._left -= len(attribute.floats)
                return np.array(attribute.floats, np.float64)
            case kinds.INTS:
                self._left -= len(attribute.ints)
                return list(attribute.ints)
            case kinds.STRINGS:
                self._texts -= len(attribute.strings)
                return [text.decode(errors="replace") for text in attribute.strings]
            case kinds.TENSOR if (
                attribute.name == "value"
            ):  # of Constant and ConstantOfShape; no other operator needs one
                return self._tensor(attribute.t, place)
        return None

    def _tensor(self, tensor: Any, place: str) -> NDArray[Any] | None:
        """The array of a tensor, if its size is what its shape says."""
        shape = tuple(tensor.dims)
        if len(shape) > LIMITS.rank or not all(0 <= size <= LIMITS.numbers for size in shape):
            self._refuse(place, f"expected a shape of at most {LIMITS.rank} sizes from 0 to {LIMITS.numbers:,}")
            return None
        count, texts = prod(shape), tensor.data_type == TensorProto.STRING
        if not texts and tensor.data_type not in NUMBERS:
            names = TensorProto.DataType
            known = tensor.data_type in names.values()
            kind = names.Name(tensor.data_type).lower() if known else str(tensor.data_type)
            self._refuse(place, f"tensors of the type {kind} are not read", "export it with float32 or float64")
            return None
        self._texts -= count if texts else 0
        self._left -= 0 if texts else count
        if self._left < 0 or self._texts < 0:
            self._refuse(place, f"the tensors have more than {LIMITS.numbers:,} numbers, or {LIMITS.texts:,} texts")
            raise SpecError(self.found)
        try:
            if texts:
                listed = [text.decode(errors="replace") for text in tensor.string_data]
                return np.array(listed, object).reshape(shape)
            if tensor.data_location == TensorProto.EXTERNAL:
                self._load(tensor, count * helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize)
            array: NDArray[Any] = numpy_helper.to_array(tensor)
        except ValueError as error:
            self._refuse(place, f"its numbers cannot be read: {error}")
            return None
        if array.dtype == np.float16:
            self._half = True
            array = array.astype(np.float64)
        if array.dtype.kind == "f" and not np.isfinite(array).all() and count > 1:
            self._refuse(place, "it has a number that is not finite")
            return None
        return array

    def _load(self, tensor: Any, size: int) -> None:
        """Take the bytes of a tensor from a file beside the model: only a plain name, and only a regular file."""
        entries = {entry.key: entry.value for entry in tensor.external_data}
        name = entries.get("location", "")
        beside = self._path.parent / name
        if PurePath(name).name != name or "\\" in name or beside.is_symlink() or not beside.is_file():
            raise ValueError(f"{show(name)} is no regular file beside the model")
        offset, length = int(entries.get("offset", "0")), int(entries.get("length", str(size)))
        if offset < 0 or length != size or offset + length > min(beside.stat().st_size, LIMITS.file):
            raise ValueError(f"its shape needs {size:,} bytes, which are not at this place of {show(name)}")
        with files.opened(beside) as file:
            file.seek(offset)
            tensor.raw_data = file.read(length)
        tensor.data_location = TensorProto.DEFAULT

    def _input(self, value: Any) -> InputTensor:
        kind = value.type.tensor_type
        if not value.type.HasField("tensor_type"):
            return InputTensor(value.name, "no tensor", None)
        known = kind.elem_type in TensorProto.DataType.values()
        name = TensorProto.DataType.Name(kind.elem_type).lower() if known else "unknown"
        name = {"float": "float32", "double": "float64"}.get(name, name)
        if not kind.HasField("shape"):
            return InputTensor(value.name, name, None)
        # exporters also write 0 for a size that is not known
        sizes = tuple(size.dim_value or None for size in kind.shape.dim)
        return InputTensor(value.name, name, sizes)


def _with_width(tensor: InputTensor, model: Model) -> InputTensor:
    """An input with the width that an operator needs, where its own is open."""
    shape = tensor.shape
    open_width = shape is not None and shape[1:] == (None,)
    return replace(tensor, shape=(shape[0], width_of(model, tensor.name))) if shape and open_width else tensor
