"""The catalogue of kinds of layers: what a layer computes from its sources, and what it returns to them.

A kind is stated here, and a second time in ``nngen.proof.reference.kinds``. The plan, the checks, worksheets, living
pages, exports and imports read the entry, so that a new kind needs no code of its own there.

The kinds other than ``dense`` are the parts of matrix factorization (Koren, Bell and Volinsky, Matrix Factorization
Techniques for Recommender Systems, Computer 42(8), 2009). A rating is the dot product of the embeddings of a user and
of an item, plus their biases; its error ``e`` changes them by ``dP[u] = e * Q[i]`` and ``dQ[i] = e * P[u]``.
"""

from nngen.common.messages import Message, message
from nngen.common.records import dataclass
from nngen.mathematics.catalogue.entry import Option, catalogue

_NOTHING = message("")


@dataclass(frozen=True)
class Says:
    """The words of a kind."""

    comment: Message
    """What a layer computes, after its name and sources in a comment of a module."""
    forward: Message = _NOTHING
    """The title of its equation in a worksheet."""
    back: Message = _NOTHING
    """The title of the equations of what it returns."""
    note: Message = _NOTHING
    """A sentence about the symbols of the equation."""
    title: Message = _NOTHING
    """The title of the equation on a living page."""
    slopes: Message = _NOTHING
    """A sentence about what it returns."""
    step: Message = _NOTHING
    """The sentence of a walk about the layer ``{name}`` and its ``{sources}``, or the ``{id}`` of an embedding."""
    step_back: Message = _NOTHING
    """The sentence of a walk about what a source ``{name}`` of the layer ``{after}`` receives, beside ``{others}``."""


@dataclass(frozen=True)
class Elsewhere:
    """How a framework writes a kind."""

    text: str = ""
    """A pattern of ``{u}`` and ``{v}``, of all ``{vectors}``, and of how a layer is ``{named}``, with marks; empty if
    the formula does."""
    operators: tuple[str, ...] = ()
    """What an import reads as this kind, where it takes two vectors."""


@dataclass(frozen=True)
class LayerKind:
    """A kind of layer.

    A kind that joins vectors has a formula of the values ``u`` and ``v`` of its two sources, or of ``u`` alone: then it
    is the sum of this over all of its ``n`` sources. The other kinds have weights, and forms of equations of their own.
    """

    name: str
    textbook: str
    source: str
    says: Says
    value: str = ""
    """Its formula, without the biases; empty for a kind with weights."""
    slopes: tuple[str, ...] = ()
    """The slopes with respect to ``u`` and to ``v``, times ``dz``."""
    over_units: bool = False
    """Whether it adds the values of the formula over the units, so that the layer has one unit: a dot product."""
    of_ids: bool = False
    """Whether it takes an input with ids."""
    rises: bool = True
    """Whether a unit never falls as a value of its sources grows, if its weights are at least 0."""
    onnx: tuple[str, ...] = ()
    """The operators of ONNX that an import reads as this kind, where they take two vectors."""
    torch: Elsewhere = Elsewhere()
    keras: Elsewhere = Elsewhere()
    options: tuple[Option, ...] = ()

    @property
    def dense(self) -> bool:
        """Whether it has a matrix for each source."""
        return not (self.value or self.of_ids)

    @property
    def pair(self) -> bool:
        """Whether it takes two sources."""
        return len(self.slopes) == 2

    @property
    def quotient(self) -> bool:
        """Whether it divides one source by another, as a weighted mean divides two sums."""
        return self.value == "u / v"

    @property
    def total(self) -> bool:
        """Whether it is a sum over all of its sources."""
        return len(self.slopes) == 1


DENSE = LayerKind(
    name="dense",
    textbook="z_j = b_j + sum over i of w_ji a_i",
    source="Rosenblatt, Psychological Review 65 (1958)",
    says=Says(comment=message("weighted sums")),
)

EMBEDDING = LayerKind(
    name="embedding",
    textbook="z_j = w_jr of the id r",
    source="Koren, Bell and Volinsky, Computer 42(8) (2009)",
    of_ids=True,
    says=Says(
        comment=message("the row of its matrix"),
        forward=message("forward: an embedding"),
        note=message("An embedding has a row for each id. The example selects row r."),
        title=message("Row of an id"),
        slopes=message("The id r of the example selects a row of the matrix. Only this row gets a gradient."),
        step=message("{id} selects its row of {name}."),
    ),
)

ADD = LayerKind(
    name="add",
    textbook="z_j = sum over s of u_sj",
    source="He, Zhang, Ren and Sun, CVPR (2016)",
    value="u",
    slopes=("dz",),
    keras=Elsewhere("layers.Add(⟨{named}⟩)(⟨[⟨{vectors},⟩]⟩)"),
    says=Says(
        comment=message("sums, unit by unit"),
        forward=message("forward: an add layer"),
        back=message("back through an add layer"),
        note=message("An add layer is the sum of the values u of its sources s, unit by unit."),
        title=message("Sum of layers"),
        slopes=message("Each source gets δ unchanged."),
        step=message("{name} adds {sources}."),
        step_back=message("Backward, {name} receives δ of {after} unchanged."),
    ),
)

AVERAGE = LayerKind(
    name="average",
    textbook="z_j = sum over s of u_sj / n",
    source="Lakshminarayanan, Pritzel and Blundell, NeurIPS (2017)",
    value="u / n",
    slopes=("dz / n",),
    keras=Elsewhere("layers.Average(⟨{named}⟩)(⟨[⟨{vectors},⟩]⟩)"),
    says=Says(
        comment=message("the mean, unit by unit"),
        forward=message("forward: an average"),
        back=message("back through an average"),
        note=message("An average is the sum of the values u of its n sources s, divided by n, unit by unit."),
        title=message("Average of layers"),
        slopes=message("Each source gets δ, divided by their number n."),
        step=message("{name} is the mean of {sources}."),
        step_back=message("Backward, {name} receives δ of {after}, divided by the number of its sources."),
    ),
)

KINDS = catalogue(
    [
        DENSE,
        EMBEDDING,
        LayerKind(
            name="product",
            textbook="z_j = u_j v_j",
            source="He, Liao, Zhang, Nie, Hu and Chua, WWW (2017)",
            value="u * v",
            slopes=("dz * v", "dz * u"),
            rises=False,
            onnx=("Mul",),
            torch=Elsewhere(operators=("mul.Tensor",)),
            keras=Elsewhere("layers.Multiply(⟨{named}⟩)(⟨[⟨{vectors},⟩]⟩)", ("Multiply",)),
            says=Says(
                comment=message("products, unit by unit"),
                forward=message("forward: a product"),
                back=message("back through a product"),
                note=message("A product joins the values u and v of two sources, unit by unit."),
                title=message("Product of layers"),
                slopes=message("Each source gets δ times the value of the other one."),
                step=message("{name} multiplies {sources}, unit by unit."),
                step_back=message("Backward, {name} receives δ of {after}, times the values of {others}."),
            ),
        ),
        LayerKind(
            name="dot",
            textbook="z = sum over j of u_j v_j",
            source="Koren, Bell and Volinsky, Computer 42(8) (2009)",
            value="u * v",
            slopes=("dz * v", "dz * u"),
            rises=False,
            over_units=True,
            onnx=("Einsum", "MatMul"),
            torch=Elsewhere("torch.sum(⟨{u} * {v},↵1,↵keepdim=True⟩)", ("bmm.default", "einsum.default")),
            keras=Elsewhere("layers.Dot(⟨1,↵{named}⟩)(⟨[⟨{vectors},⟩]⟩)", ("Dot",)),
            says=Says(
                comment=message("the dot product"),
                forward=message("forward: a dot product"),
                back=message("back through a dot product"),
                note=message("A dot product is the sum of the products of the values u and v of two sources."),
                title=message("Dot product"),
                slopes=message("Each source gets δ times the values of the other one."),
                step=message("{name} multiplies {sources} factor by factor, and adds the products."),
                step_back=message("Backward, {name} receives δ of {after}, times the values of {others}."),
            ),
        ),
        ADD,
        AVERAGE,
        LayerKind(
            name="ratio",
            textbook="z_j = u_j / v_j",
            source="Heeger, Visual Neuroscience 9 (1992)",
            value="u / v",
            slopes=("dz / v", "-dz * u / (v * v)"),
            rises=False,
            onnx=("Div",),
            torch=Elsewhere(operators=("div.Tensor",)),
            keras=Elsewhere(operators=("TrueDivide",)),
            says=Says(
                comment=message("quotients, unit by unit"),
                forward=message("forward: a ratio"),
                back=message("back through a ratio"),
                note=message("A ratio divides the values u of a source by the values v of another, unit by unit."),
                title=message("Quotient of layers"),
                slopes=message("The slope with respect to the divisor is negative."),
                step=message("{name} divides {sources}, unit by unit."),
                step_back=message("Backward, {name} receives δ of {after} times the slope of the quotient."),
            ),
        ),
        LayerKind(
            name="maximum",
            textbook="z_j = max(u_j, v_j)",
            source="Goodfellow, Warde-Farley, Mirza, Courville and Bengio, ICML (2013)",
            value="maximum(u, v)",
            slopes=("where(u >= v, dz, 0.0)", "where(u >= v, 0.0, dz)"),
            onnx=("Max",),
            torch=Elsewhere("torch.maximum(⟨{u},↵{v}⟩)", ("maximum.default", "max.other")),
            keras=Elsewhere("layers.Maximum(⟨{named}⟩)(⟨[⟨{vectors},⟩]⟩)", ("Maximum",)),
            says=Says(
                comment=message("the greater value, unit by unit"),
                forward=message("forward: a maximum"),
                back=message("back through a maximum"),
                note=message("A maximum is the greater one of the values u and v of two sources, unit by unit."),
                title=message("Maximum of layers"),
                slopes=message(
                    "The source of the greater value gets δ, the other one 0; at a tie it is the first one."
                ),
                step=message("{name} takes the greater value of {sources}, unit by unit."),
                step_back=message("Backward, {name} receives δ of {after} where its value is the greater one."),
            ),
        ),
    ]
)

PAIRS = catalogue(kind for kind in KINDS.values() if kind.pair)
"""The kinds that take two sources."""


OF_ONNX = {operator: kind.name for kind in PAIRS.values() for operator in kind.onnx}
OF_TORCH = {operator: kind.name for kind in PAIRS.values() for operator in kind.torch.operators}
OF_KERAS = {operator: kind.name for kind in PAIRS.values() for operator in kind.keras.operators}
"""The kinds that the operators of frameworks are, where they take two vectors."""


def summed(name: str) -> str:
    """The kind that adds the values of another over its units; empty if there is none."""
    kind = KINDS[name]
    sums = (one.name for one in KINDS.values() if one.over_units and one.value == kind.value)
    return "" if kind.over_units else next(sums, "")
