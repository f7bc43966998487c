"""The modules of a network in integers: from the whole numbers of ``nngen.integers`` to text."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from nngen.common import files
from nngen.common.records import dataclass
from nngen.description.model import Spec
from nngen.integers import KNOTS, TABLE_SIZE, TOP, Clip, Codes, Hidden, Integers, Sums, Value, Whole
from nngen.plan import Plan
from nngen.targets.c_features import MANY
from nngen.targets.page_head import origin
from nngen.targets.render import in_integers

WITH_INTEGERS = ("c", "python", "javascript")
"""The targets that have integers."""


MANY_PRODUCTS = 10_000
"""Products of a layer from which on C computes the sums of four units together; AVR has no room for so many weights."""


@dataclass(frozen=True)
class Script:
    """What Python and JavaScript write in different words in modules that are otherwise alike."""

    const: str
    """What comes before the name of a constant."""
    end: str
    """What ends a statement."""
    margin: str
    spread: str
    """What puts a list into another one."""
    marked: str
    """A number where a value is missing, else 0."""
    found: str
    """The numbers of a table for the bytes of a vector."""


SCRIPTS = {
    "python": Script("", "", "    ", "*", "127 if %(n)s == %(gap)s else 0", "[%(table)s[q + 128] for q in %(a)s]"),
    "javascript": Script(
        "const ", ";", "  ", "...", "%(n)s === %(gap)s ? 127 : 0", "%(a)s.map((q) => %(table)s[q + 128])"
    ),
}


@dataclass(frozen=True)
class Part:
    """Columns of a row that are encoded in the same way."""

    column: Whole | Codes
    """The first one."""
    first: int
    """Its place in a row."""
    number: int
    """Its place among the columns of numbers."""
    count: int


@dataclass(frozen=True)
class IntegerPage:
    """The object that the templates of modules in integers get."""

    plan: Plan
    network: Integers
    options: str
    """The options of `nngen build` that write the module."""
    script: Script | None = None
    """The words of Python or JavaScript."""

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
            origin(plan.name, self.options, trained=True),
        ]
        return "\n\n".join(filter(None, parts))

    @staticmethod
    def remark(layer: Sums) -> str:
        """What stands above the equations of a layer."""
        what = f"{layer.name}: {layer.activation}" if isinstance(layer, Hidden) else layer.name
        return f"{what}. {IntegerPage.proof(layer)}"

    @staticmethod
    def proof(layer: Sums) -> str:
        """The range of the sums of a layer."""
        return f"Each sum, and each part of one, is from {layer.low:,} to {layer.high:,} for all rows."

    def vector(self, name: str) -> str:
        """The name of the activations of a layer or of the inputs in Python and JavaScript."""
        return "x" if name == self.network.inputs.name else f"a_{name}"

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
    def error(self) -> Value:
        """From the difference of a sum and an input to the error of the input."""
        score = self.network.output.score
        assert score is not None  # noqa: S101 (the template asks for it)
        return Value(score.step, (), -score.most)

    @staticmethod
    def by_four(layer: Sums) -> bool:
        """Whether C computes the sums of four units of a layer together: it takes more flash, and less time."""
        products = sum(len(rows[0]) for rows in layer.weights) * layer.units
        whole = layer.units % 4 == 0 or isinstance(layer, Hidden)
        return layer.units >= 4 and products >= MANY_PRODUCTS and whole

    @property
    def many_columns(self) -> bool:
        """Whether the columns of a row are too many to name each."""
        return len(self.network.inputs.columns) > MANY

    @property
    def many_answers(self) -> bool:
        """Whether one function gives all numeric answers, as they are many."""
        return len(self.network.output.answers) > MANY

    @property
    def units(self) -> str:
        """The unit of each numeric answer, in runs of equal ones."""
        pairs = zip(self.network.output.resolutions, self.plan.output.units, strict=True)
        runs = [(unit, [name for _, name in run]) for unit, run in groupby(pairs, lambda pair: pair[0])]
        if len(runs) == 1:
            return f"{runs[0][0]:g}"
        return ", ".join(f"{unit:g} of {names[0]}" + f" to {names[-1]}" * (len(names) > 1) for unit, names in runs)

    @property
    def encoded(self) -> list[Part]:
        """The columns, and runs of columns of numbers."""
        columns = self.network.inputs.columns
        plain = [isinstance(column, Whole) and column.indicator is None for column in columns]
        runs = [[*run] for _, run in groupby(range(len(columns)), lambda i: -1 if plain[i] else i)]
        wholes = [isinstance(column, Whole) for column in columns]
        return [Part(columns[run[0]], run[0], sum(wholes[: run[0]]), len(run)) for run in runs]

    def says(self, column: Whole | Codes) -> str:
        """What the whole number of a column means."""
        if isinstance(column, Codes):
            return f"{column.column}: the place of a category"
        return f"{column.column}{column.counted}, from {column.low} to {column.high}"

    @staticmethod
    def bits(values: Sequence[int]) -> int:
        """The bits that hold some whole numbers in C."""
        return 16 if all(-(2**15) <= value < 2**15 for value in values) else 32

    @staticmethod
    def size(count: int) -> str:
        """The type of C that counts so many things."""
        return "uint8_t" if count <= 255 else "uint16_t"

    def at(self, name: str) -> str:
        """Where the activations of a layer or of the inputs are in C."""
        net = self.network
        return "row" if name not in net.memory else f"memory + {net.name.upper()}_AT_{name}"

    def sources(self, layer: Sums) -> str:
        """Where the sources of a layer are in C."""
        return ", ".join(map(self.at, layer.sources))

    @property
    def filled(self) -> bool:
        """Whether a missing number of some column counts as another one than the lowest, which is what it is anyway."""
        return any(column.fill != column.low for column in self.network.inputs.wholes)

    @property
    def clip(self) -> Sequence[tuple[str, str, list[int]]]:
        """What C needs for columns with a clip: types, names and numbers; a multiplier of 0 stands for none."""
        clips = [column.clip or Clip(0, 0, 0, 0) for column in self.network.inputs.wholes]
        multipliers, zeros, lows, _ = map(list, zip(*clips, strict=True))
        return ("uint32_t", "distances", multipliers), ("int16_t", "centers", zeros), ("int16_t", "firsts", lows)

    @property
    def knots(self) -> tuple[int, ...]:
        """The clip at its knots."""
        return KNOTS

    @property
    def features(self) -> frozenset[str]:
        """The features of the network, by the names that the fixed functions of C explain."""
        net, inputs = self.network, self.network.inputs
        found = {
            "DIRECT": inputs.direct,
            "CUT": inputs.direct and inputs.wholes[0].high < TOP,
            "SMALL": inputs.shift == 8,
            "CLIPPED": inputs.clipped,
            "FILLED": self.filled,
            "MEMORY": net.ram > 0,
            "CLASSIFIES": bool(net.classes),
            "SEVERAL": net.output.units > 1,
        }
        return frozenset(name for name, there in found.items() if there)

    @property
    def words(self) -> dict[str, str]:
        """What the words of these functions stand for."""
        net, inputs, output = self.network, self.network.inputs, self.network.output
        return {
            "LEAST": str(inputs.wholes[0].low) if inputs.direct else "",
            "MOST": str(inputs.wholes[0].high) if inputs.direct else "",
            "SHIFT": str(inputs.shift),
            "THRESHOLD": str(output.threshold),
            "ACTIVATIONS": self.sources(output),
            "net_unit": f"net_layer_{output.name}",
            "net_shares": f"net_{self.shares_function}" if output.shares else "net_shares",
            "width_t": self.size(max(len(rows[0]) for layer in net.layers for rows in layer.weights)),
            "column_t": self.size(len(inputs.columns)),
            "number_t": self.size(len(inputs.wholes)),
            "unit_t": self.size(output.units),
            "total_t": self.size(output.units - 1).replace("16", "32").replace("8", "16"),
        }


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
    check_targets(spec, path, targets)
    from nngen.integers import quantized  # it needs NumPy

    return quantized_texts(quantized(spec, plan, path, parameters, size), plan, targets, size)


def check_targets(spec: Spec, path: Path, targets: Sequence[str]) -> None:
    """Refuse targets that have no integers.

    Raises:
        SpecError: there is one.
    """
    others = [target for target in targets if target not in WITH_INTEGERS]
    if others:
        message = f"{spec.name}: int8 has the targets c, python and javascript, and not {others[0]}"
        raise files.refused(path, message, "name them: `--target c`")


def quantized_texts(network: Integers, plan: Plan, targets: Sequence[str], size: int = TABLE_SIZE) -> dict[str, str]:
    """The text of the module of a network in integers for each target that has them; see ``integer_texts``."""
    options = " --dtype int8" + (f" --table {size}" if size != TABLE_SIZE else "")
    page = IntegerPage(plan, network, options)
    return {target: in_integers(target, "int8", replace(page, script=SCRIPTS.get(target))) for target in targets}
