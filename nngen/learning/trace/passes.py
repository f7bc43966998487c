"""A pass over the examples of a step: the values of each example, and in a batch sums and means over all of them.

The equations are those of the plan, written for each unit. In a batch, a number in brackets above a symbol is that of
the example: ``z_h1⁽²⁾``.
"""

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from nngen.common.messages import joined, message
from nngen.learning.trace.example import Example
from nngen.learning.trace.notes import about_section
from nngen.learning.trace.statements import WORDS, Frame, compiled, names_in, parsed, text_of
from nngen.learning.trace.traced import Traced
from nngen.learning.trace.worksheet import BACKWARD, FORWARD, GIVEN, Line, Section
from nngen.learning.typeset import Symbol, read, tree
from nngen.mathematics.formulas import Kind
from nngen.plan import Assignment, Equation, Form, expanded, section_by_unit
from nngen.plan import Section as Planned

EXAMPLES = 3
"""The examples that an excerpt shows. Sums over the examples have the others as their last term."""

COUNT = Symbol("n", "n")
ANY = "r"
"""The index of an example, a row, in sums over all examples."""


class Pass:
    """One pass over the examples of a step: a frame with the values of each."""

    def __init__(
        self, net: Traced, params: Sequence[float], examples: Sequence[Example], *, records: bool = True
    ) -> None:
        self.net, self.plan, self.cut, self.symbols = net, net.plan, net.cut, net.symbols
        self.examples, self.records = examples, records
        few = self.cut.units is None or len(examples) <= EXAMPLES + 1  # a single one is shown instead of its count
        self.shown = len(examples) if few else EXAMPLES
        targets = self.plan.output.names("y")
        self.apart = {*self.plan.inputs, *targets, "weight", "seed"}
        """The names whose values differ between examples."""
        common = {**net.module.names, **dict(zip(net.parameters, params, strict=True)), "n": len(examples)}
        self.frames = [
            Frame(
                {
                    **common,
                    **dict(zip(net.whole.inputs, example.x, strict=True)),
                    **(dict(zip(targets, example.y, strict=True)) if example.y else {}),
                    "seed": None,
                    **example.more,
                }
            )
            for example in examples
        ]

    def shared(self, name: str, otherwise: Any = None) -> Any:
        """A value that all examples share."""
        return self.frames[0].names.get(name, otherwise)

    def given(self) -> Iterator[Section]:
        """The inputs and targets of the examples."""
        lines, count = [], 0
        inputs, output, ids = self.net.whole.inputs, self.plan.output, self.net.ids
        for number, example in enumerate(self.examples, 1):
            data = zip(inputs, inputs, example.data, strict=True) if example.raw is None else ()
            targets = zip(output.names("y"), output.units, example.y, strict=True) if example.y else ()
            weights = ((0, (name, name, value)) for name, value in example.weight.items())
            pairs = [*enumerate(data), *enumerate(targets), *weights]
            count += len(pairs)
            lines += [
                Line(self._at(self.symbols(name), number), None, (), value)
                for place, (name, unit, value) in pairs
                if number <= self.shown and self.cut.gives(place, unit)
            ]
        title = message("the examples") if self.net.batch else message("the example")
        if ids:
            listed = joined(", ", (joined(" ", (one.name, ids[one.name])) for one in self.net.whole.indices))
            title = message("the example: {ids}", ids=listed)
        if lines:
            yield Section(GIVEN, title, "", tuple(lines), count - len(lines))

    def scaled(self) -> Iterator[Section]:
        """The scaling of the inputs, as in the module's ``scale``."""
        scaling, inputs, lines = self.net.whole.scaling, self.net.whole.inputs, list[Line]()
        if scaling is None:
            return
        for number, example in enumerate(self.examples[: self.shown], 1):
            each = zip(inputs, example.data, scaling.subtract, scaling.divide, example.x, strict=True)
            for place, (name, given, less, divisor, value) in enumerate(each):
                if self.cut.gives(place, name):
                    symbol = self._at(self.symbols(name), number)
                    form = tree.Quotient(tree.difference(given, less), tree.Number(divisor))
                    lines.append(Line(symbol, None, (form,), value, again=True))
        left = len(inputs) * len(self.examples) - len(lines)
        yield Section(FORWARD, message("the inputs, scaled"), "", tuple(lines), left)

    def section(self, part: str, planned: Planned[Equation] | Planned[Assignment]) -> Section:
        """Compute the equations of a section, and record those that are shown."""
        lines: list[Line] = []
        self.left = 0
        if planned.equations[0].form is Form.PENALTY:
            planned = section_by_unit(planned, WORDS)
        for equation in planned.equations:
            lines += self._lines(equation)
        layer = self._layer(planned.equations)
        notes = self._notes(part, layer, lines) if self.records else ()
        return Section(part, planned.comment, layer, tuple(lines), self.left, tuple(notes))

    def _layer(self, planned: Sequence[Equation | Assignment]) -> str:
        """The name of the layer that equations belong to; empty if they belong to none."""
        if isinstance(planned[0], Equation):
            return planned[0].layer.name
        places = {place: layer.name for layer in self.plan.layers for place in (layer.name, *layer.units)}
        found = (places.get("".join(self.symbols(one.name).indices[:1]), "") for one in planned)
        return next(filter(None, found), "")

    def _notes(self, part: str, layer: str, lines: Sequence[Line]) -> Iterator[str]:
        """Explanations of what the equations of a section do not show."""
        yield from about_section(self.plan, part, layer, lines, self.frames[0].names)
        about = next((one for one in self.plan.layers if one.name == layer), None)
        for source in about.sources if about and part == FORWARD else ():
            if source.name in self.net.ids:
                count = next(index.count for index in self.net.whole.indices if index.name == source.name)
                yield message("{id} selects one of {count} rows.", id=self.net.ids[source.name], count=f"{count:,}")
        if part == BACKWARD and about and about.running_updates:
            yield message(
                "A weighted sum changes the loss in three ways: through its own normalized value, and through the "
                "mean and the variance of the batch, which change the normalized values of all examples. The two "
                "means that are subtracted are these last two ways."
            )
            before_activation = any(line.name == "s" for line in about.forward)
            if about.biases and about.biases.trainable and before_activation:
                yield message(
                    "The mean takes away what a bias adds: the derivatives with respect to the biases are 0, "
                    "up to rounding."
                )

    def running(self, params: Sequence[float]) -> Iterator[tuple[int, Line]]:
        """The updates of the running statistics, each with its place among the parameters."""
        for layer in self.plan.layers:
            for block, line in layer.running_updates:
                expression = parsed(line.formula.write(WORDS, str))
                for place, name in enumerate(block.rows[0], block.start):
                    old, new = running_statistic(self.symbols(name)), self.symbols(name)
                    values = {"old": params[place], "new": self.shared(name), "n": len(self.frames)}
                    node, frame = read(expression, self.symbols), Frame({**values})
                    named = {"old": tree.Name(old), "new": tree.Name(new)}
                    numbers = {name: tree.Number(float(value)) for name, value in values.items()}
                    forms = tree.renamed(node, named.get), tree.renamed(node, numbers.get)
                    yield place, Line(old, None, forms, float(frame.value(expression)), again=True)

    def _lines(self, equation: Equation | Assignment) -> Iterator[Line]:
        if isinstance(equation, Assignment):
            yield from self._each(equation.name, text_of(equation), common=self.net.batch)
            return
        layer, form = equation.layer, equation.form
        match form:
            case Form.TARGETS | Form.ZERO:
                return
            case Form.RUNNING_MEAN | Form.BATCH_MEAN:
                for unit in layer.units:
                    text = equation.formula.write(WORDS, layer.of_unit(unit))
                    yield from self._over(layer.of_unit(unit)(equation.symbol), text, mean=True)
                return
            case Form.SHARE:
                total = sum(frame.names["weight"] for frame in self.frames)
                for frame in self.frames:
                    frame.names["weights"] = total
                yield from self._each("weight", "weight / weights")
                return
        for assignment in expanded(equation, WORDS):
            name, text = assignment.name, text_of(assignment)
            if form in (Form.OUTER, Form.GRADIENT, Form.BIAS_GRADIENT):
                yield from self._over(name, text)
            else:
                yield from self._each(name, text, common=equation.common or form is Form.PENALTY_SLOPE)
        if form is Form.TOTAL:
            yield from self._over("loss", "loss", mean=equation.mean)

    def _each(self, name: str, text: str, *, common: bool = False) -> Iterator[Line]:
        """An equation of each example, of which the first has its symbols, too; or a ``common`` one of all examples."""
        expression, symbol = parsed(text), self.symbols(name)
        again = name in names_in(expression)
        code, known = compiled(expression), name in self.apart
        shows = self.records and self.cut.shows(symbol)
        if not again and not common:
            self.apart.add(name)
        for number, frame in enumerate(self.frames[:1] if common else self.frames, 1):
            value = float(eval(code, frame.names))  # noqa: S307 (our own equations)
            if shows and number <= self.shown:
                formula, numbers = self.cut.forms(expression, self.symbols, frame, symbol)
                ruled = number == 1 and not (again or known or common)
                rule = self._rule(symbol, formula, expression, number) if ruled else None
                shown = (self._of(formula, number), numbers) if number == 1 else (numbers,)
                at = symbol if common else self._at(symbol, number)
                yield Line(at, rule, shown, value, again, brief=number > 1)
            else:
                self.left += 1
            for one in self.frames if common else (frame,):
                one.names[name] = value

    def _over(self, name: str, text: str, *, mean: bool = False) -> Iterator[Line]:
        """A sum or a mean over the examples."""
        expression, symbol = parsed(text), self.symbols(name)
        code = compiled(expression)
        values = [float(eval(code, frame.names)) for frame in self.frames]  # noqa: S307 (our own equations)
        value = sum(values) / len(values) if mean else sum(values)
        if self.records and self.cut.shows(symbol):
            forms = [self.cut.forms(expression, self.symbols, frame, symbol) for frame in self.frames[: self.shown]]
            formula, count = forms[0][0], len(values)
            rule = self._rule(symbol, formula, expression, ANY)
            symbols: tree.Node = tree.Series(ANY, self._of(formula, ANY))
            numbers = _sum([shown for _, shown in forms], count - self.shown, sum(values[self.shown :]))
            if mean:
                symbols = tree.Quotient(symbols, tree.Name(COUNT))
                numbers = tree.Quotient(numbers, tree.Number(float(count)))
            yield Line(symbol, tree.Series(ANY, rule) if rule else None, (symbols, numbers), value)
        else:
            self.left += 1
        self.apart.discard(name)
        for frame in self.frames:
            frame.names[name] = value

    def _rule(self, symbol: Symbol, formula: tree.Node, expression: ast.expr, number: int | str) -> tree.Node | None:
        """The chain rule for an example, unless it is the formula itself.

        None behind the mean and the variance of a batch, where the rule has other examples, too.
        """
        through = {line.name for layer in self.plan.layers for line in layer.backward if line.kind is Kind.BATCH_MEAN}
        if through & {self.symbols(name).base for name in names_in(expression)}:
            return None
        rule = self.net.rule.of(symbol, self.symbols, formula, whole=self.cut.units is None)
        ruled = self._of(rule, number) if rule else None
        return None if ruled == self._of(formula, number) else ruled

    def _at(self, symbol: Symbol, number: int | str) -> Symbol:
        """The symbol of an example."""
        return symbol.of_example(number) if self.net.batch else symbol

    def _of(self, node: tree.Node, number: int | str) -> tree.Node:
        """The expression for an example."""

        def of(symbol: Symbol) -> Symbol:
            by = symbol.by.name if symbol.slope else ""
            return self._at(symbol, number) if symbol.name in self.apart or by in self.apart else symbol

        def change(part: tree.Node) -> tree.Node | None:
            match part:
                case tree.Name(symbol):
                    return tree.Name(of(symbol))
                case tree.Partial(above, below):
                    return tree.Partial(of(above), of(below))
            return None

        return tree.replaced(node, change)


def _sum(terms: Sequence[tree.Node], left: int, value: float) -> tree.Node:
    """A sum of some terms, and of the value of those that are left."""
    listed = (*terms, tree.Rest(left, value)) if left > 0 else tuple(terms)
    return listed[0] if len(listed) == 1 else tree.Sum(listed)


def running_statistic(symbol: Symbol) -> Symbol:
    """The symbol of a running statistic among the parameters; the batch has one of the same name."""
    return Symbol(f"running_{symbol.name}", f"running_{symbol.base}", symbol.indices)
