"""Reads ``.pt2`` archives of ``torch.export`` as data: their operators are JSON, and their numbers are plain bytes.

Pickles in an archive, such as its sample inputs, are never read. The program has the names that ``program`` asks of
the objects of PyTorch, so that reading needs no PyTorch.
"""

import math
import operator
from collections.abc import Mapping
from dataclasses import field
from types import SimpleNamespace
from typing import Any

import numpy as np

from nngen.bridges.importing import limits
from nngen.bridges.importing.graph import Graph
from nngen.bridges.importing.limits import LIMITS, parse
from nngen.bridges.importing.torch.functions import FOLDED
from nngen.bridges.importing.torch.program import Program
from nngen.common.files import refused
from nngen.common.records import dataclass
from nngen.description.model import MAX_UNITS

VERSION = 8
"""The major version of the JSON, that of PyTorch 2.13."""

TYPES = {
    3: ("int16", "<i2"),
    4: ("int32", "<i4"),
    5: ("int64", "<i8"),
    6: ("float16", "<f2"),
    7: ("float32", "<f4"),
    8: ("float64", "<f8"),
    12: ("bool", "?"),
    13: ("bfloat16", "<u2"),
}
"""The types of numbers by their codes in an archive, each with how NumPy reads it."""

DAMAGED = (KeyError, TypeError, ValueError, IndexError, AttributeError, StopIteration, OverflowError)
"""The errors of a file with missing parts, or with parts of other types."""

FROM_PYTHON = "where you trust it, use `nngen.from_torch(torch.export.load(FILE).module(), example)` in Python"


@dataclass(frozen=True, eq=False)
class Tensor:
    """An array of numbers, which PyTorch may train."""

    array: Any
    dtype: str
    requires_grad: bool = False


@dataclass(frozen=True)
class Type:
    """A type of numbers as an argument."""

    name: str


@dataclass(eq=False)
class Node:
    """An input, a call of an operator, or the output of a program."""

    op: str
    name: str
    target: Any = None
    args: list[Any] = field(default_factory=list)
    kwargs: dict[str, Any] = field(default_factory=dict)
    meta: dict[str, Any] = field(default_factory=dict)
    all_input_nodes: list["Node"] = field(default_factory=list)
    users: list["Node"] = field(default_factory=list)


@dataclass(frozen=True)
class Target:
    """An operator by its name; called, it computes a constant of constants."""

    name: str
    where: str

    def __str__(self) -> str:
        return self.name

    def __call__(self, *arguments: Any, **named: Any) -> Tensor:
        """The constant; one that PyTorch alone can compute is refused."""
        if self.name not in FOLDED:
            raise refused(self.where, f"{self.name} of constants alone can be computed by PyTorch only", FROM_PYTHON)
        given = [value.array if isinstance(value, Tensor) else value for value in arguments]
        found = np.asarray(FOLDED[self.name](*given, **{key: named[key] for key in ("alpha",) if key in named}))
        return Tensor(found, "int64" if found.dtype.kind in "iu" else "float64")


KIT = SimpleNamespace(
    int32="int32",
    int64="int64",
    Tensor=Tensor,
    finfo=lambda name: SimpleNamespace(eps=2.0**-7 if name == "bfloat16" else float(np.finfo(name).eps)),
)
"""What ``program`` asks of PyTorch itself."""


def read(content: bytes, where: str) -> Graph:
    """The graph of an archive.

    Raises:
        SpecError: it is damaged or of another version, has pickled weights, or an operator has no equal in a spec.
    """
    exported, version = load(content, where)
    try:
        kit = SimpleNamespace(**vars(KIT), __version__=version)
        return Program(kit, exported, where, lambda tensor: np.asarray(tensor.array, np.float64)).graph()
    except DAMAGED:
        raise refused(where, "an operator of the program has arguments of another form") from None


def load(content: bytes, where: str) -> tuple[Any, str]:
    """The program of an archive as ``Program`` takes it, and the version of PyTorch; errors as in ``read``."""
    members = {name.partition("/")[2]: part for name, part in limits.members(content, where, folders=True).items()}
    models = [name for name in members if name.startswith("models/")]
    if len(models) != 1 or members.get("byteorder", b"little").strip() != b"little":
        expected = "expected an archive of torch.export with one model, in the order of bytes of common processors"
        raise refused(where, expected, FROM_PYTHON)
    model = parse(members[models[0]], where, models[0], nan=True)
    try:
        if model["schema_version"]["major"] != VERSION:
            got = model["schema_version"]["major"]
            message = f"expected version {VERSION} of the archives of torch.export, got {got!r:.20}"
            raise refused(where, message, "save it again with torch.export.save of PyTorch 2.13")
        version = f"{model['torch_version']:.40}"
        name = models[0].removeprefix("models/").removesuffix(".json")
        numbers = [_numbers(members, f"data/{kind}", f"{name}_{kind}_config.json", where) for kind in KINDS]
        return _Reader(model["graph_module"], where).program(*numbers), version
    except DAMAGED:
        raise refused(where, f"{models[0]} is damaged, or of another form") from None


KINDS = ("weights", "constants")
"""The folders of numbers."""


def _numbers(members: Mapping[str, bytes], folder: str, name: str, where: str) -> dict[str, Tensor]:
    """The arrays of a folder by their names in the program."""
    if f"{folder}/{name}" not in members:
        raise refused(where, f"its {name} is missing, so that its numbers are pickled", FROM_PYTHON)
    config = parse(members[f"{folder}/{name}"], where, name)["config"]
    found: dict[str, Tensor] = {}
    left = LIMITS.numbers
    for title, entry in config.items():
        meta = entry["tensor_meta"]
        if entry["use_pickle"] is not False or meta is None:
            raise refused(where, f"{title!r:.60} is pickled, and pickles run code as they are read", FROM_PYTHON)
        shape, strides = ([size["as_int"] for size in meta[key]] for key in ("sizes", "strides"))
        dense = [math.prod(shape[place + 1 :]) for place in range(len(shape))]
        pairs = zip(shape, strides, dense, strict=True)
        if meta["storage_offset"]["as_int"] or any(size > 1 and own != other for size, own, other in pairs):
            raise refused(where, f"the numbers of {title!r:.60} are not in their order", "call contiguous() on it")
        left -= math.prod(shape)
        if meta["dtype"] not in TYPES or min(shape, default=0) < 0 or len(shape) > LIMITS.rank or left < 0:
            raise refused(where, f"the array {title!r:.60} is too large, or has numbers of another type")
        dtype, code = TYPES[meta["dtype"]]
        array = np.frombuffer(members[f"{folder}/{entry['path_name']}"], code)
        array = (array.astype("<u4") << 16).view("<f4") if dtype == "bfloat16" else array
        found[title] = Tensor(array.reshape(shape), dtype, entry["is_param"] is True and meta["requires_grad"] is True)
    return found


class _Reader:
    """The nodes of a program, each by the name of its value."""

    def __init__(self, module: Any, where: str) -> None:
        self._graph, self._signature, self._where = module["graph"], module["signature"], where
        self._nodes: dict[str, Node] = {}

    def program(self, weights: dict[str, Tensor], constants: dict[str, Tensor]) -> Any:
        """What ``torch.export.export`` returns, as far as ``Program`` asks for it."""
        named: dict[str, dict[str, str]] = {kind: {} for kind in ("parameter", "buffer", "tensor_constant")}
        for spec in self._signature["input_specs"]:
            ((kind, given),) = spec.items()
            if kind in named:
                named[kind][given["arg"]["name"]] = given[f"{kind}_name"]
        if {*named["parameter"].values(), *named["buffer"].values()} - weights.keys() - constants.keys():
            raise ValueError
        nodes = [self._placeholder(given["as_tensor"]["name"]) for given in self._graph["inputs"]]
        if len(self._graph["nodes"]) > LIMITS.nodes:
            raise refused(self._where, f"the program has more than {LIMITS.nodes:,} operators")
        for given in self._graph["nodes"]:
            nodes += self._call(given)
        outputs = [self._argument(given) for given in self._graph["outputs"]]
        nodes.append(Node("output", "output", args=[outputs]))
        signature = SimpleNamespace(
            inputs_to_parameters=named["parameter"],
            inputs_to_buffers=named["buffer"],
            inputs_to_lifted_tensor_constants=named["tensor_constant"],
        )
        graph = SimpleNamespace(nodes=nodes)
        return SimpleNamespace(graph=graph, graph_signature=signature, state_dict=weights, constants=constants)

    def _placeholder(self, name: str) -> Node:
        self._nodes[name] = Node("placeholder", name, meta={"val": self._value(name)})
        return self._nodes[name]

    def _call(self, given: Any) -> list[Node]:
        """The node of a call, and those of its outputs, if there are several."""
        listed = [entry.get("as_tensors", [entry.get("as_tensor")]) for entry in given["outputs"]]
        outputs = [one for entries in listed for one in entries if one]
        if given["outputs"] and not outputs:
            return []  # the size of a batch
        several = len(outputs) > 1 or "as_tensors" in given["outputs"][0] if outputs else False
        values = [self._value(one["name"]) if one["name"] else None for one in outputs]
        name = (given.get("name") or "several") if several else outputs[0]["name"] if outputs else ""
        arguments = [(entry["name"], entry["kind"], self._argument(entry["arg"])) for entry in given["inputs"]]
        paths = [entry.split(",")[1] for entry in str(given["metadata"].get("nn_module_stack", "")).split(";") if entry]
        call = Node(
            "call_function",
            name,
            Target(str(given["target"]).removeprefix("torch.ops."), self._where),
            [value for _, kind, value in arguments if kind == 1],
            {title: value for title, kind, value in arguments if kind == 2},
            {"val": values if several else values[0] if values else None, "nn_module_stack": {"": paths[-1:] or [""]}},
        )
        self._connect(call)
        if not several:
            self._nodes[name] = call
            return [call]
        parts = [
            Node("call_function", one["name"], operator.getitem, [call, place], {}, {"val": value}, [call])
            for place, (one, value) in enumerate(zip(outputs, values, strict=True))
            if one["name"]
        ]
        call.users = parts
        self._nodes |= {part.name: part for part in parts}
        return [call, *parts]

    def _connect(self, call: Node) -> None:
        """Let a call know the nodes that it takes, and these know it."""
        listed = [*call.args, *call.kwargs.values()]
        flat = [one for value in listed for one in (value if isinstance(value, list) else [value])]
        call.all_input_nodes = list(dict.fromkeys(one for one in flat if isinstance(one, Node)))
        for source in call.all_input_nodes:
            source.users.append(call)

    def _value(self, name: str) -> Any:
        """The type of a value, and its shape, in which the size of a batch may be unknown."""
        meta = self._graph["tensor_values"][name]
        sizes = [size.get("as_int", -1) for size in meta["sizes"]]
        if not all(type(size) is int for size in sizes):
            raise ValueError
        if math.prod(sizes[1:]) > MAX_UNITS:
            raise refused(self._where, f"{name!r:.60} has more than {MAX_UNITS:,} numbers for each example")
        return SimpleNamespace(shape=tuple(sizes), dtype=TYPES[meta["dtype"]][0], ndim=len(sizes))

    def _argument(self, given: Any) -> Any:
        """An argument: a node, a plain value, or a list of these; the size of a batch is -1."""
        ((kind, value),) = given.items()
        match kind:
            case "as_none":
                return None
            case "as_tensor":
                return self._nodes[value["name"]]
            case "as_tensors":
                return [self._nodes[one["name"]] for one in value]
            case "as_sym_int":
                return value.get("as_int", -1)
            case "as_sym_ints":
                return [one.get("as_int", -1) for one in value]
            case "as_int" | "as_float" | "as_bool" | "as_string" | "as_ints" | "as_floats" | "as_bools" | "as_strings":
                return value
            case "as_scalar_type":
                return Type(TYPES[value][0])
            case "as_memory_format" | "as_layout" | "as_device":
                return None  # which no rule reads
        raise refused(self._where, f"an argument of the kind {kind!r:.40} cannot be read", FROM_PYTHON)
