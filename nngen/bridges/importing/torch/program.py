"""Modules of PyTorch as graphs, by ``torch.export`` of the caller's own PyTorch.

``torch.export`` writes down the operators that a module calls for an example, whatever its ``forward`` does. Operators
on constants alone are computed here, all others have a rule.
"""

import math
import operator
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from nngen.bridges.importing.checks import HALF, UnfitError, dense_only, problem
from nngen.bridges.importing.entry import Entry
from nngen.bridges.importing.graph import Affine, BatchNorm, Dense, Embedding, Graph, LayerNorm, Node, RmsNorm, Select
from nngen.bridges.importing.nodes import Nodes, Vector
from nngen.bridges.importing.torch.functions import Call, Ids, each, flat_of, function_of
from nngen.bridges.importing.torch.operators import RULES
from nngen.bridges.importing.torch.pairs import BAG, chosen
from nngen.common.diagnostics import SpecError
from nngen.common.files import refused
from nngen.description.model import numbered


def graph(module: Any, example: Any, where: str) -> Graph:
    """The graph of a module, in evaluation mode.

    Args:
        module: a ``torch.nn.Module`` with one output.
        example: its input, a tensor of shape (examples, features), or a tuple of its inputs, among which ids are whole
            numbers of the shape (examples,) or (examples, ids).
        where: its name, for messages.

    Raises:
        SpecError: ``torch.export`` cannot trace the module, or an operator has no equal in a spec.
    """
    torch = sys.modules.get("torch")
    examples = tuple(example) if isinstance(example, list | tuple) else (example,)
    if (
        torch is None
        or not isinstance(module, torch.nn.Module)
        or not examples
        or not all(isinstance(one, torch.Tensor) for one in examples)
    ):
        raise refused(where, "expected a torch.nn.Module and a tensor as its example, or one for each of its inputs")
    for one in examples:
        if one.ndim < 1 or (one.ndim < 2 and one.dtype not in (torch.int32, torch.int64)):
            expected = "(examples, features), or of whole numbers of shape (examples,)"
            raise refused(where, f"expected an example of shape {expected}, got {tuple(one.shape)}")
    named = [(name, type(part)) for name, part in module.named_modules()]
    own = [(name, kind.__name__) for name, kind in named if kind.__module__.startswith("torch.nn.modules.")]
    dense_only(where, ((f"{name or 'forward'}, {kind}", kind) for name, kind in own))
    training = [part for part in module.modules() if part.training]
    try:
        module.eval()
        exported = torch.export.export(module, examples)
    except Exception as error:  # torch.export raises many classes, also its own
        message = str(error).partition("\n")[0]
        raise refused(where, f"torch.export cannot trace the module: {message:.200}") from None
    finally:
        for part in training:
            part.training = True
    with torch.no_grad():
        return Program(torch, exported, where, lambda one: one.detach().cpu().to(torch.float64).numpy()).graph()


LISTED = "docs/bridges.md lists the operators that nngen reads"

SPLITS = frozenset({"chunk.default", "split.Tensor", "split_with_sizes.default"})
"""Operators that split a vector into parts."""


class Program(Nodes):
    """An exported program, of PyTorch or of ``archive``.

    ``values`` has the constants, tensors, and the vectors that depend on the input.
    """

    def __init__(self, torch: Any, exported: Any, where: str, array: Callable[[Any], Any]) -> None:
        super().__init__()
        self._torch, self._exported, self._where, self._of_tensor = torch, exported, where, array
        self._values: dict[Any, Any] = {}
        self._entry = Entry()
        self._problems: list[tuple[str, str]] = []
        self._half = False
        self._parameters = exported.graph_signature.inputs_to_parameters

    def graph(self) -> Graph:
        """The graph; errors as in ``graph`` of a module."""
        output = None
        calls = [node for node in self._exported.graph.nodes if node.op == "call_function"]
        dense_only(self._where, ((self._place(node), str(node.target)) for node in calls))
        for node in self._exported.graph.nodes:
            if node.op == "placeholder":
                self._values[node] = self._placeholder(node)
            elif node.op == "call_function":
                self._values[node] = self._called(node)
            elif node.op == "output":
                output = self._output(node)
        nodes: tuple[Node, ...] = ()
        try:
            nodes = self._entry.finished(self.nodes.values())
        except UnfitError as error:
            self._problems += [] if self._problems else [(str(error), error.advice)]
        if self._problems or output is None:
            raise SpecError(problem(self._where, "", text, advice or LISTED) for text, advice in self._problems)
        return Graph(
            nodes=nodes,
            output=output.node,
            source=f"PyTorch {self._torch.__version__}",
            dtype=self._dtype(),
            notes=(*self._entry.notes, *self.notes, *([HALF] if self._half else [])),
        )

    def _placeholder(self, node: Any) -> Any:
        """A parameter or buffer by its name, or the input."""
        signature, program = self._exported.graph_signature, self._exported
        for names in (signature.inputs_to_parameters, signature.inputs_to_buffers):
            if node.name in names:
                name = names[node.name]
                found = program.state_dict.get(name)
                return program.constants[name] if found is None else found
        if node.name in signature.inputs_to_lifted_tensor_constants:
            return program.constants[signature.inputs_to_lifted_tensor_constants[node.name]]
        value = node.meta["val"]
        shape = tuple(value.shape[1:])
        name = self._name(node.name)
        if value.dtype not in (self._torch.int32, self._torch.int64):
            self._entry.add(name, math.prod(shape))
            self.widths[name] = math.prod(shape)
            return Vector(name, shape)
        names = (name,) if math.prod(shape) == 1 else numbered(name, math.prod(shape))
        for one in names:
            self._entry.add(one, 1, whole="whole numbers")
        return Ids(names, shape)

    def _called(self, node: Any) -> Any:
        """The value of a call: a constant, or a vector; None where it cannot be expressed."""
        arguments, named = each(self._value, node.args), each(self._value, node.kwargs)
        flat = [*flat_of(arguments), *flat_of(named)]
        value = node.meta["val"]
        if value is None or any(given is None for given in map(self._values.get, node.all_input_nodes)):
            return None  # it only checks its input, or depends on something that was reported
        if not any(isinstance(value, Vector | Ids) for value in flat):
            return node.target(*arguments, **named)
        if node.target is operator.getitem:  # one of several outputs
            return arguments[0][arguments[1]]
        name = str(node.target).removeprefix("aten.").replace("_.", ".")
        value = value[0] if name == BAG else value
        several = isinstance(value, list | tuple)
        shape = tuple(getattr(value, "shape", ())[1:])
        ids = chosen(arguments[0], name, arguments, shape) if isinstance(arguments[0], Ids) and not several else None
        if ids is not None:
            return ids
        place = self.place = self._place(node)
        try:
            called = self._name(self._path(node) or self._layer(node) or node.name)
            sources = node.all_input_nodes
            call = Call(called, place, [], {}, shape, 0.0, self.nodes, self._entry, any(map(self._trains, sources)))
            call = self._with(call, arguments, named)
            if not (several or any(source.name in self._parameters for source in sources)):
                made = function_of(name, call)
                if made is not None:
                    return self.shared(made) if len(node.users) > 1 else made
            arguments, named = each(self._as_node, arguments), each(self._as_node, named)
            if several:
                return self._parts(node, name, [*arguments, *named.values()])
            rule = RULES.get(name)
            if rule is None:
                raise UnfitError("no operator of a spec is like it")
            if name not in ("embedding.default", BAG) and any(isinstance(value, Ids) for value in flat):
                raise UnfitError("it takes ids as numbers: only nn.Embedding takes them")
            if any(source.name in self._parameters and len(source.users) > 1 for source in sources):
                raise UnfitError("it shares parameters with another call")
            found = rule(replace(self._with(call, arguments, named), epsilon=self._torch.finfo(value.dtype).eps))
        except UnfitError as unfit:
            self._problems.append((f"{place}: {unfit}", unfit.advice))
            return None
        if found is None:
            return Vector(next(one for one in flat_of(arguments) if isinstance(one, Vector)).node, shape)
        found = self._with_training(found, node)
        self.nodes[found.name], self.widths[found.name] = found, math.prod(shape)
        vector = Vector(found.name, shape)
        return [vector, None, None, None] if name == BAG else vector

    def _as_node(self, value: Any) -> Any:
        """A node in place of a function of others."""
        return Vector(self.node_of(value), value.shape) if isinstance(value, Vector) else value

    def _with(self, call: Call, arguments: Any, named: Any) -> Call:
        """A call with arguments, of which tensors become arrays."""
        return replace(call, arguments=each(self._array, arguments), named=each(self._array, named))

    def _parts(self, node: Any, name: str, arguments: list[Any]) -> list[Vector | Ids]:
        """The parts of a vector, or of ids, that an operator splits."""
        if name not in SPLITS:
            raise UnfitError("it has several outputs, and no operator of a spec is like it")
        given, dimension = arguments[0], arguments[2] if len(arguments) > 2 else 0
        shapes = [tuple(part.shape[1:]) for part in node.meta["val"]]
        if len(given.shape) != 1 or dimension not in (1, -1) or not all(map(math.prod, shapes)):
            raise UnfitError("it splits something else than the features of a vector: flatten it, and use dim=-1")
        found: list[Vector | Ids] = []
        start = 0
        for shape in shapes:
            span = range(start, start + shape[0])
            start = span.stop
            if isinstance(given, Ids):
                found.append(Ids(given.inputs[span.start : span.stop], shape))
                continue
            part = self._name(node.name)
            self.widths[part] = shape[0]
            self.nodes[part] = Select(name=part, place=self._place(node), source=given.node, indices=tuple(span))
            found.append(Vector(part, shape))
        return found

    def _path(self, node: Any) -> str:
        """The name of the module that calls an operator; empty for the outermost one."""
        stack = [*(node.meta.get("nn_module_stack") or {}).values()]
        return str(stack[-1][0]) if stack else ""

    def _place(self, node: Any) -> str:
        """Where a call is, for messages."""
        return f"{self._path(node) or 'forward'}, {node.target}"

    def _with_training(self, made: Node, call: Any) -> Node:
        """A node that says whether PyTorch trains its parameters."""
        if not isinstance(made, Affine | Dense | Embedding | BatchNorm | LayerNorm | RmsNorm):
            return made
        buffers = self._exported.graph_signature.inputs_to_buffers
        given = [(source, self._values[source]) for source in call.all_input_nodes]
        trained = [
            self._trains(source)
            for source, value in given
            if not isinstance(value, Vector | Ids) and not (source.name in buffers and isinstance(made, BatchNorm))
        ]
        half = len(set(trained)) > 1 or (isinstance(made, BatchNorm | LayerNorm) and len(trained) == 1)
        note = "PyTorch trains only a part of its parameters" if half else ""
        return replace(made, trainable=any(trained), note=made.note or note)

    def _trains(self, source: Any) -> bool:
        """Whether an argument is a parameter that PyTorch trains."""
        return source.name in self._parameters and bool(self._values[source].requires_grad)

    def _layer(self, call: Any) -> str:
        """The name of a layer by those of its parameters, where a module has them as nngen does: ``b_hidden``."""
        given = [self._parameters.get(source.name, "") for source in call.all_input_nodes]
        return next((name[2:] for start in ("b_", "W_") for name in given if name.startswith(start)), "")

    def _name(self, wanted: str) -> str:
        """A name that no node has."""
        taken = wanted in self.nodes or wanted in self._entry
        return self._name(f"{wanted}_") if taken else wanted

    def _value(self, value: Any) -> Any:
        """The value of the node that computes an argument."""
        return self._values.get(value) if type(value).__name__ == "Node" else value

    def _array(self, value: Any) -> Any:
        """An array in place of a tensor."""
        return self._of_tensor(value) if isinstance(value, self._torch.Tensor) else value

    def _output(self, node: Any) -> Vector | None:
        outputs = each(self._value, node.args[0])
        outputs = outputs if isinstance(outputs, list) else [outputs]
        if len(outputs) != 1:
            self._problems.append((f"the module has {len(outputs)} outputs: a network has one vector", ""))
            return None
        if not self._problems and (not isinstance(outputs[0], Vector) or len(outputs[0].shape) > 1):
            self._problems.append(("the output is not a vector for each example", ""))
        if self._problems or not isinstance(outputs[0], Vector):
            return None
        try:
            return Vector(self.node_of(outputs[0]), outputs[0].shape)
        except UnfitError as unfit:
            self._problems.append((f"the output: {unfit}", unfit.advice))
            return None

    def _dtype(self) -> Literal["float32", "float64"]:
        """The type of the parameters.

        Raises:
            SpecError: it is another one.
        """
        kinds = {str(value.dtype).removeprefix("torch.") for value in self._exported.state_dict.values()}
        kinds = {kind for kind in kinds if "float" in kind}
        if kinds & {"float16", "bfloat16"}:
            self._half = True
        if kinds - {"float16", "bfloat16", "float32", "float64"}:
            raise refused(self._where, f"its parameters are {', '.join(sorted(kinds))}", "convert it: `module.float()`")
        return "float64" if kinds == {"float64"} else "float32"
