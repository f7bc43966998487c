"""Go: its types and calls, errors as results, and conditions in place of choices."""

import ast
import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import ClassVar

from nngen.printing import (
    ALIKE,
    ATOM,
    CONSTANTS,
    Argument,
    Constant,
    Field,
    Function,
    Made,
    Pair,
    Printer,
    Record,
    is_list,
    item,
    several,
)
from nngen.targets import go
from nngen.targets.compiled import camel
from nngen.targets.gofmt import between, colon, operation

NONES = {"batch_size": "All", "seed": "InOrder"}
"""What says that one of the settings is missing."""

SETTINGS = """\
// All takes all examples in one step, and InOrder leaves the examples in their order, see Settings.
const All, InOrder = -1, -1

{}	// Callback is called after each epoch; true ends training. It may be nil.
	Callback func(epoch int, loss Num, params *Params{}) bool
}}

// DefaultSettings returns the settings of the spec.
func DefaultSettings() Settings {{
	return Settings{{{}}}
}}"""


class GoPrinter(Printer):
    """Writes functions of the source in Go, as gofmt leaves them."""

    step, end, last_comma, none = "\t", "", ",", "nil"
    subjects = ("matrices", "special")
    asks, repeats, endless, added = "if {}", "for {}", "for", "{0} = append({0}, {1})"
    counts, walks, items_form = "for {0} := {1}; {0} < {2}; {3}", "for _, {1} := range {2}", "[]{0}{{{1}}}"
    filters, names_typed, field, entry = False, False, staticmethod(go.cased), "{{{0}, {1}[]string{{{2}}}}}"
    pairs, grows, begins, no_list = "for {0}, {1} := range {2}", "var {0} {1}", "{0} := ", "nil"
    right, done_well, results, choices = "{}, nil", "return nil", "{}", ""
    list_type, new_list = "[]{}", "make([]{0}, {1})"
    row_form, copies = ("{0}{{", "}}"), ("copy({0}[{1}:{2}], []Num{{", "}})")
    noted, text, array = staticmethod(go.comment), staticmethod(go.text_of), staticmethod(go.items)
    laid = staticmethod(go.statement)
    nones: ClassVar[Mapping[str, str]] = {
        "F64 | None": "math.NaN()", "I64 | None": "noDate", "Size | None": "All",
        "int | None": "-1", "U32 | None": "-1",
    }  # fmt: skip
    flags: ClassVar[Mapping[str, bool]] = {"SIZES": False, "THROWS": False}
    constants: ClassVar[Mapping[str, str]] = {
        **{name: go.cased(name) for name in (*CONSTANTS, "TRAINED")},
        **{name: camel(name.lower()) for name in ("BLOCK_ROWS", "CLASS_WEIGHTS", "DIVIDE", "MISSING", "SUBTRACT")},
        "VALIDATION_PLACES": "validation",
    }
    types: ClassVar[Mapping[str, str]] = {
        "Bounds": "[2 * Outputs]Num", "ByColumn": "[len(Columns)]Num", "ByColumns": "[ANSWERS][len(Columns)]Num",
        "ByInput": "[NUMBERS]Num", "ByInputs": "[Outputs][NUMBERS]Num", "Cell": "any", "Class": "string",
        "Content": "[]byte", "F64 | None": "float64", "F64": "float64", "I64 | None": "int64", "I64": "int64",
        "Inputs": "[Inputs]Num", "int | None": "int", "Kept": "Params", "Notes": "[len(Columns)]string",
        "Outputs": "[Outputs]Num", "Params": "*Params", "Progress": "*Progress", "Shares": "[len(Classes)]Num",
        "Size | None": "int", "Start": "*Params", "State": "*State", "str": "string", "Style": "style",
        "Title": "string", "U32 | None": "int64", "U32": "uint32", "Within": "[]bool",
    }  # fmt: skip
    calls: ClassVar[Mapping[str, str]] = {
        **ALIKE,
        **{name: f"math.{name.capitalize()}({{0}})" for name in "abs cos erfc exp expm1 floor".split()},
        **{name: f"math.{name.capitalize()}({{0}})" for name in "log log1p sin sqrt tanh".split()},
        **dict.fromkeys(("no_params", "no_slopes", "no_slopes_in", "slopes_of_training"), "new(Params)"),
        **dict.fromkeys(("check_row", "check_size"), ""),
        "categories_of": "Categories[{0}].Texts", "clear": "*{0} = Params{{}}",
        "contains": "slices.Contains({0}, {1})", "content_of": "[]byte({0})", "copied": "*{0}", "copy_of": "{0}",
        "_dot": "dot({0}, {1})", "endswith": "strings.HasSuffix({0}, {1})", "find": "strings.Index({0}, {1})",
        **dict.fromkeys(("F64", "float"), "float64({0})"), "fmod": "math.Mod({0}, {1})",
        "has": "strings.Contains({0}, {1})", "I64": "int64({0})", "ids_of": "IDs[{0}].Texts",
        "infinity": "Num(math.Inf(1))", "int": "int({0})",
        "is_digits": "allDigits({0})", "is_finite": "math.Abs({0}) <= math.MaxFloat64", "is_nan": "math.IsNaN({0})",
        "is_none": "{0} == nil", "is_number": "number, ok := numberIn({0}); ok",
        "is_text": "text, ok := {0}.(string); ok", "is_truth": "truth, ok := {0}.(bool); ok",
        "is_whole": "{0} == math.Floor({0})", "joined": "strings.Join({0}, {1})", "kept": "*{0}", "len": "len({0})",
        "list": "span(nil, 0, {0})", "max": "max({0}, {1})", "min": "min({0}, {1})", "nan": "math.NaN()",
        "no_bounds": "[2 * Outputs]Num{{}}", "no_inputs": "[Inputs]Num{{}}",
        "no_jacobian": "[Outputs][NUMBERS]Num{{}}", "no_notes": "[len(Columns)]string{{}}",
        "no_numbers": "[len(Columns)]Num{{}}", "no_outputs": "[Outputs]Num{{}}",
        "no_rows": "[{0}][len(Columns)]Num{{}}", "Num": "Num({0})", "number_in": "number",
        "_numbers_of_file": "numbersOfFile({0}, {1})", "pi": "math.Pi", "pow": "math.Pow({0}, {1})",
        "replace": "strings.ReplaceAll({0}, {1}, {2})", "resume": "*{0} = {1}",
        "rounded": "int(math.RoundToEven({0}))", "shortest": "strconv.FormatFloat({0}, 'g', -1, 64)",
        "split": "strings.Split({0}, {1})", "startswith": "strings.HasPrefix({0}, {1})",
        "stripped": 'strings.Trim({0}, " ")', "text_in": "text", "truth_in": "truth", "U32": "uint32({0})",
    }  # fmt: skip

    def definition(self, function: Function) -> str:
        """A function of one short expression is a line."""
        self.erred = False
        text = super().definition(function)
        return re.sub(r"^(func .{,40}) \{\n\t(return .{,40})\n\}$", r"\1 { \2 }", text, flags=re.MULTILINE)

    def head(self, function: Function) -> str:
        """The comment, which begins with the name, and the head."""
        name, gives = self.name(function.name), self.given_types(function.gives)
        groups = groupby((one for one in self.in_order(function) if one.name != "callback"), self.argument)
        arguments = [f"{', '.join(self.local(one.name) for one in some)} {kind}" for kind, some in groups]
        return go.function(arguments, name, gives, said(self.says(function), function.gives))

    def given_types(self, kind: str) -> str:
        """The types of what a function returns, with that of an error."""
        kinds = [self.kind(one) for one in several(kind) if one != "None"] + ["error"] * self.fails
        return f"({', '.join(kinds)})" if len(kinds) > 1 else "".join(kinds)

    def constant_of(self, one: Constant) -> str:
        """Its comment begins with its name."""
        name, says = self.constants.get(one.name, go.cased(one.name)), self.worded_names(one.says)
        comment = f"{name} {'is' if one.kind == 'U32' else 'has'} {says[0].lower()}{says[1:]}"
        return f"{go.doc(comment)}\n{self.valued(one)}"

    def record_of(self, one: Record) -> str:
        """A struct, and what makes one."""
        verb = "says" if one.says.startswith("How") else "is"
        says = self.said_of(one).replace("`", "").replace(", by default as the spec says", "")
        head = go.doc(f"{one.name} {verb} {says[0].lower()}{says[1:]}") + f"\ntype {one.name} struct"
        lines = "".join(f"{self.said_field(field)}\n\n" for field in one.fields)
        listed = f"{head} {{\n{lines.rstrip()}\n}}" if lines else f"{head}{{}}"
        if one.name != "Settings":
            self.function, self.fails = self.program.known["init_state"], False
            made = f"\n\n{self.head(self.function)}\n{self.first_state(one.fields)}\n}}"
            return listed + made * (one.name == "State")
        values = ", ".join(
            f"{go.cased(field.name)}: {field.start.replace('None', NONES.get(field.name, ''))}"
            for field in one.fields[:3]
        )
        progress = ", progress *Progress" * any(field.name == "progress" for field in one.fields)
        return SETTINGS.format(f"{head} {{\n{lines}", progress, values)

    def said_field(self, field: Field) -> str:
        """A field of a struct with its comment."""
        name, says = go.cased(field.name), self.said_of(field, NONES.get(field.name, "nil"))
        verb = "has " if field.kind == "Kept" else "is " * says.startswith("The ")
        kind = "*Progress" if field.name == "progress" else self.kind(field.kind).lstrip("*")
        return f"\t{go.comment(f'{name} {verb}{says[0].lower()}{says[1:]}')}\n\t{name} {kind}"

    def first_state(self, fields: Sequence[Field]) -> str:
        """The statements that make a state."""
        loops = [
            f"\tfor i := range state.{name} {{\n\t\tstate.{name}[i] = {field.start}\n\t}}\n"
            for field in fields
            if field.start and (name := go.cased(field.name))
        ]
        return "".join(["\tstate := new(State)\n", *loops, "\treturn state"]) if loops else "\treturn new(State)"

    def valued(self, one: Constant) -> str:
        """A constant or a variable."""
        name = self.constants.get(one.name, go.cased(one.name))
        if one.kind == "U32":
            return f"const {name} = {one.values[0]}"
        if one.table:
            fields = ["\tColumn string", *["\tCount  int"] * (one.kind == "Ids"), "\tTexts  []string"]
            lines = (f"\t{entry}," for (entry,) in self.listed_values(one))
            return "\n".join([f"var {name} = [...]struct {{", *fields, "}{", *lines, "}"])
        kind = f"[{len(one.values)}]string" if one.public else "[]string"
        kind = kind if one.kind == "Texts" else self.kind(one.kind).lstrip("*")
        return go.items(self.listed_values(one), f"var {name} = {kind}{{", "}", 0)

    def argument(self, one: Argument) -> str:
        """The type of an argument."""
        return f"...{self.kind(item(one.kind))}" if one.several else self.kind(one.kind)

    def cased(self, name: str) -> str:
        """The name of a function."""
        return go.cased(name) if self.program.known[name].public else self.local(name.lstrip("_"))

    def local(self, name: str) -> str:
        """A name with capitals between its words; the callback is one of the settings."""
        if name in self.kept or name == "callback":
            return name if name in self.kept else "settings.Callback"
        return re.sub(
            r"_([a-z])([a-z]*)", lambda found: "ID" if found[0] == "_id" else found[1].upper() + found[2], name
        )

    def counted(self, name: str, first: str, last: str, by: str) -> str:
        """A range over a list has its places."""
        found = re.fullmatch(r"len\((\w+)\)", last) if first == "0" and not by else None
        return f"for {name} := range {found[1]}" if found else super().counted(name, first, last, by)

    def declared(self, name: str, value: ast.expr, depth: int) -> Iterator[str]:
        """A constant has its type."""
        if self.kinds.of[name] == "Num" and isinstance(value, ast.Constant):
            yield self.line(depth, f"{self.begun(name, 'Num')}Num({self.typed(value, 'Num')})")
        else:
            yield from super().declared(name, value, depth)

    def failed(self, test: str, depth: int) -> Iterator[str]:
        """What returns an error."""
        yield from self.opened(f"if {test}", depth)
        yield self.line(depth + 1, f"return {', '.join([*self.nothing(), 'err'])}")
        yield from self.closed(depth)

    def statement(self, node: ast.stmt, depth: int) -> Iterator[str]:
        """Calls that may fail within it get names before; after one is a test for its error."""
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return | ast.Expr):
            before = Before(self.made)
            node = before.visit(copy.deepcopy(node))
            for name, call in before.found:
                self.kinds.of.pop(name, None)
                yield from self.statement(ast.Assign([ast.Name(name)], call), depth)
        value: ast.expr | None = getattr(node, "value", None)
        lines = list(super().statement(node, depth))
        if value is None or isinstance(node, ast.Return) or not self.may_fail(value):
            yield from lines
            return
        target, sign, call = re.findall(r"^\s*(?:(.*?) (:?=) )?(.*)", lines[-1])[0]
        if not target:
            yield from self.failed(f"err := {call}; err != nil", depth)
            return
        if sign == "=" and not self.erred:
            yield self.line(depth, "var err error")
        self.erred = True
        yield self.line(depth, f"{target}, err {sign} {call}")
        yield from self.failed("err != nil", depth)

    def whole(self, node: ast.expr, kind: str) -> str:
        """A value with the type that is wanted, as that of an argument."""
        return self.passed(node, kind, 1)

    def record(self, name: str, args: Sequence[ast.expr]) -> str:
        """A pointer to a new record; a style is none."""
        given = zip(args, self.program.fields[name].values(), strict=False)
        return f"{self.kind(name).replace('*', '&')}{{{', '.join(self.passed(*one, 1) for one in given)}}}"

    def augmented(self, target: ast.expr, op: ast.operator, value: ast.expr) -> str:
        """A change of a number, whose product is rounded."""
        return super().augmented(target, op, self.rounded(value, self.kinds(target)))

    def nothing(self) -> list[str]:
        """A value of each type that a function returns."""
        found = {"bool": "false", "string": '""', "float64": "0.0", "Num": "0.0", "any": "nil"}
        kinds = [self.kind(kind) for kind in several(self.function.gives) if kind != "None"]
        return [
            f"{kind}{{}}" if re.match(r"\[[^]]", kind) else "nil" if kind[0] in "*[" else found.get(kind, "0")
            for kind in kinds
        ]

    def refused(self, place: str, expected: str, depth: int) -> Iterator[str]:
        """An error is returned."""
        yield self.line(depth, f"return {', '.join([*self.nothing(), f'refused({place}, {expected})'])}")

    def certain(self, name: str, kind: str) -> str:
        """A value that is there: a seed has 32 bits then."""
        return f"uint32({self.local(name)})" if kind == "U32 | None" else self.local(name)

    def some(self, text: str, kind: str) -> str:
        """A value where one may be missing."""
        return f"int64({text})" if kind == "U32 | None" and not text.isupper() else text

    def passed(self, node: ast.expr, kind: str, depth: int) -> str:
        """A value with a type; numbers of an example may be a list, and a copy of parameters is given as a pointer."""
        text, given = super().passed(node, kind, depth), self.kinds(node)
        pointer = given == "Kept" and self.kind(kind) == "*Params"
        return f"{'&' * pointer}{text}{'[:]' * (is_list(kind) and given in ('Inputs', 'Outputs'))}"

    def expression(self, node: ast.expr, depth: int) -> tuple[str, int]:
        """Parts of lists, and products that are rounded."""
        match node:
            case ast.Call(func=ast.Name(id="F64" | "Num" as kind), args=[ast.BinOp(op=ast.Mult()) as product]):
                return f"{self.kind(kind)}({self.write(product, depth=depth)})", ATOM
            case ast.Subscript(value=value, slice=ast.Slice(lower=lower, upper=upper)):
                ends = [self.write(one, depth=depth + 1) if one else "" for one in (lower, upper)]
                return f"{self.write(value, ATOM)}[{colon(lower, upper, depth).join(ends)}]", ATOM
        return super().expression(node, depth)

    def numbers(self, kind: str, items: Sequence[str]) -> str:
        """An array."""
        return f"{self.kind(kind)}{{{', '.join(items)}}}"

    def call(self, name: str, args: Sequence[ast.expr], depth: int) -> str:
        """A list of zeros is made."""
        if name in ("is_finite", "is_nan", "is_whole") and self.narrow and self.kinds(args[0]) == "Num":
            args = [ast.Call(ast.Name("F64"), [*args], [])]
        if name == "put_back":
            target, source = map(self.write, args)
            return f"*{target} = {'*' * (self.kinds(args[1]) == 'Params')}{source}"
        if name == "Num" and isinstance(args[0], ast.Name) and args[0].id in self.program.names:
            return self.write(args[0])  # a constant, which has no type
        return super().call(name, args, depth)

    def binary(self, pair: Pair, kind: str, depth: int) -> str:
        """The spaces of gofmt, and no product that a sum takes without rounding."""
        if isinstance(pair.op, ast.Add | ast.Sub) and kind in ("F64", "Num"):
            pair = replace(pair, left=self.rounded(pair.left, kind), right=self.rounded(pair.right, kind))
        whole = ast.BinOp(pair.left, pair.op, pair.right)  # type: ignore[arg-type]  # and comparisons
        space, same = between(whole, depth), operation(pair.left)[1] == operation(whole)[1]
        left = self.typed(pair.left, kind, pair.around[0], depth + (not same))
        return f"{left}{space}{self.sign(pair.op)}{space}{self.typed(pair.right, kind, pair.around[1], depth + 1)}"

    def rounded(self, node: ast.expr, kind: str) -> ast.expr:
        """A product whose type is stated, as Go may compute ``x*y + z`` without rounding the product."""
        product = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)
        return ast.Call(ast.Name(kind), [node], []) if product else node


class Before(ast.NodeTransformer):
    """Takes calls that may fail out of a statement; each is named as the argument that it is given as."""

    def __init__(self, made: Made) -> None:
        self._made = made
        self.found: list[tuple[str, ast.Call]] = []

    def named(self, name: str, value: ast.expr) -> ast.expr:
        """The name of a value that may fail, or the value."""
        left: ast.expr = self.visit(value)
        if not isinstance(left, ast.Call) or ast.unparse(left.func) not in self._made.failing:
            return left
        self.found.append((name, left))
        return ast.Name(name)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        """A change of a number by one that cannot fail."""
        return ast.AugAssign(node.target, node.op, self.named("one", node.value))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """A call whose arguments cannot fail."""
        called = self._made.known.get(ast.unparse(node.func))
        names = dict(enumerate(one.name for one in called.arguments)) if called else {}
        node.args = [self.named(names.get(place, "one"), given) for place, given in enumerate(node.args)]
        return node


def said(says: str, gives: str) -> str:
    """A comment as Go has it after the name of a function."""
    if gives == "None" or says.startswith(("Make ", "Read ", "Train ")):
        says = says.replace(", and return ", ", and returns ", 1)
        verb, _, rest = says.partition(" ")
        return f"{verb.lower()}s {rest}"
    if says.startswith("Whether "):
        return f"tells w{says[1:]}"
    return f"returns {says[0].lower()}{says[1:]}"
