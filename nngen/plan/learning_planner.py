"""From a spec to the plan of its learning: loss, penalty, optimizer and stop rule."""

from nngen.common.messages import Message, joined, message
from nngen.description.model import Spec, Training, losses
from nngen.mathematics.catalogue import CLIPS, OPTIMIZERS, PENALTIES, SCHEDULES, STOP_RULES, Fusion, class_weight
from nngen.mathematics.formulas import Formula, Line, line, number
from nngen.plan import layer_planner
from nngen.plan.blocks import Block
from nngen.plan.learning import Loss, Optimizer, Penalty, StopRule, Weight


def loss_lines(spec: Spec, fusion: Fusion | None) -> tuple[Line, ...]:
    """Values that the loss computes from all outputs together, unless it is fused with the activation."""
    texts = () if fusion else losses(spec.losses)[spec.loss.name].across
    return tuple(line(text).bind(spec.loss.options) for text in texts)


def error(spec: Spec, fusion: Fusion | None) -> Line:
    """The derivative of the loss at the output."""
    if fusion:
        return Line(f"d{layer_planner.weighted_sum(spec.layers[-1])}", _share(spec, Formula(fusion.slope)))
    return Line("da", _share(spec, Formula(losses(spec.losses)[spec.loss.name].slope or "")))


def _share(spec: Spec, term: Formula) -> Formula:
    """The term of an output, divided by the number of outputs if the loss takes their mean."""
    outputs = len(spec.layers[-1].unit_names)
    mean = spec.loss.outputs == "mean" and outputs > 1
    numbers = spec.layers[-1].activation.options | spec.loss.options | {"outputs": outputs}
    term = term.rename({"z": layer_planner.weighted_sum(spec.layers[-1])})
    term = (term.divided_by(f"{outputs}.0") if mean else term).bind(numbers)
    if spec.loss.missing == "error":
        return term
    return Formula(f"where(y == y, {term.text}, 0.0)", term.page_functions)  # NaN, a missing target, equals nothing


def loss(spec: Spec) -> Loss:
    """Plan the loss."""
    activation = spec.layers[-1].activation
    loss = losses(spec.losses)[spec.loss.name].over(activation.name)
    fusion = loss.fusion(activation.name)
    term = Formula(fusion.value if fusion else loss.value or "")
    options = {k: v for k, v in (activation.options | spec.loss.options).items() if k in term.variables}
    over = {"sum": "summed over the outputs", "mean": "the mean over the outputs"}[spec.loss.outputs]
    over_batch, reduction = {
        "mean": (message("the mean over the examples"), "the mean over a batch"),
        "sum": (message("the sum over the examples"), "the sum over a batch"),
        "weighted_mean": (
            message("the mean over the examples by their weights"),
            "over a batch divided by the sum of weights",
        ),
    }[spec.loss.batch]
    if spec.loss.weighted and spec.loss.batch != "weighted_mean":
        over_batch = message("{before}, each times its weight", before=over_batch)
    return Loss(
        name=loss.name,
        value=_share(spec, term),
        textbook=loss.textbook,
        settings="".join(f", {name} = {number(value)}" for name, value in options.items()),
        reduction=f"{over}{', times the weight of the example' if spec.loss.weighted else ''}, {reduction}",
        mean=spec.loss.batch == "mean",
        over_batch=over_batch,
        target=Formula(f"where(y == y, {loss.target}, 1)" if spec.loss.missing == "ignore" else loss.target),
        targets=f"{loss.targets}, or NaN if they are missing" if spec.loss.missing == "ignore" else loss.targets,
        missing=spec.loss.missing == "ignore",
        target_kind=loss.target_kind,
        negative_target=loss.negative_target,
        weight=_weight(spec, loss.negative_target),
        weighted_mean=spec.loss.batch == "weighted_mean",
        trial_target=loss.trial_target,
    )


def _weight(spec: Spec, negative_target: float) -> Weight | None:
    """Plan the weights of examples; None if all count the same."""
    if not spec.loss.weighted:
        return None
    classes = spec.loss.class_weights or ()
    if not classes:
        return Weight(spec.loss.example_weights, None, ())
    term = class_weight(len(spec.layers[-1].unit_names), negative_target)
    if "c" in term.variables:
        return Weight(spec.loss.example_weights, term, classes)
    return Weight(spec.loss.example_weights, term.bind(dict(zip(("c0", "c1"), classes, strict=True))), ())


def penalty(training: Training, blocks: list[Block]) -> Penalty | None:
    """Plan the penalty and the blocks that it applies to; without any, there is none."""
    chosen = training.penalty
    blocks = [block for block in blocks if chosen and block.trainable and (block.matrix or chosen.biases)]
    if chosen is None or not blocks:
        return None
    entry = PENALTIES[chosen.name]
    return Penalty(
        name=entry.name,
        value=Formula(entry.value).bind(chosen.options),
        slope=Formula(entry.slope).bind(chosen.options),
        blocks=tuple(blocks),
    )


def stop(training: Training) -> StopRule | None:
    """Plan the rule that ends training early."""
    chosen = training.stop
    if chosen is None:
        return None
    entry = STOP_RULES[chosen.name]
    options = {option.name: chosen.options[option.name] for option in entry.options}
    among = " over the examples that are kept for validation" if chosen.validation else ""
    when = f", measured every {chosen.every} epochs" if chosen.every > 1 else ""
    comment = (
        f"Training ends before its last epoch by the rule {entry.name}: {entry.textbook}. The parameters are those "
        f"with the lowest loss{among}{when}."
    )
    return StopRule(
        comment=comment,
        condition=Formula(entry.condition).bind(options),
        share=chosen.share,
        seed=chosen.seed,
        places=tuple(sorted(chosen.places)),
        every=chosen.every,
    )


def optimizer(training: Training) -> Optimizer:
    """Plan the lines of a step."""
    optimizer, schedule = OPTIMIZERS[training.optimizer.name], SCHEDULES[training.schedule.name]
    options = training.optimizer.options
    rate = Formula(schedule.value).bind(options | training.schedule.options)
    changes = "t" in rate.variables
    numbers = {name: value for name, value in options.items() if not (changes and name == "rate")}
    lines = [line(text).bind(numbers) for text in optimizer.lines]
    if training.decay:
        lines.insert(0, line("w = w - rate * decay * w").bind({**numbers, "decay": training.decay}))
    factor = None
    if training.clip:
        clip = CLIPS[training.clip.name]
        lines.insert(0, line(clip.line).bind(training.clip.options))
        factor = Formula(clip.factor).bind(training.clip.options) if clip.factor else None
    return Optimizer(
        name=optimizer.name,
        textbook=optimizer.textbook,
        settings=_settings(training),
        lines=tuple(lines),
        memory={m.symbol: number(options[m.start] if m.start in options else float(m.start)) for m in optimizer.memory},
        rate=rate if changes else None,
        factor=factor,
        keeps=optimizer.keeps and not training.decay,
    )


def _settings(training: Training) -> Message:
    """The options of optimizer, penalty, schedule and clipping, in words."""
    parts = [f"{name} = {number(value)}" for name, value in training.optimizer.options.items()]
    if training.decay:
        parts.append(message("weight decay {rate}", rate=number(training.decay)))
    for what, choice in (
        (message("penalty"), training.penalty),
        (message("schedule"), training.schedule),
        (message("clip"), training.clip),
    ):
        if choice and choice.options:
            options = ", ".join(f"{k} = {number(v)}" for k, v in choice.options.items())
            parts.append(joined("", (what, f" {choice.name}: {options}")))
    return joined("", (text for part in parts for text in (", ", part)))
