"""The catalogue of learning rate schedules: the rate at step ``t``, counted from 1."""

from nngen.common.records import dataclass
from nngen.mathematics.catalogue.entry import Option, catalogue


@dataclass(frozen=True)
class Schedule:
    """A schedule of the learning rate: ``value`` is the rate at step ``t``, and ``rate`` the initial one."""

    name: str
    textbook: str
    value: str
    options: tuple[Option, ...] = ()
    source: str = ""


SCHEDULES = catalogue(
    [
        Schedule(
            name="constant", textbook="rate", value="rate", source="Robbins and Monro, Ann. Math. Stat. 22 (1951)"
        ),
        Schedule(
            name="steps",
            textbook="rate factor^floor((t - 1) / every)",
            value="rate * factor ** floor((t - 1) / every)",
            options=(
                Option("factor", "The factor of the rate.", default=0.1, above=0.0),
                Option("every", "The number of steps between two changes.", above=0.0),
            ),
            source="He, Zhang, Ren and Sun, CVPR (2016)",
        ),
        Schedule(
            name="exponential",
            textbook="rate factor^(t - 1)",
            value="rate * factor ** (t - 1)",
            options=(Option("factor", "The factor of the rate after each step.", above=0.0),),
            source="Goodfellow, Bengio and Courville, Deep Learning (2016), section 8.3",
        ),
        Schedule(
            name="inverse_time",
            textbook="rate / (1 + decay (t - 1))",
            value="rate / (1.0 + decay * (t - 1))",
            options=(Option("decay", "How fast the rate falls.", above=0.0),),
            source="Robbins and Monro, Ann. Math. Stat. 22 (1951)",
        ),
        Schedule(
            name="cosine",
            textbook="final + (rate - final) (1 + cos(pi min(t - 1, steps) / steps)) / 2",
            value="final + 0.5 * (rate - final) * (1.0 + cos(3.141592653589793 * minimum((t - 1) / steps, 1.0)))",
            options=(
                Option("steps", "The number of steps until the final rate.", above=0.0),
                Option("final", "The final rate.", default=0.0, least=0.0),
            ),
            source="Loshchilov and Hutter, ICLR (2017)",
        ),
        Schedule(
            name="warm_up",
            textbook="rate min(t / steps, 1)",
            value="rate * minimum(t / steps, 1.0)",
            options=(Option("steps", "The number of steps until the full rate.", above=0.0),),
            source="Goyal et al., arXiv:1706.02677 (2017)",
        ),
    ]
)
