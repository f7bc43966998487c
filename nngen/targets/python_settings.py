"""What the capital letters of the runtime files of Python stand for in the module of a network."""

import re
from collections.abc import Sequence

from nngen.description.data import Encoding
from nngen.mathematics.formulas import flat
from nngen.plan import Plan
from nngen.targets.loop_names import state_type
from nngen.targets.page import Page
from nngen.targets.python_layout import prose
from nngen.targets.settings import SEED_SAYS, WEIGHTS_SAY, Settings, flags, numbers

_NUMBER = re.compile(r"\s*[-+]?(?:\d*\.?\d+(?:e[-+]?\d+)?|\d+\.|inf(?:inity)?|true|false)\s*", re.IGNORECASE)
"""A text that a number, or true or false, could mean."""

VECTOR, MATRICES = "list[float]", "list[list[list[float]]]"
ARRAYS = "list[np.ndarray]"
ROWS = "list[list[list[float]] | dict[int, list[float]]]"
"""The type of derivatives of a network with embeddings."""


def settings(page: Page, target: str) -> Settings:
    """What a network has, and the words of its module for a target."""
    others = {"numpy": _of_arrays, "binding": _of_binding}
    words = _words(page) | (others[target](page) if target in others else {})
    return {**flags(page), **_flags(page), **numbers(page), **{name: str(value) for name, value in words.items()}}


def _flags(page: Page) -> dict[str, bool]:
    """What only the files of Python ask for."""
    plan = page.plan
    loss, test = plan.loss, page.selftest
    sides = [*plan.inputs, *plan.output.names("y")]
    return {
        "COUNTING": loss.weighted_mean and loss.weight is not None and loss.weight.first_counting is not None,
        "DENSE": plan.dense_steps,
        "DISTRIBUTION": loss.distribution,
        "FROZEN": bool(plan.frozen_places),
        "GRADIENT": page.has("gradient") or page.sensitive or page.selftest is not None,
        "LAYERS": page.level == "layers",
        "MEMORY": bool(plan.optimizer.memory),
        "SENSITIVE": page.sensitive,
        "SIGNED": bool(plan.monotone.kept),
        "SUMS": test is not None and test.sums,
        "TEST_ROWS": test is not None and bool(test.raw),
        "DESCENT": page.descent is not None,
        "NARROW": page.dtype == "float32",
        "FEW": len(sides) <= 4 and len(_sum(sides)) < 60,
        **_of_rows(plan.encoding),
    }


def _of_rows(rows: Encoding | None) -> dict[str, bool]:
    """What the columns of a table have: missing values that are filled or refused, and texts that are listed."""
    numeric, categorical, indices = (rows.numeric, rows.categorical, rows.indices) if rows else ((), (), ())
    texts = [text for one in categorical for text in one.categories] + [text for one in indices for text in one.ids]
    unknown = [one.unknown for one in categorical] + [one.unknown for one in indices if one.ids]
    numbered = not all(one.ids for one in indices)
    return {
        "FILLED": any(one.fill is not None for one in numeric),
        "FILLED_TEXTS": any(one.fill is not None for one in categorical),
        "GAPS": any(one.fill is None for one in numeric) or numbered,
        "NUMBERS_AS_TEXTS": any(map(_NUMBER.fullmatch, texts)),
        "OTHERS": any(unknown),
        "TEXT_GAPS": any(one.fill is None for one in categorical) or bool(indices),
    }


def _words(page: Page) -> dict[str, object]:
    """The types and pieces of text of a module of Python."""
    plan = page.plan
    loss, stop, rows = plan.loss, plan.stop, _of_rows(plan.encoding)
    columns = ["xs", "ys"] + ["[1.0, 2.0, 3.0, 4.0]"] * loss.example_weights
    batch = ["xs", "ys"] + ["weights"] * loss.example_weights + ["seeds"] * plan.has_dropout
    weight = ["_" if loss.weighted_mean else "weight"] * loss.example_weights
    example = ["x", "y", *weight] + ["seed"] * plan.has_dropout
    return {
        **_types(page),
        **_state(plan),
        "BATCH": ", ".join(batch),
        "BATCH_SIZE": plan.batch_size,
        **_numbers(page),
        "CALLED": "params, progress" if page.has("files") else "params",
        "EXAMPLE": ", ".join(example),
        "EXAMPLE_ALONE": ", ".join(name for name in example if name != "_"),
        "FROZEN_PLACES": plan.frozen_places,
        "NAMES_X": _names(plan.inputs),
        "NAMES_Y": _names(plan.output.names("y")),
        "ORDER_SEED": plan.order_seed,
        "SAYS_PLACE": "The place of a text among those of a column"
        + ", unknown for others" * rows["OTHERS"]
        + '; a missing value has the text missing, or ""' * rows["FILLED_TEXTS"],
        "SAYS_STOP": f"\n\n    {prose(stop.comment, 4)}" if stop else "",
        "SUM_X": _sum(plan.inputs),
        "SUM_Y": _sum(plan.output.names("y")),
        "TARGET_HOLDS": flat(loss.target.write(page.words, {"y": "target"}.__getitem__)),
        "TEST_DRAW": page.selftest.seed + 1 if page.selftest else 0,
        "TEST_SEED": page.selftest.seed if page.selftest else 0,
        "TEST_STEPS": page.selftest.steps if page.selftest else 0,
        "TOLERANCE": "1e-9" if page.dtype == "float64" else "1e-4",
        "TRIAL_COLUMNS": ", ".join(columns + ["[4 * trial + k for k in range(4)]"] * plan.has_dropout),
    }


def _of_arrays(page: Page) -> dict[str, object]:
    """The words that differ in a module of arrays."""
    plan = page.plan
    loss, slots = plan.loss, range(1, len(plan.optimizer.memory) + 1)
    weights, seeds = ["weights"] * loss.example_weights, ["seeds"] * plan.has_dropout
    start = int(plan.optimizer.counts)
    target = flat(loss.target.write(page.words))
    state = state_type(plan.optimizer, ARRAYS)
    return {
        "BATCH": ", ".join([f"{column}[batch]" for column in ("xs", "ys", *weights)] + seeds),
        "DTYPE": f"np.{page.dtype}",
        "EXAMPLES": ", ".join(["xs", "ys", *weights]),
        "JOINED": _names(["state[0]"] * start + [f"_selected(state[{i + start - 1}], chosen)" for i in slots]),
        "LEFT": ", ".join(["xs", "ys", *weights]),
        "Parameters": ARRAYS,
        "Real": "np.ndarray",
        "Progress": _progress(plan, ARRAYS, state),
        "RATE": page.descent,
        "Slopes": f"list[np.ndarray{' | tuple[np.ndarray, np.ndarray]' * bool(plan.indices)}]",
        "State": state,
        "TARGET_HOLDS": f"{target}.astype(bool)" if loss.missing else target,
        "TRIAL_COLUMNS": ", ".join(
            ["x", "y"] + ["np.arange(1.0, 5.0)"] * bool(weights) + ["4 * trial + np.arange(4)"] * bool(seeds)
        ),
        "WEIGHED": ", ".join(["ys", *weights]),
        "Whole": "np.ndarray",
    }


def _of_binding(page: Page) -> dict[str, object]:
    """The words that differ in a module that calls a header."""
    plan, numbers = page.plan, "array[float]"
    says = [WEIGHTS_SAY] * plan.loss.example_weights + [SEED_SAYS] * plan.has_dropout
    says += [plan.stop.comment] if plan.stop else []
    return {
        "ENDS": flat(plan.stop.condition.write(page.scalars)) if plan.stop else "",
        "Parameters": numbers,
        "Progress": _progress(plan, numbers, numbers),
        "SAYS_STOP": "".join(f"\n\n    {prose(text, 4)}" for text in says),
        "TARGET_HOLDS": flat(plan.loss.target.write(page.scalars, {"y": "target"}.__getitem__)),
    }


def _numbers(page: Page) -> dict[str, object]:
    """The numbers of a network, and what comments and messages say of it."""
    plan = page.plan
    loss, stop, rows = plan.loss, plan.stop, _of_rows(plan.encoding)
    return {
        "EPOCHS": plan.epochs,
        "FIRST_COUNTING": loss.weight.first_counting if loss.weight else None,
        "LEAST": stop.least if stop and stop.places else 0,
        "NEGATIVE": loss.negative_target,
        "NOUN_W": _noun("parameter", plan.size),
        "NOUN_X": _noun("input", len(plan.inputs)),
        "NOUN_Y": _noun("target", len(plan.output.units)),
        "OVER_BATCH": loss.over_batch,
        "SAYS_NUMBER": "The number of a column, also one written as a text"
        + ", or the replacement of a missing one" * rows["FILLED"],
        "SIZE": plan.size,
        "TARGETS": loss.targets,
        "TRIAL": loss.trial_target,
    }


def _noun(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"


def _names(names: Sequence[str]) -> str:
    return f"({', '.join(names)}{',' * (len(names) == 1)})"


def _sum(names: Sequence[str]) -> str:
    return " + ".join([*names, "0.0"])


def _types(page: Page) -> dict[str, object]:
    """The types of parameters, examples and states."""
    plan = page.plan
    params = VECTOR if page.level == "weights" else MATRICES
    state = state_type(plan.optimizer, params if plan.indices else VECTOR)
    example = ["list[float]", "list[float]"] + ["float"] * plan.loss.example_weights
    drawn = [*example, "int"] if plan.has_dropout else example
    both = dict.fromkeys(f"list[tuple[{', '.join(one)}]]" for one in (example, drawn))
    return {
        "Parameters": params,
        "Real": "float",
        "Whole": "int",
        "Slopes": ROWS if plan.indices else params,
        "Example": f"tuple[{', '.join(example)}]",
        "Drawn": f"tuple[{', '.join(drawn)}]",
        "ExampleList": " | ".join(both),
        "Progress": _progress(plan, params, state),
        "State": state,
    }


def _progress(plan: Plan, params: str, state: str) -> str:
    """The type of what a training needs to continue."""
    return f"tuple[int, {state}{f', float, float, {params}, int' * (plan.stop is not None)}]"


def _state(plan: Plan) -> dict[str, object]:
    """How a step of some rows takes the state of the optimizer, and where it writes the new numbers."""
    start, count = int(plan.optimizer.counts), len(plan.optimizer.memory)
    slots = range(start, start + count)
    return {
        "COPIED": _names(["state[0]"] * start + [f"_copy(state[{i}])" for i in slots]),
        "KEPT": _names(["after[0]"] * start + [f"state[{i}]" for i in slots]),
        "START": start,
        "JOINED": _names(["state[0]"] * start + [f"_joined(memory[{i}])" for i in range(count)]),
    }
