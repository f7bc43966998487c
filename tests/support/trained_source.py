"""The source of training, which runs as Python with what the module of a network states itself."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from nngen.description.model import Spec
from nngen.mathematics.formulas import flat
from nngen.plan import plan
from nngen.printing import constants
from nngen.runtime import losses, network, order, random_numbers, steps, training, weights
from nngen.runtime.kit import State
from nngen.targets import as_module, render
from nngen.targets.page import Page
from nngen.targets.settings import settings_of
from nngen.targets.targets import TARGETS, words

PARTS = (losses, network, order, random_numbers, steps, training, weights)


class Own:
    """What a module states itself, from the module of Python for a spec; parameters are a flat list."""

    def __init__(self, spec: Spec) -> None:
        self.plan = plan(spec)
        self.module: Any = as_module(spec.name, render(self.plan, spec, "python"))
        self.page = Page(self.plan, words(spec, "go"), "float64", "layers", None)
        dialect = TARGETS["go"].dialect
        assert dialect
        self.settings = settings_of(self.page, dialect)

    def values(self) -> dict[str, Any]:
        """What differs between networks, and the functions, by name."""
        known, stop = constants(), self.plan.stop
        found: dict[str, Any] = {
            name: value for name, value in self.settings.items() if name in known and isinstance(value, bool)
        }
        found |= {"INPUTS": len(self.plan.inputs), "PARAMETERS": self.plan.size, "BLOCK_ROWS": self.rows()}
        found |= {"SIZES": False, "TRAINING_SEED": self.plan.training_seed}
        found |= {"MEASURED_BEFORE": True}  # a name that nothing reads is left out only where it is printed
        if stop:
            places = [*stop.places]
            found |= {"EVERY": stop.every, "SHARE": stop.share, "STOP_SEED": stop.seed, "VALIDATION_PLACES": places}
        functions = (
            self._add_gradient,
            self.batch_gradient,
            self._class_weight,
            self.init_state,
            self._update,
            self._ends,
        )
        return found | {one.__name__: one for one in functions}

    def rows(self) -> list[list[int]]:
        """Where each block begins and ends, the length of its rows, and the place of its id."""
        names = [one.name for one in self.plan.indices]
        return [
            [one.start, one.stop, len(one.inputs), names.index(one.index)]
            if one.index
            else [one.start, one.stop, one.size, len(self.plan.inputs)]
            for one in self.plan.blocks
        ]

    def _add_gradient(
        self,
        params: Any,
        x: Any,
        y: Any,
        weight: float,
        seed: int | None,
        slopes: Any,
        products: Any = None,
        factor: float = 1.0,
    ) -> float:
        own = [weight] if self.settings["OWN_WEIGHT"] else []
        seeds = [seed] if self.settings["DROPOUT"] else []
        share = weight if self.settings["WEIGHTED_MEAN"] else 1.0
        loss, found = self.module.gradient(self.module.unpack(params), x, y, *own, *seeds)
        if slopes is not None:
            for i, slope in enumerate(self.module.pack(found)):
                slopes[i] += factor * share * slope
        return float(share * loss)

    def batch_gradient(self, params: Any, xs: Any, ys: Any, weights: Any, seeds: Any, training: bool) -> Any:
        given = [weights] if self.settings["EXAMPLE_WEIGHTS"] else []
        given += [seeds] if self.settings["DROPOUT"] and training else []
        if not training:
            loss = self.module.loss(self.module.unpack(params), xs[0], ys[0], *(one[0] for one in given))
            return loss, [], params
        loss, slopes, after = self.module.batch_gradient(self.module.unpack(params), xs, ys, *given)
        return loss, self.module.pack(slopes), self.module.pack(after)

    def _class_weight(self, y: Any) -> float:
        return float(self.module._weight(y, *([1.0] if self.settings["EXAMPLE_WEIGHTS"] else [])))

    def init_state(self) -> State:
        return State([])

    def _update(self, params: Any, slopes: Any, state: State, places: Any) -> None:
        now, found = self.module.unpack(params), self.module.unpack(slopes)
        before = state.slots[0] if state.slots else self.module.init_state(now)
        step = self.module._step_in_place if self.plan.indices else self.module.step
        if self.settings["LAZY"]:
            assert {i for i, slope in enumerate(slopes) if slope != 0.0} <= {*places}
            for k, one in enumerate(self.plan.blocks):
                chosen = {(i - one.start) // max(1, len(one.inputs)) for i in places if one.start <= i < one.stop}
                found[k] = {row: found[k][row] for row in chosen} if one.index else found[k]
        moved, after = step(now, found, before)
        params[:], state.slots = self.module.pack(moved), [after]

    def _ends(self, measured: float, best: float, since: float) -> bool:
        given = {"measured": measured, "best": best, "since": since}
        assert self.plan.stop
        return bool(eval(flat(self.plan.stop.condition.write(self.page.words)), given))


@contextmanager
def sourced(spec: Spec) -> Iterator[Own]:
    """The source with what a network has: its functions are those of ``nngen.runtime``."""
    own = Own(spec)
    with ExitStack() as stack:
        for part in PARTS:
            for name in vars(part).keys() & own.values().keys():
                stack.enter_context(mock.patch.object(part, name, own.values()[name]))
        yield own
