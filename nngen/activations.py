"""The catalogue of activations: ``z`` is the weighted sum that goes in, ``a`` the activation that comes out."""

from dataclasses import dataclass

from nngen.catalogue import Option, catalogue


@dataclass(frozen=True)
class Activation:
    """An activation.

    ``value`` is the activation and ``slope`` its derivative by ``z``, said in terms of ``z`` or ``a``; without a
    slope, nothing below it can learn by gradient descent. Where one unit's activation depends on the whole layer,
    ``across`` holds the lines that come before ``value``, and ``back`` the lines that lead from ``da`` to ``dz``.
    """

    name: str
    textbook: str
    value: str
    slope: str | None = None
    across: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    remark: str = ""
    """A decision that a reader of the page should see."""
    options: tuple[Option, ...] = ()
    source: str = ""

    @property
    def learns(self) -> bool:
        """Whether an error can pass back through it."""
        return self.slope is not None or bool(self.back)


ACTIVATIONS = catalogue(
    [
        Activation(
            name="step",
            textbook="1 if z > 0, else 0",
            value="where(z > 0.0, 1.0, 0.0)",
            remark="fires where z exceeds 0, so not at 0 itself",
            source="McCulloch and Pitts, Bull. Math. Biophys. 5 (1943)",
        ),
        Activation(
            name="linear",
            textbook="z",
            value="z",
            slope="1.0",
            source="Widrow and Hoff, IRE WESCON (1960)",
        ),
        Activation(
            name="sigmoid",
            textbook="1 / (1 + exp(-z))",
            value="exp(minimum(z, 0.0)) / (1.0 + exp(-abs(z)))",
            slope="a * (1.0 - a)",
            remark="in a form in which exp never overflows",
            source="Rumelhart, Hinton and Williams, Nature 323 (1986)",
        ),
        Activation(
            name="tanh",
            textbook="tanh(z)",
            value="tanh(z)",
            slope="1.0 - a**2",
            source="LeCun, Bottou, Orr and Müller, Efficient BackProp (1998)",
        ),
        Activation(
            name="relu",
            textbook="max(z, 0)",
            value="maximum(z, 0.0)",  # in this order NaN is passed on
            slope="where(z > 0.0, 1.0, 0.0)",
            remark="the slope at z = 0 is taken as 0",
            source="Nair and Hinton, ICML (2010)",
        ),
        Activation(
            name="softmax",
            textbook="exp(z) / sum(exp(z))",
            across=("top = max(z)", "e = exp(z - top)", "total = sum(e)"),
            value="e / total",
            back=("flow = sum(a * da)", "dz = a * (da - flow)"),
            remark="less the largest z, so that exp never overflows",
            source="Bridle, NATO ASI F68 (1990)",
        ),
    ]
)
