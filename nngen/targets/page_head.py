"""What a module is asked to have, and what it says of its network above the equations."""

import re
from collections.abc import Iterator, Sequence

from nngen.common.records import dataclass
from nngen.description.model import ALL
from nngen.mathematics.formulas import Words
from nngen.plan import Block, Layer, Plan, unfit
from nngen.targets.selftest import SelfTest


@dataclass(frozen=True)
class Trained:
    """Trained parameters that a page carries, in the order of its layout."""

    parameters: Sequence[float]
    file: str = ""
    """The name of a file beside the page that contains them; empty if the page itself contains them."""

    def blocks(self, plan: Plan) -> Iterator[tuple[Block, list[list[str]]]]:
        """The parameters of each block as text, a row for each row of weights; biases are one row."""
        for block in plan.blocks:
            width = len(block.inputs) or len(block.units)
            starts = range(block.start, block.stop, width)
            yield block, [[repr(v) for v in self.parameters[i : i + width]] for i in starts]

    def rows(self, plan: Plan) -> list[list[str]]:
        """The rows of all blocks."""
        return [row for _, rows in self.blocks(plan) for row in rows]


@dataclass(frozen=True)
class PageHead:
    """A network in the words of a target, and the parts that its module has."""

    plan: Plan
    """The network: its names, shapes and orders."""
    words: Words
    """The words of the target."""
    dtype: str
    """The width of the numbers if the target has several."""
    level: str
    """Whether there is an equation for each of the ``weights``, or one for each of the ``layers``."""
    selftest: SelfTest | None
    """The numbers that the self-test of the page compares with."""
    trained: Trained | None = None
    """The trained parameters that the page carries, if it does."""
    contents: frozenset[str] = ALL
    """The parts of the page."""
    options: str = ""
    """The options of `nngen build` that write the page, if the spec alone does not say it."""
    namespace: str = ""
    """The namespace of the page, in languages that have them."""

    def has(self, *parts: str) -> bool:
        """Whether the page has one of these parts."""
        return not self.contents.isdisjoint(parts)

    @property
    def whole(self) -> bool:
        """Whether it has all parts that its binding calls."""
        return self.contents >= ALL

    @property
    def sensitive(self) -> bool:
        """Whether the page has derivatives with respect to the inputs."""
        return self.has("sensitivity") and not unfit(self.plan)

    @property
    def legend(self) -> str:
        """The meaning of the letters in equations."""
        letters = "z is a weighted sum, a an activation"
        if self.has("gradient") or self.sensitive:
            letters = f"dX is the derivative of the loss with respect to X. {letters}, y a target"
        return letters + self.notation

    @property
    def monotone(self) -> str:
        """In which inputs the output is monotone, and why; empty if it need not be, or the parameters differ."""
        monotone = self.plan.monotone
        return "" if self.trained and monotone.wrong(self.trained.parameters) else monotone.says

    @property
    def origin(self) -> str:
        """The source of the page, and what its user may do with it."""
        return origin(self.plan.name, self.options, trained=self.trained is not None)

    @property
    def below(self) -> str:
        """What follows the equations: none of it is needed to understand the network."""
        rows = self.plan.encoding is not None and self.plan.encoding.predicts
        words = {"training": "training", "prediction": "predictions", "files": "files", "checks": "checks"}
        found = [word for part, word in words.items() if self.has(part) and (rows or part != "prediction")]
        return " and ".join(filter(None, [", ".join(found[:-1]), *found[-1:]]))

    @property
    def title(self) -> tuple[str, ...]:
        """The network in one line, split where a page may break it."""
        plan = self.plan
        return f"{plan.name}, {plan.size} parameters:", *re.split("(?<=[>;]) ", plan.summary)

    @property
    def weight_law(self) -> str:
        """The meaning of a weight's name."""
        layer, weights = self._first_weights
        return f"{weights.rows[0][0]} is the weight that leads to {layer.units[0]} from {layer.sources[0].values[0]}."

    @property
    def matrix_law(self) -> str:
        """The meaning of an index into a matrix of weights."""
        layer, weights = self._first_weights
        if weights.index:
            return (
                f"{weights.name}[i] is the row of the id i of {weights.index}, a number for each unit of {layer.name}."
            )
        return (
            f"{weights.name}[i][j] is the weight that leads to unit i of {layer.name} from unit j of "
            f"{layer.sources[0].name}."
        )

    @property
    def _first_weights(self) -> tuple[Layer, Block]:
        """The first layer with weights, and these. There is one, because something learns."""
        return next((layer, layer.weights[0]) for layer in self.plan.layers if layer.weights)

    @property
    def notation(self) -> str:
        """The symbols between weighted sums and activations, if there are any."""
        names = {line.name for layer in self.plan.layers for line in layer.training_lines}
        hat = ", hat a normalized value and s the same after gain and shift" if "hat" in names else ""
        return hat + (", f the activation before dropout or normalization" if "f" in names else "")


def origin(name: str, options: str, *, trained: bool) -> str:
    """The source of a module, and what its user may do with it."""
    given = "that spec and these parameters" if trained else "that spec"
    return (
        f"Written by nngen from the spec {name}: `nngen build{options}` with {given} writes these bytes again. The file"
        " is yours: read it, change it, ship it."
    )
