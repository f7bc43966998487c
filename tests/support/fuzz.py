"""The long run of the campaign: ``make fuzz N=500``. It draws specs, and keeps the one that disagrees most.

It works in rounds, each with its own seed, so that a result is quickly found again: at the end the round with the
worst spec runs once more, and Hypothesis makes this spec smaller. It does the same with a spec that fails. Rounds with
an even seed draw specs for tables, with columns of all kinds and embeddings.

Python and NumPy are judged in every form, and then all languages, each in one of four forms by turns and in one program
for a round. If PyTorch is installed, it also judges the reference, but for tables. The exit code is 1 if anything
disagrees, and 2 if a language cannot run.
"""

import argparse
import contextlib
import math
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Flaky

from nngen.common.languages import LANGUAGES
from nngen.description.model.spec import Spec
from tests.support import campaign, fuzz_languages
from tests.support.agreement import Judge
from tests.support.rounding import Found
from tests.support.specs_strategy import COUNT, Drawn, valid_specs
from tests.support.tabular_strategy import valid_tabular_specs

ROUND = 50
SHRINKING = 120
"""Seconds for each of the worst, from when it was found again."""

Judging = Callable[[Spec], list[Found]]


class TooFarError(Exception):
    """A spec with as large a disagreement as the one that is looked for."""


def _round(
    number: int, examples: int, each: Callable[[Drawn], None], phases: Sequence[Phase] = (Phase.generate,)
) -> None:
    """Run one round of specs; it ends with the first that fails, and with shrinking, the last call is the smallest."""
    chosen = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        report_multiple_bugs=False,  # several would come as a group of exceptions
        phases=phases,
    )
    seed(number)(chosen(given(valid_specs() if number % 2 else valid_tabular_specs())(each)))()


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("examples", type=int, nargs="?", default=10_000, help="how many specs")
    parser.add_argument("--seed", type=int, default=0, help="the seed of the first round")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="after which no round begins")
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=LANGUAGES, help="which; all by default")
    options = parser.parse_args(arguments)
    if absent := fuzz_languages.missing(options.languages):
        print(f"not installed: {', '.join(absent)}. Install them, or choose languages by LANGUAGES='python numpy'.")
        return 2
    judges: dict[str, Judging] = {"the reference": campaign.judge}
    if find_spec("torch"):
        from tests.oracle.campaign import judge

        judges["PyTorch"] = judge
    print(f"languages: {', '.join(options.languages)}; judges: {', '.join(judges)}", flush=True)

    tried: Counter[str] = Counter()
    worst: dict[tuple[str, str], tuple[Found, int]] = {}
    drawn: list[tuple[int, Drawn]] = []

    def each(one: Drawn) -> None:
        drawn.append((tried["specs"], one))
        tried["specs"] += 1
        for name, judge in judges.items():
            if name != "PyTorch" or number % 2:
                found = judge(one.spec)
                tried[name] += bool(found)
                kept(name, found)

    def kept(name: str, found: Sequence[Found]) -> None:
        for one in found:
            key = name, one.width
            if key not in worst or one.ulp > worst[key][0].ulp:
                worst[key] = one, number

    begun, number = time.monotonic(), options.seed
    while tried["specs"] < options.examples and time.monotonic() - begun < 60 * options.minutes:
        drawn.clear()
        try:
            _round(number, min(ROUND, options.examples - tried["specs"]), each)
            numbers: dict[int, Judge] = {}
            for language in options.languages:
                kept(language, list(fuzz_languages.judge(drawn, language, numbers)))
                tried[language] += len(drawn)
        except Exception as error:
            which = error.drawn if isinstance(error, fuzz_languages.WrongModuleError) else drawn[-1][1]
            print(f"\nround {number} ends with {type(error).__name__}: {error}\n\n{which!r}")
            print(f"\nthe smallest that was found to fail, too:\n\n{_smaller(number, _failing(judges, error))}")
            return 1
        number += 1
        figures = ", ".join(f"{found.ulp:.1f} ({judge}, {width})" for (judge, width), (found, _) in worst.items())
        print(f"{tried['specs']:6} specs in {time.monotonic() - begun:.0f} s; worst in ULP: {figures}", flush=True)

    print(
        f"\nseeds {options.seed} to {number - 1}; of {COUNT.drawn} specs that were drawn {COUNT.refused} were not valid"
    )
    for (name, width), (found, where) in worst.items():
        print(
            f"\n{name}, {width}, {tried[name]} specs: {found.ulp:.1f} ULP, {found.what} of {found.page}, seed {where}"
        )
        if name in judges:
            print(_smaller(where, _as_far(found, judges[name])))
    return 0


def _failing(judges: Mapping[str, Judging], error: Exception) -> Callable[[Drawn], bool]:
    """Whether a judge finds a spec wrong, or the language that has failed: it compiles no spec before that one."""
    if isinstance(error, fuzz_languages.WrongModuleError):
        return fuzz_languages.failing(error)

    def fails(drawn: Drawn) -> bool:
        try:
            for judge in judges.values():
                judge(drawn.spec)
        except Exception:  # a module may raise anything
            return True
        return False

    return fails


def _as_far(worst: Found, judge: Judging) -> Callable[[Drawn], bool]:
    """Whether a spec disagrees by nine tenths of the worst as much, in the same width."""
    return lambda drawn: any(one.width == worst.width and one.ulp >= 0.9 * worst.ulp for one in judge(drawn.spec))


def _smaller(number: int, meets: Callable[[Drawn], bool]) -> str:
    """The shortest spec of a round that meets a condition, once Hypothesis has tried for a while to make it smaller."""
    shortest, until = "", math.inf

    def each(drawn: Drawn) -> None:
        nonlocal shortest, until
        text = repr(drawn)
        if time.monotonic() > until:  # from now on nothing is smaller than what was found
            if text == shortest:
                raise TooFarError
        elif meets(drawn):
            until = min(until, time.monotonic() + SHRINKING)
            shortest = min(shortest or text, text, key=len)
            raise TooFarError

    with contextlib.suppress(TooFarError, Flaky):
        _round(number, ROUND, each, (Phase.generate, Phase.shrink))
    return shortest or "not found again"


if __name__ == "__main__":
    sys.exit(main())
