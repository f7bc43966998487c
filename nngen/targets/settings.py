"""What a network has, and what words stand for: what the names of ``nngen.runtime.network`` are in its module."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nngen.mathematics.formulas import flat
from nngen.targets.rows import limits

if TYPE_CHECKING:
    from nngen.targets.page import Page
    from nngen.targets.target import Dialect

Settings = Mapping[str, bool | str]
"""What the source says in capital letters: whether a network has something, or the text that a word stands for."""


WEIGHTS_SAY = "The weights say how much each example counts; without them, all count 1."

SEED_SAYS = "The seed also draws which units dropout leaves out, for each example of each epoch."


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
        "SAYS_ANOMALY": plan.encoding.says_anomaly if plan.encoding else "",
        "SAYS_FIT": _trains(page, dialect),
        "SAYS_GIVEN": "in place, and return the loss",
        "SAYS_INTERVAL": plan.encoding.holds if plan.encoding else "",
        "SAYS_LOSS": f"loss of one example{its_weight}{how}",
        "SAYS_ROW": f"The inputs of the network for a row of the data{dialect.row}",
        "SAYS_SLOPES": f"loss{its_weight}, and its slope with respect to each parameter{how}{dialect.slopes}"
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
    says += [WEIGHTS_SAY] * plan.loss.example_weights + [SEED_SAYS] * plan.has_dropout
    return "\n\n".join([" ".join(says)] + ([plan.stop.comment] if plan.stop else []))


def flags(page: "Page") -> dict[str, bool]:
    """What a network has: the conditions of the source."""
    plan = page.plan
    loss, stop, rows = plan.loss, plan.stop, plan.encoding
    return {
        "ANOMALIES": rows is not None and rows.of_inputs,
        "ALWAYS": stop is not None and stop.every == 1,
        "CHECKS": page.has("checks"),
        "BY_CLASS": loss.weight is not None and loss.weight.by_class is not None and loss.weighted_mean,
        "CLASSIFIES": rows is not None and bool(rows.classes),
        "COUNTS_EPOCHS": stop is not None and "since" in stop.condition.variables,
        "DROPOUT": plan.has_dropout,
        "EXAMPLE_WEIGHTS": loss.example_weights,
        "FAILS": bool(plan.indices) or page.has("checks") or plan.needs_batch,
        "FILES": page.has("files"),
        "IDS": bool(plan.indices),
        "INTERVALS": rows is not None and bool(rows.scores),
        "LAZY": bool(plan.indices) and not plan.dense_steps,
        "LISTED": stop is not None and bool(stop.places),
        "MEAN": loss.mean or loss.weighted_mean,
        "MEAN_LOSS": loss.mean,
        "MEASURED_BEFORE": stop is not None
        and ("measured" in stop.condition.variables or (page.has("files") and stop.every > 1)),
        "OWN_WEIGHT": page.weighted,
        "LIMITED": rows is not None and rows.limit is not None,
        "PREDICTS": rows is not None and rows.predicts,
        "PROBABILITIES": rows is not None and rows.probabilities,
        "SEVERAL": len(plan.output.units) > 1,
        "STOP": stop is not None,
        "TOGETHER": plan.needs_batch,
        "VALIDATION": stop is not None and bool(stop.share or stop.places),
        "WEIGHED": loss.example_weights or loss.weighted_mean,
        "WEIGHTED_MEAN": loss.weighted_mean,
        "TRUTHS": rows is not None and any(one.truths for one in rows.listed),
    }


def numbers(page: "Page") -> dict[str, str]:
    """The numbers and the names of a network: the words of the source."""
    plan = page.plan
    stop, rows = plan.stop, plan.encoding
    scores = rows.scores if rows else ()
    words = {
        **limits(page.dtype),
        "ENDS": flat(stop.condition.write(page.words)) if stop else "",
        "EVERY": stop.every if stop else 1,
        "INPUTS": len(plan.inputs),
        "OPTIMIZER": plan.optimizer.name,
        "OUTPUTS": len(plan.output.units),
        "SCORE": (page.words.number or "{}").format(scores[0]) if scores else "",
        "SHARE": stop.share if stop else 0.0,
        "STOP_SEED": stop.seed if stop else 0,
        "ENCODED": (page.words.number or "{}").format(float(len(plan.inputs))),
        "NUMBERS": len(plan.numbers),
        "ANSWERS": page.derivatives.answers if rows else 0,
        "LIMIT": (page.words.number or "{}").format(rows.limit) if rows and rows.limit is not None else "",
        "THRESHOLD": (page.words.number or "{}").format(plan.encoding.threshold) if plan.encoding else "",
        "TRAINING_SEED": plan.training_seed,
    }
    return {name: str(value) for name, value in words.items()}


def named(words: Mapping[str, str]) -> dict[str, str]:
    """The words of a language whose modules have names for the numbers of inputs and outputs."""
    return {name: word for name, word in words.items() if name not in ("INPUTS", "OUTPUTS")}
