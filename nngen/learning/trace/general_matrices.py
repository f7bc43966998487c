"""The general equations at the head of a worksheet in matrix form."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from nngen.common.messages import message
from nngen.learning.trace.matrix_nodes import TRANSPOSE, by_number
from nngen.learning.trace.worksheet import GENERAL, Line, Section, line
from nngen.learning.typeset import Call, Name, Node, Power, Product, Series, Sum, name, replaced, slope, symbol, walk


def forward() -> Section:
    """The sums of a dense layer."""
    sums = line(symbol("z"), Sum((Product((name("W"), name("a")), " "), name("b"))))
    note = message("A layer gets the vector a of the layer before, the first one x; of several sources it adds W a.")
    return Section(GENERAL, message("forward: a dense layer"), "", (sums,), notes=(note,))


def hidden() -> Section:
    """The error of a hidden layer."""
    back = Product((Power(name("W"), TRANSPOSE), name("δ")), " ")
    error = line(symbol("δ"), Name(slope("z")), Product((back, Call("f", (name("z"),), prime=True)), "⊙"))
    note = message("W and δ on the right are those of the layer that it feeds; of several such layers, it is the sum.")
    return Section(GENERAL, message("δ of a hidden layer"), "", (error,), notes=(note,))


def gradient() -> Iterator[Line]:
    """The derivatives with respect to the parameters of a dense layer."""
    yield line(slope("W"), Product((name("δ"), Power(name("a"), TRANSPOSE)), " "))
    yield line(slope("b"), name("δ"))


def of_vectors(sections: Sequence[Section]) -> Iterator[Section]:
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
