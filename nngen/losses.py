"""The catalogue of losses: ``a`` is an output, ``y`` its target, ``z`` the weighted sum behind the output."""

from dataclasses import dataclass

from nngen.catalogue import Option, catalogue


@dataclass(frozen=True)
class Fusion:
    """A loss and the activation below it as one: ``value`` in terms of ``z``, ``slope`` the derivative by ``z``."""

    activation: str
    value: str
    slope: str
    reason: str
    """Why the slope is what it is, for the reader of the page."""


@dataclass(frozen=True)
class Loss:
    """A loss, as one term for each output.

    ``value`` is the term and ``slope`` its derivative by ``a``. A loss without them exists only fused with an
    activation. ``target`` is the condition that each ``y`` has to meet, ``targets`` says it in words.
    """

    name: str
    textbook: str
    value: str | None = None
    slope: str | None = None
    fused: tuple[Fusion, ...] = ()
    target: str = "-1e18 < y < 1e18"  # the squares of larger numbers overflow in 32 bits
    targets: str = "finite numbers below 1e18 in size"
    distribution: bool = False
    """Whether the targets of one example have to sum to 1."""
    optimizer: str | None = None
    """The one optimizer that it belongs to."""
    options: tuple[Option, ...] = ()
    source: str = ""

    def fusion(self, activation: str) -> Fusion | None:
        """The fused form with this activation, where there is one."""
        return next((fusion for fusion in self.fused if fusion.activation == activation), None)


LOSSES = catalogue(
    [
        Loss(
            name="squared_error",
            textbook="(a - y)^2",
            value="(a - y) ** 2",
            slope="2.0 * (a - y)",
            source="Widrow and Hoff, IRE WESCON (1960)",
        ),
        Loss(
            name="half_squared_error",
            textbook="(a - y)^2 / 2",
            value="0.5 * (a - y) ** 2",
            slope="a - y",
            source="Rumelhart, Hinton and Williams, Nature 323 (1986)",
        ),
        Loss(
            name="binary_cross_entropy",
            textbook="-y log(a) - (1 - y) log(1 - a)",
            fused=(
                Fusion(
                    activation="sigmoid",
                    value="maximum(z, 0.0) - y * z + log1p(exp(-abs(z)))",
                    slope="a - y",
                    reason="the slope of the sigmoid cancels against that of the logarithm, and the difference is left",
                ),
            ),
            target="0.0 <= y <= 1.0",
            targets="numbers from 0 to 1",
            source="Bishop, Pattern Recognition and Machine Learning (2006), eq. 4.90",
        ),
        Loss(
            name="cross_entropy",
            textbook="-y log(a)",
            fused=(
                Fusion(
                    activation="softmax",
                    value="y * (top + log(total) - z)",
                    slope="a - y",
                    reason="the slopes of softmax cancel against that of the logarithm, and the difference is left",
                ),
            ),
            target="0.0 <= y <= 1.0",
            targets="numbers from 0 to 1 that sum to 1 for each example",
            distribution=True,
            source="Bishop, Pattern Recognition and Machine Learning (2006), eq. 4.108",
        ),
        Loss(
            name="perceptron",
            textbook="(a - y) z",
            fused=(
                Fusion(
                    activation="step",
                    value="(a - y) * z",
                    slope="a - y",
                    reason="0 where the answer is right, else the sign of the mistake; step itself has no slope to use",
                ),
            ),
            target="y * (1.0 - y) == 0.0",
            targets="0 or 1",
            optimizer="perceptron",
            source="the perceptron criterion: Bishop, Pattern Recognition and Machine Learning (2006), eq. 4.54",
        ),
    ]
)
