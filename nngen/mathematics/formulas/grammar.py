"""The grammar of formulas: numbers, variables, arithmetic, comparisons, and calls of known functions."""

import ast
from collections.abc import Mapping

FUNCTIONS: Mapping[str, int] = {
    "abs": 1,
    "cos": 1,
    "erfc": 1,
    "exp": 1,
    "expm1": 1,
    "floor": 1,
    "log": 1,
    "log1p": 1,
    "maximum": 2,
    "minimum": 2,
    "sigmoid": 1,
    "sign": 1,
    "sin": 1,
    "softplus": 1,
    "sqrt": 1,
    "tanh": 1,
    "where": 3,
}
"""The functions that a formula may call, with their number of arguments."""

OPERATORS: Mapping[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Mod: "%",
    ast.Pow: "**",
}

COMPARISONS: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
}


class FormulaError(ValueError):
    """The text is not a formula: it does not parse, or it is not arithmetic."""


def check(node: ast.expr, text: str, page_functions: frozenset[str]) -> None:
    """Check a part of a formula.

    Args:
        node: the syntax tree of the part.
        text: the whole formula, for messages.
        page_functions: functions that the page defines; a formula may call these, too.

    Raises:
        FormulaError: it is not arithmetic.
    """

    def check_parts(*parts: ast.expr) -> None:
        for part in parts:
            check(part, text, page_functions)

    match node:
        case ast.Name():
            pass
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            pass
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            check_parts(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            check_parts(left, right)
        case ast.Compare(left=left, ops=ops, comparators=rest) if all(type(op) in COMPARISONS for op in ops):
            check_parts(left, *rest)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            arguments = len(args) if name in page_functions else FUNCTIONS.get(name)
            if arguments is None:
                raise FormulaError(f"{text!r}: unknown function {name!r}; known: {', '.join(FUNCTIONS)}")
            if len(args) != arguments:
                raise FormulaError(f"{text!r}: {name} takes {arguments}, not {len(args)} arguments")
            check_parts(*args)
        case _:
            raise FormulaError(f"{text!r}: {ast.get_source_segment(text, node)!r} is not arithmetic")
