"""What takes the time of a command: samples of its stack, counted by the part of the work.

    python benchmarks/clock_profile.py OUT COMMAND ...   # runs nngen COMMAND ..., and writes seconds by part to OUT

Seconds are those of processors, also of the compiler, since a busy machine changes them least. Each sample counts the
time since the one before, so that a call of compiled code counts in full. ``benchmarks.clock`` runs this for each table
on which nngen takes longer than the peer's script.
"""

import atexit
import json
import resource
import signal
import sys
from pathlib import Path
from types import FrameType

SAMPLE = 0.002
"""Seconds between two samples, at least."""

PARTS = {
    "packages": ("importlib._bootstrap:", "importlib._bootstrap_external:"),
    "spec": ("reading/source.py:",),
    "table": (
        "data/tables.py:read_frame",
        "data/tables.py:frame_of",
        "data/tables.py:frames",
        "data/sources.py:content",
    ),
    "scales": ("data/measure.py:measure",),
    "inputs": ("data/network_inputs.py:", "data/examples.py:"),
    "module": ("commands/inner.py:module_of",),
    "training": ("commands/train.py:run",),
    "scores": ("commands/train_report.py:",),
    "columns": ("commands/init.py:spec_for",),
    "answers": ("commands/predict.py:", "commands/recommend.py:"),
    "files": ("commands/train_files.py:", "reading/packing.py:", "commands/output.py:"),
}
"""The parts, and what their functions are in: the part of the innermost function that is listed counts."""

WORDS = {
    "start": "Python, before and after",
    "packages": "loading packages",
    "spec": "reading and checking the spec",
    "table": "reading the table",
    "columns": "looking at columns, writing a spec",
    "scales": "means, deviations, medians",
    "inputs": "inputs of the network, and the split",
    "module": "writing the module",
    "compiler": "the compiler of C",
    "training": "training",
    "scores": "scores, and the baselines beside them",
    "answers": "answers",
    "files": "writing files",
    "other": "all other",
}
"""The parts in words, in the order of a table."""


class Sampler:
    """Counts the seconds of each part while it is on."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = dict.fromkeys(WORDS, 0.0)
        self._last = _seconds()
        signal.signal(signal.SIGPROF, self._sample)
        signal.setitimer(signal.ITIMER_PROF, SAMPLE, SAMPLE)

    def stop(self) -> dict[str, float]:
        """The seconds of each part."""
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        self._count("other")
        return dict(self.seconds)

    def _sample(self, _: int, frame: FrameType | None) -> None:
        self._count(_part(frame))

    def _count(self, part: str) -> None:
        own, others = _seconds()
        self.seconds[part] += own - self._last[0]
        self.seconds["compiler"] += others - self._last[1]  # no other program is started
        self._last = own, others


def _seconds() -> tuple[float, float]:
    """The seconds of processors of this process, and of those that it has waited for."""
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime, others.ru_utime + others.ru_stime


def _part(frame: FrameType | None) -> str:
    """The part of the work of a stack."""
    while frame is not None:
        place = f"{frame.f_code.co_filename.strip('<>')}:{frame.f_code.co_name}"
        for part, places in PARTS.items():
            if any(each in place for each in places):
                return part
        frame = frame.f_back
    return "other"


def main() -> None:
    """Run a command of nngen, and write the seconds of its parts."""
    out, sys.argv[1:] = Path(sys.argv[1]), sys.argv[2:]
    sampler = Sampler()
    atexit.register(lambda: out.write_text(json.dumps(sampler.stop()), "utf-8"))
    from nngen.cli import main as nngen

    nngen(prog_name="nngen")


if __name__ == "__main__":
    main()
