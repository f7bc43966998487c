"""The types of expressions of the source."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field

from nngen.common.records import dataclass
from nngen.printing.program import Function, Program

SAME = {
    "Class": "str",
    "Size": "int",
    "Size | None": "int | None",
    "Title": "str",
    "Content": "str",
    "Texts": "list[str]",
    "Chosen": "list[bool]",
    "ByInputs": "list[ByInput]",
    "ByColumns": "list[ByColumn]",
    "Notes": "list[Title]",
}
"""Types that are others for what is computed with them."""

WIDER = ("U32", "Num", "F64", "I64", "int")
"""The types of numbers: of two operands, that of the one that is named first is the type of the result."""

BUILT_IN = {
    "floor": "int",
    "len": "int",
    "list": "list[int]",
    "int": "int",
    "float": "F64",
    "sqrt": "F64",
    "F64": "F64",
    "I64": "I64",
    "Num": "Num",
    "U32": "U32",
    **dict.fromkeys("erfc expm1 fmod log1p pow tanh".split(), "F64"),
}
"""What functions of Python give."""

OF_TEXTS = {"split": "list[str]", "startswith": "bool", "endswith": "bool"}
"""What the methods of a text give that is no text."""


ARRAYS = ("Params", "Start", "Inputs", "Outputs", "Shares", "Bounds", "Kept", "ByInput", "ByColumn")
"""The types of lists of numbers whose length a network decides."""


def item(kind: str) -> str:
    """The type of the items of a list."""
    kind = "list[Num]" if kind in ARRAYS else certain(SAME.get(kind, kind))
    return kind.removeprefix("list[").removeprefix("tuple[").removesuffix("]").removesuffix(", ...")


def several(kind: str) -> list[str]:
    """The types of the results of a function."""
    return kind.removeprefix("tuple[").removesuffix("]").split(", ")


def is_list(kind: str) -> bool:
    """Whether this is the type of a list."""
    return SAME.get(kind, kind).startswith("list[")


def optional(kind: str) -> bool:
    """Whether a value of this type may be missing."""
    return kind.endswith(" | None")


def certain(kind: str) -> str:
    """The type of a value that is there."""
    return kind.removesuffix(" | None")


@dataclass
class Kinds:
    """The types of the names in a function, as far as it is read."""

    program: Program
    function: Function
    of: dict[str, str] = field(default_factory=dict)
    """The type of each name; of one that is known to be there, the certain one."""

    def __post_init__(self) -> None:
        self.of = dict(self.program.names) | {one.name: one.kind for one in self.function.arguments}

    def __call__(self, node: ast.expr) -> str:
        """The type of an expression."""
        match node:
            case ast.Constant(value=value):
                return {float: "F64", type(None): "None"}.get(type(value), type(value).__name__)
            case ast.Name(id=name):
                return self.of[name]
            case ast.Attribute(value=value, attr=name):
                return self.program.fields[self(value)][name]
            case ast.Subscript(value=value, slice=ast.Slice()):
                return self(value)
            case ast.Subscript(value=value):
                return item(self(value))
            case ast.BinOp(left=left, right=right):
                kinds = {SAME.get(kind, kind) for kind in (self(left), self(right))}
                return "str" if "str" in kinds else next(kind for kind in WIDER if kind in kinds)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self(operand)
            case ast.BoolOp() | ast.Compare() | ast.UnaryOp():
                return "bool"
            case ast.IfExp(body=body, orelse=other):
                kinds = {self(body), self(other)}
                return next((kind for kind in (*WIDER, "str") if kind in kinds), kinds.pop())
            case ast.ListComp(elt=term, generators=[generator]):
                self.loop(generator.target, generator.iter)
                return f"list[{self(term)}]"
            case ast.List(elts=items):
                return f"list[{self(items[0])}]" if items else "list[]"
            case ast.Call(func=ast.Name(id="picked"), args=[values, _]):
                return self(values)
            case ast.Call(func=ast.Name(id=name)) if self.program.fields.get(name):
                return name
            case ast.Call(func=ast.Name(id=name)) if self.of.get(name, "").startswith("Callback"):
                return "bool"
            case ast.Call(func=ast.Name(id="filled"), args=[_, value]):
                return f"list[{self(value)}]"
            case ast.Call(func=ast.Name(id="min" | "max" | "abs"), args=[first, *_]):
                return self(first)
            case ast.Call(func=ast.Name(id=name)):
                return BUILT_IN[name] if name in BUILT_IN else self.program.known[name].gives
            case ast.Call(func=ast.Attribute(attr=name)):
                return OF_TEXTS.get(name, "str")
        raise TypeError(ast.unparse(node))

    def loop(self, target: ast.expr, over: ast.expr) -> None:
        """Learn the types of the names of a loop."""
        match over, target:
            case ast.Call(func=ast.Name(id="range")), ast.Name(id=name):
                self.of[name] = "int"
            case ast.Call(func=ast.Name(id="enumerate"), args=[values]), ast.Tuple(elts=[place, value]):
                self.of |= {ast.unparse(place): "int", ast.unparse(value): item(self(values))}
            case ast.Tuple(elts=[first, *_]), ast.Name(id=name):
                self.of[name] = self(first)
            case ast.Call(func=ast.Name(id="chunks"), args=[values, _]), ast.Name(id=name):
                self.of[name] = self(values)
            case _, ast.Name(id=name):
                self.of[name] = item(self(over))

    def unpacked(self, target: ast.Tuple, value: ast.expr) -> None:
        """Learn the types of the names that get the results of a call."""
        self.of |= zip(map(ast.unparse, target.elts), several(self(value)), strict=True)

    @contextmanager
    def where(self, test: ast.expr, *, holds: bool = True) -> Iterator[None]:
        """What is known where a condition holds, or does not: that a value is there."""
        before = dict(self.of)
        match test:
            case ast.Compare(left=ast.Name(id=name), ops=[op]) if isinstance(op, ast.IsNot if holds else ast.Is):
                self.known(name)
                yield
                self.of[name] = before[name]
            case _:
                yield

    def known(self, name: str) -> None:
        """Learn that a value is there."""
        self.of[name] = certain(self.of[name])
