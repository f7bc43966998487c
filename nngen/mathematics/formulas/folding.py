"""Leaves out of a formula what numbers such as 0 and 1 make of it: ``0 * a + 1 * b`` is ``b``."""

import ast

from nngen.mathematics.formulas.formula import Formula
from nngen.mathematics.formulas.marks import flat
from nngen.mathematics.formulas.printer import Printer
from nngen.mathematics.formulas.vocabulary import PLAIN


def folded(formula: Formula) -> Formula:
    """A formula without sums with 0, and without products and quotients of 0 and 1."""
    tree = _Folder().visit(ast.parse(formula.text, mode="eval").body)
    return Formula(flat(Printer(PLAIN, str, "").print(tree)[0]), formula.page_functions)


class _Folder(ast.NodeTransformer):
    """Folds the parts of a formula before the whole."""

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        return node.operand if _is(node.operand, 0.0) else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        left, right = node.left, node.right
        match node.op:
            case ast.Add():
                return right if _is(left, 0.0) else left if _is(right, 0.0) else node
            case ast.Sub():
                return left if _is(right, 0.0) else ast.UnaryOp(ast.USub(), right) if _is(left, 0.0) else node
            case ast.Mult():
                return _product(node, left, right)
            case ast.Div():
                return left if _is(left, 0.0) or _is(right, 1.0) else node
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(id="where"), args=[_, yes, no]) if _is(yes, 0.0) and _is(no, 0.0):
                return yes
        return node


def _product(node: ast.BinOp, left: ast.expr, right: ast.expr) -> ast.expr:
    if _is(left, 0.0) or _is(right, 1.0):
        return left
    if _is(right, 0.0) or _is(left, 1.0):
        return right
    if isinstance(right, ast.UnaryOp) and isinstance(right.op, ast.USub):  # a * -b is written -a * b
        return ast.BinOp(ast.UnaryOp(ast.USub(), left), ast.Mult(), right.operand)
    return node


def _is(node: ast.expr, number: float) -> bool:
    return isinstance(node, ast.Constant) and node.value == number
