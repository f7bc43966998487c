"""A module of a compiled language in place of the process of a Python module: the same calls, in other words."""

from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nngen.description.data import AnyColumn, NumberColumn
from nngen.proof.compiled import KEPT, Module, Program
from nngen.proof.reference import Array
from nngen.proof.verify.child import Answer, CallError, Child, Code, Declared
from nngen.targets import TARGETS, entries

PARTS = {"gradient": "gradient", "training": "fit", "prediction": "predict", "files": "save", "checks": "check_targets"}
PARTS |= {"sensitivity": "jacobian", "notes": "notes"}
"""A function that only modules with a part state."""

TAKES = {
    "forward": "params x", "loss": "params x y", "gradient": "params x y", "batch_gradient": "params xs ys",
    "init": "seed", "init_state": "", "step": "params slopes", "fit": "params xs ys epochs batch_size seed last",
    "save": "params", "load": "", "scale": "x", "encode": "row", "predict": "params row",
    "anomaly_score": "params row", "predict_interval": "params row",
    "input_gradient": "params x y", "jacobian": "params x", "sensitivity": "params row", "contributions": "params row",
    "notes": "row",
}  # fmt: skip
"""The names of arguments, in the order in which the judge gives them."""


def contents(target: str, text: str) -> frozenset[str]:
    """The parts of a module, by the functions that it states."""
    if not TARGETS[target].syntax:  # nobody can tell
        return TARGETS[target].parts
    found = stated(target, text, PARTS.values())
    return frozenset({"forward", *(part for part, name in PARTS.items() if name in found)})


def stated(target: str, text: str, names: Iterable[str]) -> list[str]:
    """Those of some functions that a module states, in the case of its language."""
    language = TARGETS[target]
    found = set(language.syntax.stated.findall(text)) if language.syntax else None
    return [name for name in names if found is None or language.cased(name) in found]


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
        functions = [name for name in stated(self.program.target, self.module.text, names) if name.islower()]
        defaults: dict[str, dict[str, Any]] = {name: {} for name in functions}
        if "training" in has:
            found = [int(value) if value >= 0 else None for value, *_ in self._results("Settings")]
            defaults["fit"] = dict(zip(("epochs", "batch_size", "seed"), found, strict=False))
        if "checks" in has:
            functions.append("_checked")
        layout = self._results("LAYOUT")[0] if "files" in has else None
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
        values = [self._value(one) for one in arguments]
        more = {word: self._value(one) for word, one in (named or {}).items()}
        self.callbacks: list[list[Any]] = []
        result = self._called(name, values, more)
        if keep and isinstance(result, list):
            self.params[keep, 0 if name == "step" else None] = result[0] if name == "step" else result
        if gives == "nothing":
            return Answer(None, [], self.callbacks, [])
        return Answer(result if gives == "all" else result[int(gives)], [], self.callbacks, [])

    def _called(self, name: str, values: list[Any], more: dict[str, Any]) -> Any:
        """The result of a function; ``fit`` also keeps the arguments of each callback."""
        if name not in TAKES:
            raise CallError("AttributeError", f"the driver does not call {name}")
        given = dict(zip(TAKES[name].split(), values, strict=False)) | more
        if name in ("save", "load"):
            path = values[-1]
            given |= {"text": self.files[path]} if name == "load" else {}
        if name == "fit":
            return self._fit(given)
        self._sized(**given)
        found = self._results(name, weight=1.0, **given)
        match name:
            case "save":
                self.files[path] = str(found[0])
                return None
            case "loss" | "anomaly_score":
                return found[0][0]
            case "gradient" | "batch_gradient" | "input_gradient":
                return [found[0][0], *found[1:]]
            case "jacobian":
                return np.reshape(np.concatenate(found), (len(self.module.plan.output.units), -1)).tolist()
            case "sensitivity" | "contributions":
                return self._by_column(np.concatenate(found), numbers=name == "sensitivity")
            case "notes":
                names = [one.column for one in self._columns]
                return dict(zip(("rows", "slopes"), (names, str(found[0]).split(",")), strict=True))
            case "step":
                return found[:1]
            case "predict":
                return found[0] if isinstance(found[0], str) or len(found[0]) > 1 else found[0][0]
        return found[0]

    @property
    def _columns(self) -> Sequence[AnyColumn]:
        """The columns of a row."""
        how = self.module.plan.encoding
        assert how is not None  # noqa: S101 (it has rows)
        return how.columns

    def _by_column(self, found: Array, *, numbers: bool) -> dict[str, Any]:
        """Numbers of each column, as a dictionary of Python has them: of columns of numbers, or of all."""
        by_column = np.reshape(found, (-1, len(self._columns))).T
        kept = [
            (one.column, each.tolist())
            for one, each in zip(self._columns, by_column, strict=True)
            if isinstance(one, NumberColumn) or not numbers or each.any()
        ]
        return {"rows": [column for column, _ in kept], "slopes": [slopes for _, slopes in kept]}

    def _fit(self, given: dict[str, Any]) -> Any:
        self._sized(params=given["params"])
        for x, y in zip(given["xs"], given["ys"], strict=False):
            self._sized(x=x, y=y)
        given = {name: value for name, value in self.declared.defaults["fit"].items() if name == "epochs"} | given
        if "progress" in given:
            given["progress"] = KEPT
        *parts, history, params = self._results("fit", **given)
        taken = 3 + ("files" in self.module.contents)
        calls = [parts[first : first + taken] for first in range(0, len(parts), taken)]
        self.params["callback", 0] = calls[-1][2] if calls else []
        self.callbacks = [[int(epoch), loss, len(call)] for call in calls for (epoch,), (loss,) in [call[:2]]]
        return [params, history]

    def _sized(self, **given: Any) -> None:
        """Refuse lists whose sizes the types of some languages refuse."""
        plan = self.module.plan
        for name, size in (("params", plan.size), ("x", len(plan.inputs)), ("y", len(plan.output.units))):
            if name in given and len(given[name]) != size:
                raise CallError("ValueError", "the type refuses the size")

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

    def _results(self, name: str, /, **given: Any) -> list[Any]:
        try:
            return self.program.results(self.module.plan.name, name, **given)
        except ValueError as error:
            raise CallError("ValueError", str(error)) from None
        except EOFError as error:
            raise CallError("", str(error)) from None
