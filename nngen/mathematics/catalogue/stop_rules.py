"""The catalogue of early stopping rules.

``measured`` is the loss that was measured last, ``best`` the lowest loss so far, and ``since`` the number of epochs
between the two.
"""

from nngen.common.records import dataclass
from nngen.mathematics.catalogue.entry import Option, catalogue


@dataclass(frozen=True)
class StopRule:
    """A rule for early stopping: training ends when the condition holds."""

    name: str
    textbook: str
    condition: str
    options: tuple[Option, ...] = ()
    source: str = ""


STOP_RULES = catalogue(
    [
        StopRule(
            name="patience",
            textbook="no lower loss for this many epochs",
            condition="since >= epochs",
            options=(Option("epochs", "The number of epochs to wait for a lower loss.", above=0.0),),
            source="Goodfellow, Bengio and Courville, Deep Learning (2016), algorithm 7.1",
        ),
        StopRule(
            name="target",
            textbook="loss <= target",
            condition="measured <= target",
            options=(Option("target", "The loss at which training ends; it may be negative for a custom loss."),),
            source="Rumelhart, Hinton and Williams, Parallel Distributed Processing (1986), chapter 8",
        ),
        StopRule(
            name="generalization_loss",
            textbook="100 (loss - best) / abs(best) > alpha",
            condition="measured > best + 0.01 * alpha * abs(best)",
            options=(Option("alpha", "How far the loss may be above the lowest loss, in percent.", above=0.0),),
            source="Prechelt, Neural Networks: Tricks of the Trade (1998), GL(alpha)",
        ),
    ]
)
