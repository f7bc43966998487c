"""The functions of a module that a network decides, each as a text in the words of the source."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nngen.description.data import Encoding, Scaling
from nngen.targets import activations, by_inputs, checks, decode, encode, frames, init, notes, update
from nngen.targets.network_source import Source
from nngen.targets.target import Target

if TYPE_CHECKING:
    from nngen.targets.page import Page


_MODULES = {
    "encode": encode, "scale": encode, "decode": decode, "bounds": decode, "init": init, "update": update,
    "check_targets": checks, "class_weight": checks, "check_example": checks,
    "activations": activations, "forward": frames, "add_gradient": frames,
    "by_inputs": by_inputs, "sensitivity": by_inputs,
    "batch_gradient": frames, "notes": notes,
}  # fmt: skip

BATCH_SAYS = (
    "The loss of a batch, {}, its derivative with respect to each parameter, and the parameters after it.\n\n"
    "In training each unit is normalized by its mean and variance over the batch, and the running statistics among the"
    " parameters are updated. Otherwise the running statistics are used unchanged."
)
OWN_SAYS = " Without weights, all examples count 1."
SEEDS_SAY = (
    " The seeds, one for each example, draw the units that dropout leaves out; without them, it leaves out none."
)
"""What the comment of ``batch_gradient`` says."""


def network_source(
    name: str, page: "Page", language: Target, texts: Sequence[str] = (), x: str = "x", around: str = ""
) -> Source:
    """The text of such a function; empty if the network has none.

    Args:
        name: its name.
        page: the module.
        language: its language.
        texts: the equations of ``forward`` or ``add_gradient``.
        x: their argument that has the inputs.
        around: what these texts lack, see ``by_inputs``.
    """
    long = language.dialect.long if language.dialect else ""
    source = Source(_MODULES[name].IMPORTS, page.words, language.wide(page.words), long)
    plan = page.plan
    match name, plan.encoding, plan.scaling:
        case "encode", Encoding() as encoding, scaling if encoding.predicts:
            encode.encode(source, encoding, scaling is not None, language.max_columns)
        case "decode", Encoding(classes=()) as encoding, _ if encoding.predicts:
            decode.decode(source, encoding, plan.output)
        case "bounds", Encoding() as encoding, _ if encoding.predicts:
            decode.bounds(source, encoding)
        case "scale", _, Scaling() as scaling:
            encode.scale(source, scaling)
        case "init", _, _:
            init.init(source, plan)
        case "update", _, _:
            update.update(source, plan)
        case "forward", _, _:
            frames.forward(source, plan, x, texts)
        case "add_gradient", _, _:
            frames.add_gradient(source, plan, x, texts, checks=page.has("checks"))
        case "by_inputs", _, _:
            by_inputs.by_inputs(source, page, x, texts, around)
        case "sensitivity", Encoding(), _:
            by_inputs.sensitivity(source, page)
        case "notes", Encoding() as encoding, _:
            notes.notes(source, encoding, language.max_columns)
        case "batch_gradient", _, _:
            says = BATCH_SAYS.format(plan.loss.over_batch) + OWN_SAYS * plan.loss.example_weights
            says += SEEDS_SAY * plan.has_dropout + (language.dialect.batched if language.dialect else "")
            frames.batch_gradient(source, plan, texts, says, checks=page.has("checks"))
        case "activations", _, _:
            activations.functions(source, plan.page_functions)
        case "check_example", _, _:
            checks.check_example(source, targets=page.has("checks"), weighted=page.weighted)
        case "check_targets", _, _:
            checks.check_targets(source, plan.loss)
        case "class_weight", _, _:
            checks.class_weight(source, plan.loss)
    return source
