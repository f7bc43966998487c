"""The catalogue of losses: ``a`` is an output, ``y`` its target, ``z`` the weighted sum of the output unit.

``outputs`` is the number of outputs.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

from nngen.catalogue.entry import Option, catalogue

ANY = (-math.inf, math.inf)

TargetKind = Literal["number", "share", "one_hot", "zero_one", "signed"]
"""The values of targets: any numbers; numbers that sum to 1; 0 with a single 1; 0 or 1; -1 or 1."""


@dataclass(frozen=True)
class Fusion:
    """A loss combined with the activation of the output: ``value`` in terms of ``z``, ``slope`` its derivative."""

    activation: str
    value: str
    slope: str
    reason: str
    """Why the slope has this form; printed on the page."""
    textbook: str | None = None
    target: str | None = None
    targets: str | None = None
    target_kind: TargetKind | None = None
    negative_target: float | None = None
    """These five replace the loss's own values; None keeps them."""


@dataclass(frozen=True)
class Loss:
    """A loss, as one term for each output.

    ``value`` is the term and ``slope`` its derivative with respect to ``a``. A loss without them exists only fused with
    an activation. ``across`` has lines before them that combine all outputs. ``target`` is the condition for each
    ``y``, and ``targets`` is the same in words.
    """

    name: str
    textbook: str
    value: str | None = None
    slope: str | None = None
    across: tuple[str, ...] = ()
    fused: tuple[Fusion, ...] = ()
    bounds: tuple[float, float] = ANY
    """The smallest and the largest output that the loss accepts."""
    target: str = "-1e18 < y < 1e18"  # the squares of larger numbers overflow in 32 bits
    targets: str = "finite numbers below 1e18 in size"
    target_kind: TargetKind = "number"
    negative_target: float = 0.0
    """The target of an output whose class an example does not have; for its own class the target is 1."""
    trial_target: float = 1.0
    """A second valid target, for checks of the gradient."""
    optimizer: str | None = None
    """The only optimizer that it works with."""
    options: tuple[Option, ...] = ()
    source: str = ""
    reduction: str = "sum"
    """The default reduction over the outputs: ``sum`` or ``mean``."""
    reduction_source: str = ""
    """The source of this default."""

    @property
    def distribution(self) -> bool:
        """Whether the targets of an example must sum to 1."""
        return self.target_kind in ("share", "one_hot")

    def fusion(self, activation: str) -> Fusion | None:
        """The fused form with this activation, if there is one."""
        return next((fusion for fusion in self.fused if fusion.activation == activation), None)

    def over(self, activation: str) -> "Loss":
        """The loss for outputs with this activation."""
        fusion = self.fusion(activation)
        if fusion is None:
            return self
        fields = ("textbook", "target", "targets", "target_kind", "negative_target")
        return replace(self, **{key: value for key in fields if (value := getattr(fusion, key)) is not None})


CLIP = Option(
    "clip",
    "Smaller outputs are replaced by this number in a logarithm or a division.",
    default=1e-7,
    above=0.0,
)

LOSSES = catalogue(
    [
        Loss(
            name="squared_error",
            textbook="(a - y)^2",
            value="(a - y) ** 2",
            slope="2.0 * (a - y)",
            source="Widrow and Hoff, IRE WESCON (1960)",
            reduction="mean",
            reduction_source="mean squared error: Goodfellow, Bengio and Courville, Deep Learning (2016), eq. 5.4",
        ),
        Loss(
            name="half_squared_error",
            textbook="(a - y)^2 / 2",
            value="0.5 * (a - y) ** 2",
            slope="a - y",
            source="Rumelhart, Hinton and Williams, Nature 323 (1986)",
            reduction_source="Rumelhart, Hinton and Williams, Nature 323 (1986), eq. 3",
        ),
        Loss(
            name="absolute_error",
            textbook="abs(a - y)",
            value="abs(a - y)",
            slope="sign(a - y)",
            source="Laplace, Mémoires de l'Académie royale des sciences (1774)",
            reduction="mean",
            reduction_source="mean absolute error: Willmott and Matsuura, Climate Research 30 (2005)",
        ),
        Loss(
            name="huber",
            textbook="(a - y)^2 / 2 if abs(a - y) <= delta, else delta (abs(a - y) - delta / 2)",
            value="where(abs(a - y) <= delta, 0.5 * (a - y) ** 2, delta * (abs(a - y) - 0.5 * delta))",
            slope="minimum(maximum(a - y, -delta), delta)",
            options=(Option("delta", "The error beyond which the loss is linear.", default=1.0, above=0.0),),
            source="Huber, Ann. Math. Stat. 35 (1964)",
            reduction="mean",
            reduction_source="PyTorch's HuberLoss, Keras's Huber",
        ),
        Loss(
            name="smooth_l1",
            textbook="(a - y)^2 / (2 beta) if abs(a - y) < beta, else abs(a - y) - beta / 2",
            value="where(abs(a - y) < beta, 0.5 * (a - y) ** 2 / beta, abs(a - y) - 0.5 * beta)",
            slope="minimum(maximum((a - y) / beta, -1.0), 1.0)",
            options=(Option("beta", "The error beyond which the loss is linear.", default=1.0, above=0.0),),
            source="Girshick, ICCV (2015), eq. 3",
            reduction="mean",
            reduction_source="PyTorch's SmoothL1Loss",
        ),
        Loss(
            name="log_cosh",
            textbook="log(cosh(a - y))",
            value="abs(a - y) + log1p(0.5 * expm1(-2.0 * abs(a - y)))",
            slope="tanh(a - y)",
            source="Green, IEEE Trans. Med. Imaging 9 (1990)",
            reduction="mean",
            reduction_source="Keras's LogCosh",
        ),
        Loss(
            name="hinge",
            textbook="max(1 - y a, 0)",
            value="maximum(1.0 - y * a, 0.0)",
            slope="where(y * a < 1.0, -y, 0.0)",
            target="y * y == 1.0",
            targets="-1 or 1",
            target_kind="signed",
            negative_target=-1.0,
            source="Cortes and Vapnik, Machine Learning 20 (1995)",
            reduction_source="one machine for each output: Rifkin and Klautau, JMLR 5 (2004)",
        ),
        Loss(
            name="squared_hinge",
            textbook="max(1 - y a, 0)^2",
            value="maximum(1.0 - y * a, 0.0) ** 2",
            slope="-2.0 * y * maximum(1.0 - y * a, 0.0)",
            target="y * y == 1.0",
            targets="-1 or 1",
            target_kind="signed",
            negative_target=-1.0,
            source="Cortes and Vapnik, Machine Learning 20 (1995)",
            reduction_source="one machine for each output: Rifkin and Klautau, JMLR 5 (2004)",
        ),
        Loss(
            name="categorical_hinge",
            textbook="max(1 + rival - own, 0), own = sum(y a), rival = max((1 - y) a)",
            across=(
                "own = sum(y * a)",
                "rival = max((1.0 - y) * a)",
                "near = sum(where(1.0 + rival - own > 0.0, y, 0.0))",
                "ties = sum(where((1.0 - y) * a == rival, 1.0 - y, 0.0))",
            ),
            value="y * maximum(1.0 + rival - own, 0.0)",
            slope="near * (where((1.0 - y) * a == rival, 1.0 - y, 0.0) / maximum(ties, 1.0) - y)",
            target="y * (1.0 - y) == 0.0",
            targets="0 or 1, a single 1 for each example",
            target_kind="one_hot",
            source="Crammer and Singer, JMLR 2 (2001)",
            reduction_source="one margin for each example: Crammer and Singer, JMLR 2 (2001)",
        ),
        Loss(
            name="poisson",
            textbook="a - y log(a + epsilon)",
            value="a - y * log(a + epsilon)",
            slope="1.0 - y / (a + epsilon)",
            bounds=(0.0, math.inf),
            target="0.0 <= y < 1e18",
            targets="numbers from 0 to 1e18",
            options=(Option("epsilon", "A small number that avoids log(0).", default=1e-8, above=0.0),),
            source="McCullagh and Nelder, Generalized Linear Models (1989)",
            reduction_source="the likelihood of independent counts: McCullagh and Nelder (1989), chapter 6",
        ),
        Loss(
            name="kl_divergence",
            textbook="y log(y / a)",
            value="y * (log(maximum(y, clip)) - log(maximum(a, clip)))",
            slope="-y / maximum(a, clip)",
            fused=(
                Fusion(
                    activation="softmax",
                    value="y * (log(maximum(y, clip)) + log(total) - (z - top))",
                    slope="a - y",
                    reason="the slopes of softmax and of the logarithm cancel, only the difference remains",
                ),
            ),
            bounds=(0.0, 1.0),
            target="0.0 <= y <= 1.0",
            targets="numbers from 0 to 1 that sum to 1 for each example",
            target_kind="share",
            options=(CLIP,),
            source="Kullback and Leibler, Ann. Math. Stat. 22 (1951)",
            reduction_source="Kullback and Leibler, Ann. Math. Stat. 22 (1951)",
        ),
        Loss(
            name="binary_cross_entropy",
            textbook="-y log(a) - (1 - y) log(1 - a)",
            value="-y * log(maximum(a, clip)) - (1.0 - y) * log(maximum(1.0 - a, clip))",
            slope="(1.0 - y) / maximum(1.0 - a, clip) - y / maximum(a, clip)",
            fused=(
                Fusion(
                    activation="sigmoid",
                    value="maximum(z, 0.0) - y * z + log1p(exp(-abs(z)))",
                    slope="a - y",
                    reason="the slopes of the sigmoid and of the logarithm cancel, only the difference remains",
                ),
            ),
            bounds=(0.0, 1.0),
            target="0.0 <= y <= 1.0",
            targets="numbers from 0 to 1",
            options=(CLIP,),
            source="Bishop, Pattern Recognition and Machine Learning (2006), eq. 4.90",
            reduction_source="the likelihood of independent outputs: Bishop (2006), section 5.2",
        ),
        Loss(
            name="cross_entropy",
            textbook="-y log(a)",
            value="-y * log(maximum(a, clip))",
            slope="-y / maximum(a, clip)",
            fused=(
                Fusion(
                    activation="softmax",
                    value="y * (log(total) - (z - top))",
                    slope="a - y",
                    reason="the slopes of softmax and of the logarithm cancel, only the difference remains",
                ),
            ),
            bounds=(0.0, 1.0),
            target="0.0 <= y <= 1.0",
            targets="numbers from 0 to 1 that sum to 1 for each example",
            target_kind="share",
            options=(CLIP,),
            source="Bishop, Pattern Recognition and Machine Learning (2006), eq. 4.108",
            reduction_source="Bishop (2006), eq. 4.108",
        ),
        Loss(
            name="smoothed_cross_entropy",
            textbook="-((1 - smoothing) y + smoothing / outputs) log(a)",
            value="-((1.0 - smoothing) * y + smoothing / outputs) * log(maximum(a, clip))",
            slope="-((1.0 - smoothing) * y + smoothing / outputs) / maximum(a, clip)",
            fused=(
                Fusion(
                    activation="softmax",
                    value="((1.0 - smoothing) * y + smoothing / outputs) * (log(total) - (z - top))",
                    slope="a - ((1.0 - smoothing) * y + smoothing / outputs)",
                    reason="the slopes of softmax and of the logarithm cancel, only the difference remains",
                ),
            ),
            bounds=(0.0, 1.0),
            target="0.0 <= y <= 1.0",
            targets="numbers from 0 to 1 that sum to 1 for each example",
            target_kind="share",
            options=(
                Option(
                    "smoothing",
                    "The share of each target that is spread evenly over all outputs.",
                    default=0.1,
                    least=0.0,
                    below=1.0,
                ),
                CLIP,
            ),
            source="Szegedy, Vanhoucke, Ioffe, Shlens and Wojna, CVPR (2016), section 7",
            reduction_source="Szegedy, Vanhoucke, Ioffe, Shlens and Wojna, CVPR (2016), section 7",
        ),
        Loss(
            name="perceptron",
            textbook="(a - y) z",
            fused=(
                Fusion(
                    activation="step",
                    value="(a - y) * z",
                    slope="a - y",
                    reason="0 for a right answer, otherwise the sign of the error; step has no useful slope",
                ),
                Fusion(
                    activation="bipolar_step",
                    value="0.5 * (a - y) * z",
                    slope="0.5 * (a - y)",
                    reason="0 for a right answer, otherwise the sign of the error; a step has no useful slope",
                    textbook="(a - y) z / 2",
                    target="y * y == 1.0",
                    targets="-1 or 1",
                    target_kind="signed",
                    negative_target=-1.0,
                ),
                Fusion(
                    activation="undecided_step",
                    value="maximum(theta - y * z, 0.0)",
                    slope="where(a == y, 0.0, -y)",
                    reason="0 for a right answer, otherwise the sign of the error; a step has no useful slope",
                    textbook="max(theta - y z, 0)",
                    target="y * y == 1.0",
                    targets="-1 or 1",
                    target_kind="signed",
                    negative_target=-1.0,
                ),
            ),
            target="y * (1.0 - y) == 0.0",
            targets="0 or 1",
            target_kind="zero_one",
            optimizer="perceptron",
            source="the perceptron criterion: Bishop, Pattern Recognition and Machine Learning (2006), eq. 4.54",
            reduction_source="one perceptron for each output: Hertz, Krogh and Palmer (1991), chapter 5",
        ),
    ]
)
