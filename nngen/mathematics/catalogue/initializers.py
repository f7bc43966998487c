"""The catalogue of initializers: a formula for each initial value.

The variables of a formula are random draws: ``u`` is uniform from 0 to 1, ``n`` is standard normal, ``t`` is standard
normal and redrawn until it is within ``cut``, ``q`` is an entry of an orthogonal matrix. ``fan_in`` is the number of
inputs of a unit, ``fan_out`` the number of units of its layer.
"""

from nngen.common.records import dataclass
from nngen.mathematics.catalogue.entry import Option, catalogue
from nngen.mathematics.formulas import Formula


@dataclass(frozen=True)
class Initializer:
    """An initializer: the formula of one initial value."""

    name: str
    textbook: str
    value: str
    cut: str = ""
    """The largest absolute value of ``t``, if the formula has it: a number, or the name of an option."""
    options: tuple[Option, ...] = ()
    source: str = ""

    @property
    def of_a_matrix(self) -> bool:
        """True for an initializer of whole matrices, such as ``orthogonal``. It cannot draw biases."""
        return "q" in Formula(self.value).variables


MIN_CUT = 0.5
"""The smallest cut: here 62 % of the numbers are redrawn, and one in a million about 29 times."""

DEVIATION_WITHIN_2 = 0.8796256610342398
"""The standard deviation of a standard normal number within ±2; the number divided by it has variance 1."""

INITIALIZERS = catalogue(
    [
        Initializer(name="zeros", textbook="0", value="0.0", source="Rosenblatt, Psychological Review 65 (1958)"),
        Initializer(
            name="constant",
            textbook="value",
            value="value",
            options=(Option("value", "The value of every parameter."),),
            source="Jozefowicz, Zaremba and Sutskever, ICML (2015)",
        ),
        Initializer(
            name="uniform",
            textbook="U(low, high)",
            value="low + (high - low) * u",
            options=(
                Option("low", "The lower end of the interval.", default=-1.0),
                Option("high", "The upper end of the interval.", default=1.0),
            ),
            source="Rumelhart, Hinton and Williams, Nature 323 (1986)",
        ),
        Initializer(
            name="normal",
            textbook="N(mean, deviation^2)",
            value="mean + deviation * n",
            options=(
                Option("mean", "The mean.", default=0.0),
                Option("deviation", "The standard deviation.", default=1.0, above=0.0),
            ),
            source="LeCun, Bottou, Orr and Müller, Efficient BackProp (1998)",
        ),
        Initializer(
            name="truncated_normal",
            textbook="N(mean, deviation^2), within mean ± cut * deviation",
            value="mean + deviation * t",
            cut="cut",
            options=(
                Option("mean", "The mean.", default=0.0),
                Option("deviation", "The standard deviation before truncation.", default=1.0, above=0.0),
                Option("cut", "How many deviations from the mean a value may lie.", default=2.0, least=MIN_CUT),
            ),
            source="Abadi et al., TensorFlow (2015)",
        ),
        Initializer(
            name="glorot_uniform",
            textbook="U(-r, r), r = sqrt(6 / (fan_in + fan_out))",
            value="sqrt(6.0 / (fan_in + fan_out)) * (2.0 * u - 1.0)",
            source="Glorot and Bengio, AISTATS (2010), eq. 16",
        ),
        Initializer(
            name="glorot_normal",
            textbook="N(0, 2 / (fan_in + fan_out))",
            value="sqrt(2.0 / (fan_in + fan_out)) * n",
            source="Glorot and Bengio, AISTATS (2010), eq. 12",
        ),
        Initializer(
            name="glorot_truncated",
            textbook="N(0, 2 / (fan_in + fan_out) / 0.8796^2), within ± 2 deviations",
            value=f"sqrt(2.0 / (fan_in + fan_out)) / {DEVIATION_WITHIN_2} * t",
            cut="2.0",
            source="Glorot and Bengio, AISTATS (2010), eq. 12, cut as in Keras",
        ),
        Initializer(
            name="he_uniform",
            textbook="U(-r, r), r = sqrt(6 / fan_in)",
            value="sqrt(6.0 / fan_in) * (2.0 * u - 1.0)",
            source="He, Zhang, Ren and Sun, ICCV (2015), eq. 10",
        ),
        Initializer(
            name="he_normal",
            textbook="N(0, 2 / fan_in)",
            value="sqrt(2.0 / fan_in) * n",
            source="He, Zhang, Ren and Sun, ICCV (2015), eq. 10",
        ),
        Initializer(
            name="he_truncated",
            textbook="N(0, 2 / fan_in / 0.8796^2), within ± 2 deviations",
            value=f"sqrt(2.0 / fan_in) / {DEVIATION_WITHIN_2} * t",
            cut="2.0",
            source="He, Zhang, Ren and Sun, ICCV (2015), eq. 10, cut as in Keras",
        ),
        Initializer(
            name="lecun_uniform",
            textbook="U(-r, r), r = sqrt(3 / fan_in)",
            value="sqrt(3.0 / fan_in) * (2.0 * u - 1.0)",
            source="LeCun, Bottou, Orr and Müller, Efficient BackProp (1998)",
        ),
        Initializer(
            name="lecun_normal",
            textbook="N(0, 1 / fan_in)",
            value="sqrt(1.0 / fan_in) * n",
            source="LeCun, Bottou, Orr and Müller, Efficient BackProp (1998)",
        ),
        Initializer(
            name="lecun_truncated",
            textbook="N(0, 1 / fan_in / 0.8796^2), within ± 2 deviations",
            value=f"sqrt(1.0 / fan_in) / {DEVIATION_WITHIN_2} * t",
            cut="2.0",
            source="LeCun, Bottou, Orr and Müller, Efficient BackProp (1998), cut as in Keras",
        ),
        Initializer(
            name="orthogonal",
            textbook="gain * Q; Q Q^T = I, or Q^T Q = I where Q has more rows than columns",
            value="gain * q",
            options=(Option("gain", "The factor of the orthogonal matrix.", default=1.0, above=0.0),),
            source="Saxe, McClelland and Ganguli, ICLR (2014)",
        ),
    ]
)
