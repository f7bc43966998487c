"""From a spec to a plan, as a pure function."""

from collections.abc import Collection, Iterable, Mapping

from nngen.description.data import Encoding
from nngen.description.model import Layer as LayerSpec
from nngen.description.model import Matrices, Scheme, Spec, Vector, custom_formulas
from nngen.mathematics.catalogue import INITIALIZERS, KINDS, NORMALIZATIONS, PageFunction, page_functions
from nngen.mathematics.formulas import Formula, Line, line
from nngen.plan import layer_planner, learning_planner
from nngen.plan.blocks import Block
from nngen.plan.layer import Layer, Source
from nngen.plan.learning import Loss
from nngen.plan.names import full_name
from nngen.plan.network import Index, Plan
from nngen.plan.signs import monotone


def plan(spec: Spec, encoding: Encoding | None = None) -> Plan:
    """Plan the pages of a valid spec.

    Args:
        spec: a spec that has passed the checks.
        encoding: how rows of its data become inputs; None without data.
    """
    blocks: list[Block] = []
    layers: dict[str, Layer] = {}
    dropout_start = 0
    losses = custom_formulas.losses(spec.losses)
    catalogue = custom_formulas.activations(spec.activations)
    known = {**page_functions.PAGE_FUNCTIONS, **page_functions.functions(catalogue[name] for name in spec.activations)}
    for index, layer in enumerate(spec.layers):
        sources = _sources(spec, index, layers, blocks)
        biases = _biases(spec, layer, sources, blocks)
        activation = catalogue[layer.activation.name]
        planner = layer_planner.LayerPlanner(layer, activation, known)
        output = index == len(spec.layers) - 1
        fusion = losses[spec.loss.name].fusion(activation.name) if output else None
        normalization_blocks = _normalization_blocks(layer, blocks)
        passes = (
            (layer.weighted and layer.weights.trainable)
            or (layer.bias is not None and layer.bias.trainable)
            or any(source.name in layers and layers[source.name].learns for source in sources)
        )
        moved = any(layers[source.name].moved if source.name in layers else source.vector == "x" for source in sources)
        answer = planner.returned(apart=len(spec.layers[-1].unit_names) > 1)
        score = planner.returned(fused=True)
        layers[layer.name] = Layer(
            name=layer.name,
            kind=layer.kind,
            units=layer.unit_names,
            activation=activation.name,
            remark="" if activation.name in known else activation.remark,
            sources=sources,
            biases=biases,
            normalization_blocks=normalization_blocks,
            normalization=layer.normalization.name if layer.normalization else "",
            running_updates=_running_updates(layer, normalization_blocks),
            dropout_start=dropout_start if layer.dropout is not None else None,
            forward=planner.forward(training=False),
            training_lines=planner.forward(training=True),
            loss_lines=learning_planner.loss_lines(spec, fusion) if output else (),
            error=learning_planner.error(spec, fusion) if output else None,
            fusion_reason=fusion.reason if fusion else "",
            backward=planner.backward(fused=fusion is not None, passes=passes),
            learns=passes or any(block.trainable for block in normalization_blocks),
            moved=moved,
            answer_back=answer,
            score_back=score,
            loss_back=score if fusion else planner.returned(),
        )
        dropout_start += len(layer.unit_names) if layer.dropout is not None else 0
    loss = learning_planner.loss(spec)
    return Plan(
        name=spec.name,
        description=spec.description,
        input_name=spec.input_name,
        inputs=spec.input_names,
        indices=tuple(Index(each.name, each.count) for each in spec.indices),
        layers=tuple(layers.values()),
        blocks=tuple(blocks),
        page_functions=_page_functions(known, layers.values(), loss),
        loss=loss,
        penalty=learning_planner.penalty(spec.training, blocks),
        optimizer=learning_planner.optimizer(spec.training),
        monotone=monotone(spec, tuple(layers.values())),
        stop=learning_planner.stop(spec.training),
        seed=spec.initial.seed,
        batch_size=spec.training.batch_size,
        epochs=spec.training.epochs,
        training_seed=spec.training.seed,
        dense_steps=bool(spec.indices) and spec.training.embeddings == "dense",
        order_seed=spec.training.seed if spec.training.shuffle else None,
        custom_activations=tuple(f"{name}, {catalogue[name].textbook}" for name in _custom_activations(spec)),
        encoding=encoding,
    )


def _sources(spec: Spec, index: int, feeders: Mapping[str, Layer], blocks: list[Block]) -> tuple[Source, ...]:
    layer = spec.layers[index]
    names = layer.sources or ((spec.layers[index - 1].name if index else spec.input_name),)
    if KINDS[layer.kind].of_ids:
        return _embedding(spec, layer, names[0], blocks)
    columns = [feeders[name].units if name in feeders else spec.numbers for name in names]
    if not KINDS[layer.kind].dense:
        return tuple(_source(name, feeders.get(name), units, None) for name, units in zip(names, columns, strict=True))
    fan_in = sum(map(len, columns))
    sources = []
    for name, units in zip(names, columns, strict=True):
        chosen = layer.weights.initial or spec.initial.weights
        given: tuple[float, ...] = ()
        if isinstance(chosen, Matrices):
            rows = chosen.values[name if name in chosen.values else ""]
            given = tuple(value for row in rows for value in row)
        blocks.append(
            Block(
                name=full_name("W", layer.name, *([name] if len(names) > 1 else [])),
                units=layer.unit_names,
                inputs=units,
                start=blocks[-1].stop if blocks else 0,
                initial=_initial(chosen, fan_in, len(layer.unit_names)),
                cut=_cut(chosen),
                values=given,
                seed=chosen.seed if isinstance(chosen, Scheme) else None,
                trainable=layer.weights.trainable,
            )
        )
        sources.append(_source(name, feeders.get(name), units, blocks[-1]))
    return tuple(sources)


def _source(name: str, feeder: Layer | None, units: tuple[str, ...], weights: Block | None) -> Source:
    if feeder is None:
        return Source(name, "x", units, weights)
    return Source(name, feeder.name_of("a"), tuple(full_name("a", unit) for unit in units), weights)


def _embedding(spec: Spec, layer: LayerSpec, index: str, blocks: list[Block]) -> tuple[Source, ...]:
    """Plan the matrix of an embedding, a row for each id. Its fan-in is the number of rows, as in Keras."""
    ids = next(each for each in spec.indices if each.name == index)
    chosen = layer.weights.initial or spec.initial.weights
    given = chosen.values[index if index in chosen.values else ""] if isinstance(chosen, Matrices) else ()
    blocks.append(
        Block(
            name=full_name("W", layer.name),
            units=(),
            inputs=layer.unit_names,
            start=blocks[-1].stop if blocks else 0,
            initial=_initial(chosen, ids.count, len(layer.unit_names)),
            cut=_cut(chosen),
            values=tuple(value for row in given for value in row),
            seed=chosen.seed if isinstance(chosen, Scheme) else None,
            trainable=layer.weights.trainable,
            index=index,
            count=ids.count,
            zeros=len(layer.unit_names) if ids.unknown == "row" and not given else 0,
        )
    )
    return (Source(index, index, (index,), blocks[-1]),)


def _biases(spec: Spec, layer: LayerSpec, sources: tuple[Source, ...], blocks: list[Block]) -> Block | None:
    if layer.bias is None:
        return None
    chosen = layer.bias.initial or spec.initial.biases
    blocks.append(
        Block(
            name=full_name("b", layer.name),
            units=layer.unit_names,
            inputs=(),
            start=blocks[-1].stop if blocks else 0,
            initial=_initial(chosen, sum(len(source.values) for source in sources), len(layer.unit_names)),
            cut=_cut(chosen),
            values=chosen.values if isinstance(chosen, Vector) else (),
            seed=chosen.seed if isinstance(chosen, Scheme) else None,
            trainable=layer.bias.trainable,
        )
    )
    return blocks[-1]


def _normalization_blocks(layer: LayerSpec, blocks: list[Block]) -> tuple[Block, ...]:
    """Plan the parameters of a layer's normalization and append them to ``blocks``."""
    if layer.normalization is None:
        return ()
    first = len(blocks)
    for parameter in NORMALIZATIONS[layer.normalization.name].parameters:
        blocks.append(
            Block(
                name=full_name(parameter.symbol, layer.name),
                units=layer.unit_names,
                inputs=(),
                start=blocks[-1].stop if blocks else 0,
                initial=Formula(parameter.start),
                cut="",
                values=(),
                seed=None,
                trainable=layer.normalization.trainable and bool(parameter.slope),
                symbol=parameter.symbol,
                running_statistic=not parameter.slope,
            )
        )
    return tuple(blocks[first:])


def _running_updates(layer: LayerSpec, blocks: tuple[Block, ...]) -> tuple[tuple[Block, Line], ...]:
    if layer.normalization is None:
        return ()
    entry = NORMALIZATIONS[layer.normalization.name]
    updates = {update.name: update.bind(layer.normalization.options) for update in map(line, entry.running)}
    return tuple((block, updates[block.symbol]) for block in blocks if block.running_statistic)


def _initial(chosen: Scheme | Matrices | Vector, fan_in: int, fan_out: int) -> Formula | None:
    if not isinstance(chosen, Scheme):
        return None
    formula = Formula(INITIALIZERS[chosen.name].value).bind(chosen.options)
    return formula.rename({"fan_in": str(fan_in), "fan_out": str(fan_out)})


def _cut(chosen: Scheme | Matrices | Vector) -> str:
    if not isinstance(chosen, Scheme) or not INITIALIZERS[chosen.name].cut:
        return ""
    return Formula(INITIALIZERS[chosen.name].cut).bind(chosen.options).text


def _custom_activations(spec: Spec) -> Iterable[str]:
    """The custom activations that layers use."""
    return dict.fromkeys(layer.activation.name for layer in spec.layers if layer.activation.name in spec.activations)


def _page_functions(
    known: Mapping[str, PageFunction], layers: Collection[Layer], loss: Loss
) -> tuple[PageFunction, ...]:
    lines = [line for layer in layers for line in (*layer.forward, *(layer.backward if layer.learns else ()))]
    lines += [line for layer in layers for line in (layer.answer_back if layer.moved else ())]
    lines += [layer.error for layer in layers if layer.error]
    return page_functions.needed(known, [loss.value, *(line.formula for line in lines)])
