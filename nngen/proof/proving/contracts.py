"""What each function of a header in integers takes for granted, and what it grants in turn.

A function is proven on its own: for all arguments within what it takes for granted, it does what it grants. Its calls
of others are replaced by what these grant. So the whole header is proven, and each proof stays small.
"""

import re
from collections.abc import Iterator, Sequence

from nngen.common.records import dataclass
from nngen.integers import TOP, Integers, Sums, Value, Whole
from nngen.proof.proving.header import Header


@dataclass(frozen=True)
class Contract:
    """A function, what replaces its body in proofs of others, and a program that proves it."""

    name: str
    """The function without the name of the network."""
    body: str
    """In a line: asserts what it takes for granted, gives anything that it grants. Empty if others keep its body."""
    program: str


def _assume(condition: str) -> str:
    return f"__CPROVER_assume({condition});"


def _assert(condition: str, says: str) -> str:
    return f'__CPROVER_assert({condition}, "{says}");'


def _within(name: str, low: int, high: int) -> str:
    return f"{name} >= {low} && {name} <= {high}"


def _all(count: int | str, statement: str) -> str:
    """A statement for each place ``j`` of a vector."""
    return f"for (unsigned short j = 0; j < {count}; j++) {{ {statement} }}"


def _filled(vector: str, count: int, low: int, high: int) -> str:
    """Makes a vector anything within its bounds."""
    return _all(count, f"int8_t any; {_assume(_within('any', low, high))} {vector}[j] = any;")


def contracts(network: Integers, header: Header) -> Iterator[Contract]:
    """The contracts of the functions that a header has."""
    made = {
        one.name: one
        for one in (*_sum(network, header), *_encode(network), *_layers(network), *_answers(network, header))
    }
    for name in header.functions:
        if name in made:
            yield made[name]


def roots(network: Integers, header: Header) -> dict[str, str]:
    """For each function that users call with a row: a program that declares a row and calls it; see ``rows``."""
    outputs = {"predict_proba": ("uint8_t", max(len(network.classes), network.output.units))}
    found = {}
    for name in ("encode", "predict", "predict_proba", "forward"):
        function = header.functions.get(name)
        if function is None:
            continue
        kind, count = outputs.get(name, ("int16_t", network.output.units))
        argument = ", made" if "," in function.arguments else ""
        if name == "encode":
            kind, count = "int8_t", network.inputs.count
        call = f"{function.name}(row{argument});"
        if argument or name == "encode":
            found[name] = f"{kind} made[{count}]; {call}"
        else:
            said = _assert(_within("answer", 0, len(network.classes) - 1), "the class exists")
            found[name] = f"int answer = {call} {said}"
    return found


def row(network: Integers, given: Sequence[int] = ()) -> str:
    """The declaration of a row of some whole numbers, or of any."""
    kind = "int8_t" if network.inputs.direct else "int16_t"
    count = len(network.inputs.columns)
    names = [f"row_{i}" for i in range(count)]
    known = [f"{name} = {n}" for name, n in zip(names, given, strict=True)] if given else names
    return f"{kind} {', '.join(known)}; {kind} row[{count}] = {{{', '.join(names)}}};"


def _bounds(network: Integers, name: str, with_zero: bool = False) -> tuple[int, int]:
    """The least and the greatest activation of a layer or of the inputs, perhaps with 0 between them."""
    inputs = network.inputs
    if name != inputs.name:
        return next(layer.bounds for layer in network.hidden if layer.name == name)
    first = inputs.columns[0]
    return (first.low, first.high) if inputs.direct and not with_zero and isinstance(first, Whole) else inputs.bounds


def _count(network: Integers, name: str) -> int:
    return next((layer.units for layer in network.layers if layer.name == name), network.inputs.count)


def _encode(network: Integers) -> Iterator[Contract]:
    count, bounds = network.inputs.count, _bounds(network, network.inputs.name)
    kept = _within("x[j]", *bounds)
    granted = _all(count, _assert(kept, "the activations of a row are within their bounds"))
    me = f"{network.name}_encode"
    if network.inputs.direct:
        body = _filled("row", count, *bounds)
        yield Contract("encode", body, f"{row(network)} {me}(row); {granted.replace('x[j]', 'row[j]')}")
        return
    # each number of the row is read, so that a row that is too short is found
    read = f"{_all(len(network.inputs.columns), 'int16_t any = row[j];')} "
    body = read + _filled("x", count, *bounds)
    yield Contract("encode", body, f"{row(network)} int8_t x[{count}]; {me}(row, x); {granted}")


def _sum(network: Integers, header: Header) -> Iterator[Contract]:
    """The sum, by induction: what an iteration adds to any number, and that the next one takes the next numbers.

    Others get any number between the least and the greatest sum for the weights, which are constants there. Two
    iterations say nothing of another loop, so callers of a changed sum are proven with it.
    """
    function = header.functions.get("sum")
    loop = function and re.fullmatch(
        r"\s*do \{(.*)\} while \(--n\);\s*return sum;\s*", header.body(function), re.DOTALL
    )
    if not loop or re.search(r"\bn\b", loop[1]) or not header.keeps("sum"):
        return
    ends = [f"int16_t lo = {-TOP}, hi = {TOP};"]
    for source in {name for layer in network.layers for name in layer.sources}:
        low, high = _bounds(network, source, with_zero=True)
        ends.append(f"if (__CPROVER_same_object(a, nngen_{source})) {{ lo = {low}; hi = {high}; }}")
    parts = "int32_t p = (int32_t)w[j] * lo, q = (int32_t)w[j] * hi; least += p < q ? p : q; most += p < q ? q : p;"
    some = "any >= sum + least && any <= sum + most"
    room = (
        _within("sum", -(2**29), 2**29)
        + f" && {_within('least', -(2**29), 2**29)} && {_within('most', -(2**29), 2**29)}"
    )
    body = (
        f"{_assert('n > 0', 'a sum has a term')} {_assert('__CPROVER_r_ok(a, n)', 'a sum reads activations')} "
        f"{' '.join(ends)} int32_t least = 0, most = 0; {_all('n', parts)} "
        f"{_assert(room, 'no part of a sum leaves 31 bits')} int32_t any; {_assume(some)} return any;"
    )
    yield Contract("sum", body, _iterations(network))


def _iterations(network: Integers) -> str:
    """An iteration adds the product; the next one takes the next weight and activation."""
    me = f"{network.name}_sum"
    given = f"int8_t w[2], a[2]; int32_t s; {_assume(_within('s', -(2**30), 2**30))} {_filled('a', 2, -TOP, TOP)}"
    # written as the header writes it: then solvers see at once that both products are the same
    one = f"{me}(w, a, 1, s) == s + (int16_t)((int16_t)w[0] * a[0])"
    two = f"{me}(w, a, 2, s) == s + a[0] + 2 * (int32_t)a[1]"
    return (
        f"{given} {_assert(one, 'an iteration adds the product of a weight and an activation')} w[0] = 1; w[1] = 2; "
        f"{_assert(two, 'the next iteration adds the next product')}"
    )


def vectors(network: Integers) -> str:
    """The vectors that layers read, so that a sum knows by their names how far they reach."""
    names = (network.inputs.name, *(layer.name for layer in network.hidden))
    vectors = " ".join(f"int8_t nngen_{name}[{_count(network, name)}];" for name in names)
    return f"#include <stdint.h>\n{vectors}\n"


def _layers(network: Integers) -> Iterator[Contract]:
    for layer in network.hidden:
        kept = _within("a[j]", *layer.bounds)
        name = f"activation_{layer.name}"
        yield _value(network, name, "int8_t", layer.low, layer.high, *layer.bounds)
        body = f"{_taken(network, layer)} {_filled('a', layer.units, *layer.bounds)}"
        call = f"{network.name}_layer_{layer.name}({', '.join(f'nngen_{source}' for source in layer.sources)}, a);"
        granted = _all(layer.units, _assert(kept, f"the activations of {layer.name} are within their bounds"))
        yield Contract(
            f"layer_{layer.name}", body, f"{_given(network, layer)} int8_t a[{layer.units}]; {call} {granted}"
        )
    output = network.output
    some = _within("z", output.low, output.high)
    room = _assert(f"i < {output.units}", "the unit exists")
    body = f"{_taken(network, output)} {room} int32_t z; {_assume(some)} return z;"
    call = f"{network.name}_layer_{output.name}({', '.join(f'nngen_{source}' for source in output.sources)}, i)"
    unit = f"unsigned short i; {_assume(f'i < {output.units}')}"
    granted = _assert(some, f"the sums of {output.name} are within the range that the header states")
    yield Contract(f"layer_{output.name}", body, f"{_given(network, output)} {unit} int32_t z = {call}; {granted}")


def _taken(network: Integers, layer: Sums) -> str:
    """Asserts that the sources of a layer are within their bounds."""
    return " ".join(
        _all(
            _count(network, source),
            _assert(
                _within(f"a_{source}[j]", *_bounds(network, source)), f"{layer.name} reads activations of {source}"
            ),
        )
        for source in layer.sources
    )


def _given(network: Integers, layer: Sums) -> str:
    """Declares sources of a layer, anything within their bounds."""
    return " ".join(
        _filled(f"nngen_{source}", _count(network, source), *_bounds(network, source)) for source in layer.sources
    )


def _value(  # the ends of the sum, then those of the value
    network: Integers, name: str, kind: str, low: int, high: int, least: int, most: int, more: str = ""
) -> Contract:
    """The contract of a function of a sum from low to high, which gives a number from least to most."""
    taken, given = _within("z", low, high), _within("any", least, most) + more
    says = f"a sum that {name} takes is within the range that the header states"
    body = f"{_assert(taken, says)} {kind} any; {_assume(given)} return any;"
    granted = _assert(given, f"what {name} gives is within its bounds")
    return Contract(name, body, f"int32_t z; {_assume(taken)} {kind} any = {network.name}_{name}(z); {granted}")


def _ends(one: Value) -> tuple[int, int]:
    """The least and the greatest value."""
    step = one.step
    last = (
        ((step.high - step.low + step.half_before) >> step.before) * step.multiplier + step.half_after
    ) >> step.after
    return (min(one.table), max(one.table)) if one.table else (one.base, one.base + last)


def _answers(network: Integers, header: Header) -> Iterator[Contract]:
    output = network.output
    if output.shares is not None:
        several = output.units > 1
        low, high = (0, output.high - output.low) if several else (output.low, output.high)
        # the class with the largest sum has a share, so that nothing is divided by 0
        yield _value(network, "share", "uint8_t", low, high, *_ends(output.shares), " && (z != 0 || any > 0)" * several)
    for name, one in zip(
        (name for name in header.functions if name.startswith("answer_")), output.answers, strict=False
    ):
        yield _value(network, name, "int16_t", output.low, output.high, *_ends(one))
    if output.answers:
        ends = [_ends(one) for one in output.answers]
        given = _within("any", min(low for low, _ in ends), max(high for _, high in ends))
        taken = f"{_within('z', output.low, output.high)} && i < {output.units}"
        body = f"{_assert(taken, 'an answer takes a sum within its range')} int16_t any; {_assume(given)} return any;"
        call = f"int32_t z; unsigned short i; {_assume(taken)} int16_t any = {network.name}_answer(z, i);"
        yield Contract("answer", body, f"{call} {_assert(given, 'an answer is within its bounds')}")
    yield Contract("name_of_class", "", f"int answer; {network.name}_name_of_class(answer);")
