"""The catalogue of normalizations: ``v`` is the value of a unit before normalization, ``s`` the value after it."""

from nngen.common.records import dataclass
from nngen.mathematics.catalogue.entry import Option, catalogue


@dataclass(frozen=True)
class Parameter:
    """A parameter of each unit: its initial value, and its derivative; ``slope`` is empty for a running statistic."""

    symbol: str
    start: str
    slope: str = ""


@dataclass(frozen=True)
class Normalization:
    """A normalization.

    ``lines`` compute ``s`` from ``v``, and ``back`` computes ``dv`` from ``ds``. ``mean`` is the mean over the units of
    a layer. ``running_mean(v)`` is the mean over the examples of a batch in training, and the running statistic of the
    same name otherwise; ``running`` updates that statistic from ``old`` towards ``new``, the mean over ``n`` examples.
    ``batch_mean`` is a mean over the batch in the backward pass; outside training it is 0.
    """

    name: str
    textbook: str
    lines: tuple[str, ...]
    back: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    running: tuple[str, ...] = ()
    measured_back: tuple[str, ...] = ()
    """``back`` outside training, where running statistics are constants."""
    reason: str = ""
    """Why the backward pass has this form; printed on the page."""
    options: tuple[Option, ...] = ()
    source: str = ""

    @property
    def over_units(self) -> bool:
        """Whether its statistics are taken over the units of a layer, not over the examples of a batch."""
        return not self.running


GAIN = Parameter("gain", "1.0", "ds * hat")
SHIFT = Parameter("shift", "0.0", "ds")

EPSILON = Option(
    "epsilon",
    "A small number added to the variance or the mean square, to avoid division by 0.",
    default=1e-5,
    above=0.0,
)

NORMALIZATIONS = catalogue(
    [
        Normalization(
            name="layer_norm",
            textbook="gain (v - mean) / sqrt(variance + epsilon) + shift, over the units of each example",
            lines=(
                "mean = mean(v)",
                "variance = mean((v - mean) ** 2)",
                "deviation = sqrt(variance + epsilon)",
                "hat = (v - mean) / deviation",
                "s = gain * hat + shift",
            ),
            back=(
                "dhat = ds * gain",
                "mean_dhat = mean(dhat)",
                "mean_dhat_hat = mean(dhat * hat)",
                "dv = (dhat - mean_dhat - hat * mean_dhat_hat) / deviation",
            ),
            reason="mean and deviation depend on all units, so the error of each unit reaches all of them",
            parameters=(GAIN, SHIFT),
            options=(EPSILON,),
            source="Ba, Kiros and Hinton, arXiv:1607.06450 (2016), eq. 3 and 4",
        ),
        Normalization(
            name="rms_norm",
            textbook="gain v / sqrt(mean of v^2 + epsilon), over the units of each example",
            lines=(
                "square = mean(v**2)",
                "deviation = sqrt(square + epsilon)",
                "hat = v / deviation",
                "s = gain * hat",
            ),
            back=(
                "dhat = ds * gain",
                "mean_dhat_hat = mean(dhat * hat)",
                "dv = (dhat - hat * mean_dhat_hat) / deviation",
            ),
            reason="the mean square depends on all units, so the error of each unit reaches all of them",
            parameters=(GAIN,),
            options=(EPSILON,),
            source="Zhang and Sennrich, NeurIPS (2019), eq. 4",
        ),
        Normalization(
            name="batch_norm",
            textbook="gain (v - mean) / sqrt(variance + epsilon) + shift, over the examples of a batch",
            lines=(
                "mean = running_mean(v)",
                "variance = running_mean((v - mean) ** 2)",
                "deviation = sqrt(variance + epsilon)",
                "hat = (v - mean) / deviation",
                "s = gain * hat + shift",
            ),
            back=(
                "dhat = ds * gain",
                "mean_dhat = batch_mean(dhat)",
                "mean_dhat_hat = batch_mean(dhat * hat)",
                "dv = (dhat - mean_dhat - hat * mean_dhat_hat) / deviation",
            ),
            measured_back=("dv = ds * gain / deviation",),
            reason="in training, mean and deviation depend on all examples, so each error reaches all examples",
            parameters=(GAIN, SHIFT, Parameter("mean", "0.0"), Parameter("variance", "1.0")),
            running=(
                "mean = (1.0 - momentum) * old + momentum * new",
                "variance = (1.0 - momentum) * old + momentum * (new * n / maximum(n - correction, 1.0))",
            ),
            options=(
                EPSILON,
                Option(
                    "momentum",
                    "The weight of a batch in the running statistics.",
                    default=0.1,
                    above=0.0,
                    below=1.0,
                ),
                Option(
                    "correction",
                    "The correction c of the running variance, which is divided by n - c: 1 (unbiased) or 0.",
                    default=1.0,
                    least=0.0,
                ),
            ),
            source="Ioffe and Szegedy, ICML (2015), algorithm 1",
        ),
    ]
)
