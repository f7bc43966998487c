"""The catalogue of activations: ``a`` is the activation of the weighted sum ``z``."""

import math

from nngen.common.records import dataclass
from nngen.mathematics.catalogue.entry import Option, catalogue


@dataclass(frozen=True)
class Activation:
    """An activation.

    ``value`` is the formula of the activation, and ``slope`` its derivative with respect to ``z``, in terms of ``z`` or
    ``a``. Without a slope, layers below it cannot learn by gradient descent. ``steps`` are lines before ``value``; a
    page then defines a function for the activation. If a unit's activation depends on the whole layer, ``across`` has
    the lines before ``value``, and ``back`` has the lines that compute ``dz`` from ``da``.
    """

    name: str
    textbook: str
    value: str
    slope: str | None = None
    steps: tuple[str, ...] = ()
    across: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    remark: str = ""
    """A remark for the reader of the page, such as the reason for this form of the formula."""
    options: tuple[Option, ...] = ()
    source: str = ""
    bounds: tuple[float, float] = (-math.inf, math.inf)
    """The smallest and the largest output, for any options."""
    rises: bool = True
    """Whether it never falls as ``z`` grows, for options of at least 0."""
    convex: bool = False
    """Whether its slope never falls, either, for the default options."""

    @property
    def learns(self) -> bool:
        """Whether an error can pass back through it."""
        return self.slope is not None or bool(self.back)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of its arguments: ``z`` and the options."""
        return "z", *(option.name for option in self.options)


_GELU = "1.5957691216057308 * (z + 0.044715 * z * z * z)"

ACTIVATIONS = catalogue(
    [
        Activation(
            name="step",
            textbook="1 if z > 0, else 0",
            value="where(z > 0.0, 1.0, 0.0)",
            remark="the value at z = 0 is 0",
            bounds=(0.0, 1.0),
            source="McCulloch and Pitts, Bull. Math. Biophys. 5 (1943)",
        ),
        Activation(
            name="bipolar_step",
            textbook="1 if z > 0, else -1",
            value="where(z > 0.0, 1.0, -1.0)",
            remark="the value at z = 0 is -1",
            bounds=(-1.0, 1.0),
            source="Widrow and Hoff, IRE WESCON (1960)",
        ),
        Activation(
            name="undecided_step",
            textbook="1 if z > theta, -1 if z < -theta, else 0",
            value="where(z > theta, 1.0, where(z < -theta, -1.0, 0.0))",
            remark="0 means undecided: z is between the two thresholds or at one of them",
            options=(Option("theta", "The threshold.", default=0.2, least=0.0),),
            bounds=(-1.0, 1.0),
            source="Fausett, Fundamentals of Neural Networks (1994), section 2.3",
        ),
        Activation(
            name="linear",
            textbook="z",
            value="z",
            slope="1.0",
            convex=True,
            source="Widrow and Hoff, IRE WESCON (1960)",
        ),
        Activation(
            name="sigmoid",
            textbook="1 / (1 + exp(-z))",
            value="exp(minimum(z, 0.0)) / (1.0 + exp(-abs(z)))",
            slope="a * (1.0 - a)",
            remark="in a form that cannot overflow",
            bounds=(0.0, 1.0),
            source="Rumelhart, Hinton and Williams, Nature 323 (1986)",
        ),
        Activation(
            name="tanh",
            textbook="tanh(z)",
            value="tanh(z)",
            slope="1.0 - a**2",
            bounds=(-1.0, 1.0),
            source="LeCun, Bottou, Orr and Müller, Efficient BackProp (1998)",
        ),
        Activation(
            name="relu",
            textbook="max(z, 0)",
            value="maximum(z, 0.0)",  # this order passes NaN on
            slope="where(z > 0.0, 1.0, 0.0)",
            remark="the slope at z = 0 is set to 0",
            bounds=(0.0, math.inf),
            convex=True,
            source="Nair and Hinton, ICML (2010)",
        ),
        Activation(
            name="leaky_relu",
            textbook="z if z > 0, else slope z",
            value="where(z > 0.0, z, slope * z)",
            slope="where(z > 0.0, 1.0, slope)",
            remark="the slope at z = 0 is that of the left side",
            options=(Option("slope", "The slope for z <= 0.", default=0.01),),
            convex=True,
            source="Maas, Hannun and Ng, ICML workshop (2013)",
        ),
        Activation(
            name="elu",
            textbook="z if z > 0, else alpha (exp(z) - 1)",
            value="maximum(z, 0.0) + alpha * expm1(minimum(z, 0.0))",
            slope="where(z > 0.0, 1.0, alpha * exp(minimum(z, 0.0)))",
            remark="expm1(z) is exp(z) - 1, also precise near 0",
            options=(Option("alpha", "The limit for large negative z is -alpha.", default=1.0, above=0.0),),
            convex=True,
            source="Clevert, Unterthiner and Hochreiter, ICLR (2016)",
        ),
        Activation(
            name="selu",
            textbook="1.0507 (z if z > 0, else 1.6733 (exp(z) - 1))",
            value="1.0507009873554805 * (maximum(z, 0.0) + 1.6732632423543772 * expm1(minimum(z, 0.0)))",
            slope="1.0507009873554805 * where(z > 0.0, 1.0, 1.6732632423543772 * exp(minimum(z, 0.0)))",
            remark="with these constants, activations tend to mean 0 and variance 1",
            source="Klambauer, Unterthiner, Mayr and Hochreiter, NIPS (2017)",
        ),
        Activation(
            name="celu",
            textbook="z if z > 0, else alpha (exp(z / alpha) - 1)",
            value="maximum(z, 0.0) + alpha * expm1(minimum(z, 0.0) / alpha)",
            slope="exp(minimum(z, 0.0) / alpha)",
            remark="expm1(z) is exp(z) - 1, also precise near 0",
            options=(Option("alpha", "The limit for large negative z is -alpha.", default=1.0, above=0.0),),
            convex=True,
            source="Barron, arXiv:1704.07483 (2017)",
        ),
        Activation(
            name="gelu",
            textbook="z P(X < z), X standard normal",
            steps=(
                "m = minimum(maximum(-z, 0.0), 40.0)",  # never negative: there, % differs between languages
                "u = m / 1.4142135623730951",
                "h = u - u % 2.0**-7",
                "k = m - m % 2.0**-7",
                "e = h * h - 0.5 * k * k + ((u - h) * (u + h) - 0.5 * (m - k) * (m + k))",
            ),
            value="0.5 * z * erfc(-z / 1.4142135623730951) * (1.0 + e)",
            slope="0.5 * erfc(-z / 1.4142135623730951) + 0.3989422804014327 * z * exp(-0.5 * z * z)",
            remark="e corrects erfc for the rounding of u = z / sqrt(2)",
            rises=False,
            source="Hendrycks and Gimpel, arXiv:1606.08415 (2016)",
        ),
        Activation(
            name="gelu_tanh",
            textbook="z (1 + tanh(sqrt(2 / pi) (z + 0.044715 z^3))) / 2",
            value=f"z * sigmoid({_GELU})",
            slope=f"sigmoid({_GELU}) + a * sigmoid(-{_GELU}) * 1.5957691216057308 * (1.0 + 0.134145 * z * z)",
            remark="(1 + tanh(u)) / 2 is sigmoid(2 u), and 1.5957... = 2 sqrt(2 / pi)",
            rises=False,
            source="Hendrycks and Gimpel, arXiv:1606.08415 (2016)",
        ),
        Activation(
            name="silu",
            textbook="z sigmoid(z)",
            value="z * sigmoid(z)",
            slope="sigmoid(z) + a * sigmoid(-z)",
            rises=False,
            source="Elfwing, Uchibe and Doya, Neural Networks 107 (2018)",
        ),
        Activation(
            name="mish",
            textbook="z tanh(softplus(z))",
            value="z * tanh(softplus(z))",
            slope=(
                "tanh(softplus(z)) + 4.0 * z * sigmoid(z) * sigmoid(2.0 * softplus(z)) * sigmoid(-2.0 * softplus(z))"
            ),
            remark="in the slope, 4 sigmoid(2 s) sigmoid(-2 s) is 1 - tanh(s)^2 without cancellation",
            rises=False,
            source="Misra, BMVC (2020)",
        ),
        Activation(
            name="softplus",
            textbook="log(1 + exp(z))",
            value="maximum(z, 0.0) + log1p(exp(-abs(z)))",
            slope="sigmoid(z)",
            remark="in a form that cannot overflow",
            bounds=(0.0, math.inf),
            convex=True,
            source="Dugas, Bengio, Bélisle, Nadeau and Garcia, NIPS (2000)",
        ),
        Activation(
            name="log_sigmoid",
            textbook="log(sigmoid(z))",
            value="minimum(z, 0.0) - log1p(exp(-abs(z)))",
            slope="sigmoid(-z)",
            remark="in a form that cannot overflow",
            bounds=(-math.inf, 0.0),
            source="Mikolov, Sutskever, Chen, Corrado and Dean, NIPS (2013), eq. 4",
        ),
        Activation(
            name="softsign",
            textbook="z / (1 + abs(z))",
            value="z / (1.0 + abs(z))",
            slope="1.0 / (1.0 + abs(z)) ** 2",
            bounds=(-1.0, 1.0),
            source="Turian, Bergstra and Bengio, NAACL HLT (2009)",
        ),
        Activation(
            name="hard_sigmoid",
            textbook="min(max(slope z + 1/2, 0), 1)",
            value="minimum(maximum(slope * z + 0.5, 0.0), 1.0)",
            slope="where(0.0 < a < 1.0, slope, 0.0)",
            remark="the slope at both kinks is set to 0",
            options=(Option("slope", "The slope of the middle part.", default=1.0 / 6.0, above=0.0),),
            bounds=(0.0, 1.0),
            source="Howard et al., ICCV (2019)",
        ),
        Activation(
            name="hard_tanh",
            textbook="min(max(z, -1), 1)",
            value="minimum(maximum(z, -1.0), 1.0)",
            slope="where(-1.0 < z < 1.0, 1.0, 0.0)",
            remark="the slope at both kinks is set to 0",
            bounds=(-1.0, 1.0),
            source="Collobert et al., JMLR 12 (2011)",
        ),
        Activation(
            name="relu6",
            textbook="min(max(z, 0), 6)",
            value="minimum(maximum(z, 0.0), 6.0)",
            slope="where(0.0 < z < 6.0, 1.0, 0.0)",
            remark="the slope at both kinks is set to 0",
            bounds=(0.0, 6.0),
            source="Krizhevsky, Convolutional Deep Belief Networks on CIFAR-10 (2010)",
        ),
        Activation(
            name="hard_swish",
            textbook="z min(max(z + 3, 0), 6) / 6",
            value="z * minimum(maximum(z + 3.0, 0.0), 6.0) / 6.0",
            slope="where(-3.0 < z < 3.0, z / 3.0 + 0.5, where(z > 0.0, 1.0, 0.0))",
            remark="the slope at z = -3 and 3 is that of the outer line",
            rises=False,
            source="Howard et al., ICCV (2019)",
        ),
        Activation(
            name="soft_shrink",
            textbook="z - theta if z > theta, z + theta if z < -theta, else 0",
            value="z - minimum(maximum(z, -theta), theta)",
            slope="where(-theta <= z <= theta, 0.0, 1.0)",
            remark="the slope at both kinks is set to 0",
            options=(Option("theta", "The threshold.", default=0.5, least=0.0),),
            source="Donoho, IEEE Trans. Inf. Theory 41 (1995)",
        ),
        Activation(
            name="hard_shrink",
            textbook="z if z > theta or z < -theta, else 0",
            value="where(-theta <= z <= theta, 0.0, z)",  # this order passes NaN on
            slope="where(-theta <= z <= theta, 0.0, 1.0)",
            remark="the slope at both jumps is set to 0",
            options=(Option("theta", "The threshold.", default=0.5, least=0.0),),
            source="Donoho and Johnstone, Biometrika 81 (1994)",
        ),
        Activation(
            name="scaled_tanh",
            textbook="1.7159 tanh(2 z / 3)",
            value="1.7159 * tanh(2.0 * z / 3.0)",
            slope="2.0 / 3.0 / 1.7159 * (1.7159 - a) * (1.7159 + a)",
            bounds=(-1.7159, 1.7159),
            source="LeCun, Bottou, Orr and Müller, Efficient BackProp (1998)",
        ),
        Activation(
            name="gaussian",
            textbook="exp(-z^2)",
            steps=("s = minimum(abs(z), 30.0)", "h = s - s % 2.0**-7"),
            value="exp(-h * h) * exp((h - s) * (h + s))",
            slope="-2.0 * z * a",
            remark="in two factors, because z^2 would be rounded; h has few digits, so h^2 is exact",
            bounds=(0.0, 1.0),
            rises=False,
            source="Broomhead and Lowe, Complex Systems 2 (1988)",
        ),
        Activation(
            name="sine",
            textbook="sin(z)",
            value="sin(z)",
            slope="cos(z)",
            bounds=(-1.0, 1.0),
            rises=False,
            source="Sitzmann, Martel, Bergman, Lindell and Wetzstein, NeurIPS (2020)",
        ),
        Activation(
            name="softmax",
            textbook="exp(z) / sum(exp(z))",
            across=("top = max(z)", "e = exp(z - top)", "total = sum(e)"),
            value="e / total",
            back=("flow = sum(a * da)", "dz = a * (da - flow)"),
            remark="the largest z is subtracted, so exp cannot overflow",
            bounds=(0.0, 1.0),
            rises=False,
            source="Bridle, NATO ASI F68 (1990)",
        ),
    ]
)
