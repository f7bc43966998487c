"""The functions of a module that drivers call whose language does not tell the names of arguments."""

from collections.abc import Iterator, Sequence

from nngen.targets.page import Page


def calls(page: Page) -> Iterator[tuple[str, Sequence[str]]]:
    """The name of each function, and its arguments in their order."""
    plan, rows = page.plan, page.plan.encoding
    together, drops = plan.needs_batch, ["seed"] * (plan.has_dropout and not plan.needs_batch)
    example = ["params", "x", "y", *["weight"] * page.weighted]
    yield "forward", ["params", "x"]
    if page.has("gradient"):
        yield "loss", example
        yield "gradient", [*example, *drops]
        if together:
            more = ["weights"] * plan.loss.example_weights + ["seeds"] * plan.has_dropout
            yield "batch_gradient", ["params", "xs", "ys", *more, "training"]
    if page.has("training"):
        yield "init", ["seed"]
        yield "init_state", []
        yield "step", ["params", "slopes", "state"]
        yield "fit", ["params", "xs", "ys", *["weights"] * plan.loss.example_weights, "settings"]
        if not together:
            yield "train_step", [*example, *drops, "state"]
    if page.sensitive:
        yield "input_gradient", example
        yield "jacobian", ["params", "x"]
        if rows and rows.predicts:
            yield from [("sensitivity", ["params", "row"])] if page.derivatives.slopes else []
            yield from [("contributions", ["params", "row"])] if rows.typical else []
    if page.has("prediction") and rows:
        if plan.scaling:
            yield "scale", ["x"]
        if rows.predicts:
            yield "encode", ["row"]
            has = {"predict": True, "anomaly_score": rows.of_inputs, "predict_proba": rows.probabilities}
            for name in [name for name, there in {**has, "predict_interval": rows.scores}.items() if there]:
                yield name, ["params", "row"]
            yield from [("notes", ["row"])] if page.has("notes") else []
    if page.has("files"):
        yield "save", ["params"]
        yield "load", ["text"]
