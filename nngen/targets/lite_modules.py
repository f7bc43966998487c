"""The modules of a network in the integers of TensorFlow Lite."""

from collections.abc import Sequence
from dataclasses import dataclass

from nngen.common import files
from nngen.integers import Lite, lite
from nngen.targets.integer_modules import WITH_INTEGERS, module
from nngen.targets.modules import MAX_PAGE


@dataclass(frozen=True)
class LitePage:
    """The object that the templates get."""

    network: Lite

    @property
    def docstring(self) -> str:
        """The head of the module."""
        net = self.network
        given, answers = (f"{scale.size!r} * (q - {scale.zero})" for scale in (net.given, net.answers))
        steps = "".join(f" -> {step.place}: {step.width}" for step in net.steps)
        parts = [
            f"{net.name}, a trained neural network in the integers of TensorFlow Lite.",
            f"{net.inputs} inputs{steps}",
            f"A byte q of the inputs, from -128 to 127, stands for {given}, one of the outputs for {answers}. The bytes"
            " are those of the reference kernels of TensorFlow Lite. No sum can leave 32 bits. The mathematics: Jacob"
            " et al., arXiv:1712.05877.",
            f"Written by nngen: `nngen import --dtype int8 --name {net.name}` with the same .tflite file writes these"
            " bytes again. The file is yours: read it, change it, ship it.",
        ]
        return "\n\n".join(parts).replace("- -", "+ ")

    @staticmethod
    def remark(step: lite.LiteStep) -> str:
        """What stands above an operator."""
        return (
            f"{step.place}: each sum is from -{step.reach:,} to {step.reach:,}" if step.form == "dense" else step.place
        )

    @staticmethod
    def named(pattern: str, step: lite.LiteStep) -> str:
        """The activations that an operator takes."""
        return ", ".join(pattern % number for number in step.sources)

    def place(self, number: int) -> str:
        """Where the activations of an operator are in C."""
        slots = self.network.slots
        return f"memory{slots[number - 1] + 1}" if 0 < number <= len(slots) else "outputs" if number else "x"

    def places(self, step: lite.LiteStep) -> list[str]:
        """Where those are that an operator takes."""
        return [self.place(number) for number in step.sources]

    @staticmethod
    def written(rows: Sequence[Sequence[int]]) -> list[list[str]]:
        """Whole numbers as text, row by row."""
        return [list(map(str, row)) for row in rows]


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
        made[target] = module(target, "lite", page)
        if len(made[target]) > MAX_PAGE:
            message = f"the {target} module has {len(made[target]):,} characters; the limit is {MAX_PAGE:,}"
            raise files.refused(source, message)
    return made
