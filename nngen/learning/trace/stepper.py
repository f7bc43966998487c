"""Runs training steps of a module, and records each equation with its numbers for a worksheet."""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from nngen.common.messages import Message, joined, message
from nngen.common.text import printable
from nngen.description.data import CategoryColumn, DateColumn, IndexColumn
from nngen.learning.trace.chain_rule import ChainRule, chain_rule
from nngen.learning.trace.example import Example
from nngen.learning.trace.excerpt import Cut, folded
from nngen.learning.trace.notes import about_section
from nngen.learning.trace.scaling import scaled
from nngen.learning.trace.signs import SIGNS, nearest
from nngen.learning.trace.statements import Frame, Module
from nngen.learning.trace.worksheet import BACKWARD, FORWARD, GIVEN, LOSS, UPDATE, Line, Section, Step
from nngen.learning.typeset import Name, Negative, Node, Number, Quotient, Sum, Symbol, Symbols, replaced
from nngen.plan import Assignment, Block, Plan, Scope, by_unit, derivative_of, equations
from nngen.plan import Section as Planned
from nngen.targets import TARGETS


class Stepper:
    """Steps through a module and records its equations."""

    def __init__(
        self,
        plan: Plan,
        module: Module,
        cut: Cut,
        decode: Callable[[Any], Any] | None,
        whole: Plan | None = None,
        ids: Mapping[str, str] | None = None,
        others: Sequence[Block] = (),
    ) -> None:
        """Take a plan and its module.

        Args:
            plan: the plan of the module.
            module: the module that runs.
            cut: the equations that are shown.
            decode: the function that turns outputs into an answer in the units of the data, if there is one.
            whole: the plan of the whole network, if the module has only the rows that an example selects.
            ids: the id of the example, by the name of each input that has ids.
            others: blocks that the example does not select, whose derivatives are 0.
        """
        self.plan, self.module, self.cut, self.whole = plan, module, cut, whole or plan
        self.decode, self.ids = decode, ids or {}
        self.others = [name for block in others for row in block.rows for name in row]
        self.symbols = Symbols(plan)
        self.layers = {layer.name: layer.name for layer in plan.layers}
        self.layers |= {unit: layer.name for layer in plan.layers for unit in layer.units}
        self.parameters = [name for row in plan.parameter_rows() for name in row]
        planned = by_unit(equations(plan, Scope.EXAMPLE), TARGETS["python"].words)
        self.sections = [
            *((FORWARD, section) for section in planned.training + planned.weight),
            *((LOSS, section) for section in planned.loss + planned.penalty),
            *((BACKWARD, section) for section in planned.backward + planned.penalty_slopes),
        ]
        self.forward = [(FORWARD, section) for section in planned.forward + planned.weight]
        self.rule: ChainRule = chain_rule(plan, module.body("gradient"), self.symbols)

    def step(
        self, number: int, params: list[float], state: Any, examples: Sequence[Example]
    ) -> tuple[Step, list[float], Any]:
        """Run a step with the only example.

        Returns:
            The recorded step, the new parameters and the new state.

        Raises:
            ValueError, ArithmeticError: as the module does.
        """
        (example,) = examples
        x = list(example.x)[len(self.whole.indices) :]
        given = [*self._given(example), *self.parameters_given(params)]
        before = [*given, *self.scaled(example), *self._encoded(example)]
        if example.y is None:
            frame = self.module.frame("forward", params, x)
            sections = [*before, *self._run("forward", frame, self.forward)]
            answer = self.decode(frame.result) if self.decode else frame.result
            numbers = answer if isinstance(answer, list | tuple) else [answer]
            shown = answer if isinstance(answer, str) else tuple(numbers)
            return Step(number, example, tuple(folded(sections)), None, 0.0, shown), params, state
        frame = self.module.frame("gradient", params, x, list(example.y), **example.more)
        frame.names.update({derivative_of(name): 0.0 for name in self.others})
        sections = [*before, *self._run("gradient", frame, self.sections)]
        loss, slopes = frame.result
        new, state, update = self.stepped(params, slopes, state)
        later = self.module.names["loss"](new, x, list(example.y), **example.weight)
        return Step(number, example, tuple(folded([*sections, *update])), loss, later), new, state

    def stepped(
        self, params: list[float], slopes: Sequence[float], state: Any
    ) -> tuple[list[float], Any, list[Section]]:
        """The update of the parameters: the new ones, the new state, and its equations."""
        update = self.module.frame("step", params, slopes, state)
        update.lists["gradient"] = list(map(derivative_of, self.parameters))
        sections = list(self._update(update, params, slopes))
        return *update.result, sections

    def _given(self, example: Example) -> Iterator[Section]:
        outputs = self.plan.output
        data, targets = example.data if example.raw is None else (), example.y or ()
        shown = [
            Line(self.symbols(name), None, (), value)
            for names, asked, values in (
                (self.whole.inputs if data else (), self.whole.inputs if data else (), data),
                (outputs.names("y") if targets else (), outputs.units if targets else (), targets),
            )
            for place, (name, unit, value) in enumerate(zip(names, asked, values, strict=True))
            if self.cut.gives(place, unit)
        ]
        left = len(data) + len(targets) - len(shown)
        shown += [Line(self.symbols(name), None, (), value) for name, value in example.weight.items()]
        if shown:
            yield Section(GIVEN, self._example(example), "", tuple(shown), left)

    def parameters_given(self, params: Sequence[float]) -> Iterator[Section]:
        """The parameters before the step."""
        given = zip(map(self.symbols, self.parameters), params, strict=True)
        lines = tuple(Line(symbol, None, (), value) for symbol, value in given if self.cut.shows(symbol))
        yield Section(GIVEN, message("the parameters"), "", lines, len(params) - len(lines))

    def _example(self, example: Example) -> str:
        """The title of the given example, with its ids."""
        ids = joined(", ", (joined(" ", (index.name, self.ids[index.name])) for index in self.whole.indices))
        return message("the example: {ids}", ids=ids) if ids else message("the example")

    def scaled(self, example: Example) -> Iterator[Section]:
        """The scaling of the inputs, as in the module's ``scale``."""
        scaling = self.whole.scaling
        if scaling is None:
            return
        lines = []
        each = zip(self.whole.inputs, example.data, scaling.subtract, scaling.divide, example.x, strict=True)
        for place, (name, given, less, divisor, value) in enumerate(each):
            above = Sum((Number(given), Negative(Number(less)))) if less else Number(given)
            if self.cut.gives(place, name):
                lines.append(Line(self.symbols(name), None, (Quotient(above, Number(divisor)),), value, again=True))
        yield Section(FORWARD, message("the inputs, scaled"), "", tuple(lines), len(self.whole.inputs) - len(lines))

    def _encoded(self, example: Example) -> Iterator[Section]:
        """The columns of a row of the data as inputs, as in the module's ``encode``."""
        if example.raw is None or self.whole.encoding is None:
            return
        values = dict(zip(self.whole.inputs, example.x, strict=True))
        for column in self.whole.encoding.columns:
            given = example.raw.get(column.column)
            written = repr(given).removesuffix(".0") if isinstance(given, float) else given
            title = message("{column} is missing", column=printable(column.column))
            if given is not None:
                title = Message("{column} = {value}", column=printable(column.column), value=printable(f"{written}"))
            forms: tuple[Node, ...] = ()
            if isinstance(column, CategoryColumn):
                names = column.inputs
                title = message("{value}: 1 for the category, 0 for the others", value=title)
            elif isinstance(column, IndexColumn):
                names = (column.name,)
                title = message("{value}: the place of this id, from 0", value=title) if column.ids else title
            elif isinstance(column, DateColumn):
                names = tuple(name for part in column.parts for name in part.inputs)
                title = joined(": ", (title, column.filled_by)) if given is None else title
            else:
                names = (column.name,)
                number = column.fill if given is None else given
                title = joined(": ", (title, column.filled_by)) if given is None else title
                if isinstance(number, float) and column.scaled.text != "x":
                    forms = (scaled(column, number),)
            named = [*names, *([column.indicator] if column.indicator else [])]
            lines = [Line(self.symbols(name), None, forms if name in names else (), values[name]) for name in named]
            yield Section(FORWARD, title, "", tuple(lines))

    def _run(
        self, function: str, frame: Frame, sections: Sequence[tuple[str, Planned[Assignment]]]
    ) -> Iterator[Section]:
        """The sections of the plan, with the values that a function of the module computes."""
        names = [[equation.name for equation in section.equations] for _, section in sections]
        lines: list[list[Line]] = [[] for _ in names]
        left, layers, place = [0] * len(names), [""] * len(names), 0
        for statement in self.module.body(function):
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if any(name in of for of in names[place:]):
                    place = next(k for k in range(place, len(names)) if name in names[k])
                    names[place].remove(name)  # a later section may change the same name: the penalty adds to the loss
                    symbol = self.symbols(name)
                    layers[place] = layers[place] or self.layers.get("".join(symbol.indices[:1]), "")
                    if self.cut.shows(symbol):
                        lines[place].append(self._line(symbol, value, frame, statement))
                    else:
                        left[place] += 1
                        frame.run(statement)
                case ast.Return(value=ast.expr() as value):
                    frame.result = frame.value(value)
                case ast.If(body=[ast.Return()]):  # the early end of a call for the loss alone
                    continue
                case _:
                    frame.run(statement)
        for (part, section), shown, more, layer in zip(sections, lines, left, layers, strict=True):
            notes = self.notes(part, layer, shown, frame)
            yield Section(part, section.comment, layer, tuple(shown), more, tuple(notes))

    def notes(self, part: str, layer: str, lines: Sequence[Line], frame: Frame) -> Iterator[str]:
        """Explanations of what the equations of a section do not show."""
        yield from about_section(self.plan, part, layer, lines, frame.names)
        if part == FORWARD:
            yield from self._selected(layer)

    def _selected(self, layer: str) -> Iterator[str]:
        """The rows that the ids of the example select for a layer."""
        for source in (source for one in self.plan.layers if one.name == layer for source in one.sources):
            if source.name in self.ids:
                count = next(index.count for index in self.whole.indices if index.name == source.name)
                yield message("{id} selects one of {count} rows.", id=self.ids[source.name], count=f"{count:,}")

    def _line(self, symbol: Symbol, value: ast.expr, frame: Frame, statement: ast.stmt) -> Line:
        forms = self.cut.forms(value, self.symbols, frame, symbol)
        again = symbol.name in {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
        rule = None if again else self.rule.of(symbol, self.symbols, forms[0], whole=self.cut.units is None)
        frame.run(statement)
        return Line(symbol, rule if rule != forms[0] else None, forms, float(frame.names[symbol.name]), again)

    def _update(self, frame: Frame, params: Sequence[float], slopes: Sequence[float]) -> Iterator[Section]:
        common: list[Line] = []
        lines: list[Line] = []
        frozen = {name for block in self.plan.frozen for row in block.rows for name in row}
        frame.names.update(zip(frame.lists["gradient"], slopes, strict=True))
        for statement in self.module.body("step"):
            match statement:
                case ast.Return(value=ast.Tuple(elts=[ast.List(elts=updates), _]) as value):
                    for name, update in zip(self.parameters, updates, strict=True):
                        symbol = self.symbols(name)
                        if self.cut.shows(symbol) and name not in frozen:
                            lines.append(self._update_line(symbol, name, update, frame))
                    frame.result = frame.value(value)
                case ast.Return(value=ast.Tuple(elts=[ast.ListComp(elt=update, generators=[loop]), _]) as value):
                    for name, _ in zip(self.parameters, frame.loop(loop.target, loop.iter), strict=True):
                        symbol = self.symbols(name)
                        if self.cut.shows(symbol) and name not in frozen:
                            lines.append(self._update_line(symbol, "w", update, frame))
                    frame.result = frame.value(value)
                case ast.For(target=target, iter=lists, body=body):
                    self._rounds(frame, body, target, lists, lines, frozen)
                case ast.Return(value=ast.expr() as value):
                    frame.result = frame.value(value)
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if not name.startswith("new_"):
                    common.append(self._line(self.symbols(name), value, frame, statement))
                case _:
                    frame.run(statement)
        if common:
            shared = message("{optimizer}: values shared by all parameters", optimizer=self.plan.optimizer.name)
            yield Section(UPDATE, shared, "", tuple(common))
        shown = {line.symbol.name for line in lines}
        left = sum(name not in shown and name not in frozen for name in self.parameters)
        yield Section(UPDATE, self._optimizer, "", tuple(lines), left)
        kept = nearest(self.plan, frame, self.parameters, lines)
        if signs := tuple(self._update_line(symbol, "w", value, frame) for symbol, value in kept):
            yield Section(UPDATE, SIGNS, "", signs)

    @property
    def _optimizer(self) -> str:
        optimizer = self.plan.optimizer
        return joined("", (f"{optimizer.name}: ", Message(optimizer.textbook), optimizer.settings))

    def _rounds(
        self,
        frame: Frame,
        body: Sequence[ast.stmt],
        target: ast.expr,
        lists: ast.expr,
        lines: list[Line],
        frozen: set[str],
    ) -> None:
        """The loop over the parameters, with the names of each in place of ``w`` and ``g``."""
        for name, _ in zip(self.parameters, frame.loop(target, lists), strict=True):
            symbol = self.symbols(name)
            shown = self.cut.shows(symbol) and name not in frozen
            for statement in body:
                match statement:
                    case ast.Assign(targets=[ast.Name(id=variable)], value=value) if shown:
                        lines.append(self._update_line(symbol, variable, value, frame))
                frame.run(ast.fix_missing_locations(statement))

    def _update_line(self, parameter: Symbol, variable: str, value: ast.expr, frame: Frame) -> Line:
        slope = self.symbols(derivative_of(parameter.name))
        place = {"w": parameter, "g": slope}

        def named(node: Node) -> Node | None:
            match node:
                case Name(symbol) if symbol.name in place:
                    return Name(place[symbol.name])
                case Number(number, Symbol(name=name)) if name in place:
                    return Number(number, place[name])
            return None

        forms = self.cut.forms(value, self.symbols, frame, parameter)
        again = variable in {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
        written = tuple(replaced(form, named) for form in forms)
        return Line(place.get(variable, self.symbols(variable)), None, written, float(frame.value(value)), again)
