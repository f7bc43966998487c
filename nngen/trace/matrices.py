"""A training step in matrix form: the equations of whole layers, with the numbers of a step by single units."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from nngen.formulas import Formula
from nngen.pages import TARGETS
from nngen.plan import (
    SHARED_FORMS,
    Block,
    Elementwise,
    Equation,
    Form,
    Layer,
    Plan,
    Scope,
    derivative_of,
    equations,
    full_name,
)
from nngen.plan import Section as Planned
from nngen.trace.excerpt import Cut
from nngen.trace.grids import Form as Right
from nngen.trace.grids import Grid, MatrixLine, grid
from nngen.trace.statements import Module
from nngen.trace.worksheet import BACKWARD, FORWARD, GIVEN, LOSS, UPDATE, Section, Step
from nngen.translation import message
from nngen.typeset import (
    Call,
    Choice,
    Comparison,
    Name,
    Node,
    Number,
    Power,
    Product,
    Series,
    Sum,
    Symbol,
    Symbols,
    read,
    replaced,
    walk,
    with_numbers,
)

TRANSPOSE = Name(Symbol("T", "T"))
"""The exponent of a transposed matrix."""


class Values(Cut):
    """All equations of a network, of which only the values are needed. Those of the optimizer have forms, too."""

    def forms(self, expression: Any, symbols: Symbols, frame: Any, about: Symbol) -> tuple[Node, Node]:
        """No forms, except of values that all parameters share."""
        if about.indices or about.name == "loss":
            return Number(0.0), Number(0.0)
        return Cut(self.plan, frozenset()).forms(expression, symbols, frame, about)


class Matrices:
    """Writes the equations of a step in matrix form."""

    def __init__(self, plan: Plan, module: Module, *, whole: bool) -> None:
        """Take the plan of a module with an equation for each weight. ``whole`` shows large matrices completely."""
        self.plan, self.module, self.whole = plan, module, whole
        self.symbols = Symbols(plan)
        self.known: dict[str, Grid | float] = {}

    def step(self, step: Step, params: Sequence[float], state: Sequence[Any]) -> Step:
        """The equations of whole layers.

        Args:
            step: the step with the values of all single units.
            params: the parameters before the step.
            state: the state of the optimizer before the step.
        """
        planned = equations(self.plan, Scope.EXAMPLE)
        training = step.loss is not None
        parts = [(FORWARD, section) for section in (planned.training if training else planned.forward)]
        if training:
            parts += [(FORWARD, section) for section in planned.weight]
            parts += [(LOSS, section) for section in planned.loss + planned.penalty]
            parts += [(BACKWARD, section) for section in planned.backward + planned.penalty_slopes]
        self.values: dict[str, deque[float]] = defaultdict(deque)
        for section in step.sections:
            for line in section.lines if section.part not in (GIVEN, UPDATE) else ():
                self.values[line.symbol.name].append(line.value or 0.0)
        self.units = {name: values[-1] for name, values in self.values.items()}
        notes = {(section.part, f"{section.title}"): section.notes for section in step.sections}
        sections = [*self._given(step, params)]
        for part, one in parts:
            lines = tuple(self._section(one))
            if lines:
                remarks = notes.get((part, f"{one.comment}"), ())
                sections.append(Section(part, one.comment, "", (), notes=remarks, matrices=lines))
        if training:
            sections += self._update(step, params, state)
        return replace(step, sections=tuple(sections))

    def _given(self, step: Step, params: Sequence[float]) -> Iterator[Section]:
        lines: list[MatrixLine] = []
        x = list(step.example.x)[len(step.example.x) - len(self.plan.inputs) :]
        if x:
            lines.append(self._vector(Symbol("x", "x"), x, self.plan.inputs))
        if step.example.y is not None:
            output = self.plan.output
            lines.append(self._vector(self.symbols(output.name_of("y")), step.example.y, output.units))
        for name, value in step.example.weight.items():
            lines.append(self._keep(name, MatrixLine(self.symbols(name), (), value)))
        title = next(section.title for section in step.sections if section.part == GIVEN)
        yield Section(GIVEN, title, "", (), matrices=tuple(lines))
        blocks = tuple(self._block(block, params[block.start : block.stop]) for block in self.plan.blocks)
        yield Section(GIVEN, message("the parameters"), "", (), matrices=blocks)

    def _vector(self, symbol: Symbol, values: Sequence[float], names: Sequence[str]) -> MatrixLine:
        return self._keep(symbol.name, MatrixLine(symbol, (), self._column(values, names), whole=self.whole))

    def _column(self, values: Sequence[float], names: Sequence[str]) -> Grid:
        return grid([[value] for value in values], names, whole=self.whole)

    def _block(self, block: Block, values: Sequence[float]) -> MatrixLine:
        return self._keep(
            block.name, MatrixLine(self.symbols(block.name), (), self._shaped(block, values), whole=self.whole)
        )

    def _shaped(self, block: Block, values: Sequence[float]) -> Grid:
        """Numbers in the order of the layout as the matrix or the vector of a block."""
        if not block.matrix:
            return self._column(values, block.units)
        width = len(block.inputs)
        rows = [values[i : i + width] for i in range(0, len(values), width)]
        return grid(rows, block.units, block.inputs, whole=self.whole)

    def _keep(self, name: str, line: MatrixLine) -> MatrixLine:
        self.known[name] = self.known[line.symbol.name] = line.value
        return line

    def _take(self, names: Sequence[str]) -> list[float]:
        """The next values of some names."""
        return [self.values[name].popleft() for name in names]

    def _section(self, section: Planned[Equation]) -> Iterator[MatrixLine]:
        if section.equations[0].form is Form.PENALTY:
            yield self._penalty(section.equations)
            return
        back: Node | None = None
        for e in section.equations:
            if e.form in (Form.TARGETS, Form.ZERO):
                continue
            node = self._node(e)
            if e.form is Form.RETURNED:
                back = node
            names = e.unit_names
            if e.form in (Form.TOTAL, Form.CLASS_WEIGHT) and e.factor:  # the value, and the same times the factor
                first = f"class_{e.name}" if e.form is Form.CLASS_WEIGHT else e.name
                (value,) = self._take([first])
                yield self._equation(self.symbols(first), node, value)
                node = Product((Name(Symbol(e.factor, e.factor)), Name(self.symbols(first))))
                (value,) = self._take([e.name])
                yield self._equation(self.symbols(e.name), node, value, again=True)
                continue
            values = self._take(names)
            again = e.form is Form.PENALTY_SLOPE
            if e.symbol in ("loss", "weight") or e.form in SHARED_FORMS:
                yield self._equation(self.symbols(e.name), node, values[0])
                continue
            shaped = self._shaped(e.block, values) if e.block else self._column(values, e.layer.units)
            rule, slope = self._chain(e, back)
            symbol = self._symbol(e.layer, e.symbol) if not e.block else self.symbols(e.name)
            line = self._equation(symbol, node, shaped, again=again, rule=rule, slope=slope)
            yield self._keep(e.name, line)

    def _equation(
        self,
        symbol: Symbol,
        node: Node | None,
        value: Grid | float,
        *,
        again: bool = False,
        rule: Node | None = None,
        slope: Node | None = None,
    ) -> MatrixLine:
        """An equation in symbols and with its numbers. ``slope`` replaces the formula where its numbers are put in."""
        forms: list[Right] = [Right(rule)] if rule is not None else []
        if node is not None:
            forms.append(Right(node))
            if numbers := self._numbers(slope if slope is not None else node):
                forms.append(numbers)
        return self._keep(symbol.name, MatrixLine(symbol, tuple(forms), value, again, whole=self.whole))

    def _numbers(self, node: Node) -> Right | None:
        """The form with numbers; None if the equation only renames a value, or distinguishes cases."""
        if isinstance(node, Name) or any(isinstance(part, Choice | Series) for part in walk(node)):
            return None
        grids: dict[str, Grid] = {}

        def turned(part: Node) -> Node | None:
            match part:
                case Power(Name(symbol), exponent) if exponent == TRANSPOSE:
                    shown = self.known.get(symbol.name)
                    if isinstance(shown, Grid):
                        grids[f"{symbol.name} T"] = shown.transposed.plain
                        return Name(Symbol(f"{symbol.name} T", symbol.base))
                case Name(symbol):
                    shown = self.known.get(symbol.name)
                    if isinstance(shown, Grid):
                        grids[symbol.name] = shown.plain
            return None

        filled = replaced(node, turned)
        scalars = {name: value for name, value in self.known.items() if isinstance(value, float)}
        return Right(with_numbers(filled, scalars), grids)

    def _symbol(self, layer: Layer, symbol: str) -> Symbol:
        """The symbol of a value of a layer: the derivative by ``z`` is δ."""
        if symbol == "dz":
            return Symbol(full_name("δ", layer.name), "δ", (layer.name,))
        return self.symbols(layer.name_of(symbol))

    def _named(self, name: str) -> Name:
        """A vector by its name on the page."""
        for layer in self.plan.layers:
            if name == layer.name_of("dz"):
                return Name(self._symbol(layer, "dz"))
        return Name(Symbol("x", "x") if name == "x" else self.symbols(name))

    def _node(self, e: Equation) -> Node | None:
        """The right side of an equation in symbols; None if it has no formula."""
        match e.form:
            case Form.WEIGHTED_SUM | Form.LOOKUP | Form.ELEMENTWISE | Form.DOT | Form.RETURNED:
                return _sum([*self._terms(e), *([self._named(e.parameters.name)] if e.parameters else [])])
            case Form.UNIT | Form.GRADIENT | Form.LAYER:
                return self._formula(e.formula, e.layer)
            case Form.SUM | Form.MEAN | Form.MAX:
                return Call(e.form.value, (self._formula(e.formula, e.layer),))
            case Form.TOTAL:
                value = self._formula(e.formula, e.layer)
                return Call("sum", (value,)) if len(e.layer.units) > 1 else value
            case Form.OUTER:
                slopes, values = e.vectors
                return Product((self._named(slopes.name), Power(self._named(values.name), TRANSPOSE)), " ")
            case Form.BIAS_GRADIENT:
                return self._named(e.vectors[0].name)
            case Form.ROW_GRADIENT:
                penalty = [self._weights(term, e.block) for term in e.terms if isinstance(term, Formula) and e.block]
                return _sum([self._named(e.vectors[0].name), *penalty])
            case Form.PENALTY_SLOPE if e.block:
                return _sum([Name(self.symbols(e.name)), self._weights(e.formula, e.block)])
        return None

    def _terms(self, e: Equation) -> Iterator[Node]:
        for product in e.products:
            weights = self._named(product.weights.name)
            left = Power(weights, TRANSPOSE) if e.form is Form.RETURNED else weights
            yield Product((left, self._named(product.vector.name)), " ")
        if e.form is Form.LOOKUP:
            yield self._named(e.matrix.name)
        if e.form is Form.DOT:
            u, v = e.vectors
            yield Product((Power(self._named(u.name), TRANSPOSE), self._named(v.name)), " ")
        for each in e.elementwise:
            yield self._joined(each)

    def _joined(self, each: Elementwise) -> Node:
        named = {letter: self._named(vector.name) for letter, vector in each.vectors}
        return by_number(self._read(each.formula.text, named.get))

    def _formula(self, formula: Formula, layer: Layer) -> Node:
        """A formula of the values of a layer."""
        shared = layer.shared

        def named(symbol: str) -> Node | None:
            return Name(self._symbol(layer, symbol)) if symbol in formula.variables else None

        return by_number(self._read(formula.text, named), shared=frozenset(map(layer.name_of, shared)))

    def _weights(self, formula: Formula, block: Block) -> Node:
        """A formula of each weight of a block."""
        return by_number(self._read(formula.text, {"w": Name(self.symbols(block.name))}.get))

    def _read(self, text: str, named: Callable[[str], Node | None]) -> Node:
        def change(part: Node) -> Node | None:
            match part:
                case Choice(((value, Comparison((Name(target), Name(same)), ("=",))),), _) if target == same:
                    return replaced(value, change)  # whether a target is missing
                case Name(symbol):
                    return named(symbol.name)
            return None

        return replaced(read(text, Symbols(self.plan)), change)

    def _chain(self, e: Equation, back: Node | None) -> tuple[Node | None, Node | None]:
        """For δ of a layer: the chain rule, and the same with the slopes of the activation as a vector of numbers."""
        layer = e.layer
        if e.symbol != "dz" or e.form is not Form.UNIT or "da" not in e.formula.variables:
            return None, None
        if layer.activation in ("linear", "softmax") or layer.shared & set(e.formula.variables):
            return None, None
        prime = Call(layer.activation, (Name(self.symbols(layer.name_of("z"))),), prime=True)
        by_activation: Node = Name(self.symbols(layer.name_of("da")))
        rule = Product((back if back is not None else by_activation, prime), "⊙")
        slopes = full_name("slopes", layer.name)
        self.known[slopes] = self._column(self._slopes(e), layer.units)
        return rule, Product((by_activation, Name(Symbol(slopes, slopes))), "⊙")

    def _slopes(self, e: Equation) -> list[float]:
        """The slope of the activation of each unit: its derivative for an error of 1."""
        text = e.formula.write(TARGETS["python"].words)
        names = [name for name in e.formula.variables if name != "da"]
        found = []
        for unit in e.layer.units:
            values = {name: self.units[full_name(name, unit)] for name in names}
            found.append(float(eval(text, {**self.module.names, **values, "da": 1.0})))  # noqa: S307 (our own formula)
        return found

    def _penalty(self, penalties: Sequence[Equation]) -> MatrixLine:
        terms: list[Node] = []
        for e in penalties:
            terms += [Call("sum", (self._weights(e.formula, block),)) for block in (e.block,) if block]
        (value,) = self._take(["loss"])
        return self._equation(self.symbols("loss"), _sum([Name(self.symbols("loss")), *terms]), value, again=True)

    def _update(self, step: Step, params: Sequence[float], state: Sequence[Any]) -> Iterator[Section]:
        *common, last = [section for section in step.sections if section.part == UPDATE]
        yield from common
        self.known |= {line.symbol.name: line.value or 0.0 for section in common for line in section.lines}
        optimizer = self.plan.optimizer
        count = len(optimizer.lines)
        waiting = deque(line.value or 0.0 for line in last.lines)
        lines: list[MatrixLine] = []
        for block in (block for block in self.plan.blocks if block.trainable):
            rows = [[waiting.popleft() for _ in range(count)] for _ in range(block.size)]
            for slot, name in enumerate(optimizer.memory, int(optimizer.counts)):
                self.known[name] = self._shaped(block, state[slot][block.start : block.stop])
            names = {"w": Name(self.symbols(block.name)), "g": Name(self.symbols(derivative_of(block.name)))}
            for place, one in enumerate(optimizer.lines):
                symbol = names[one.name].symbol if one.name in names else Symbol(one.name, one.name)
                node = by_number(self._read(one.formula.text, names.get))
                again = one.name in one.formula.variables
                value = self._shaped(block, [row[place] for row in rows])
                lines.append(self._equation(symbol, node, value, again=again))
        yield Section(UPDATE, last.title, "", (), matrices=tuple(lines))


def _sum(terms: Sequence[Node]) -> Node:
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def by_number(node: Node, shared: frozenset[str] = frozenset()) -> Node:
    """An expression with the sign ⊙ between vectors. ``shared`` are the names of single numbers."""

    def vector(part: Node) -> bool:
        return any(
            isinstance(name, Name) and name.symbol.indices and name.symbol.name not in shared for name in walk(part)
        )

    def change(part: Node) -> Node | None:
        if not isinstance(part, Product):
            return None
        factors = [by_number(factor, shared) for factor in part.factors]
        vectors = [factor for factor in factors if vector(factor)]
        if len(vectors) < 2:
            return Product(tuple(factors))
        scalars = [factor for factor in factors if not vector(factor)]
        product = Product(tuple(vectors), "⊙")
        return Product((*scalars, product)) if scalars else product

    return replaced(node, change)
