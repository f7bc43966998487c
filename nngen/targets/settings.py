"""What a network has, and what words stand for: what the names of ``nngen.runtime.network`` are in its module."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from nngen.description.data import Encoding
from nngen.mathematics.formulas import flat
from nngen.targets.rows import limits

if TYPE_CHECKING:
    from nngen.targets.page import Page
    from nngen.targets.target import Dialect

Settings = Mapping[str, bool | str]
"""What the source says in capital letters: whether a network has something, or the text that a word stands for."""

_NUMBER = re.compile(r"\s*[-+]?(?:\d*\.?\d+(?:e[-+]?\d+)?|\d+\.|inf(?:inity)?|true|false)\s*", re.IGNORECASE)
"""A text that a number, or true or false, could mean."""


def settings_of(page: "Page", dialect: "Dialect | None") -> Settings:
    """What a network has, and the words of its module in a language that prints the source."""
    if dialect is None:
        return {**flags(page), **named(numbers(page))}
    plan = page.plan
    loss, stop = plan.loss, plan.stop
    lazy = bool(plan.indices)
    seeded = plan.has_dropout and not plan.needs_batch
    its_weight = ", times its weight" if loss.weight and not loss.weighted_mean else ""
    how = f", as {dialect.forward} computes" * plan.needs_batch
    return {
        **flags(page),
        **named(numbers(page)),
        "ENDS": dialect.expression(stop.condition.write(page.words)) if stop else "",
        "SAYS_FIT": _trains(page, dialect),
        "SAYS_GIVEN": "in place, and return the loss",
        "SAYS_LOSS": f"loss of one example{its_weight}{how}",
        "SAYS_SLOPES": f"loss{its_weight}, and its slope by each parameter{how}{dialect.slopes}"
        + f".\n\n{dialect.seeded}".removesuffix(".") * seeded,
        "SAYS_STEP": "in place"
        + ". Of embeddings it changes only the rows whose derivatives are not all 0" * (lazy and not plan.dense_steps),
        "SAYS_STEPPED": "Make gradient and step in one, in place, and return the loss before the step",
        "STOP_SEED": f"{stop.seed if stop else 0}{dialect.long}",
        "TRAINING_SEED": f"{plan.training_seed}{dialect.long}",
        **dialect.more(page),
    }


def _trains(page: "Page", dialect: "Dialect") -> str:
    """What the comment of ``fit`` says of this network."""
    plan = page.plan
    says = [dialect.trains.format(", progress" * page.has("files"))]
    says += ["The weights say how much each example counts; without them, all count 1."] * plan.loss.example_weights
    says += ["The seed also draws which units dropout leaves out, for each example of each epoch."] * plan.has_dropout
    return "\n\n".join([" ".join(says)] + ([plan.stop.comment] if plan.stop else []))


def flags(page: "Page") -> dict[str, bool]:
    """What a network has: conditions of all languages."""
    plan = page.plan
    loss, stop = plan.loss, plan.stop
    test, rows = page.selftest, plan.encoding
    return {
        "ALWAYS": stop is not None and stop.every == 1,
        "CHECKS": page.has("checks"),
        "CLASS_WEIGHTS": loss.weight is not None and loss.weight.by_class is not None and loss.weighted_mean,
        "CLASSIFIES": rows is not None and bool(rows.classes),
        "COUNTS_EPOCHS": stop is not None and "since" in stop.condition.variables,
        "COUNTING": loss.weighted_mean and loss.weight is not None and loss.weight.first_counting is not None,
        "DENSE": plan.dense_steps,
        "DISTRIBUTION": loss.distribution,
        "DROPOUT": plan.has_dropout,
        "EXAMPLE_WEIGHTS": loss.example_weights,
        "FAILS": bool(plan.indices) or page.has("checks") or plan.needs_batch,
        "FILES": page.has("files"),
        "FROZEN": bool(plan.frozen_places),
        "GRADIENT": page.has("gradient") or page.selftest is not None,
        "IDS": bool(plan.indices),
        "LAZY": bool(plan.indices) and not plan.dense_steps,
        "LAYERS": page.level == "layers",
        "LISTED": stop is not None and bool(stop.places),
        "MEAN": loss.mean or loss.weighted_mean,
        "MEAN_LOSS": loss.mean,
        "MEASURED_BEFORE": stop is not None
        and ("measured" in stop.condition.variables or (page.has("files") and stop.every > 1)),
        "MEMORY": bool(plan.optimizer.memory),
        "OWN_WEIGHT": page.weighted,
        "PREDICTS": rows is not None and rows.predicts,
        "PROBABILITIES": rows is not None and rows.probabilities,
        "SEVERAL": len(plan.output.units) > 1,
        "SIGNED": bool(plan.monotone.kept),
        "STOP": stop is not None,
        "SUMS": test is not None and test.sums,
        "TEST_ROWS": test is not None and bool(test.raw),
        "TOGETHER": plan.needs_batch,
        "VALIDATION": stop is not None and bool(stop.share or stop.places),
        "WEIGHED": loss.example_weights or loss.weighted_mean,
        "WEIGHTED_MEAN": loss.weighted_mean,
        "DESCENT": page.descent is not None,
        "NARROW": page.dtype == "float32",
        **_of_rows(rows),
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
        "NUMBERED": numbered,
        "NUMBERS_AS_TEXTS": any(map(_NUMBER.fullmatch, texts)),
        "OTHERS": any(unknown),
        "OTHERS_REFUSED": not all(unknown),
        "TEXT_GAPS": any(one.fill is None for one in categorical) or bool(indices),
        "TRUTHS": rows is not None and any(one.truths for one in rows.listed),
    }


def numbers(page: "Page") -> dict[str, str]:
    """The numbers and the names of a network: words of all languages."""
    plan = page.plan
    loss, stop, rows = plan.loss, plan.stop, _of_rows(plan.encoding)
    words = {
        **limits(page.dtype),
        "ENDS": flat(stop.condition.write(page.words)) if stop else "",
        "EPOCHS": plan.epochs,
        "EVERY": stop.every if stop else 1,
        "FIRST_COUNTING": loss.weight.first_counting if loss.weight else None,
        "INPUTS": len(plan.inputs),
        "LEAST": stop.least if stop and stop.places else 0,
        "NEGATIVE": loss.negative_target,
        "NOUN_W": _noun("parameter", plan.size),
        "NOUN_X": _noun("input", len(plan.inputs)),
        "NOUN_Y": _noun("target", len(plan.output.units)),
        "OPTIMIZER": plan.optimizer.name,
        "OUTPUTS": len(plan.output.units),
        "OVER_BATCH": loss.over_batch,
        "SAYS_NUMBER": "The number of a column, also one written as a text"
        + ", or the replacement of a missing one" * rows["FILLED"],
        "SHARE": stop.share if stop else 0.0,
        "SIZE": plan.size,
        "STOP_SEED": stop.seed if stop else 0,
        "TARGETS": loss.targets,
        "THRESHOLD": (page.words.number or "{}").format(plan.encoding.threshold) if plan.encoding else "",
        "TRAINING_SEED": plan.training_seed,
        "TRIAL": loss.trial_target,
    }
    return {name: str(value) for name, value in words.items()}


def named(words: Mapping[str, str]) -> dict[str, str]:
    """The words of a language whose modules have names for the numbers of inputs and outputs."""
    return {name: word for name, word in words.items() if name not in ("INPUTS", "OUTPUTS")}


def _noun(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
