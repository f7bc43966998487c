"""The catalogue of rules that end training before its last epoch.

After each epoch, ``measured`` is the loss, ``best`` the lowest so far, and ``since`` the epochs since then.
"""

from dataclasses import dataclass

from nngen.catalogue.entry import Option, catalogue


@dataclass(frozen=True)
class StopRule:
    """A rule: training ends when the condition holds."""

    name: str
    textbook: str
    condition: str
    options: tuple[Option, ...] = ()
    source: str = ""


STOP_RULES = catalogue(
    [
        StopRule(
            name="patience",
            textbook="no lower loss for so many epochs",
            condition="since >= epochs",
            options=(Option("epochs", "How many epochs may pass without a lower loss.", above=0.0),),
            source="Goodfellow, Bengio and Courville, Deep Learning (2016), algorithm 7.1",
        ),
        StopRule(
            name="target",
            textbook="loss <= target",
            condition="measured <= target",
            options=(Option("target", "The loss that is low enough; that of a custom loss may be negative."),),
            source="Rumelhart, Hinton and Williams, Parallel Distributed Processing (1986), chapter 8",
        ),
        StopRule(
            name="generalization_loss",
            textbook="100 (loss - best) / abs(best) > alpha",
            condition="measured > best + 0.01 * alpha * abs(best)",
            options=(Option("alpha", "By how many percent the loss may be above the best.", above=0.0),),
            source="Prechelt, Neural Networks: Tricks of the Trade (1998), GL(alpha)",
        ),
    ]
)
