"""The catalogue of gradient clipping: a line for each derivative ``g``, before those of the optimizer."""

from nngen.common.records import dataclass
from nngen.mathematics.catalogue.entry import Option, catalogue


@dataclass(frozen=True)
class Clip:
    """Gradient clipping: a line before those of the optimizer.

    Its ``factor`` depends on ``norm``, the Euclidean norm of the whole gradient.
    """

    name: str
    textbook: str
    line: str
    factor: str | None = None
    options: tuple[Option, ...] = ()
    source: str = ""


CLIPS = catalogue(
    [
        Clip(
            name="value",
            textbook="g = min(max(g, -most), most)",
            line="g = minimum(maximum(g, -most), most)",
            options=(Option("most", "The largest size of a derivative.", above=0.0),),
            source="Mikolov, Statistical Language Models Based on Neural Networks (2012)",
        ),
        Clip(
            name="norm",
            textbook="g = g min(1, most / (norm + 1e-6))",
            line="g = g * factor",
            factor="minimum(most / (norm + 1e-6), 1.0)",
            options=(Option("most", "The largest norm of the gradient.", above=0.0),),
            source="Pascanu, Mikolov and Bengio, ICML (2013)",
        ),
    ]
)
