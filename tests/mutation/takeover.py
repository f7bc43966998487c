"""Replaces the code of a mutated file in a running process: its functions get new code, its constants and entries new
values.

A template is replaced in the environments of all targets. Values that were computed during imports do not change.
"""

import builtins
import gc
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import is_dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from jinja2 import DictLoader

from tests.mutation.mutant import ELSEWHERE, JUDGED, Mutant
from tests.mutation.mutations import everything
from tests.mutation.reach import NOTE, caches, noting, writer


def written_by(target: str) -> list[str]:
    """The templates that modules of a target are made of."""
    found: list[str] = []
    folders = import_module("nngen.targets.environments").TEMPLATES
    names = {path.relative_to(folder).as_posix() for folder in folders for path in folder.rglob("*.jinja")}
    for name in sorted(names):
        wrote = writer(name)
        if wrote == target or (wrote and "/" not in name and target in JUDGED):
            found.append(name)
    return found


class Takeover:
    """The objects of the imported copy of the project that can be replaced."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.render: Any = import_module("nngen.targets.render")  # of the copy
        environment = import_module("nngen.targets.environments").environment
        self.environments = {target: environment(target) for target in (*JUDGED, *ELSEWHERE)}
        for target, templates in self.environments.items():
            for name in written_by(target):
                templates.get_template(name)
            templates.bytecode_cache = None
        objects = living()
        self.caches = caches(objects)
        self.functions: dict[str, list[FunctionType]] = defaultdict(list)
        for one in objects:
            if type(one) is FunctionType:  # asking objects for their class may warn
                self.functions[one.__code__.co_filename].append(one)
        gc.collect()
        gc.freeze()  # what a fork finds besides is its own, and the pages of the rest stay shared

    def note_lines(self) -> None:
        """Make the mutated templates and functions note the lines that run."""
        for templates in self.environments.values():
            templates.cache.clear()
            templates._compile = lambda source, path: compile(noting(source, path), path, "exec")
        for name in {mutant.path for mutant in everything(self.root) if mutant.path.endswith(".py")}:
            path = self.root / name
            self._exchange(path, compile(noting(path.read_bytes(), str(path)), str(path), "exec"), {})
        self.render.complete = partial(self._noted, self.render.complete)

    def _noted(self, complete: Callable[..., str], own: Any, runtime: Any, entries: Any, *more: Any) -> str:
        """Note the lines of the fixed functions that a module takes."""
        chosen = import_module("nngen.targets.definitions").needed(own, runtime, entries)
        for target, name in self._runtimes().items():
            known = {one.text for one in self.render.runtime(target)}
            if known.isdisjoint(one.text for one in runtime):
                continue
            path = self.root / "templates" / name
            text = path.read_text("utf-8")
            for taken in known.intersection(one.text for one in chosen):
                first = text[: text.index(taken)].count("\n") + 1
                getattr(builtins, NOTE)((str(path), first, first + taken.count("\n")))
        return complete(own, runtime, entries, *more)

    def _runtimes(self) -> dict[str, str]:
        """The file with the fixed functions of each target that changes them."""
        return {name: kind.fixed for name, kind in self.render.KINDS.items() if kind.variants or kind.selftest}

    def _take(self, name: str, text: str) -> None:
        """Let modules take their fixed functions from this text instead of the file of this name."""
        [mutated] = [target for target, file in self._runtimes().items() if file == name]
        fixed, usual = self.render.fixed(mutated, text), self.render.runtime
        self.render.narrowed.cache_clear()
        self.render.runtime = lambda target: fixed if target == mutated else usual(target)

    def forget(self) -> None:
        """Clear the caches of tests and custom formulas."""
        for cached in self.caches:
            cached.cache_clear()

    def mutate(self, mutant: Mutant) -> list[str]:
        """Replace the code of the mutated file; returns the names of changed entries."""
        path = self.root / mutant.path
        source = path.read_bytes()
        text = source[: mutant.start] + mutant.text.encode() + source[mutant.stop :]
        if path.suffix == ".jinja":
            name = path.relative_to(self.root / "templates").as_posix()
            for templates in self.environments.values():
                for key in [key for key in templates.cache.keys() if key[1] == name]:  # noqa: SIM118 (not Python's)
                    del templates.cache[key]
                templates.loader.loaders = [DictLoader({name: text.decode()}), *templates.loader.loaders]
            return []
        if path.stem == "runtime":
            self._take(path.relative_to(self.root / "templates").as_posix(), text.decode())
            return []
        old = sys.modules[mutant.path.removesuffix(".py").replace("/", ".")]
        new = ModuleType(old.__name__)
        new.__dict__.update(__file__=old.__file__, __package__=old.__package__, __spec__=old.__spec__)
        code = compile(text, str(path), "exec")
        exec(code, new.__dict__)
        made = {f.__code__: f for f in gc.get_objects() if type(f) is FunctionType and f.__globals__ is new.__dict__}
        self._exchange(path, code, made)
        return [
            name for name in vars(new) if not name.startswith("__") for name in _take_over(vars(old), vars(new), name)
        ]

    def _exchange(self, path: Path, code: CodeType, made: Mapping[CodeType, FunctionType]) -> None:
        """Give the functions of a file their new code, and new defaults to those that exist."""
        after = _codes(code)
        names = {_place(before): name for name, before in _codes(compile(path.read_bytes(), str(path), "exec")).items()}
        for function in self.functions[str(path)]:
            found = after.get(names.get(_place(function.__code__), ("", 0)))
            if found is not None and found.co_freevars == function.__code__.co_freevars:
                function.__code__ = found
                if found in made:
                    function.__defaults__ = made[found].__defaults__
                    function.__kwdefaults__ = made[found].__kwdefaults__


def living() -> list[Any]:
    """All objects of this process, also those that are frozen, as ``tests/conftest.py`` does with what is imported."""
    gc.unfreeze()
    return gc.get_objects()


def _codes(code: CodeType) -> dict[tuple[str, int], CodeType]:
    """The functions of compiled code by name, with the number of earlier functions of the same name."""
    found: dict[tuple[str, int], CodeType] = {}
    numbers: Counter[str] = Counter()

    def walk(code: CodeType) -> None:
        for inner in code.co_consts:
            if isinstance(inner, CodeType):
                found[inner.co_qualname, numbers[inner.co_qualname]] = inner
                numbers[inner.co_qualname] += 1
                walk(inner)

    walk(code)
    return found


def _place(code: CodeType) -> tuple[str, Any]:
    return code.co_qualname, tuple(code.co_positions())


def _take_over(old: dict[str, Any], new: dict[str, Any], name: str) -> Iterator[str]:
    """Give a constant of a module, or a field of an entry, its new value; returns the names of entries."""
    before, after = old.get(name), new[name]
    if isinstance(before, type) and is_dataclass(after):
        vars(before)["__init__"].__defaults__ = vars(after)["__init__"].__defaults__
    if repr(before) == repr(after) or callable(after):
        return
    pairs: list[tuple[Any, Any]] = []
    if isinstance(before, Mapping):
        pairs = list(zip(before.values(), after.values(), strict=True))
    elif isinstance(before, tuple):
        pairs = list(zip(before, after, strict=True))
    elif is_dataclass(before):
        pairs = [(before, after)]
    if not pairs or not all(is_dataclass(one) for one, _ in pairs):
        old[name] = after
        return
    for one, other in pairs:
        if repr(one) != repr(other):
            for field in vars(other):
                yield from _take_over(vars(one), vars(other), field)
            yield from [one.name] if hasattr(one, "name") else []
