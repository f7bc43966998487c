"""Places of numbers, which loops count."""

from collections.abc import Mapping

from nngen.common.records import dataclass


@dataclass(frozen=True)
class Place:
    """The sum of the counters of some loops, each times a number of steps: ``2 * t + c``."""

    steps: tuple[tuple[str, int], ...] = ()

    def counted(self, first: int = 0) -> str:
        """Its text in a language whose counters and places begin at ``first``."""
        terms = [name if step == 1 else f"{step} * {name}" for name, step in self.steps]
        shift = first - first * sum(step for _, step in self.steps)
        text = " + ".join(terms)
        return f"{text} {'-' if shift < 0 else '+'} {abs(shift)}" if terms and shift else text or f"{shift}"

    def at(self, counters: Mapping[str, int]) -> int:
        """Its number, where counters begin at 0."""
        return sum(step * counters[name] for name, step in self.steps)
