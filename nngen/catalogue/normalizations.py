"""The catalogue of normalizations: ``v`` is a unit's value that goes in, ``s`` the one that comes out."""

from dataclasses import dataclass

from nngen.catalogue.entry import Option, catalogue


@dataclass(frozen=True)
class Parameter:
    """A parameter of each unit: what it begins with, and its derivative; none where it is measured and not trained."""

    letter: str
    start: str
    slope: str = ""


@dataclass(frozen=True)
class Normalization:
    """A normalization.

    ``lines`` lead from ``v`` to ``s``, ``back`` from ``ds`` to ``dv``. ``mean`` is taken over the units of a layer. A
    line ``measured`` is the mean over the examples of a batch in training; else a parameter of this name stands for it,
    which follows what was measured: by ``running`` from ``old`` towards ``new``, the measure of ``n`` examples. A mean
    over the ``batch`` says how an error goes back through these measures; without training it is 0.
    """

    name: str
    textbook: str
    lines: tuple[str, ...]
    back: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    running: tuple[str, ...] = ()
    reason: str = ""
    """Why the way back is what it is, for the reader of the page."""
    options: tuple[Option, ...] = ()
    source: str = ""

    @property
    def over_units(self) -> bool:
        """Whether it measures the units of a layer together, and not the examples of a batch."""
        return not self.running


GAIN = Parameter("gain", "1.0", "ds * hat")
SHIFT = Parameter("shift", "0.0", "ds")

EPSILON = Option("epsilon", "What is added to the variance, so that its root is never 0.", default=1e-5, above=0.0)

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
                "push = mean(dhat)",
                "turn = mean(dhat * hat)",
                "dv = (dhat - push - hat * turn) / deviation",
            ),
            reason="its mean and deviation take in all units, so that the error of each reaches all",
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
            back=("dhat = ds * gain", "turn = mean(dhat * hat)", "dv = (dhat - hat * turn) / deviation"),
            reason="its mean square takes in all units, so that the error of each reaches all",
            parameters=(GAIN,),
            options=(EPSILON,),
            source="Zhang and Sennrich, NeurIPS (2019), eq. 4",
        ),
        Normalization(
            name="batch_norm",
            textbook="gain (v - mean) / sqrt(variance + epsilon) + shift, over the examples of a batch",
            lines=(
                "mean = measured(v)",
                "variance = measured((v - mean) ** 2)",
                "deviation = sqrt(variance + epsilon)",
                "hat = (v - mean) / deviation",
                "s = gain * hat + shift",
            ),
            back=(
                "dhat = ds * gain",
                "push = batch(dhat)",
                "turn = batch(dhat * hat)",
                "dv = (dhat - push - hat * turn) / deviation",
            ),
            reason="in training its mean and deviation take in all examples, so that the error of each reaches all",
            parameters=(GAIN, SHIFT, Parameter("mean", "0.0"), Parameter("variance", "1.0")),
            running=(
                "mean = (1.0 - momentum) * old + momentum * new",
                "variance = (1.0 - momentum) * old + momentum * (new * n / maximum(n - correction, 1.0))",
            ),
            options=(
                EPSILON,
                Option(
                    "momentum",
                    "The share of a batch's statistics in the running ones.",
                    default=0.1,
                    above=0.0,
                    below=1.0,
                ),
                Option(
                    "correction",
                    "What is taken off the number of examples in the running variance: 1 or 0.",
                    default=1.0,
                    least=0.0,
                ),
            ),
            source="Ioffe and Szegedy, ICML (2015), algorithm 1",
        ),
    ]
)
