"""The long run of the campaign: ``make fuzz N=10000``. It draws specs, and keeps the one that disagrees most.

It works in rounds of a hundred specs, each with a seed of its own, so that what it prints at the end is quickly found
again: the round that had the worst is run once more, and Hypothesis makes its spec smaller. Where PyTorch is installed
beside the tests, it judges the reference of each spec, too. The exit code is 1 where anything disagrees.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec

from hypothesis import HealthCheck, given, seed, settings

from tests import campaign
from tests.specs_strategy import COUNT, Drawn, valid_specs

ROUND = 100


class TooFar(Exception):
    """A spec whose disagreement is as large as the one that is looked for."""


def _round(number: int, examples: int, each: Callable[[Drawn], None]) -> None:
    """Run one round of specs; where one of them fails, the last call is with the smallest that fails likewise."""
    chosen = settings(
        max_examples=examples, database=None, deadline=None, suppress_health_check=list(HealthCheck), print_blob=False
    )
    seed(number)(chosen(given(valid_specs())(each)))()


def main() -> int:
    """Draw, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("examples", type=int, nargs="?", default=10_000, help="how many specs")
    parser.add_argument("--seed", type=int, default=0, help="the seed of the first round")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="after which no round begins")
    options = parser.parse_args()
    oracle: Callable[..., campaign.Found | None] = lambda spec: None  # noqa: E731
    if find_spec("torch"):
        from tests.oracle.campaign import judge as oracle
    print(f"judges: the reference{', and PyTorch for the reference' if find_spec('torch') else ''}", flush=True)

    tried: Counter[str] = Counter()
    worst: dict[str, tuple[campaign.Found, int]] = {}
    last: list[Drawn] = []

    def each(drawn: Drawn) -> None:
        last[:] = [drawn]
        tried["specs"] += 1
        for found in (campaign.judge(drawn.spec), oracle(drawn.spec)):
            if found is not None:
                tried[found.page] += 1
                judge = "PyTorch" if found.page == "PyTorch" else "the reference"
                if judge not in worst or found.ulp > worst[judge][0].ulp:
                    worst[judge] = found, number

    begun, number = time.monotonic(), options.seed
    while tried["specs"] < options.examples and time.monotonic() - begun < 60 * options.minutes:
        try:
            _round(number, min(ROUND, options.examples - tried["specs"]), each)
        except Exception as error:
            print(f"\nround {number} ends with {type(error).__name__}: {error}\n\n{last[0]!r}")
            return 1
        number += 1
        figures = ", ".join(f"{judge} {found.ulp:.1f} ULP" for judge, (found, _) in worst.items())
        print(f"{tried['specs']:6} specs in {time.monotonic() - begun:.0f} s; worst: {figures}", flush=True)

    print(f"\n{tried['specs']} specs, {COUNT.refused} of {COUNT.drawn} drawn were not valid; seeds {options.seed} to {number - 1}")
    for judge, (found, where) in worst.items():
        print(f"\nworst against {judge}: {found.ulp:.1f} ULP, {found.what} of {found.page} (round {where})")
        print(_smaller(where, found, campaign.judge if judge == "the reference" else oracle))
    return 0


def _smaller(number: int, worst: campaign.Found, judge: Callable[..., campaign.Found | None]) -> str:
    """The smallest spec that Hypothesis finds to disagree by nine tenths of the worst as much."""
    last: list[Drawn] = []

    def each(drawn: Drawn) -> None:
        found = judge(drawn.spec)
        if found is not None and found.ulp >= 0.9 * worst.ulp:
            last[:] = [drawn]
            raise TooFar

    try:
        _round(number, ROUND, each)
    except TooFar:
        return repr(last[0])
    return "(not found again)"


if __name__ == "__main__":
    sys.exit(main())
