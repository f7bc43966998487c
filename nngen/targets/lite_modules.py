"""The modules of a network in the integers of TensorFlow Lite."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from nngen.common import files
from nngen.common.records import dataclass
from nngen.integers import Lite, lite
from nngen.targets.integer_modules import SCRIPTS, WITH_INTEGERS, Script
from nngen.targets.modules import MAX_PAGE
from nngen.targets.render import in_integers

CONSTANTS = ("weights", "biases", "multipliers", "shifts", "exponentials", "values")
"""What operators have of numbers."""


@dataclass(frozen=True)
class LitePage:
    """The object that the templates get."""

    network: Lite
    features: frozenset[str] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)
    script: Script | None = None
    """The words of Python or JavaScript."""

    @property
    def docstring(self) -> str:
        """The head of the module."""
        net = self.network
        given, answers = (f"{scale.size!r} * (q - {scale.zero})" for scale in (net.given, net.answers))
        steps = "".join(f" -> {step.place}: {step.width}" for step in net.steps)
        micro = any(isinstance(step, lite.LiteDense) and step.twice for step in net.steps)
        whose, option = (
            ("TensorFlow Lite Micro", " --micro") if micro else ("the reference kernels of TensorFlow Lite", "")
        )
        parts = [
            f"{net.name}, a trained neural network in the integers of TensorFlow Lite.",
            f"{net.inputs} inputs{steps}",
            f"A byte q of the inputs, from -128 to 127, stands for {given}, one of the outputs for {answers}. The bytes"
            f" are those of {whose}. No sum can leave 32 bits. The mathematics: Jacob et al., arXiv:1712.05877.",
            f"Written by nngen: `nngen import --dtype int8{option} --name {net.name}` with the same .tflite file writes"
            " these bytes again. The file is yours: read it, change it, ship it.",
        ]
        return "\n\n".join(parts).replace("- -", "+ ")

    @staticmethod
    def remark(step: lite.LiteStep) -> str:
        """What stands above an operator."""
        return (
            f"{step.place}: each sum is from -{step.reach:,} to {step.reach:,}" if step.form == "dense" else step.place
        )

    @staticmethod
    def constants(step: lite.LiteStep) -> dict[str, Sequence[Sequence[int]]]:
        """The rows of an operator's numbers, by their names in modules."""
        found = {name: getattr(step, name) for name in CONSTANTS if hasattr(step, name)}
        short = {"weights": "W", "biases": "b"}
        return {short.get(name, name): rows if name == "weights" else [rows] for name, rows in found.items()}

    @staticmethod
    def named(pattern: str, step: lite.LiteStep) -> str:
        """The activations that an operator takes."""
        return ", ".join(pattern % number for number in step.sources)

    def at(self, number: int) -> str:
        """Where the activations of an operator are in C; those of 0 are the inputs."""
        starts, _ = self.network.placed
        within = f"memory + {starts[number]}" if number < len(starts) else "outputs"
        return within.removesuffix(" + 0") if number else "x"

    def entry(self, number: int, more: int = 0) -> str:
        """Activation ``more + i`` of an operator in C."""
        vector, _, start = self.at(number).partition(" + ")
        place = int(start or 0) + more
        return f"{vector}[{f'{place} + ' if place else ''}i]"


def lite_texts(network: Lite, source: str) -> dict[str, str]:
    """The text of a network's module for each target.

    Args:
        network: the network.
        source: its file, for messages.

    Raises:
        SpecError: a module is too long.
    """
    page, made = LitePage(network), {}
    for target in WITH_INTEGERS:
        made[target] = in_integers(target, "lite", replace(page, script=SCRIPTS.get(target)))
        if len(made[target]) > MAX_PAGE:
            message = f"the {target} module has {len(made[target]):,} characters; the limit is {MAX_PAGE:,}"
            raise files.refused(source, message)
    return made
