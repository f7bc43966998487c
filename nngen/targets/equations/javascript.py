"""JavaScript: arrays, matrices as arrays of rows, and maps over them."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from nngen.plan import Assignment, Block, derivative_of, loops
from nngen.targets import javascript_layout as javascript
from nngen.targets.equations.units import UnitWriter
from nngen.targets.sums import signed_sum


class JavaScriptEquations(UnitWriter):
    """Writes equations in JavaScript: a formula for each unit is a map over its first vector."""

    between = "\n  "
    seed_of_example = "seed"

    @cached_property
    def added(self) -> dict[str, str]:
        """What adds a row's derivatives after its last one, by the name of that: an engine holds few numbers at a time.

        Those of a penalty come later.
        """
        plan = self.page.plan
        (factor,) = self.factor or ["weight" if plan.loss.weighted_mean else ""]
        return {} if plan.penalty else javascript.added(plan.blocks, "slopes", f"+= {factor} *" if factor else "+=")

    def unit(self, e: Assignment) -> Iterator[str]:
        """An equation of a unit, and what adds derivatives."""
        if e.form == "max":
            yield javascript.items([e.terms], f"const {e.name} = Math.max(", ");")
        else:
            yield from super().unit(e)
        if e.name in self.added:
            yield self.added[e.name]

    def changed(self, place: str, value: str, depth: int, sign: str = "=") -> str:
        """A name gets another value; with a sign such as ``+=`` the sum of both."""
        return javascript.change(value if sign == "=" else f"{place} {sign[0]}↵{value}", place)

    def line(self, start: str, value: str, depth: int) -> str:
        """A statement with an expression at its end."""
        return javascript.BRACES.statement(start, value, 2)

    def declared(self, name: str, value: loops.Value, again: bool = False) -> str:
        """A name, which may change later."""
        return f"{'let' if again else 'const'} {name} = "

    def statement(self, statement: loops.Statement, depth: int) -> Iterator[str]:
        """A statement; what is added to the derivatives of an example are new arrays over a batch."""
        match statement:
            case loops.Let(name, loops.Each(_, _, loops.Product(factors)), again):
                yield from weights(name, factors, again)
            case loops.Let(name, loops.Each(_, _, loops.InTraining(_, Block())) as value):
                yield javascript.change(self.value(value), name)
            case loops.Let(name, loops.Grown(count, added)):
                yield javascript.assign(f"Array({count}).fill(0.0)", name)
                for one in added:
                    yield from self.statement(one, depth)
            case loops.Let(name, value, again):
                yield javascript.assign(self.value(value), name, changed=again)
            case loops.Multiply(name, value):
                yield javascript.change(f"{name} *↵{self.value(value)}", name)
            case loops.Slopes(name, _, value) if self.batch:
                yield javascript.assign(self.value(value), name)
            case loops.Slopes(name, block, value) if block.trainable:
                yield run("_add", [name, self.value(value)])
            case loops.AddVector(block, vector):
                yield run("_add", [derivative_of(block.name), vector.name, *self.factor])
            case loops.Add(_, loops.Slope(block), loops.Sum() as slopes):
                yield run("_add_row", [derivative_of(block.name), block.row, self.slopes_of_row(slopes)])
            case loops.Add(within, into, value):
                factor = self.factor if isinstance(into, loops.Slope) else []
                yield from self.nested(within, into, " *↵".join([*factor, self.value(value)]))
            case loops.AddOuter(block, slopes, values):
                later = self.page.adds_products_later
                given = [derivative_of(block.name), slopes.name, values.name, *["products"] * later, *self.factor]
                yield run("_add_later" if later else "_add_outer", given)
            case loops.Examples(loops.AddVector(block, vector)):
                yield javascript.assign(self.called("sum_rows", [vector.name]), derivative_of(block.name))
            case loops.Examples(loops.AddOuter(block, slopes, values)):
                made = self.called("sum_outer", [slopes.name, values.name])
                yield javascript.assign(made, derivative_of(block.name))
            case loops.AddPenalty(block, formula, factor):
                row = f"[⟨{block.name}[{block.row}]⟩]" if block.index else matrix(block, block.name)
                total = self.called("sum_of", [row, f"(w) =>↳{formula.write(self.words)}"])
                total = f"{factor} *↵{total}" if factor else total
                yield javascript.change(f"loss +↵{total if block.index else f'⟦{total}⟧'}", "loss")
            case loops.AddPenaltySlopes(block, formula, factor):
                slope = formula.write(self.words)
                slope = f"(w) => {factor} * ({slope})" if factor else f"(w) => {slope}"
                yield run("_add_slopes", [matrix(block, derivative_of(block.name)), matrix(block, block.name), slope])
            case loops.Share():
                yield "weight = _shares(weight);"
            case loops.Targets(name):
                yield f"const {name} = y;"
            case loops.Zeros(name, block):
                zeros = "(row) =>↳row.map(() => 0.0)" if block.matrix else "() =>↳0.0"
                yield javascript.assign(f"{block.name}.map(⟨{zeros}⟩)", name)

    def nested(self, within: Sequence[tuple[str, int]], into: loops.Value, value: str) -> Iterator[str]:
        """A value is added to a number, within loops."""
        margins = ["  " * depth for depth in range(len(within) + 1)]
        for margin, (index, count) in zip(margins, within, strict=False):
            yield f"{margin}for (let {index} = 0; {index} < {count}; {index}++) {{"
        yield margins[-1] + javascript.BRACES.statement(f"{self.value(into)} += ", value, 2 + len(margins[-1]))
        yield from (f"{margin}}}" for margin in reversed(margins[:-1]))

    @property
    def factor(self) -> list[str]:
        """What derivatives are multiplied by before they are added."""
        return ["factor"] if self.page.rate is not None else []

    def value(self, value: loops.Value) -> str:
        """An expression; vectors are maps, or arrays with a number for each place."""
        match value:
            case loops.Slope(block, at):
                return self.number(loops.Number(derivative_of(block.name), at))
            case loops.Each("k", _, inner):
                return self.of_examples(inner)
            case loops.Each(index, _, loops.Applied() as formula):
                return self.mapped(formula, index)
            case loops.Each(_, _, loops.Sum((*biases, loops.Element(block)))):
                added = "".join(f".map(⟨(w, i) =>↳{self.value(one)} +↵w⟩)" for one in biases)
                return f"{block.name}[{block.row}]{added}"
            case loops.Each(index, _, loops.Total("k") as inner):
                return self.of_units(index, self.value(inner))
            case loops.Each(
                index, _, loops.InTraining(loops.Divided(loops.Total(_, _, loops.Applied() as formula), by), statistic)
            ):
                other = statistic.symbol if statistic else "0.0"
                mean = f"(⟨training↵? ⟦{self.over_examples(formula)} /↵{by}⟧↵: {other}⟩)"
                if statistic:
                    return f"{statistic.name}.map(⟨({other}, {index}) =>↳{mean}⟩)"
                return self.of_units(index, mean)
            case loops.Each("0", _, inner):
                return f"[⟨{self.value(inner)}⟩]"
            case loops.Each(_, count, inner):
                return f"Array.from(⟨{{ length: {count} }},↵(_, i) =>↳{self.value(inner)}⟩)"
            case loops.Total("k", _, loops.Applied() as formula):
                return self.over_examples(formula)
            case loops.Total(index, count, inner):
                return self.called("sum", [self.value(loops.Each(index, count, inner))])
            case loops.Largest(index, _, loops.Applied() as formula):
                return self.called("largest", [self.mapped(formula, index)])
            case loops.ClassWeight(_, total):
                return self.value(total)
            case loops.Affine(_, biases, products):
                text = biases.name if biases else ""
                for block, vector in products:
                    text = self.called("affine", [block.name, self.number(vector), *filter(None, [text])])
                return text
            case loops.Columns(_, _, products, terms):
                text = self.columns(products)
                added = signed_sum(["total", *map(self.operand, terms)], self.words)
                return f"{text}.map(⟨(total, i) =>↳{added}⟩)" if terms else text
        return super().value(value)

    def of_examples(self, value: loops.Value) -> str:
        """A vector with a value for each example."""
        match value:
            case loops.Each(index, _, loops.Applied() as formula):
                return self.rows(formula, self.row(formula, index))
            case loops.Total(index, _, loops.Applied() as formula):
                return self.rows(formula, self.called("sum", [self.row(formula, index)]))
            case loops.Largest(index, _, loops.Applied() as formula):
                return self.rows(formula, self.called("largest", [self.row(formula, index)]))
            case loops.Divided(loops.Total(index, _, loops.Applied() as formula), by):
                return self.rows(formula, self.called("sum", [self.row(formula, index)]) + f" /↵{self.divisor(by)}")
            case loops.Applied():
                return self.mapped(value, "k")
            case loops.Each(_, _, loops.Keep()):
                return f"drawn.map(⟨(seed) =>↳{self.value(value)}⟩)"
            case loops.Affine(_, _, products):
                return f"{products[0][1].name}.map(⟨(_, k) =>↳{self.value(value)}⟩)"
        return f"{self.equation.layer.name_of('a')}.map(⟨(_, k) =>↳{self.value(value)}⟩)"

    def of_units(self, index: str, value: str) -> str:
        """A vector with a value for each unit."""
        return f"{self.equation.layer.name_of('z')}[0].map(⟨(_, {index}) =>↳{value}⟩)"

    def mapped(self, formula: loops.Applied, index: str) -> str:
        """A formula for each number of the vectors in it, or one of them itself."""
        vectors = [one for one in formula.numbers if isinstance(one, loops.Number) and one.at == (index,)]
        first = vectors[0]
        if formula.formula.bare:
            return first.name
        index = "i" if index == "0" else index
        written = self.written(
            formula, {first.symbol: first.symbol} | {one.symbol: f"{one.name}[{index}]" for one in vectors[1:]}
        )
        return f"{first.name}.map(⟨{given(first.symbol, index if len(vectors) > 1 else '')} =>↳{written}⟩)"

    def rows(self, formula: loops.Applied, value: str) -> str:
        """A value for each row of the first vector of a formula that has one for each example."""
        return f"{of_both(formula).name}.map(⟨{given('row', 'k' if '[k]' in value else '')} =>↳{value}⟩)"

    def row(self, formula: loops.Applied, index: str) -> str:
        """A formula for each number of such a row."""
        first = of_both(formula)
        if formula.formula.bare:
            return "row"
        written = self.written(formula, {first.symbol: first.symbol})
        return f"row.map(⟨{given(first.symbol, index if f'[{index}]' in written else '')} =>↳{written}⟩)"

    def over_examples(self, formula: loops.Applied) -> str:
        """The sum of a formula for unit i over the examples."""
        first = of_both(formula)
        if formula.formula.bare:
            return self.called("sum", [self.called("column", [first.name, "i"])])
        return self.called("sum", [self.rows(formula, self.written(formula, {first.symbol: "row[i]"}))])

    def written(self, formula: loops.Applied, names: dict[str, str]) -> str:
        """A formula in which some numbers have other names."""
        named = self.named(formula)
        return formula.formula.write(self.words, lambda symbol: names.get(symbol) or named(symbol))

    def columns(self, products: Sequence[tuple[Block, loops.Number]]) -> str:
        """The products of the columns of matrices with vectors, as if they were one matrix and one vector."""
        blocks, vectors = [block.name for block, _ in products], [self.number(vector) for _, vector in products]
        if len(products) > 1:
            blocks, vectors = ([f"[⟨{',↵'.join(f'...{one}' for one in many)}⟩]"] for many in (blocks, vectors))
        return self.called("dot_columns", [*blocks, *vectors])

    def slopes_of_row(self, slopes: loops.Sum) -> str:
        """The derivatives with respect to a row of an embedding."""
        match slopes:
            case loops.Sum((loops.Number(name), loops.Applied() as slope)):
                element = self.written(slope, {})
                return f"{name}.map((dz, i) => dz + {element})"
            case loops.Sum((loops.Number(name),)):
                return name
        raise TypeError(slopes)

    def element(self, element: loops.Element) -> str:
        """A number of a row."""
        return f"{element.block.name}[{element.block.row}][i]"

    def function(self, name: str) -> str:
        """Names of functions that no user calls begin with a line."""
        return f"_{name}"


def of_both(formula: loops.Applied) -> loops.Number:
    """The first number of a formula that differs by example and unit."""
    return next(one for one in formula.numbers if isinstance(one, loops.Number) and len(one.at) == 2)


def given(value: str, place: str) -> str:
    """The arguments of a function of a value and its place, if it needs that."""
    return f"({value}, {place})" if place else f"({value})"


def matrix(block: Block, name: str) -> str:
    """A block as a matrix; a vector is a matrix of one row."""
    return name if block.matrix else f"[⟨{name}⟩]"


def run(name: str, arguments: Sequence[str]) -> str:
    """A call as a statement."""
    return javascript.items([arguments], f"{name}(", ");")


def weights(name: str, factors: Sequence[loops.Value], again: bool) -> Iterator[str]:
    """The weights of a batch: the name is that of the weights of the examples already, if they have some."""
    if len(factors) > 1:
        yield "weight = y.map((target, k) => weight[k] * _weight(target));"
    elif isinstance(factors[0], loops.ClassWeight):
        yield f"{'let' if again else 'const'} {name} = y.map((target) => _weight(target));"
