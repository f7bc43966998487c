"""Spec → Plan, as a pure function."""

from collections.abc import Sequence

from nngen import helpers
from nngen.activations import ACTIVATIONS
from nngen.data import Scaling
from nngen.fields import Choice
from nngen.formula import Formula, Line, line, number
from nngen.initializers import INITIALIZERS
from nngen.layer import Layer, Source, letters_for
from nngen.learning import Loss, Optimizer, Penalty, Start, Stop
from nngen.losses import LOSSES, Fusion
from nngen.optimizers import CLIPS, OPTIMIZERS, SCHEDULES
from nngen.parameters import Block
from nngen.penalties import PENALTIES
from nngen.plan import Plan
from nngen.spec import Layer as LayerSpec
from nngen.spec import Matrices, Scheme, Spec, Training, Vector
from nngen.stopping import STOPS


def plan(spec: Spec, scaling: Scaling | None = None) -> Plan:
    """Plan the pages of a valid spec.

    Args:
        spec: a spec that has passed the checks.
        scaling: how the inputs of its data are scaled, where they are.
    """
    blocks: list[Block] = []
    layers: list[Layer] = []
    for index, layer in enumerate(spec.layers):
        sources = _sources(spec, index, layers, blocks)
        biases = _biases(spec, layer, sources, blocks)
        activation = ACTIVATIONS[layer.activation.name]
        value = helpers.formula(activation.name, activation.value, layer.activation.options)
        output = index == len(spec.layers) - 1
        fusion = LOSSES[spec.loss.name].fusion(activation.name) if output else None
        layers.append(
            Layer(
                name=layer.name,
                units=layer.unit_names,
                activation=activation.name,
                remark="" if value.helpers else activation.remark,
                sources=sources,
                biases=biases,
                forward=(*map(line, activation.across), Line("a", value)),
                judged=_judged(spec, fusion) if output else (),
                error=_error(spec, fusion) if output else None,
                reason=fusion.reason if fusion else "",
                backward=() if fusion else _backward(layer.activation),
                learns=layer.weights.trainable
                or (layer.bias is not None and layer.bias.trainable)
                or any(source.learns for source in sources),
            )
        )
    return Plan(
        name=spec.name,
        description=spec.description,
        input_name=spec.input_name,
        inputs=spec.input_names,
        layers=tuple(layers),
        blocks=tuple(blocks),
        helpers=_helpers(layers),
        loss=_loss(spec),
        penalty=_penalty(spec.training, blocks),
        optimizer=_optimizer(spec.training),
        stop=_stop(spec.training),
        seed=spec.initial.seed,
        batch_size=spec.training.batch_size,
        epochs=spec.training.epochs,
        order_seed=spec.training.seed if spec.training.shuffle else None,
        scaling=scaling,
    )


def _sources(spec: Spec, index: int, before: list[Layer], blocks: list[Block]) -> tuple[Source, ...]:
    layer = spec.layers[index]
    names = layer.sources or ((spec.layers[index - 1].name if index else spec.input_name),)
    feeders = {earlier.name: earlier for earlier in before}
    columns = [feeders[name].units if name in feeders else spec.input_names for name in names]
    fan_in = sum(map(len, columns))
    sources = []
    for name, units, letter in zip(names, columns, letters_for(names), strict=True):
        feeder = feeders.get(name)
        chosen = layer.weights.initial or spec.initial.weights
        given: tuple[float, ...] = ()
        if isinstance(chosen, Matrices):
            rows = chosen.values[name if name in chosen.values else ""]
            given = tuple(value for row in rows for value in row)
        blocks.append(
            Block(
                name=f"W_{layer.name}" if len(names) == 1 else f"W_{layer.name}_{name}",
                units=layer.unit_names,
                inputs=units,
                start=blocks[-1].stop if blocks else 0,
                initial=_initial(chosen, fan_in, len(layer.unit_names)),
                values=given,
                seed=chosen.seed if isinstance(chosen, Scheme) else None,
                trainable=layer.weights.trainable,
            )
        )
        sources.append(
            Source(
                name=name,
                vector=feeder.name_of("a") if feeder else "x",
                values=tuple(f"a_{unit}" for unit in units) if feeder else units,
                weights=blocks[-1],
                row=letter,
                learns=feeder is not None and feeder.learns,
            )
        )
    return tuple(sources)


def _biases(spec: Spec, layer: LayerSpec, sources: tuple[Source, ...], blocks: list[Block]) -> Block | None:
    if layer.bias is None:
        return None
    chosen = layer.bias.initial or spec.initial.biases
    blocks.append(
        Block(
            name=f"b_{layer.name}",
            units=layer.unit_names,
            inputs=(),
            start=blocks[-1].stop,
            initial=_initial(chosen, sum(len(source.values) for source in sources), len(layer.unit_names)),
            values=chosen.values if isinstance(chosen, Vector) else (),
            seed=chosen.seed if isinstance(chosen, Scheme) else None,
            trainable=layer.bias.trainable,
        )
    )
    return blocks[-1]


def _initial(chosen: Scheme | Matrices | Vector, fan_in: int, fan_out: int) -> Formula | None:
    if not isinstance(chosen, Scheme):
        return None
    formula = Formula(INITIALIZERS[chosen.name].value).bind(chosen.options)
    return formula.rename({"fan_in": str(fan_in), "fan_out": str(fan_out)})


def _helpers(layers: Sequence[Layer]) -> tuple[helpers.Helper, ...]:
    lines = [line for layer in layers for line in (*layer.forward, *(layer.backward if layer.learns else ()))]
    return helpers.needed(line.formula for line in lines)


def _backward(choice: Choice) -> tuple[Line, ...]:
    activation = ACTIVATIONS[choice.name]
    if activation.slope is None:
        return tuple(map(line, activation.back))
    slope = helpers.formula(f"{activation.name}_slope", activation.slope, choice.options)
    return (Line("dz", Formula("da").times(slope)),)


def _judged(spec: Spec, fusion: Fusion | None) -> tuple[Line, ...]:
    return () if fusion else tuple(line(text).bind(spec.loss.options) for text in LOSSES[spec.loss.name].across)


def _error(spec: Spec, fusion: Fusion | None) -> Line:
    """Where the loss comes in at the output."""
    if fusion:
        return Line("dz", _share(spec, Formula(fusion.slope)))
    return Line("da", _share(spec, Formula(LOSSES[spec.loss.name].slope or "")))


def _share(spec: Spec, term: Formula) -> Formula:
    """An output's term, as its share of the loss."""
    outputs = len(spec.layers[-1].unit_names)
    mean = spec.loss.outputs == "mean" and outputs > 1
    numbers = spec.layers[-1].activation.options | spec.loss.options | {"outputs": outputs}
    return (term.divided_by(f"{outputs}.0") if mean else term).bind(numbers)


def _loss(spec: Spec) -> Loss:
    activation = spec.layers[-1].activation
    loss = LOSSES[spec.loss.name].over(activation.name)
    fusion = loss.fusion(activation.name)
    term = Formula(fusion.value if fusion else loss.value or "")
    options = {k: v for k, v in (activation.options | spec.loss.options).items() if k in term.letters}
    over = {"sum": "summed over the outputs", "mean": "the mean over the outputs"}[spec.loss.outputs]
    return Loss(
        name=loss.name,
        value=_share(spec, term),
        textbook=loss.textbook,
        settings="".join(f", {name} = {number(value)}" for name, value in options.items()),
        reduction=f"{over}, the {spec.loss.batch} over a batch",
        mean=spec.loss.batch == "mean",
        over_batch={"mean": "the mean over the examples", "sum": "the sum over the examples"}[spec.loss.batch],
        target=Formula(loss.target),
        targets=loss.targets,
        distribution=loss.distribution,
        no=loss.no,
    )


def _penalty(training: Training, blocks: list[Block]) -> Penalty | None:
    chosen = training.penalty
    if chosen is None:
        return None
    entry = PENALTIES[chosen.name]
    return Penalty(
        name=entry.name,
        value=Formula(entry.value).bind(chosen.options),
        slope=Formula(entry.slope).bind(chosen.options),
        blocks=tuple(block for block in blocks if block.trainable and (block.matrix or chosen.biases)),
    )


def _stop(training: Training) -> Stop | None:
    chosen = training.stop
    if chosen is None:
        return None
    entry = STOPS[chosen.name]
    options = {option.name: chosen.options[option.name] for option in entry.options}
    return Stop(entry.name, entry.textbook, Formula(entry.condition).bind(options), chosen.validation, chosen.seed)


def _optimizer(training: Training) -> Optimizer:
    optimizer, schedule = OPTIMIZERS[training.optimizer.name], SCHEDULES[training.schedule.name]
    options = training.optimizer.options
    rate = Formula(schedule.value).bind(options | training.schedule.options)
    changes = "t" in rate.letters
    numbers = {name: value for name, value in options.items() if not (changes and name == "rate")}
    lines = [line(text).bind(numbers) for text in optimizer.lines]
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
        memory=tuple(Start(m.letter, number(options.get(m.start) or float(m.start))) for m in optimizer.memory),
        rate=rate if changes else None,
        factor=factor,
        keeps=optimizer.keeps,
    )


def _settings(training: Training) -> str:
    """The numbers of the spec, and what is beside the optimizer, in words."""
    parts = [f"{name} = {number(value)}" for name, value in training.optimizer.options.items()]
    for what, choice in (("penalty", training.penalty), ("schedule", training.schedule), ("clip", training.clip)):
        if choice and choice.options:
            parts.append(f"{what} {choice.name}: {', '.join(f'{k} = {number(v)}' for k, v in choice.options.items())}")
    return "".join(f", {part}" for part in parts)
