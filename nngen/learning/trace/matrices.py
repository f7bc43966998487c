"""A training step in matrix form: the equations of whole layers, with the numbers of a step by single units."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from nngen.common.messages import message
from nngen.learning.trace.excerpt import Cut
from nngen.learning.trace.statements import Module
from nngen.learning.trace.traced import in_parts
from nngen.learning.trace.update import SIGNS
from nngen.learning.trace.worksheet import GIVEN, UPDATE, Line, Section, Step
from nngen.learning.typeset import TRANSPOSE, Nodes, Symbol, Symbols, added, by_number, tree
from nngen.plan import SHARED_FORMS, Block, Equation, Form, Plan, Scope, Signs, derivative_of, equations, full_name
from nngen.plan import Section as Planned
from nngen.targets import TARGETS

MOST = 6
"""The most rows or columns of a matrix that are shown without a gap. Of more, the last is shown after a gap."""


class Values(Cut):
    """All equations of a network, of which only the values are needed. Those of the optimizer have forms, too."""

    def forms(self, expression: Any, symbols: Symbols, frame: Any, about: Symbol) -> tuple[tree.Node, tree.Node]:
        """No forms, except of values that all parameters share."""
        if about.indices or about.name == "loss":
            return tree.Number(0.0), tree.Number(0.0)
        return Cut(self.plan, frozenset()).forms(expression, symbols, frame, about)


class Matrices:
    """Writes the equations of a step in matrix form."""

    def __init__(self, plan: Plan, module: Module, *, whole: bool) -> None:
        """Take the plan of a module with an equation for each weight. ``whole`` shows large matrices completely."""
        self.plan, self.module, self.whole = plan, module, whole
        self.symbols, self.nodes = Symbols(plan), Nodes(plan)
        self.known: dict[str, tree.Matrix | float] = {}

    def step(self, step: Step, params: Sequence[float], state: Sequence[Any]) -> Step:
        """The equations of whole layers, from those of single units; parameters and state are those before the step."""
        training = step.loss is not None
        self.values: dict[str, deque[float]] = defaultdict(deque)
        for section in step.sections:
            for line in section.lines if section.part not in (GIVEN, UPDATE) else ():
                self.values[line.symbol.name].append(line.number)
        self.units = {name: values[-1] for name, values in self.values.items()}
        notes = {(section.part, f"{section.title}"): section.notes for section in step.sections}
        sections = [*self._given(step, params)]
        for part, one in in_parts(equations(self.plan, Scope.EXAMPLE), training=training):
            lines = tuple(self._section(one))
            if lines:
                remarks = notes.get((part, f"{one.comment}"), ())
                sections.append(Section(part, one.comment, "", lines, notes=remarks))
        if training:
            sections += self._update(step, state)
        return replace(step, sections=tuple(sections))

    def _given(self, step: Step, params: Sequence[float]) -> Iterator[Section]:
        lines: list[Line] = []
        x = list(step.example.x)[len(step.example.x) - len(self.plan.inputs) :]
        if x:
            lines.append(self._equation(Symbol("x", "x"), None, self._column(x, self.plan.inputs)))
        if step.example.y is not None:
            y, units = self.symbols(self.plan.output.name_of("y")), self.plan.output.units
            lines.append(self._equation(y, None, self._column(step.example.y, units)))
        for name, value in step.example.weight.items():
            lines.append(self._keep(name, Line(self.symbols(name), None, (), value)))
        title = next(section.title for section in step.sections if section.part == GIVEN)
        yield Section(GIVEN, title, "", tuple(lines))
        blocks = [(block, self._shaped(block, params[block.start : block.stop])) for block in self.plan.blocks]
        given = tuple(self._equation(self.symbols(block.name), None, shaped) for block, shaped in blocks)
        yield Section(GIVEN, message("the parameters"), "", given)

    def _column(self, values: Sequence[float], names: Sequence[str]) -> tree.Matrix:
        return self._matrix([[value] for value in values], names)

    def _shaped(self, block: Block, values: Sequence[float]) -> tree.Matrix:
        """Numbers in the order of the layout as the matrix or the vector of a block."""
        if not block.matrix:
            return self._column(values, block.units)
        width = len(block.inputs)
        rows = [values[i : i + width] for i in range(0, len(values), width)]
        return self._matrix(rows, block.units, block.inputs)

    def _matrix(
        self, values: Sequence[Sequence[float]], down: Sequence[str], across: Sequence[str] = ()
    ) -> tree.Matrix:
        """A matrix from its rows, with gaps in a large one unless it is ``whole``; a vector has no ``across``."""
        rows, columns = self._places(len(values)), self._places(len(values[0]))
        cells = tuple(tuple(float(values[i][j]) if i >= 0 and j >= 0 else ... for j in columns) for i in rows)
        return tree.Matrix(cells, _named(down, rows), _named(across, columns) if across else ())

    def _places(self, count: int) -> list[int]:
        """The places that are shown, and -1 for a gap."""
        return [*range(count)] if self.whole or count <= MOST else [*range(MOST - 2), -1, count - 1]

    def _keep(self, name: str, line: Line) -> Line:
        self.known[name] = self.known[line.symbol.name] = line.value if line.value is not None else 0.0
        return line

    def _take(self, names: Sequence[str]) -> list[float]:
        """The next values of some names."""
        return [self.values[name].popleft() for name in names]

    def _section(self, section: Planned[Equation]) -> Iterator[Line]:
        if section.equations[0].form is Form.PENALTY:
            yield self._penalty(section.equations)
            return
        back: tree.Node | None = None
        for e in section.equations:
            if e.form in (Form.TARGETS, Form.ZERO):
                continue
            node = self.nodes.node(e)
            if e.form is Form.RETURNED:
                back = node
            names = e.unit_names
            if e.form in (Form.TOTAL, Form.CLASS_WEIGHT) and e.factor:  # the value, and the same times the factor
                first = f"class_{e.name}" if e.form is Form.CLASS_WEIGHT else e.name
                (value,) = self._take([first])
                yield self._equation(self.symbols(first), node, value)
                node = tree.Product((tree.Name(Symbol(e.factor, e.factor)), tree.Name(self.symbols(first))))
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
            symbol = self.nodes.symbol(e.layer, e.symbol) if not e.block else self.symbols(e.name)
            line = self._equation(symbol, node, shaped, again=again, rule=rule, slope=slope)
            yield self._keep(e.name, line)

    def _equation(
        self,
        symbol: Symbol,
        node: tree.Node | None,
        value: tree.Matrix | float,
        *,
        again: bool = False,
        rule: tree.Node | None = None,
        slope: tree.Node | None = None,
    ) -> Line:
        """An equation in symbols and with its numbers. ``slope`` replaces the formula where its numbers are put in."""
        forms = () if node is None else (node, *self._numbers(slope if slope is not None else node))
        return self._keep(symbol.name, Line(symbol, rule, forms, value, again, whole=self.whole))

    def _numbers(self, node: tree.Node) -> Iterator[tree.Node]:
        """The form with numbers; none if the equation only renames a value, or distinguishes cases."""

        def filled(part: tree.Node) -> tree.Node | None:
            match part:
                case tree.Power(tree.Name(symbol), exponent) if exponent == TRANSPOSE:
                    known = self.known.get(symbol.name)
                    return known.transposed.plain if isinstance(known, tree.Matrix) else None
                case tree.Name(symbol):
                    known = self.known.get(symbol.name)
                    if isinstance(known, tree.Matrix):
                        return known.plain
                    return None if known is None else tree.Number(known, symbol)
            return None

        if not isinstance(node, tree.Name) and not any(
            isinstance(part, tree.Choice | tree.Series) for part in tree.walk(node)
        ):
            yield tree.replaced(node, filled)

    def _chain(self, e: Equation, back: tree.Node | None) -> tuple[tree.Node | None, tree.Node | None]:
        """For δ of a layer: the chain rule, and the same with the slopes of the activation as a vector of numbers."""
        layer = e.layer
        if e.symbol != "dz" or e.form is not Form.UNIT or "da" not in e.formula.variables:
            return None, None
        if e.formula.bare or layer.shared & set(e.formula.variables):  # the slope is 1, or that of the whole layer
            return None, None
        prime = tree.Call(layer.activation, (tree.Name(self.symbols(layer.name_of("z"))),), prime=True)
        by_activation: tree.Node = tree.Name(self.symbols(layer.name_of("da")))
        rule = tree.Product((back if back is not None else by_activation, prime), "⊙")
        slopes = full_name("slopes", layer.name)
        self.known[slopes] = self._column(self._slopes(e), layer.units)
        return rule, tree.Product((by_activation, tree.Name(Symbol(slopes, slopes))), "⊙")

    def _slopes(self, e: Equation) -> list[float]:
        """The slope of the activation of each unit: its derivative for an error of 1."""
        text = e.formula.write(TARGETS["python"].words)
        names = [name for name in e.formula.variables if name != "da"]
        found = []
        for unit in e.layer.units:
            values = {name: self.units[full_name(name, unit)] for name in names}
            found.append(float(eval(text, {**self.module.names, **values, "da": 1.0})))  # noqa: S307 (our own formula)
        return found

    def _penalty(self, penalties: Sequence[Equation]) -> Line:
        terms = [tree.Call("sum", (self.nodes.weights(e.formula, e.block),)) for e in penalties if e.block]
        (value,) = self._take(["loss"])
        return self._equation(self.symbols("loss"), added([tree.Name(self.symbols("loss")), *terms]), value, again=True)

    def _update(self, step: Step, state: Sequence[Any]) -> Iterator[Section]:
        sections = [section for section in step.sections if section.part == UPDATE]
        kept = sections.pop() if sections[-1].title == SIGNS else None
        *common, last = sections
        yield from common
        self.known |= {line.symbol.name: line.number for section in common for line in section.lines}
        optimizer = self.plan.optimizer
        count = len(optimizer.lines)
        waiting = deque(line.number for line in last.lines)
        lines: list[Line] = []
        # without a section of their own, the updates themselves keep the signs
        within = {} if kept else {signs.block.name: signs for signs in self.plan.monotone.kept}
        for block in (block for block in self.plan.blocks if block.trainable):
            rows = [[waiting.popleft() for _ in range(count)] for _ in range(block.size)]
            for slot, name in enumerate(optimizer.memory, int(optimizer.counts)):
                self.known[name] = self._shaped(block, state[slot][block.start : block.stop])
            names = {"w": tree.Name(self.symbols(block.name)), "g": tree.Name(self.symbols(derivative_of(block.name)))}
            for place, one in enumerate(optimizer.lines):
                symbol = names[one.name].symbol if one.name in names else Symbol(one.name, one.name)
                node: tree.Node | None = by_number(self.nodes.read(one.formula.text, names.get))
                if block.name in within:
                    node = self._kept(within[block.name], node)
                again = one.name in one.formula.variables
                value = self._shaped(block, [row[place] for row in rows])
                lines.append(self._equation(symbol, node, value, again=again))
        yield Section(UPDATE, last.title, "", tuple(lines))
        if kept:
            after = {line.symbol.name: line.number for section in (last, kept) for line in section.lines}
            yield Section(UPDATE, SIGNS, "", tuple(self._signs(after)))

    def _signs(self, after: Mapping[str, float]) -> Iterator[Line]:
        """The matrices whose numbers keep their signs; ``after`` has the parameters after the step."""
        for signs in self.plan.monotone.kept:
            block = signs.block
            value = self._shaped(block, [after[name] for row in block.rows for name in row])
            node = self._kept(signs, tree.Name(self.symbols(block.name)))
            yield self._equation(self.symbols(block.name), node, value, again=True)

    def _kept(self, signs: Signs, node: tree.Node | None) -> tree.Node | None:
        """The nearest numbers of the right sign; None where they differ between columns."""
        if signs.step > 1 or node is None:
            return None
        return tree.Call("max" if signs.columns[0].direction.sign > 0 else "min", (node, tree.Number(0.0)))


def _named(names: Sequence[str], places: Sequence[int]) -> tuple[str, ...]:
    return tuple(names[place] if place >= 0 else "" for place in places)
