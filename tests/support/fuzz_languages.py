"""The modules of drawn specs in all languages: a program of each language for many of them, held to the reference."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from nngen.proof.compiled import CompileError, Module
from nngen.targets import TARGETS
from tests.support.agreement import Judge
from tests.support.languages import module
from tests.support.network import coupled
from tests.support.rounding import DisagreementError, Found, judged
from tests.support.runners import Runner, running
from tests.support.specs_strategy import Drawn

PROGRAMS = {
    "javascript": ["node"],
    "c": ["gcc"],
    "rust": ["rustc"],
    "go": ["go"],
    "java": ["javac", "java"],
    "csharp": ["mcs", "mono"],
    "lua": ["lua5.4"],
    "php": ["php"],
}
"""What each language needs."""


def missing(languages: Sequence[str]) -> list[str]:
    """The programs that are not there, each with its language."""
    needed = [(name, program) for name in languages for program in PROGRAMS.get(name, ())]
    return [f"{program} ({name})" for name, program in needed if not shutil.which(program)]


def turned(drawn: Drawn, target: str, turn: int, name: str) -> Module:
    """The module of a spec in one of four forms by turns: an equation for each weight or each layer, 64 or 32 bits."""
    spec, options = drawn.spec, dict[str, str]()
    if target != "numpy":
        options = {"unroll": "layers" if coupled(spec) or spec.indices or turn % 2 else "weights"}
    if target in ("c", "numpy") or TARGETS[target].narrow:
        options |= {"dtype": "float32" if turn // 2 % 2 else "float64"}
    return module(spec, target, name=name, form=options)


class WrongModuleError(Exception):
    """A module of a language is wrong."""

    def __init__(self, drawn: Drawn, target: str, turn: int, what: str) -> None:
        super().__init__(what)
        self.drawn, self.target, self.turn = drawn, target, turn


def judge(some: Sequence[tuple[int, Drawn]], target: str, judges: dict[int, Judge]) -> Iterator[Found]:
    """Every disagreement of the modules of a language with the reference.

    Args:
        some: specs, each with its turn.
        target: the language.
        judges: the numbers of the reference by turn, which other languages have asked for, too.

    Raises:
        WrongModuleError: one is above the bound, or the modules cannot be compiled; then of a spec that has none.
    """
    made = {turn: turned(drawn, target, turn, f"net{turn}") for turn, drawn in some}
    with TemporaryDirectory() as folder:
        try:
            with running(target, list(made.values()), Path(folder)) as runner:
                for turn, drawn in some:
                    yield from _judged(runner, target, turn, drawn, made[turn], judges)
        except CompileError as error:
            if len(some) == 1:
                raise WrongModuleError(some[0][1], target, some[0][0], str(error)) from error
            for half in (some[: len(some) // 2], some[len(some) // 2 :]):
                yield from judge(half, target, judges)
            raise  # each half compiles


def _judged(
    runner: Runner, target: str, turn: int, drawn: Drawn, made: Module, judges: dict[int, Judge]
) -> list[Found]:
    if turn not in judges:
        judges[turn] = Judge(drawn.spec)
    try:
        return judged(list(judges[turn].disagreements(runner, target, made)))
    except DisagreementError as error:
        raise WrongModuleError(drawn, target, turn, str(error)) from error


def failing(error: WrongModuleError) -> Callable[[Drawn], bool]:
    """Whether a spec fails as another one has; specs before that one are not tried, as each needs a compiler."""
    met = False

    def fails(drawn: Drawn) -> bool:
        nonlocal met
        met = met or repr(drawn) == repr(error.drawn)
        try:
            list(judge([(error.turn, drawn)], error.target, {}) if met else ())
        except Exception:  # a module may raise anything
            return True
        return False

    return fails
