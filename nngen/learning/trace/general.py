"""The general equations at the head of a worksheet, as in a textbook: unit j gets values from units i and feeds k."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from nngen.common.messages import Message, message
from nngen.description.model import Spec
from nngen.learning.trace import kinds
from nngen.learning.trace.worksheet import GENERAL, Line, Section, line
from nngen.learning.typeset import (
    TRANSPOSE,
    Call,
    General,
    Name,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Series,
    Sum,
    Symbol,
    by_number,
    general,
    name,
    replaced,
    slope,
    symbol,
    walk,
)
from nngen.plan import Plan


def sections(plan: Plan, spec: Spec, *, training: bool, matrices: bool = False) -> tuple[Section, ...]:
    """The general equations of a network for a training step or a forward pass; of whole layers for ``matrices``."""
    listed = _sections(plan, spec, matrices=matrices)
    chosen = listed if training else [section for section in listed if section.title.startswith("forward")]
    return tuple(_all_of_vectors(chosen) if matrices else chosen)


def _sections(plan: Plan, spec: Spec, *, matrices: bool) -> list[Section]:
    parts = general(plan, spec)
    units = Section(
        GENERAL,
        message("forward"),
        "",
        tuple(_forward(plan, parts, matrices=matrices)),
        notes=tuple(_notes(plan, parts, matrices=matrices)),
    )
    back = tuple(line(one.symbol, one.value) for each in parts.normalizations for one in each.back)
    update = tuple(line(equation.symbol, _summed(equation.value), again=True) for equation in parts.update)
    reasons = (Message(plan.output.fusion_reason),) if parts.cancels and plan.output.fusion_reason else ()
    hidden = Section(GENERAL, message("δ of a hidden unit, from the units k that it feeds"), "", (_hidden(),))
    loss = line(Symbol("loss", "loss"), _loss(plan, parts))
    dense = _dense(plan)
    slopes = _matrix_gradient() if matrices and dense else _gradient(plan)
    return [
        *([_matrix_forward()] if matrices and dense else []),
        *kinds.forward(plan),
        units,
        Section(
            GENERAL, message("loss: {name}", name=plan.loss.name), "", (loss,), notes=tuple(_criterion(plan, parts))
        ),
        Section(GENERAL, message("δ of an output"), "", tuple(_output(plan, parts)), notes=(*reasons, *_rule(plan))),
        *([_matrix_hidden() if matrices else hidden] if _feeds_dense(plan) else []),
        *kinds.backward(plan),
        *([Section(GENERAL, message("normalization, backward"), "", back)] if back else []),
        Section(GENERAL, message("gradient"), "", (*kinds.gradient(plan), *slopes)),
        Section(GENERAL, message("update: {name}", name=plan.optimizer.name), "", update),
    ]


def _dense(plan: Plan) -> bool:
    """Whether the network has dense layers."""
    return any(layer.dense for layer in plan.layers)


def _feeds_dense(plan: Plan) -> bool:
    """Whether a dense layer takes values of another layer."""
    names = {layer.name for layer in plan.layers}
    return any(source.name in names for layer in plan.layers if layer.dense for source in layer.sources)


def _notes(plan: Plan, parts: General, *, matrices: bool) -> Iterator[str]:
    if _dense(plan) and not matrices:
        yield message(
            "Unit j gets values from the units i; an input is the value a of its unit. f is the activation of a unit."
        )
    else:
        yield message("f is the activation of a unit.")
    for one in parts.normalizations:
        sums = message("v is the weighted sum z, and s takes the place of z in f and δ")
        values = message("v is the activation f(z), and s is passed on for a")
        yield message(
            "{name}, mean and variance over {over}: {what}.",
            name=one.name,
            over=Message(one.over),
            what=sums if one.of == "sums" else values,
        )
        yield message(
            "hat is the normalized value before gain and shift, and deviation the root that it is divided by."
        )
        if one.running:
            yield message(
                "Mean and variance are those of the batch; after training, the running statistics replace them."
            )


def _criterion(plan: Plan, parts: General) -> Iterator[str]:
    """What the loss of a perceptron is, and is not (Bishop, 2006, section 4.1.7)."""
    if plan.loss.name != "perceptron":
        return
    if not parts.criterion:  # the answer may be undecided
        yield message(
            "The perceptron criterion: 0 for a right answer; otherwise how far z is from the threshold of the right "
            "answer. It does not count mistakes: at the threshold itself the answer is still undecided, but the loss "
            "is 0 already. Compare the answer a with the target y, too."
        )
    else:
        yield message(
            "The perceptron criterion: 0 for a right answer, and |z| for a wrong one, which is how far z is from the "
            "right side. It does not count mistakes: where z is 0, on the boundary, the loss is 0 even if the answer "
            "is wrong, and it is small if z is small. Compare the answer a with the target y, too."
        )


def _rule(plan: Plan) -> Iterator[str]:
    """Why a perceptron does not learn by the chain rule (Rosenblatt, 1958)."""
    if plan.loss.name == "perceptron":
        yield message(
            "The chain rule does not lead through a step: its slope is 0 on both sides of the jump, so every "
            "derivative would be 0, and no weight would ever change. Rosenblatt's rule takes the answer a for a "
            "constant, and goes down the slope of the loss with respect to z alone. A right answer then changes "
            "nothing; a wrong one moves z towards the right side, also from the boundary, where the loss is 0."
        )
        yield message(
            "A hidden unit with a step has no such rule: it has no target, and no slope sends an error back to it."
        )


def _forward(plan: Plan, parts: General, *, matrices: bool) -> Iterator[Line]:
    weighted = Series("i", Product((name("w", "j", "i"), name("a", "i"))))
    if _dense(plan) and not matrices:
        yield line(symbol("z", "j"), Sum((name("b", "j"), weighted)))
    for formula in dict.fromkeys(one.formula for one in parts.normalizations):
        yield line(symbol("s", "j"), formula)
    for function, formula in parts.activations:
        called = Call(function, (name("z", "j"),))
        yield line(symbol("a", "j"), *dict.fromkeys((called, _summed(formula))))


def _loss(plan: Plan, parts: General) -> Node:
    outputs = len(plan.output.units)
    value: Node = parts.loss if outputs == 1 else Series("j", parts.loss)
    return _weighted(plan, Quotient(value, Number(float(outputs))) if parts.mean and outputs > 1 else value)


def _weighted(plan: Plan, value: Node) -> Node:
    """A value of the loss times the weight of the example, if it has one. In a weighted mean, a single one cancels."""
    if plan.loss.weight is None or plan.loss.weighted_mean:
        return value
    return Product((Name(Symbol("weight", "weight")), value))


def _output(plan: Plan, parts: General) -> Iterator[Line]:
    by_sum, by_activation = Name(slope("z", "j")), Name(slope("a", "j"))
    if parts.cancels and parts.error:
        yield line(symbol("δ", "j"), by_sum, _weighted(plan, parts.error))
        return
    yield line(symbol("δ", "j"), by_sum, Product((by_activation, _derivative())))
    if parts.error:
        yield line(by_activation.symbol, _weighted(plan, parts.error))


def _hidden() -> Line:
    fed = Series("k", Product((name("w", "k", "j"), name("δ", "k"))))
    return line(symbol("δ", "j"), Name(slope("z", "j")), Product((_derivative(), fed)))


def _gradient(plan: Plan) -> Iterator[Line]:
    if _dense(plan):
        yield line(slope("w", "j", "i"), Product((name("δ", "j"), name("a", "i"))))
    if _dense(plan) or any(layer.biases for layer in plan.layers):
        yield line(slope("b", "j"), name("δ", "j"))


def _derivative() -> Node:
    return Call("f", (name("z", "j"),), prime=True)


def _summed(formula: Node) -> Node:
    """A formula with ``sum(...)`` as a series over the units k of the layer."""

    def series(node: Node) -> Node | None:
        match node:
            case Call("sum", (term,)):
                return Series("k", replaced(term, other))
        return None

    def other(node: Node) -> Node | None:
        match node:
            case Name(Symbol(base=base, indices=("j",))):
                return name(base, "k")
        return None

    return replaced(formula, series)


def _matrix_forward() -> Section:
    """The sums of a dense layer."""
    sums = line(symbol("z"), Sum((Product((name("W"), name("a")), " "), name("b"))))
    note = message("A layer gets the vector a of the layer before, the first one x; of several sources it adds W a.")
    return Section(GENERAL, message("forward: a dense layer"), "", (sums,), notes=(note,))


def _matrix_hidden() -> Section:
    """The error of a hidden layer."""
    back = Product((Power(name("W"), TRANSPOSE), name("δ")), " ")
    error = line(symbol("δ"), Name(slope("z")), Product((back, Call("f", (name("z"),), prime=True)), "⊙"))
    note = message("W and δ on the right are those of the layer that it feeds; of several such layers, it is the sum.")
    return Section(GENERAL, message("δ of a hidden layer"), "", (error,), notes=(note,))


def _matrix_gradient() -> Iterator[Line]:
    """The derivatives with respect to the parameters of a dense layer."""
    yield line(slope("W"), Product((name("δ"), Power(name("a"), TRANSPOSE)), " "))
    yield line(slope("b"), name("δ"))


def _all_of_vectors(sections: Sequence[Section]) -> Iterator[Section]:
    """Equations of unit j as equations of vectors, where no sum is over other units."""
    for section in sections:
        yield replace(section, lines=tuple(map(_of_vectors, section.lines)))


def _of_vectors(unit: Line) -> Line:
    parts = [part for form in unit.forms for part in walk(form)]
    several = any(
        isinstance(part, Series) or (isinstance(part, Name) and len(part.symbol.indices) > 1) for part in parts
    )
    return (
        unit
        if several or unit.symbol.indices != ("j",)
        else line(_named(Name(unit.symbol)).symbol, *map(_vector, unit.forms))
    )


def _vector(node: Node) -> Node:
    return replaced(by_number(node), lambda part: _named(part) if isinstance(part, Name) else None)


def _named(part: Name) -> Name:
    """A symbol without the index j."""
    if part.symbol.indices != ("j",):
        return part
    return Name(slope(part.symbol.base)) if part.symbol.slope else Name(symbol(part.symbol.base))
