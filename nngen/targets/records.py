"""The records of a module: what an optimizer remembers, the settings of a training, and what it needs to continue."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from nngen.printing import Field, Record, records
from nngen.targets.loop_names import state_in_words

if TYPE_CHECKING:
    from nngen.targets.page import Page

OF_STOPPING = ("measured", "best", "since", "best_params")
"""What a training with a stop rule needs, too."""


def record(name: str, page: "Page") -> Record:
    """A record as a network needs it, with the values of its spec."""
    plan = page.plan
    starts = {"state": "init_state()", "measured": "infinity()", "best": "infinity()"}
    starts |= {"epochs": f"{plan.epochs}"} if name == "Settings" else {}
    starts |= {"batch_size": f"{plan.batch_size}", "seed": f"{plan.order_seed}", "progress": "None"}
    gone: tuple[str, ...] = () if plan.stop else OF_STOPPING
    gone += () if page.has("files") else ("progress",)
    one = records()[name]
    fields = [*_of_state(page)] if name == "State" else one.fields
    shown = [replace(field, start=starts.get(field.name, field.start)) for field in fields if field.name not in gone]
    if name != "State":
        return replace(one, fields=shown, continues=page.has("files"))
    says = "Room for the slopes of `train_step`, as new ones are slow."
    private = [] if plan.needs_batch else [Field("slopes", "Kept", says)]
    says = f"What {plan.optimizer.name} remembers from step to step: {state_in_words(plan.optimizer)}."
    return Record(name, says, shown, private, page.has("files"))


def _of_state(page: "Page") -> Iterator[Field]:
    optimizer = page.plan.optimizer
    if optimizer.counts:
        yield Field("t", "Num", "The number of steps.")
    for slot, start in optimizer.memory.items():
        yield Field(slot, "Kept", f"{slot} of each parameter.", start if float(start) else "")
