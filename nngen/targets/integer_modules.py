"""The modules of a network in integers: from the whole numbers of ``nngen.integers`` to text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nngen.common import files
from nngen.description.data import MISSING as MISSING_TEXTS
from nngen.description.model import Spec, category_names
from nngen.integers import TABLE_SIZE, Codes, Integers, Rows, Sums, Whole
from nngen.plan import Plan
from nngen.targets.definitions import chosen, complete
from nngen.targets.render import checked, definitions, environment, fixed_of

WITH_INTEGERS = {"c": "c/int8.h.jinja", "python": "python/int8.py.jinja", "javascript": "javascript/int8.mjs.jinja"}
"""The template of each target that has integers."""

RUNTIMES = {"python": "python/integers.py", "javascript": "javascript/integers.mjs"}
"""The files with their fixed functions."""


@dataclass(frozen=True)
class Part:
    """Columns of a row that are encoded in the same way, and their places among the inputs."""

    column: Whole | Codes
    """The first one."""
    first: int
    """Its place in a row."""
    place: int
    number: int
    """Its place among the columns of numbers."""
    count: int

    @property
    def codes(self) -> bool:
        """Whether it is a column of categories."""
        return isinstance(self.column, Codes)


@dataclass(frozen=True)
class IntegerPage:
    """The object that the templates of modules in integers get."""

    plan: Plan
    network: Integers
    options: str
    """The options of `nngen build` that write the module."""

    @property
    def docstring(self) -> str:
        """The head of the module."""
        plan, net = self.plan, self.network
        parts = [
            f"{plan.name}, a trained neural network in integers: from a row of whole numbers to the answer.",
            plan.summary,
            plan.description,
            f"Weights and activations have 8 bits, sums have 32. Their scales were measured on {net.rows:,} training"
            " rows. No sum can leave its range, which stands at each layer. The mathematics: Jacob et al.,"
            " arXiv:1712.05877.",
            f"Written by nngen from the spec {plan.name}: `nngen build{self.options}` with that spec and these"
            " parameters writes these bytes again. The file is yours: read it, change it, ship it.",
        ]
        return "\n\n".join(filter(None, parts))

    @property
    def codes(self) -> tuple[Codes, ...]:
        """The columns of categories."""
        return tuple(column for column in self.network.inputs.columns if isinstance(column, Codes))

    @property
    def missing(self) -> tuple[str, ...]:
        """The texts that mean a missing value."""
        return MISSING_TEXTS

    @property
    def tables(self) -> dict[str, tuple[int, ...]]:
        """All tables, by their names in Python and JavaScript."""
        output = self.network.output
        found = {f"_values_{layer.name}": layer.table for layer in self.network.hidden}
        pairs = zip(self.plan.output.units, output.answers, strict=False)
        found |= {f"_answers_{unit}": answer.table for unit, answer in pairs}
        found |= {"_SHARES": output.shares.table} if output.shares else {}
        return {name: table for name, table in found.items() if table}

    @property
    def shares_function(self) -> str:
        """The name of the function that gives probabilities or numbers."""
        return "predict_proba" if self.network.classes else "predict" if self.network.predicts else "forward"

    @property
    def widest(self) -> int:
        """The most activations that a unit reads from one source."""
        return max(len(rows[0]) for layer in self.network.layers for rows in layer.weights)

    @property
    def encoded(self) -> Iterator[Part]:
        """The columns, and runs of columns of numbers."""
        parts: list[Part] = []
        number = 0
        for first, column in enumerate(self.network.inputs.columns):
            last = parts[-1] if parts else None
            alone = isinstance(column, Codes) or column.indicator is not None
            if last and not alone and not last.codes and last.column.indicator is None:
                parts[-1] = Part(last.column, last.first, last.place, last.number, last.count + 1)
            else:
                parts.append(Part(column, first, column.place, number, 1))
            number += isinstance(column, Whole)
        yield from parts

    @staticmethod
    def written(rows: Rows) -> list[list[str]]:
        """Whole numbers as text, row by row."""
        return [list(map(str, row)) for row in rows]

    def says(self, column: Whole | Codes) -> str:
        """What the whole number of a column means."""
        if isinstance(column, Codes):
            return f"{column.column}: the place of a category"
        unit = "" if column.resolution == 1.0 else f" in units of {column.resolution:g}"
        return f"{column.column}{unit}, from {column.low} to {column.high}"

    def category_inputs(self, column: Codes) -> tuple[str, ...]:
        """The names of the inputs of a column of categories."""
        return category_names(column.name, column.categories)

    @property
    def units(self) -> str:
        """The names of numeric answers, each with its unit."""
        pairs = zip(self.plan.output.units, self.network.output.resolutions, strict=True)
        return ", ".join(f"{name} in units of {unit:g}" for name, unit in pairs)

    def type(self, values: Sequence[int]) -> str:
        """The type of C that holds some whole numbers."""
        return "int16_t" if all(-(2**15) <= value < 2**15 for value in values) else "int32_t"

    def read(self, values: Sequence[int]) -> str:
        """The macro that reads one of them."""
        return f"{self.plan.name.upper()}_READ{'16' if self.type(values) == 'int16_t' else '32'}"

    def vectors(self, layer: Sums) -> str:
        """Where the sources of a layer are in C."""
        net = self.network
        return ", ".join(
            "row" if name == net.inputs.name and net.inputs.direct else f"memory + {net.name.upper()}_AT_{name}"
            for name in layer.sources
        )


def integer_texts(
    spec: Spec, plan: Plan, path: Path, targets: Sequence[str], parameters: Sequence[float], size: int = TABLE_SIZE
) -> dict[str, str]:
    """The text of a network's module in integers for each target.

    Args:
        spec: a spec that has passed the checks.
        plan: its plan.
        path: the file of the spec.
        targets: names of targets.
        parameters: trained parameters, in the order of the layout.
        size: how many numbers a table has.

    Raises:
        SpecError: a target has no integers, or they do not hold the network.
    """
    others = [target for target in targets if target not in WITH_INTEGERS]
    if others:
        message = f"{spec.name}: int8 has the targets c, python and javascript, and not {others[0]}"
        raise files.refused(path, message, "name them: `--target c`")
    from nngen.integers import quantized  # it needs NumPy

    network = quantized(spec, plan, path, parameters, size)
    options = " --dtype int8" + (f" --table {size}" if size != TABLE_SIZE else "")
    page = IntegerPage(plan, network, options)
    return {target: _module(target, page) for target in targets}


def _module(target: str, page: IntegerPage) -> str:
    """The text of a module, with the fixed functions that it names."""
    text = environment(target).get_template(WITH_INTEGERS[target]).render(page=page)
    return with_fixed(target, text, RUNTIMES[target]) if target in RUNTIMES else text


def with_fixed(target: str, text: str, runtime: str) -> str:
    """The text of a module with the fixed functions that it names, of a file among the templates or of all modules."""
    own, known = definitions(target, text), (*fixed_of(target, runtime), *checked(target))
    names = {name for definition in own for name in definition.names}
    return complete(chosen(list(own), known, names), known, names)
