"""A pass over several examples together: the values of each example, and sums and means over all of them.

The equations are those of the plan for a batch, written for each unit and example. A number in brackets above a symbol
is that of the example: ``z_h1⁽²⁾``.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from nngen.common.messages import message
from nngen.learning.trace.example import Example
from nngen.learning.trace.statements import Frame, compiled, contains, names_in, parsed, text_of
from nngen.learning.trace.stepper import Stepper
from nngen.learning.trace.worksheet import BACKWARD, FORWARD, GIVEN, Line, Section
from nngen.learning.typeset import Name, Node, Number, Partial, Quotient, Rest, Series, Sum, Symbol, read, replaced
from nngen.mathematics.formulas import Kind
from nngen.plan import Equation, Form, Layer, expanded
from nngen.plan import Section as Planned
from nngen.targets import TARGETS

EXAMPLES = 3
"""The examples that an excerpt shows. Sums over the examples have the others as their last term."""

COUNT = Symbol("n", "n")
ANY = "r"
"""The index of an example, a row, in sums over all examples."""
WORDS = TARGETS["python"].words


class BatchPass:
    """One pass over a batch: a frame with the values of each example."""

    def __init__(
        self, stepper: Stepper, params: Sequence[float], examples: Sequence[Example], *, records: bool = True
    ) -> None:
        self.stepper, self.plan, self.cut, self.symbols = stepper, stepper.plan, stepper.cut, stepper.symbols
        self.examples, self.records = examples, records
        few = self.cut.units is None or len(examples) <= EXAMPLES + 1  # a single one is shown instead of its count
        self.shown = len(examples) if few else EXAMPLES
        parameters = dict(zip(stepper.parameters, params, strict=True))
        targets = self.plan.output.names("y")
        self.apart = {*self.plan.inputs, *targets, "weight", "seed"}
        """The names whose values differ between examples."""
        self.frames = [
            Frame(
                {
                    **stepper.module.names,
                    **parameters,
                    **dict(zip(self.plan.inputs, example.x, strict=True)),
                    **dict(zip(targets, example.y or (), strict=True)),
                    "seed": None,
                    **example.more,
                    "n": len(examples),
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
        for number, example in enumerate(self.examples, 1):
            pairs = [*zip(self.plan.inputs, self.plan.inputs, example.data, strict=True)]
            pairs = pairs if example.raw is None else []
            output = self.plan.output
            pairs += zip(output.names("y"), output.units, example.y or (), strict=True)
            pairs += [(name, name, value) for name, value in example.weight.items()]
            count += len(pairs)
            if number <= self.shown:
                lines += [
                    Line(self.symbols(name).of_example(number), None, (), value)
                    for place, (name, unit, value) in enumerate(pairs)
                    if self.cut.gives(place, unit)
                ]
        yield Section(GIVEN, message("the examples"), "", tuple(lines), count - len(lines))

    def scaled(self) -> Iterator[Section]:
        """The scaling of the inputs of each example."""
        lines, left, title = [], 0, ""
        for number, example in enumerate(self.examples, 1):
            for section in self.stepper.scaled(example):
                title = section.title
                kept = section.lines if number <= self.shown else ()
                lines += [line.of_example(number) for line in kept]
                left += section.left + len(section.lines) - len(kept)
        if title:
            yield Section(FORWARD, title, "", tuple(lines), left)

    def section(self, part: str, planned: Planned[Equation]) -> Section:
        """Compute the equations of a section, and record those that are shown."""
        lines: list[Line] = []
        self.left = 0
        if planned.equations[0].form is Form.PENALTY:
            lines += self._penalty(planned.equations)
        else:
            for equation in planned.equations:
                lines += self._lines(equation)
        layer = planned.equations[0].layer
        notes = list(self.stepper.notes(part, layer.name, lines, self.frames[0])) if self.records else []
        if part == BACKWARD and layer.running_updates:
            notes.append(
                message(
                    "A weighted sum changes the loss in three ways: through its own normalized value, and through the "
                    "mean and the variance of the batch, which change the normalized values of all examples. The two "
                    "means that are subtracted are these last two ways."
                )
            )
            if layer.biases and layer.biases.trainable and self._before_activation(layer):
                notes.append(
                    message(
                        "The mean takes away what a bias adds: the derivatives with respect to the biases are 0, "
                        "up to rounding."
                    )
                )
        return Section(part, planned.comment, layer.name, tuple(lines), self.left, tuple(notes))

    def running(self, params: Sequence[float]) -> Iterator[tuple[int, Line]]:
        """The updates of the running statistics, each with its place among the parameters."""
        for layer in self.plan.layers:
            for block, line in layer.running_updates:
                expression = parsed(line.formula.write(WORDS, str))
                for place, name in enumerate(block.rows[0], block.start):
                    old, new = running_statistic(self.symbols(name)), self.symbols(name)
                    values = {"old": params[place], "new": self.shared(name), "n": len(self.frames)}
                    node, frame = read(expression, self.symbols), Frame({**values})
                    named = {"old": Name(old), "new": Name(new)}
                    forms = (_replaced(node, named), _replaced(node, {k: Number(float(v)) for k, v in values.items()}))
                    yield place, Line(old, None, forms, float(frame.value(expression)), again=True)

    @staticmethod
    def _before_activation(layer: Layer) -> bool:
        """Whether the weighted sums are normalized, and not the activations."""
        return any(line.name == "s" for line in layer.forward)

    def _lines(self, equation: Equation) -> Iterator[Line]:
        layer = equation.layer
        match equation.form:
            case Form.TARGETS | Form.ZERO:
                return
            case Form.RUNNING_MEAN | Form.BATCH_MEAN:
                for unit in layer.units:
                    text = equation.formula.write(WORDS, layer.of_unit(unit))
                    yield from self._over(layer.of_unit(unit)(equation.symbol), text, mean=True)
            case Form.OUTER | Form.GRADIENT | Form.BIAS_GRADIENT:
                for assignment in expanded(equation, WORDS):
                    yield from self._over(assignment.name, text_of(assignment))
            case Form.TOTAL:
                for assignment in expanded(equation, WORDS):
                    yield from self._each(assignment.name, text_of(assignment))
                yield from self._over("loss", "loss", mean=equation.mean)
            case Form.SHARE:
                total = sum(frame.names["weight"] for frame in self.frames)
                for frame in self.frames:
                    frame.names["weights"] = total
                yield from self._each("weight", "weight / weights")
            case Form.PENALTY_SLOPE:
                for assignment in expanded(equation, WORDS):
                    yield from self._once(assignment.name, text_of(assignment))
            case _:
                write = self._once if equation.common else self._each
                for assignment in expanded(equation, WORDS):
                    yield from write(assignment.name, text_of(assignment))

    def _penalty(self, penalties: Sequence[Equation]) -> Iterator[Line]:
        terms = [
            e.formula.operand(WORDS, {"w": name}.__getitem__)
            for e in penalties
            for row in (e.block.rows if e.block else ())
            for name in row
        ]
        factor = penalties[0].factor
        total = " + ".join(terms)
        yield from self._once("loss", f"loss + {factor} * ({total})" if factor else f"loss + {total}")

    def _each(self, name: str, text: str) -> Iterator[Line]:
        """An equation of each example. The first has its symbols, too."""
        expression, symbol, again = parsed(text), self.symbols(name), contains(text, name)
        code, known = compiled(expression), name in self.apart
        shows = self.records and self.cut.shows(symbol)
        if not again:
            self.apart.add(name)
        for number, frame in enumerate(self.frames, 1):
            value = float(eval(code, frame.names))  # noqa: S307 (our own equations)
            if shows and number <= self.shown:
                forms = self.cut.forms(expression, self.symbols, frame, symbol)
                rule = None if again or known else self._rule(symbol, forms[0], text)
                first = self._of(forms[0], number)
                rule = self._of(rule, number) if rule and number == 1 else None
                shown = (first, forms[1]) if number == 1 else forms[1:]
                yield Line(
                    symbol.of_example(number), rule if rule != first else None, shown, value, again, brief=number > 1
                )
            else:
                self.left += 1
            frame.names[name] = value

    def _over(self, name: str, text: str, *, mean: bool = False) -> Iterator[Line]:
        """A sum or a mean over the examples."""
        expression, symbol = parsed(text), self.symbols(name)
        code = compiled(expression)
        values = [float(eval(code, frame.names)) for frame in self.frames]  # noqa: S307 (our own equations)
        value = sum(values) / len(values) if mean else sum(values)
        if self.records and self.cut.shows(symbol):
            forms = [self.cut.forms(expression, self.symbols, frame, symbol) for frame in self.frames[: self.shown]]
            any_example = self._of(forms[0][0], ANY)
            rule = self._rule(symbol, forms[0][0], text)
            ruled = self._of(rule, ANY) if rule else None
            count = len(values)
            numbers = _sum([shown for _, shown in forms], count - self.shown, sum(values[self.shown :]))
            symbols = Series(ANY, any_example)
            yield Line(
                symbol,
                Series(ANY, ruled) if ruled and ruled != any_example else None,
                (
                    Quotient(symbols, Name(COUNT)) if mean else symbols,
                    Quotient(numbers, Number(float(count))) if mean else numbers,
                ),
                value,
            )
        else:
            self.left += 1
        self.apart.discard(name)
        for frame in self.frames:
            frame.names[name] = value

    def _once(self, name: str, text: str) -> Iterator[Line]:
        """An equation of values that all examples share."""
        expression, symbol = parsed(text), self.symbols(name)
        value = float(self.frames[0].value(expression))
        if self.records and self.cut.shows(symbol):
            forms = self.cut.forms(expression, self.symbols, self.frames[0], symbol)
            yield Line(symbol, None, forms, value, contains(text, name))
        else:
            self.left += 1
        for frame in self.frames:
            frame.names[name] = value

    def _rule(self, symbol: Symbol, shown: Node, text: str) -> Node | None:
        """The chain rule for one example. Behind the mean and the variance of a batch, it has other examples, too."""
        through = {line.name for layer in self.plan.layers for line in layer.backward if line.kind is Kind.BATCH_MEAN}
        used = {self.symbols(name).base for name in names_in(text)}
        return (
            None if used & through else self.stepper.rule.of(symbol, self.symbols, shown, whole=self.cut.units is None)
        )

    def _of(self, node: Node, number: int | str) -> Node:
        """The expression for an example."""

        def of(symbol: Symbol) -> Symbol:
            by = symbol.by.name if symbol.slope else ""
            return symbol.of_example(number) if symbol.name in self.apart or by in self.apart else symbol

        def change(part: Node) -> Node | None:
            match part:
                case Name(symbol):
                    return Name(of(symbol))
                case Partial(above, below):
                    return Partial(of(above), of(below))
            return None

        return replaced(node, change)


def _sum(terms: Sequence[Node], left: int, value: float) -> Node:
    """A sum of some terms, and of the value of those that are left."""
    listed = (*terms, Rest(left, value)) if left > 0 else tuple(terms)
    return listed[0] if len(listed) == 1 else Sum(listed)


def _replaced(node: Node, named: dict[str, Name] | dict[str, Number]) -> Node:
    return replaced(node, lambda part: named.get(part.symbol.name) if isinstance(part, Name) else None)


def running_statistic(symbol: Symbol) -> Symbol:
    """The symbol of a running statistic among the parameters; the batch has one of the same name."""
    return Symbol(f"running_{symbol.name}", f"running_{symbol.base}", symbol.indices)
