"""Modules of every language, called alike: tests and ``make fuzz`` state a comparison once.

Parameters, slopes and examples are flat lists of numbers, and so is what a function returns, one after the other: the
loss, slopes or parameters, the history. A refusal is a ``ValueError`` in every language.
"""

import json
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

import numpy as np

from nngen.common.languages import LANGUAGES
from nngen.description.model import ALL, Spec
from nngen.plan import Plan
from nngen.proof.compiled import Module, Program
from nngen.targets import TARGETS, as_module
from tests.support.campaign import sparse
from tests.support.languages import module

DRIVER = Path(__file__).parent / "runner.mjs"
NO_ARGUMENTS: Mapping[str, Any] = MappingProxyType({})
Numbers = list[float]


class Runner(ABC):
    """Calls the modules of one language."""

    def __init__(self, modules: Sequence[Module]) -> None:
        self.modules = {one.plan.name: one for one in modules}

    @abstractmethod
    def call(self, network: str, function: str, given: Mapping[str, Any] = NO_ARGUMENTS) -> Numbers | str:
        """The result of a function.

        Args:
            network: the name of the network.
            function: its name in Python; ``step`` and ``train_step`` keep the state since ``init_state``.
            given: its arguments by name. ``weight``, ``weights``, ``seed`` and ``seeds`` may be there for any
                network; a function gets those that it has.

        Raises:
            ValueError: it refuses its arguments.
        """

    def numbers(self, network: str, function: str, **given: Any) -> Numbers:
        """The same for a function that gives numbers."""
        found = self.call(network, function, given)
        assert not isinstance(found, str), found
        return found

    def close(self) -> None:  # noqa: B027 (most have nothing to end)
        """End its process."""


class Compiled(Runner):
    """A program of Rust, Go, Java or C# with all modules."""

    def __init__(self, target: str, modules: Sequence[Module], folder: Path) -> None:
        super().__init__(modules)
        self.program = Program(target, modules, folder).__enter__()

    def call(self, network: str, function: str, given: Mapping[str, Any] = NO_ARGUMENTS) -> Numbers | str:
        """See ``Runner.call``."""
        if function == "fit":
            *_, history, params = self.program.results(network, function, **given)
            return [*map(float, params), *map(float, history)]
        return self.program.ask(network, function, **{"weight": 1.0, **given})

    def close(self) -> None:
        """End the program."""
        self.program.__exit__(None, None, None)


class Scripted(Runner):
    """Modules of Python or NumPy in this process."""

    def __init__(self, target: str, modules: Sequence[Module]) -> None:
        super().__init__(modules)
        self.batches = target == "numpy"
        self.made = {one.plan.name: as_module(one.plan.name, one.text) for one in modules}
        self._state: dict[str, Any] = {}

    def call(self, network: str, function: str, given: Mapping[str, Any] = NO_ARGUMENTS) -> Numbers | str:
        """See ``Runner.call``."""
        plan, of = self.modules[network].plan, self.made[network]
        params = of.unpack(given["params"]) if "params" in given else None
        own = {} if not plan.loss.example_weights else {"weights": given.get("weights")}
        if function in ("save", "load"):
            with TemporaryDirectory() as folder:
                path = Path(folder, "params.json")
                if function == "load":
                    path.write_text(given["text"], "utf-8")
                    return _flat(of.pack(of.load(str(path))))
                of.save(params, str(path))
                return path.read_text("utf-8")
        if function == "init":
            return _flat(of.pack(of.init(*([given["seed"]] if given.get("seed") is not None else []))))
        if function == "init_state":
            self._state[network] = of.init_state(of.init())
            return []
        if function == "step":
            slopes = sparse(of.unpack(given["slopes"]), plan.embeddings)
            params, self._state[network] = of.step(params, slopes, self._state[network])
            return _flat(of.pack(params))
        if function == "train_step":
            loss, slopes = of.gradient(params, *self._example(plan, "gradient", given))
            params, self._state[network] = of.step(params, slopes, self._state[network])
            return [float(loss), *_flat(of.pack(params))]
        if function == "fit":
            settings = {name: given[name] for name in ("epochs", "batch_size", "seed")}
            params, history = of.fit(params, self._array(given["xs"]), self._array(given["ys"]), **settings, **own)
            return [*_flat(of.pack(params)), *map(float, history)]
        if function == "batch_gradient":
            seeds = given.get("seeds")
            seeds = np.array(seeds) if self.batches and seeds is not None else seeds
            more = {"seeds": seeds} if plan.has_dropout else {}
            found = of.batch_gradient(params, self._array(given["xs"]), self._array(given["ys"]), **more)
            return [float(found[0]), *_flat(of.pack(found[1])), *_flat(of.pack(found[2]))]
        if function in ("loss", "gradient"):
            found = getattr(of, function)(params, *self._example(plan, function, given))
            return [float(found)] if function == "loss" else [float(found[0]), *_flat(of.pack(found[1]))]
        return self._answered(of, function, params, given)

    def _answered(self, of: Any, function: str, params: Any, given: Mapping[str, Any]) -> Numbers | str:
        """What a row or an example gives: ``forward``, ``scale``, ``encode``, ``predict``, ``predict_proba``."""
        first: Callable[[Any], Any] = (lambda found: found[0]) if self.batches else (lambda found: found)
        if "x" in given:
            x = self._array([given["x"]]) if self.batches else given["x"]
            return _flat(first(getattr(of, function)(*([] if params is None else [params]), x)))
        row = [given["row"]] if self.batches else given["row"]
        found = getattr(of, function)(*([] if params is None else [params]), row)
        if function == "notes":
            return ",".join(np.atleast_1d(found.get(column, ""))[0] for column in of.COLUMNS)
        if isinstance(found, dict):
            return [float(first(np.atleast_1d(share)) if self.batches else share) for share in found.values()]
        found = first(found)
        return str(found) if isinstance(found, str) else _flat(found)

    def _example(self, plan: Plan, function: str, given: Mapping[str, Any]) -> Iterator[Any]:
        """An example, with its weight and its seed where the network has them; in NumPy a batch of one."""
        own, weight = plan.loss.example_weights and not plan.loss.weighted_mean, given.get("weight", 1.0)
        seeded = function == "gradient" and plan.has_dropout and not plan.needs_batch
        if not self.batches:
            yield from (given["x"], given["y"])
            yield from [weight] if own else []
            yield from [given.get("seed")] if seeded else []
            return
        yield from (self._array([given["x"]]), self._array([given["y"]]))
        yield from [np.array([weight])] if plan.loss.example_weights else []
        yield from [None if given.get("seed") is None else np.array([given["seed"]])] if seeded else []

    def _array(self, rows: Any) -> Any:
        return np.array(rows, np.float64) if self.batches else rows


def _flat(values: Any) -> Numbers:
    return [float(value) for value in np.atleast_1d(np.asarray(values, np.float64)).ravel()]


class Node(Runner):
    """Modules of JavaScript in one process of Node."""

    def __init__(self, modules: Sequence[Module], folder: Path) -> None:
        super().__init__(modules)
        for one in modules:
            (folder / f"{one.plan.name}.mjs").write_text(one.text, "utf-8")
        self._process = subprocess.Popen(
            ["node", DRIVER, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def call(self, network: str, function: str, given: Mapping[str, Any] = NO_ARGUMENTS) -> Numbers | str:
        """See ``Runner.call``."""
        plan = self.modules[network].plan
        has: dict[str, Any] = {
            "own": plan.loss.example_weights,
            "single": not plan.loss.weighted_mean,
            "drops": plan.has_dropout,
        }
        has["embeddings"] = plan.embeddings
        assert self._process.stdin
        assert self._process.stdout
        asked = {"network": network, "call": function, "has": has, "given": given}
        self._process.stdin.write(json.dumps(_told(asked)) + "\n")
        self._process.stdin.flush()
        found = json.loads(self._process.stdout.readline() or '{"ended": "Node has ended"}')
        if "gives" not in found:
            raise (ValueError if "refuses" in found else RuntimeError)(str(found))
        gives = found["gives"]
        return gives if isinstance(gives, str) else [float(value) for value in gives]

    def close(self) -> None:
        """End Node."""
        self._process.kill()
        self._process.communicate()


def _told(value: Any) -> Any:
    """A value for JSON, which has no NaN and no infinity."""
    if isinstance(value, float) and not np.isfinite(value):
        return {"number": {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]}
    if isinstance(value, Mapping):
        return {name: _told(one) for name, one in value.items()}
    return [_told(one) for one in value] if isinstance(value, list | tuple) else value


def modules(
    specs: Iterable[Spec], target: str, folder: Path = Path(), contents: frozenset[str] = ALL, **form: str
) -> list[Module]:
    """The modules of some specs in a language, in a form such as ``unroll="layers"``; folder has their data."""
    return [module(spec, target, folder, contents, form=form) for spec in specs]


@contextmanager
def running(target: str, made: Sequence[Module], folder: Path) -> Iterator[Runner]:
    """What calls these modules of a language, whose files go into an empty folder.

    Raises:
        CompileError: they cannot be compiled.
        FileNotFoundError: the compiler is not there.
    """
    from tests.support.runner_c import Library

    folder.mkdir(parents=True, exist_ok=True)
    runner: Runner
    if TARGETS[target].runs:
        runner = Compiled(target, made, folder)
    elif target == "c":
        runner = Library(made, folder)
    else:
        runner = Node(made, folder) if target == "javascript" else Scripted(target, made)
    try:
        yield runner
    finally:
        runner.close()


EVERY = tuple(LANGUAGES)
"""The targets, each a language of its own."""
