"""Spec → Plan, as a pure function."""

from nngen.activations import ACTIVATIONS
from nngen.data import Scaling
from nngen.fields import Choice
from nngen.formula import Formula, Line, line, number
from nngen.initializers import INITIALIZERS
from nngen.layer import Layer, Source
from nngen.losses import LOSSES, Fusion
from nngen.optimizers import OPTIMIZERS
from nngen.parameters import Block
from nngen.plan import Helper, Loss, Optimizer, Plan
from nngen.spec import Layer as LayerSpec
from nngen.spec import Matrices, Scheme, Spec, Vector


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
        value = Formula(activation.value).bind(layer.activation.options)
        if _named(value):
            value = Formula(f"{activation.name}(z)", frozenset({activation.name}))
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
        helpers=_helpers(spec),
        loss=_loss(spec),
        optimizer=_optimizer(spec.training.optimizer),
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
    for name, units in zip(names, columns, strict=True):
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
                row="w" if len(names) == 1 else f"w_{name}",
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


def _named(value: Formula) -> bool:
    """Whether a formula is long enough to get a name of its own on the page."""
    return len(value.calls) > 1


def _helpers(spec: Spec) -> tuple[Helper, ...]:
    helpers = {}
    for layer in spec.layers:
        activation = ACTIVATIONS[layer.activation.name]
        value = Formula(activation.value).bind(layer.activation.options)
        if _named(value):
            helpers[activation.name] = Helper(activation.name, activation.textbook, activation.remark, value)
    return tuple(helpers.values())


def _backward(choice: Choice) -> tuple[Line, ...]:
    activation = ACTIVATIONS[choice.name]
    if activation.slope is None:
        return tuple(map(line, activation.back))
    return (Line("dz", Formula("da").times(Formula(activation.slope).bind(choice.options))),)


def _error(spec: Spec, fusion: Fusion | None) -> Line:
    """Where the loss comes in at the output."""
    if fusion:
        return Line("dz", _share(spec, Formula(fusion.slope)))
    return Line("da", _share(spec, Formula(LOSSES[spec.loss.name].slope or "")))


def _share(spec: Spec, term: Formula) -> Formula:
    """An output's term, as its share of the loss."""
    outputs = len(spec.layers[-1].unit_names)
    mean = spec.loss.outputs == "mean" and outputs > 1
    return (term.divided_by(f"{outputs}.0") if mean else term).bind(spec.loss.options)


def _loss(spec: Spec) -> Loss:
    loss = LOSSES[spec.loss.name]
    fusion = loss.fusion(spec.layers[-1].activation.name)
    over = {"sum": "summed over the outputs", "mean": "the mean over the outputs"}[spec.loss.outputs]
    return Loss(
        name=loss.name,
        value=_share(spec, Formula(fusion.value if fusion else loss.value or "")),
        textbook=loss.textbook,
        reduction=f"{over}, the {spec.loss.batch} over a batch",
        mean=spec.loss.batch == "mean",
        over_batch={"mean": "the mean over the examples", "sum": "the sum over the examples"}[spec.loss.batch],
        target=Formula(loss.target),
        targets=loss.targets,
        distribution=loss.distribution,
    )


def _optimizer(choice: Choice) -> Optimizer:
    optimizer = OPTIMIZERS[choice.name]
    (update,) = map(line, optimizer.lines)
    return Optimizer(
        name=optimizer.name,
        textbook=optimizer.textbook,
        settings="".join(f", {name} = {number(value)}" for name, value in choice.options.items()),
        update=update.formula.bind(choice.options),
    )
