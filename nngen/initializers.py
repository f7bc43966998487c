"""The catalogue of initializers.

A formula for each initial value: ``u`` is drawn uniformly from 0 to 1, ``n`` from the standard normal distribution;
``fan_in`` counts the inputs of a unit, ``fan_out`` the units that share them.
"""

from dataclasses import dataclass

from nngen.catalogue import Option, catalogue


@dataclass(frozen=True)
class Initializer:
    """An initializer: the formula of one initial value."""

    name: str
    textbook: str
    value: str
    options: tuple[Option, ...] = ()
    source: str = ""


INITIALIZERS = catalogue(
    [
        Initializer(name="zeros", textbook="0", value="0.0", source="Rosenblatt, Psychological Review 65 (1958)"),
        Initializer(
            name="constant",
            textbook="value",
            value="value",
            options=(Option("value", "The value of all of them."),),
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
    ]
)
