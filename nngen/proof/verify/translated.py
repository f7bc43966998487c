"""A module of a compiled language in place of the process of a Python module: the same calls, in other words."""

from base64 import b64decode
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nngen.plan import Plan
from nngen.proof.compiled import Module, Program
from nngen.proof.verify.child import Answer, CallError, Child, Code, Declared
from nngen.targets import TARGETS, entries

PARTS = {"gradient": "gradient", "training": "fit", "prediction": "predict", "files": "save", "checks": "check_targets"}
PARTS |= {"sensitivity": "jacobian"}
"""A function that only modules with a part state."""


def contents(target: str, text: str) -> frozenset[str]:
    """The parts of a module, by the functions that it states."""
    if not TARGETS[target].syntax:  # nobody can tell
        return TARGETS[target].parts
    stated = _stated(target, text, PARTS.values())
    return frozenset({"forward", *(part for part, name in PARTS.items() if name in stated)})


def _stated(target: str, text: str, names: Iterable[str]) -> list[str]:
    """Those of some functions that a module states, in the case of its language."""
    language = TARGETS[target]
    stated = set(language.syntax.stated.findall(text)) if language.syntax else None
    return [name for name in names if stated is None or language.cased(name) in stated]


def language_of(path: Path) -> str | None:
    """The language of a file whose modules a driver calls, by the end of its name."""
    return next((name for name, target in TARGETS.items() if target.runs and target.suffix == path.suffix), None)


class Translated(Child):
    """Calls a compiled module as ``Child`` calls one of Python: sizes that its types refuse are refused here."""

    def __init__(self, program: Program, module: Module, seconds: float) -> None:
        super().__init__(Code(module.plan.name, module.text, "weights", module.spec.dtype(program.target)), seconds)
        self.program, self.module = program, module
        self.files: dict[str, str] = {}
        self.params: dict[tuple[str, int | None], list[float]] = {}

    def __enter__(self) -> "Translated":
        has = self.module.contents
        names = [
            name for part in has for name in entries("python", {part}) if name not in ("pack", "unpack", "selftest")
        ]
        functions = [name for name in _stated(self.program.target, self.module.text, names) if name.islower()]
        defaults: dict[str, dict[str, Any]] = {name: {} for name in functions}
        if "training" in has:
            found = [None if value != value else int(value) for value in self._numbers("defaults")]
            defaults["fit"] = dict(zip(("epochs", "batch_size", "seed"), found, strict=True))
        if "checks" in has:
            functions.append("_checked")
        layout = self._text("layout") if "files" in has else None
        self.declared = Declared(layout, None, functions, defaults)
        return self

    def __exit__(self, *given: Any) -> None:
        """The program ends by itself."""

    def start(self) -> Declared:
        """What the module defines."""
        return self.declared

    def read(self, name: str) -> str:
        """The text that the module has written under this name."""
        return self.files[name]

    def write(self, name: str, text: str) -> None:
        """Keep a text under a name."""
        self.files[name] = text

    def call(
        self,
        name: str,
        *arguments: Mapping[str, Any],
        named: Mapping[str, Mapping[str, Any]] | None = None,
        keep: str = "",
        gives: str | int = "all",
    ) -> Answer:
        """Call a function, see ``Child.call``."""
        plan, values = self.module.plan, [self._value(one) for one in arguments]
        more = {word: self._value(one) for word, one in (named or {}).items()}
        self.callbacks: list[list[Any]] = []
        result = self._called(name, plan, values, more)
        if keep and isinstance(result, list):
            self.params[keep, 0 if name == "step" else None] = result[0] if name == "step" else result
        if gives == "nothing":
            return Answer(None, [], self.callbacks, [])
        return Answer(result if gives == "all" else result[int(gives)], [], self.callbacks, [])

    def _called(self, name: str, plan: Plan, values: list[Any], more: dict[str, Any]) -> Any:
        """The result of a function; ``fit`` also keeps the arguments of each callback."""
        weight = [1.0] if plan.loss.example_weights and not plan.loss.weighted_mean else []
        match name:
            case "init":
                return self._numbers("init", values[0] if values else None)
            case "init_state":
                self._numbers("init_state")
                return None
            case "step":
                return [self._numbers("step", self._params(values[0]), values[1])]
            case "forward":
                return self._numbers("forward", self._params(values[0]), self._x(values[1]))
            case "loss":
                given = (self._params(values[0]), self._x(values[1]), self._y(values[2]), weight)
                return self._numbers("loss", *given)[0]
            case "gradient":
                given = (self._params(values[0]), self._x(values[1]), self._y(values[2]), weight)
                seed = [more.get("seed")] if plan.has_dropout and not plan.needs_batch else []
                found = self._numbers("gradient", *given, *seed)
                return [found[0], found[1:]]
            case "batch_gradient":
                seeds = more.get("seeds")
                drawn = None if seeds is None else [len(seeds), *seeds]
                xs, ys = values[1:]
                found = self._numbers("batch_gradient", self._params(values[0]), len(xs), xs, ys, drawn)
                return [found[0], found[1 : 1 + plan.size], found[1 + plan.size :]]
            case "fit":
                return self._fit(plan, values, more)
            case "save":
                self.files[values[1]] = self._text("save", self._params(values[0]))
                return None
            case "load":
                return self._numbers("load", self.files[values[0]])
            case "scale":
                return self._numbers("scale", self._x(values[0]))
            case "encode":
                return self._numbers("encode", values[0])
            case "predict":
                answer = self._either("predict", self._params(values[0]), values[1])
                return answer if isinstance(answer, str) or len(answer) > 1 else answer[0]
            case "anomaly_score":
                return self._numbers("anomaly_score", self._params(values[0]), values[1])[0]
            case "predict_interval":
                return self._numbers("predict_interval", self._params(values[0]), values[1])
        raise CallError("AttributeError", f"the driver does not call {name}")

    def _fit(self, plan: Plan, values: list[Any], more: dict[str, Any]) -> Any:
        params, xs, ys, *settings = values
        if any(len(x) != len(plan.inputs) for x in xs) or any(len(y) != len(plan.output.units) for y in ys):
            raise CallError("ValueError", "the type refuses the size")
        defaults = self.declared.defaults["fit"]
        epochs = settings[0] if settings else defaults["epochs"]
        size, seed, last = [*settings[1:], *[None] * 3][:3]
        given = [self._params(params), len(xs), len(ys), xs, ys, *([None] if plan.loss.example_weights else [])]
        given += [epochs, size, seed, last]
        if "files" in self.module.contents:
            given.append(1 if "progress" in more else None)
        found = self._numbers("fit", *given)
        ended, rest = found[: plan.size], found[plan.size + 2 :]
        count, calls = map(int, found[plan.size : plan.size + 2])
        history, rest = rest[:count], rest[count:]
        self.params["callback", 0] = rest[2 * calls :]
        taken = 3 + ("files" in self.module.contents)
        self.callbacks = [[int(rest[2 * i]), rest[2 * i + 1], taken] for i in range(calls)]
        return [ended, history]

    def _params(self, given: list[float]) -> list[float]:
        return self._sized(given, self.module.plan.size)

    def _x(self, given: list[float]) -> list[float]:
        return self._sized(given, len(self.module.plan.inputs))

    def _y(self, given: list[float]) -> list[float]:
        return self._sized(given, len(self.module.plan.output.units))

    @staticmethod
    def _sized(given: list[float], size: int) -> list[float]:
        if len(given) != size:
            raise CallError("ValueError", "the type refuses the size")
        return given

    def _value(self, argument: Mapping[str, Any]) -> Any:
        """An argument: numbers in a flat list, or a value as it is."""
        match argument:
            case {"parameters": written}:
                return [number for place, one in enumerate(written) for number in self._block(place, *one)]
            case {"kept": name, "item": item}:
                return self.params.get((name, item))
            case {"value": value} | {"rows": value} | {"integers": value} | {"callback": value}:
                return value
        raise ValueError(f"unknown argument {argument}")

    def _block(self, place: int, shape: list[int], text: str, rows: list[int] | None) -> list[float]:
        numbers = np.frombuffer(b64decode(text), np.float64)
        if rows is None:
            return [float(number) for number in numbers]
        whole = np.zeros(self.module.plan.blocks[place].shape)
        whole[rows] = numbers.reshape(shape)
        return [float(number) for number in whole.ravel()]

    def _numbers(self, name: str, *arguments: object) -> list[float]:
        found = self._either(name, *arguments)
        if isinstance(found, str):
            raise CallError("", f"{name} returns a text")
        return found

    def _text(self, name: str, *arguments: object) -> str:
        found = self._either(name, *arguments)
        return found if isinstance(found, str) else ""

    def _either(self, name: str, *arguments: object) -> list[float] | str:
        try:
            return self.program.ask(self.module.plan.name, name, *arguments)
        except ValueError as error:
            raise CallError("ValueError", str(error)) from None
        except EOFError as error:
            raise CallError("", str(error)) from None
