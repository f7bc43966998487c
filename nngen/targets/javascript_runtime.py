"""What the source says in JavaScript for a network, and how Prettier shortens functions."""

import re
from typing import TYPE_CHECKING

from nngen.common.text import columns
from nngen.mathematics.formulas import flat
from nngen.targets.line_breaks import WIDTH
from nngen.targets.settings import SEED_SAYS, WEIGHTS_SAY, Settings, numbers

if TYPE_CHECKING:
    from nngen.targets.page import Page


def words(page: "Page") -> Settings:
    """What a network has, and the words of its module, beside those of all languages."""
    plan = page.plan
    layers = page.level == "layers"
    cleared = "_EMBEDDINGS.forEach((k) => slopes[k].clear());\n  " * bool(plan.indices)
    cleared += "_rows(slopes).forEach((row) => row.fill(0.0))"
    return {
        **numbers(page),
        "DESCENDS": page.rate is not None,
        "LATER": page.adds_products_later,
        "EPOCHS": str(plan.epochs),
        "LAZY": False,  # steps find the rows of embeddings themselves
        "REMEMBERS": page.remembers,
        "SIZES": page.has("checks") and not plan.needs_batch,
        "CLEARED": cleared if layers else "slopes.fill(0.0)",
        "COPIED": copied(page),
        "DIVIDED": divided(page),
        "RATE": str(page.rate),
        "SIZE": str(plan.size),
        "Slopes": "Slopes" if plan.indices else "Params",
        "STATE_COPY": state_copied(page) if page.remembers else "state",
        "ZEROS": zeros(page),
        **_of_examples(page),
        **_of_training(page),
    }


def copied(page: "Page", params: str = "params") -> str:
    """A copy of the parameters."""
    return f"{params}.map((W) => W.map((row) => [...row]))" if page.level == "layers" else f"[...{params}]"


def state_copied(page: "Page") -> str:
    """A copy of the state of the optimizer."""
    counts, count = int(page.plan.optimizer.counts), len(page.plan.optimizer.memory)
    slots = [f"[...state[{i}]]" for i in range(counts, counts + count)]
    return f"[{', '.join(['state[0]'] * counts + slots)}]"


def zeros(page: "Page") -> str:
    """Derivatives of 0."""
    if page.plan.indices:
        return "_zeros(params)"
    return (
        "params.map((W) => W.map((row) => [...row].fill(0.0)))" if page.level == "layers" else "[...params].fill(0.0)"
    )


def divided(page: "Page") -> str:
    """What divides the derivatives by a whole number."""
    if page.level == "layers":
        return "_rows(slopes).forEach((row) => row.forEach((slope, j) => (row[j] = slope / whole)))"
    return "slopes.forEach((slope, j) => (slopes[j] = slope / whole))"


def class_weight(page: "Page") -> str:
    """The weight of the class of an example whose targets are ``y``."""
    weight = page.plan.loss.weight
    if weight is None or weight.by_class is None:
        return "1.0"
    numbers, names = (
        ("_CLASS_WEIGHTS.map((c, i)", {"c": "c", "y": "y[i]"}) if weight.classes else ("y.map((y)", {"y": "y"})
    )
    return f"_sum({numbers} => {flat(weight.by_class.write(page.words, names.__getitem__))}))"


def _of_examples(page: "Page") -> dict[str, str]:
    """What comments say of functions of an example and of a batch."""
    plan, loss = page.plan, page.plan.loss
    its_weight = ", times its weight" if loss.weight and not loss.weighted_mean else ""
    how = ", as forward computes" if plan.needs_batch else ""
    said = f"loss{' of one example' * plan.needs_batch}{its_weight}"
    slope = "derivative" if plan.needs_batch else "slope"
    seeded = ".\n\nThe seed draws the units that dropout leaves out; without a seed it leaves out none, as in forward"
    return {
        "SAYS_SLOPES": f"{said}, and its {slope} by each parameter{how}"
        + seeded * (plan.has_dropout and not plan.needs_batch),
        "SAYS_LOSS": f"loss of one example{its_weight}{how}",
    }


def _of_training(page: "Page") -> dict[str, str]:
    """The words of ``fit``."""
    plan, stop = page.plan, page.plan.stop
    files = page.has("files")
    progress = f"[number, State{', number, number, Params, number' * (stop is not None)}]"
    says = [
        "Each epoch takes the examples in a new random order, or as they are if seed is null. A batch_size of null"
        f" takes all in one step. After each epoch fit calls callback(epoch, loss, params{', progress' * files});"
        " a true result ends training.",
        *(["Called again with those params and that progress, fit continues after that epoch."] * files),
        *([WEIGHTS_SAY] * plan.loss.example_weights),
    ]
    more = [" ".join(says)]
    if plan.has_dropout:
        more.append(SEED_SAYS)
    if stop:
        more.append(stop.comment)
    return {
        "BATCH_SIZE": _literal(plan.batch_size),
        "ORDER_SEED": _literal(plan.order_seed),
        "Progress": progress,
        "SAYS_FIT": "\n\n".join(more),
        "SAYS_STEPPED": "A step, in place",
        "SAYS_GIVEN": "and return the parameters and the loss",
        "TYPES_SEEN": f"params: Params{f', progress: {progress}' * files}",
    }


def _literal(number: int | None) -> str:
    return "null" if number is None else str(number)


def short(text: str) -> str:
    """A module with functions of one expression as arrow functions, and guards on one line, where they fit."""
    return _GUARD.sub(_shorter, _FUNCTION.sub(_shorter, text))


_FUNCTION = re.compile(
    r"^(?P<export>export )?function (?P<name>\w+)(?P<given>\(.*\)) \{\n  return (?P<value>(?!\{|.* \? ).*);\n\}$",
    re.MULTILINE,
)
_GUARD = re.compile(r"^(?P<if> *if \(.*\)) \{\n +(?P<ends>(?:return|throw|break|continue)\b.*;)\n *\}$", re.MULTILINE)


def _shorter(found: re.Match[str]) -> str:
    part = found.groupdict()
    if "ends" in part:
        line = f"{part['if']} {part['ends']}"
    else:
        line = f"{part['export'] or ''}const {part['name']} = {part['given']} => {part['value']};"
    return line if columns(line) <= WIDTH else found[0]


FILTERS = (class_weight, copied, divided, state_copied, zeros)
"""The filters of templates with these words."""
