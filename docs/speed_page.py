"""The tables and the picture of ``docs/speed.md``, made from ``docs/speed.json``, which ``make bench`` writes."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

RESULTS = Path(__file__).with_name("speed.json")
LINES = Path(__file__).with_name("speed_lines.json")
SCRIPT = Path(__file__).with_name("speed_javascript.json")
COMPLETE = Path(__file__).with_name("speed_complete.json")
COLD = Path(__file__).with_name("speed_cold.json")
GROWTH = Path(__file__).with_name("speed_growth.json")
LANGUAGES = Path(__file__).with_name("speed_languages.json")
SMALL = ("2-2-1", "4-8-3", "9-16-2")
LARGE = ("64-32-10", "784-30-10", "784-300-100-10")
BATCHES = (1, 32, 256)
OURS = (
    "nngen python",
    "nngen python, usual parts",
    "nngen python, PyPy",
    "nngen numpy",
    "nngen numpy, usual parts",
    "nngen c",
    "nngen c, kernel",
    "nngen c, kernel, usual parts",
)
FLOORS = ("Python by hand", "C by hand", "matrix products alone")


def cells() -> dict[tuple[str, int, str], dict[str, list[float]]]:
    """The microseconds of each peer in each round, by network, batch and work."""
    results = json.loads(RESULTS.read_text("utf-8"))["results"]
    return {(one["network"], one["batch"], one["work"]): one["times"] for one in results}


def ratios(times: dict[str, list[float]], peer: str, ours: str) -> list[float]:
    """The time of a peer divided by ours, round by round."""
    return [a / b for a, b in zip(times[peer], times[ours], strict=False)]


@dataclass(frozen=True)
class Bar:
    """A goal: a ratio to the time of a peer, or to that of a floor, a hand-written program."""

    ours: str
    peer: str
    work: str
    batch: int | None
    networks: Sequence[str]
    at_least: float

    def rows(self) -> Iterator[tuple[str, str, str, str]]:
        """A row for each network, or one for the worst cell: what, goal, measured ratio, whether the goal is met."""
        found = cells()
        batches = BATCHES if self.batch is None else (self.batch,)
        seen = {(n, b): ratios(found[n, b, self.work], self.peer, self.ours) for n in self.networks for b in batches}
        worst = min(seen, key=lambda cell: median(seen[cell]))
        for network, batch in [worst] if self.batch is None else seen:
            low, middle, high = quantiles(seen[network, batch], n=4)
            floor = self.peer in FLOORS
            bar = (
                f"{self.peer}: at most {1 / self.at_least:.2f} of its time"
                if floor
                else f"{self.peer}: {self.at_least:g}"
            )
            value = f"{1 / middle:.2f} ({1 / high:.2f} to {1 / low:.2f})" if floor else _range(low, middle, high)
            where = f"{'the worst: ' if self.batch is None else ''}{network}, batch {batch}, {self.work}"
            yield f"{self.ours}, {where}", bar, value, "yes" if middle >= self.at_least else "**no**"


BARS = (
    *(
        Bar("nngen python", peer, "step", 1, ("2-2-1",), bar)
        for peer, bar in (("micrograd", 40), ("PyTorch", 150), ("JAX jit", 8))
    ),
    *(
        Bar("nngen python", peer, "step", 1, ("4-8-3",), bar)
        for peer, bar in (("micrograd", 40), ("PyTorch", 30), ("JAX jit", 1.5))
    ),
    Bar("nngen python", "PyTorch", "step", 1, ("64-32-10",), 1),
    Bar("nngen python", "PyTorch", "epoch", 1, ("64-32-10",), 1),
    Bar("nngen python", "Python by hand", "step", 1, ("64-32-10",), 1 / 1.1),
    Bar("nngen python, PyPy", "C by hand", "epoch", 1, ("2-2-1",), 1 / 3),
    Bar("nngen numpy", "PyTorch", "step", None, SMALL + LARGE, 1),
    Bar("nngen numpy", "scikit-learn", "step", None, SMALL + LARGE, 1),
    Bar("nngen numpy", "JAX jit", "step", 1, SMALL + LARGE, 1 / 1.5),
    Bar("nngen numpy", "JAX jit", "epoch", 1, (*SMALL, LARGE[0]), 1 / 1.5),
    Bar("nngen numpy", "JAX jit", "step", 32, SMALL + LARGE, 1),
    Bar("nngen numpy", "JAX jit", "step", 256, SMALL + LARGE, 1),
    Bar("matrix products alone", "JAX jit", "step", 256, LARGE, 1),
    Bar("nngen numpy", "matrix products alone", "step", 256, LARGE[-1:], 1 / 1.1),
    Bar("nngen c", "JAX jit", "step", 1, (*SMALL, LARGE[0]), 5),
    Bar("nngen c", "JAX jit", "step", 1, LARGE[-1:], 2),
    Bar("nngen c, kernel", "C by hand", "step", None, SMALL + LARGE, 1 / 1.3),
)


def bars() -> None:
    """Each goal, and whether it is met."""
    print("| what | goal | measured | met |")
    print("| --- | --- | --- | --- |")
    for bar in BARS:
        for row in bar.rows():
            print(f"| {' | '.join(row)} |")


def times(work: str, *batches: int) -> None:
    """The microseconds of a call: a row for each peer, a column for each network and batch."""
    found = {(n, batch): one for (n, batch, kind), one in cells().items() if kind == work and batch in batches}
    print(f"| {work} | {' | '.join(f'{network}<br>{batch}' for network, batch in found)} |")
    print(f"| --- |{' ---: |' * len(found)}")
    names = {name for one in found.values() for name in one}
    others = sorted(names.difference(OURS, FLOORS), key=str.lower)
    for name in [*(ours for ours in OURS if ours in names), *others, *(floor for floor in FLOORS if floor in names)]:
        best = {key: min(median(v) for n, v in one.items() if n not in FLOORS) for key, one in found.items()}
        row = [_time(one.get(name), best[key]) for key, one in found.items()]
        print(f"| {name} | {' | '.join(row)} |")


def first() -> None:
    """The fastest in each cell, and how many times as long the other side takes: the fastest library, or target."""
    found = cells()
    kinds = list(dict.fromkeys(kind for _, _, kind in found))
    print(f"| network | batch | {' | '.join(kinds)} |")
    print(f"| --- | ---: |{' --- |' * len(kinds)}")
    for network, batch in dict.fromkeys((network, batch) for network, batch, _ in found):
        row = []
        for kind in kinds:
            times = found[network, batch, kind]
            ours = min((name for name in times if name in OURS), key=lambda name: median(times[name]))
            peer = min((name for name in times if name not in OURS + FLOORS), key=lambda name: median(times[name]))
            fast, slow = sorted((ours, peer), key=lambda name: median(times[name]))
            row.append(f"{fast} {_range(*quantiles(ratios(times, slow, fast), n=4))}")
        print(f"| {network} | {batch} | {' | '.join(row)} |")


def headline() -> None:
    """A few figures, for the head of the page."""
    networks = ("2-2-1", "4-8-3", "64-32-10", "784-300-100-10")
    found = {network: cells()[network, 1, "step"] for network in networks}
    print(f"| a training step, one example | {' | '.join(networks)} |")
    print(f"| --- |{' ---: |' * len(networks)}")
    for ours in ("nngen python", "nngen numpy", "nngen c"):
        print(f"| {ours}, microseconds | {' | '.join(_time(found[network][ours], 0.0) for network in networks)} |")
    for peer in ("PyTorch", "JAX jit", "micrograd"):
        row = []
        for times in found.values():
            best = min(("nngen python", "nngen numpy", "nngen c"), key=lambda name: median(times[name]))
            row.append(f"{median(ratios(times, peer, best)):,.1f}" if peer in times else "")
        print(f"| {peer}: times slower than the fastest nngen target | {' | '.join(row)} |")


def javascript() -> None:
    """JavaScript in Node: microseconds of a call, and of the fastest other library."""
    found = json.loads(SCRIPT.read_text("utf-8"))["results"]
    print("| network | batch | work | nngen | fastest other library | | ratio |")
    print("| --- | ---: | --- | ---: | ---: | --- | ---: |")
    for cell in found:
        ours, *others = ((median(rounds), name) for name, rounds in cell["times"].items())
        best, name = min(others)
        row = (
            cell["network"],
            cell["batch"],
            cell["work"],
            f"{ours[0]:,.3g}",
            f"{best:,.3g}",
            name,
            f"{ours[0] / best:.2g}",
        )
        print(f"| {' | '.join(map(str, row))} |")


def complete() -> None:
    """Complete trainings: the seconds of each program, and its share of the fastest other library's."""
    for task in json.loads(COMPLETE.read_text("utf-8")):
        times = task["times"]
        best = min((name for name in times if not name.startswith("nngen")), key=lambda name: median(times[name]))
        print(f"\n{task['task']}, to a loss of {task['loss']}:\n")
        print(f"| program | epochs | seconds | ratio to {best} |")
        print("| --- | ---: | ---: | ---: |")
        for name, rounds in times.items():
            found = ratios(times, name, best)
            low, middle, high = quantiles(found, n=4) if len(found) > 1 else found * 3
            print(f"| {name} | {task['ends'][name]['epochs']} | {median(rounds):.2f} | {_range(low, middle, high)} |")


def cold() -> None:
    """One prediction in a cold process: time, memory and bytes on disk."""
    found = json.loads(COLD.read_text("utf-8"))
    times = {name: one["seconds"] for name, one in found.items()}
    others = [name for name in times if not name.startswith("nngen") and not name.endswith("alone")]
    best = min(others, key=lambda name: median(times[name]))
    print(f"| program | milliseconds | ratio to {best} | memory, MB | on disk, MB |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, one in found.items():
        low, middle, high = quantiles(ratios(times, name, best), n=4)
        size = f"{one['bytes'] / 1e6:,.{3 if one['bytes'] < 1e6 else 0}f}"
        row = (
            name,
            f"{1000 * median(times[name]):,.1f}",
            _range(low, middle, high),
            f"{one['kilobytes'] / 1e3:,.1f}" if one["kilobytes"] else "",
        )
        print(f"| {' | '.join(row)} | {size} |")


def growth(what: str) -> None:
    """Microseconds by the number of weights, or of rows, and the slope of their logarithms."""
    found = json.loads(GROWTH.read_text("utf-8"))[what]
    sizes = max((one["sizes"] for one in found.values()), key=len)
    print(f"| {what} | {' | '.join(f'{size:,}' for size in sizes)} | slope |")
    print(f"| --- |{' ---: |' * (len(sizes) + 1)}")
    for name, one in found.items():
        times = [_time([1e6 * seconds], 0.0) for seconds in one["seconds"]]
        times += [""] * (len(sizes) - len(times))
        print(f"| {name} | {' | '.join(times)} | {one['slope']} |")


def lines() -> None:
    """The lines of some pages that take most of a step, with their shares."""
    for page in json.loads(LINES.read_text("utf-8")):
        total = sum(time for _, _, time in page["lines"])
        print(f"\n{page['target']}, {page['network']}, batch {page['batch']}, {total:,.0f} microseconds:\n\n```text")
        for function, text, time in sorted(page["lines"], key=lambda line: -line[2])[:3]:
            print(f"{time / total:6.1%}  {function + ':':9} {' '.join(text.split())}")
        print("```")


def machine() -> None:
    """The machine, and the versions of all libraries."""
    about: dict[str, Any] = json.loads(RESULTS.read_text("utf-8"))["about"]
    print(", ".join(f"{name} {value}" for name, value in about.items()) + ".")


def picture() -> None:
    """The time of a step: a point for each network and peer, for single examples and for batches of 256."""
    from draw import COLOURS, GREY, save
    from matplotlib import pyplot

    found = cells()
    figure, all_axes = pyplot.subplots(1, 2, figsize=(9, 3.8), layout="constrained", sharey=True)
    whole = [name for name in OURS if not name.endswith("usual parts")]
    drawn = {
        **dict(zip(whole, (COLOURS[0], COLOURS[4], COLOURS[2], COLOURS[3], COLOURS[1]), strict=True)),
        **dict.fromkeys(("micrograd", "autograd", "scikit-learn", "PyTorch", "JAX jit"), GREY),
    }
    marks = {
        "micrograd": "v",
        "autograd": "<",
        "scikit-learn": "s",
        "PyTorch": "o",
        "JAX jit": "^",
    }
    networks = SMALL + LARGE
    for axes, batch in zip(all_axes, (1, 256), strict=True):
        for name, colour in drawn.items():
            points = [
                (i, found[n, batch, "step"][name]) for i, n in enumerate(networks) if name in found[n, batch, "step"]
            ]
            at, values = zip(*((i, median(v)) for i, v in points), strict=True)
            ours = name in OURS
            axes.plot(
                at,
                values,
                marks.get(name, "."),
                linestyle="-" if ours else ":",
                color=colour,
                label=name,
                linewidth=1.4 if ours else 0.8,
                markersize=4,
            )
        axes.set(yscale="log", title=f"a training step, batch {batch}", xticks=range(len(networks)))
        axes.set_xticklabels(networks, rotation=20, ha="right")
    all_axes[0].set_ylabel("microseconds")
    figure.legend(*all_axes[0].get_legend_handles_labels(), loc="outside right center", frameon=False, fontsize=8)
    save(figure, "speed")


def _range(low: float, middle: float, high: float) -> str:
    digits = 0 if middle >= 20 else 1 if middle >= 3 else 2
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def _time(rounds: list[float] | None, best: float) -> str:
    if rounds is None:
        return ""
    value = median(rounds)
    text = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    return f"**{text}**" if value == best else text


if __name__ == "__main__":
    picture()


def languages() -> None:
    """The table of compiled languages beside C, which ``benchmarks.languages`` measures."""
    print("| network | language | prediction, ns | of C | step, ns | of C |\n| --- | --- | ---: | ---: | ---: | ---: |")
    for network, ours in json.loads(LANGUAGES.read_text("utf-8")).items():
        forward, step = ours["c"]
        for language, (one, other) in ours.items():
            print(f"| {network} | {language} | {one:.0f} | {one / forward:.1f} | {other:.0f} | {other / step:.1f} |")
