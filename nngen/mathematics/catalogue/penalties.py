"""The catalogue of penalties: a term that each weight ``w`` adds to the loss, so that weights stay small."""

from nngen.common.records import dataclass
from nngen.mathematics.catalogue.entry import Option, catalogue


@dataclass(frozen=True)
class Penalty:
    """A penalty: ``value`` is the term of a weight, ``slope`` its derivative with respect to the weight."""

    name: str
    textbook: str
    value: str
    slope: str
    options: tuple[Option, ...] = ()
    source: str = ""


PENALTIES = catalogue(
    [
        Penalty(
            name="l2",
            textbook="strength w^2 / 2",
            value="0.5 * strength * w**2",
            slope="strength * w",
            options=(Option("strength", "The factor of the penalty.", above=0.0),),
            source="Krogh and Hertz, NIPS (1991)",
        ),
        Penalty(
            name="l1",
            textbook="strength |w|",
            value="strength * abs(w)",
            slope="strength * sign(w)",
            options=(Option("strength", "The factor of the penalty.", above=0.0),),
            source="Tibshirani, J. R. Statist. Soc. B 58 (1996)",
        ),
        Penalty(
            name="elastic_net",
            textbook="l1 |w| + l2 w^2 / 2",
            value="l1 * abs(w) + 0.5 * l2 * w**2",
            slope="l1 * sign(w) + l2 * w",
            options=(
                Option("l1", "The factor of |w|.", above=0.0),
                Option("l2", "The factor of w^2 / 2.", above=0.0),
            ),
            source="Zou and Hastie, J. R. Statist. Soc. B 67 (2005)",
        ),
    ]
)
