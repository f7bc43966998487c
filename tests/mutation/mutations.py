"""Makes the mutants for ``mutants.py``: the catalogues, the templates and the code with one small mistake each."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from tests.mutation.mutant import ELSEWHERE, JUDGED, PLAN, Mutant, Page
from tests.mutation.reach import writer
from tests.mutation.template_mutations import of_script, of_template

FORMULAS = {
    "value", "slope", "steps", "across", "back", "lines", "line", "factor", "condition", "running", "target", "start",
}  # fmt: skip
"""The fields of catalogue entries that are mathematics."""
CATALOGUES = (
    *("activations.py", "losses.py", "optimizers/*.py", "schedules.py", "clips.py", "penalties.py"),
    *("stop_rules.py", "initializers.py", "normalizations.py"),
)
OPERATORS: dict[type[ast.AST], ast.operator] = {
    ast.Add: ast.Sub(), ast.Sub: ast.Add(), ast.Mult: ast.Div(), ast.Div: ast.Mult(), ast.FloorDiv: ast.Mult(),
}  # fmt: skip
COMPARISONS: dict[type[ast.AST], ast.cmpop] = {
    ast.Lt: ast.LtE(), ast.LtE: ast.Lt(), ast.Gt: ast.GtE(), ast.GtE: ast.Gt(), ast.Eq: ast.NotEq(),
    ast.NotEq: ast.Eq(), ast.In: ast.NotIn(), ast.NotIn: ast.In(), ast.Is: ast.IsNot(), ast.IsNot: ast.Is(),
}  # fmt: skip
OPPOSITE: dict[type[ast.AST], ast.cmpop] = {ast.Lt: ast.Gt(), ast.LtE: ast.GtE(), ast.Gt: ast.Lt(), ast.GtE: ast.LtE()}
FUNCTIONS = {"minimum": "maximum", "maximum": "minimum", "exp": "expm1", "expm1": "exp", "sum": "max", "max": "sum"}
NO_SOURCE = "kit", "network", "stated"
"""The modules of ``nngen.runtime`` with what languages and networks state themselves."""
SAMPLES_END = b" what they take"
"""The comment after what a file of fixed functions states because modules do."""
PROSE = re.compile(r"[a-z]{2,},? [a-z]{2,}")
"""The pattern of comments, which are not mutated."""


def everything(root: Path) -> list[Mutant]:
    """All mutants of the project, file by file, with distinct names."""
    made: list[Mutant] = []
    for pattern in CATALOGUES:
        for path in sorted((root / "nngen" / "mathematics" / "catalogue").glob(pattern)):
            made += _of_formulas(Page(root, path, f"formulas of {pattern.removesuffix('.py').removesuffix('/*')}"))
    templates = root / "templates"
    for path in sorted(path for folder in ("", *JUDGED) for path in _sources(templates / folder)):
        if writer(path.relative_to(templates).as_posix()):
            made += of_template(Page(root, path, "templates of python and numpy"))
    for target in ELSEWHERE:
        for path in sorted(_sources(templates / target)):
            page = Page(root, path, f"templates of {target}")
            made += of_template(page) if b'"""' in page.source else of_script(page)
    for name in PLAN:
        made += _of_functions(Page(root, root / name, "plan and formulas as text"))
    for folder, group in (("proof/reference", "reference"), ("runtime", "source of the runtime")):
        for path in sorted((root / "nngen" / folder).glob("*.py")):
            if path.stem not in NO_SOURCE:
                made += _of_functions(Page(root, path, group))
    return list(_named(mutant for mutant in made if not _of_sample(root, mutant)))


def _sources(folder: Path) -> list[Path]:
    """The templates of a language, and the file with its fixed functions."""
    return [*folder.glob("*.jinja"), *folder.glob("runtime.*")]


def _of_sample(root: Path, mutant: Mutant) -> bool:
    """Whether a mutant changes what no module takes from a file of fixed functions."""
    return "/runtime." in mutant.path and mutant.start < (root / mutant.path).read_bytes().index(SAMPLES_END)


def _named(made: Iterable[Mutant]) -> Iterator[Mutant]:
    """Each mutant once; if a line occurs several times in a file, the later ones get a number."""
    met: Counter[str] = Counter()
    for mutant in dict.fromkeys(made):
        met[mutant.name] += 1
        number = met[mutant.name]
        yield mutant if number == 1 else replace(mutant, name=f"{mutant.name} ({number})")


def _of_formulas(page: Page) -> Iterator[Mutant]:
    tree = ast.parse(page.source)
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
            number = isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, float)
            if name.startswith("_") or number:  # public texts are prose
                for text in _texts(statement.value):
                    yield from _of_formula(page, name, text)
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            names = [str(ast.literal_eval(k.value)) for k in call.keywords if k.arg == "name"]
            for keyword in call.keywords:
                if keyword.arg in FORMULAS:
                    for text in _texts(keyword.value):
                        yield from _of_formula(page, f"{(names or ['fusion'])[0]}.{keyword.arg}", text)


def _texts(node: ast.expr) -> Iterator[ast.expr]:
    """The texts and numbers of a field, without those of entries within it."""
    if isinstance(node, ast.Tuple):
        for one in node.elts:
            yield from _texts(one)
    elif isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | float)):
        yield node


def _of_formula(page: Page, place: str, node: ast.expr) -> Iterator[Mutant]:
    start, stop = page.span(node)
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        yield page.mutant(place, start, stop, repr(node.value * 1.01))
        return
    text = page.source[start:stop].decode()
    opened = text.index('"') + 1
    text = re.sub(r"\{(\w+)\}", r"_\1_", text[opened:-1])  # a number of the module's, as a letter of the same length
    tree = ast.parse(text)
    letters = sorted({n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id not in _called(tree)})
    for part in ast.walk(tree):
        for new in _changes(part, letters):
            first, last = (start + opened + int(getattr(part, end)) for end in ("col_offset", "end_col_offset"))
            yield page.mutant(place, first, last, re.sub(r"_([A-Z_0-9]+)_", r"{\1}", new))


def _called(tree: ast.AST) -> set[str]:
    return {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}


def _changes(node: ast.AST, letters: list[str]) -> Iterator[str]:
    """The wrong replacements for a part of a formula."""
    match node:
        case ast.BinOp(left, operator, right):
            if type(operator) in OPERATORS:
                yield ast.unparse(ast.BinOp(left, OPERATORS[type(operator)], right))
            yield from (ast.unparse(left), ast.unparse(right))
        case ast.Compare(left, operators, others):
            for k, comparison in enumerate(operators):
                for table in (COMPARISONS, OPPOSITE):
                    if type(comparison) in table:
                        changed = [*operators[:k], table[type(comparison)], *operators[k + 1 :]]
                        yield ast.unparse(ast.Compare(left, changed, others))
        case ast.UnaryOp(ast.USub(), operand):
            yield ast.unparse(operand)
        case ast.Constant(int() | float() as number):
            yield repr(number * 1.01 if number else 0.01)
        case ast.Call(ast.Name(name), arguments):
            yield ast.unparse(arguments[0])
            if name in FUNCTIONS:
                yield ast.unparse(ast.Call(ast.Name(FUNCTIONS[name]), arguments, []))
        case ast.Name(name, ast.Load()) if name in letters and len(letters) > 1:
            yield letters[(letters.index(name) + 1) % len(letters)]


def _of_functions(page: Page) -> Iterator[Mutant]:
    tree = ast.parse(page.source)
    yield from _within(page, tree, [])
    for table in tree.body:  # of functions without a name
        if isinstance(table, ast.Assign | ast.AnnAssign) and isinstance(table.value, ast.Dict):
            for key, value in zip(table.value.keys, table.value.values, strict=True):
                for function in ast.walk(value):
                    if isinstance(function, ast.Lambda):
                        yield from _within(page, function, [ast.unparse(key) if key else ""])


def _within(page: Page, node: ast.AST, place: list[str]) -> Iterator[Mutant]:
    for field, value in ast.iter_fields(node):
        children = value if isinstance(value, list) else [value]
        for child in children:
            if not isinstance(child, ast.AST) or field in ("annotation", "returns", "decorator_list", "bases"):
                continue
            if isinstance(child, ast.keyword) and child.arg == "strict":
                continue  # a guard that right code never meets
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                yield from _within(page, child, [*place, child.name])
                continue
            inside = bool(place) and not isinstance(node, ast.ClassDef)
            if inside and not _is_text(child):
                for new in _faults(child, field, node):
                    yield page.mutant(".".join(place), *page.span(child), new)
            if not isinstance(child, ast.JoinedStr | ast.Raise) and not _is_text(child):
                yield from _within(page, child, place)


def _is_text(node: ast.AST) -> bool:
    """Whether a node is a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _faults(node: ast.AST, field: str, parent: ast.AST) -> Iterator[str]:
    """The wrong replacements for a part of a function."""
    match node:
        case ast.BinOp(left, operator, right) if type(operator) in OPERATORS:
            yield ast.unparse(ast.BinOp(left, OPERATORS[type(operator)], right))
        case ast.Compare(left, [comparison], others) if type(comparison) in COMPARISONS:
            yield ast.unparse(ast.Compare(left, [COMPARISONS[type(comparison)]], others))
        case ast.BoolOp(operator, values):
            yield ast.unparse(ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values))
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield ast.unparse(operand)
        case ast.Constant(bool() as truth):
            yield repr(not truth)
        case ast.Constant(int() as number):
            yield repr(number + 1)
        case ast.Constant(float() as number):
            yield repr(number * 1.01 if number else 0.01)
        case ast.Constant(str() as text) if not PROSE.search(text):
            yield repr(text + "_")
        case ast.IfExp(test, body, orelse):
            yield ast.unparse(ast.IfExp(test, orelse, body))
        case ast.Return(ast.expr() as value) if ast.unparse(value) != "None":
            yield "return None"
        case ast.Expr(ast.Call()) | ast.AugAssign() | ast.Raise():
            yield "pass"
        case ast.Name() | ast.Attribute() | ast.Call() if field == "test" or isinstance(parent, ast.comprehension):
            if field != "target" and field != "iter":
                yield f"(not {ast.unparse(node)})"
