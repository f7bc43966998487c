"""The parts of NumPy modules: what each has, the same bits as the whole module, and what is refused without checks."""

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from nngen.description.model.spec import Spec
from nngen.targets.modules import as_module, texts
from tests.support import kinds, stopping
from tests.support.modules import named, spec, targets
from tests.support.networks import NETWORKS, weighed

TABLE: Mapping[str, str] = {
    "forward": "PARAMETERS forward",
    "gradient": "loss gradient batch_gradient",
    "training": "init init_state step fit",
    "prediction": "encode decode predict predict_proba scale COLUMNS CATEGORIES CLASSES IDS",
    "files": "LAYOUT pack unpack save load",
    "checks": "",
}
"""What each part has for its users, besides the functions of its formulas, such as ``sigmoid``."""

NEEDED: Mapping[str, Collection[str]] = {"gradient": ["forward"], "training": ["forward", "gradient"]}
WORDS = {word for words in TABLE.values() for word in words.split()} | {"TRAINED"}

CONTENTS = [
    ("forward",),
    ("gradient",),
    ("training",),
    ("prediction",),
    ("training", "prediction"),
    ("training", "prediction", "files"),
    ("training", "prediction", "files", "checks"),
]

Array = NDArray[np.float64]


class Case(NamedTuple):
    """A network, and examples that it takes."""

    spec: Spec
    folder: Path
    x: Array
    y: Array
    more: Mapping[str, Array]
    """The weights of the examples, if its loss takes some."""


def _committed(name: str, **more: object) -> Case:
    path = named(name)
    return _case(Spec.model_validate(spec(path).model_dump(by_alias=True) | more), path.parent)


def _case(network: Spec, folder: Path = Path()) -> Case:
    random = np.random.default_rng(5)
    x = random.uniform(-1.0, 1.0, size=(12, len(network.input_names)))
    for place, index in enumerate(network.indices):
        x[:, place] = random.integers(index.count, size=12)
    more = {"weights": random.uniform(0.5, 2.0, size=12)} if network.loss.example_weights else {}
    return Case(network, folder, x, targets(network, 12, random), more)


CASES = {
    "xor_mlp": lambda: _committed("xor_mlp"),
    "iris": lambda: _committed("iris"),
    "digits": lambda: _committed("digits"),
    "digits, float32": lambda: _committed("digits", targets=[{"name": "numpy", "dtype": "float32"}]),
    "penguins": lambda: _committed("penguins"),
    "ratings_mf": lambda: _committed("ratings_mf"),
    "digits_batch_norm": lambda: _committed("digits_batch_norm"),
    "dropout": lambda: _case(NETWORKS["dropout"].spec),
    "example weights": lambda: _case(weighed("numbers", ["example"], "sum").spec),
    "weighted mean": lambda: _case(weighed("fused", ["class", "example"], "weighted_mean").spec),
    "a validation": lambda: _case(stopping.of({"name": "patience", "epochs": 3, "validation": 0.25, "every": 3})),
    "every kind": lambda: _case(kinds.NETWORKS["every kind, adam, decay, clip, weighted mean"]),
}


@cache
def case(name: str) -> Case:
    return CASES[name]()


@cache
def text(name: str, contents: tuple[str, ...]) -> str:
    return texts(case(name).spec, case(name).folder, ["numpy"], contents=contents)["numpy"]


@cache
def module(name: str, contents: tuple[str, ...] = ("all",)) -> Any:
    return as_module("net", text(name, contents))


def parts(contents: Collection[str]) -> set[str]:
    return {"forward", *contents, *(need for part in contents for need in NEEDED.get(part, ()))}


def unused(page: str) -> Iterator[str]:
    """What a page states and does not use: imports, names that are not for its users, arguments and local names."""
    tree = ast.parse(page)
    used = Counter(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    for node in tree.body:
        match node:
            case ast.Import():
                stated = [one.asname or one.name for one in node.names]
            case ast.FunctionDef():
                stated = [node.name]
            case _:
                stated = [
                    one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
                ]
        yield from (name for name in stated if name not in WORDS and not used[name])
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name != "init_state":
            inner = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
            arguments = [one.arg for one in (*function.args.args, *function.args.kwonlyargs)]
            local = [node.id for node in inner if isinstance(node.ctx, ast.Store)]
            loaded = {node.id for node in inner if isinstance(node.ctx, ast.Load)}
            yield from (f"{function.name}: {name}" for name in (*arguments, *local) if name not in {*loaded, "_"})


@pytest.mark.parametrize("name", CASES)
def test_a_module_has_what_its_parts_need_and_no_more(name: str) -> None:
    whole = vars(module(name)).keys()
    known = set(unused(text(name, ("all",))))
    for contents in CONTENTS:
        page = text(name, contents)
        expected = {word for part in parts(contents) for word in TABLE[part].split()} & whole
        assert vars(module(name, contents)).keys() & WORDS == expected, contents
        assert set(unused(page)) <= known, contents  # such as a slope that no layer below needs
        assert ("# --- Below: " in page) == bool(
            parts(contents) & {"training", "files", "checks"} or "predict" in expected
        )
        assert ("progress" in page) == ("files" in contents and "training" in contents), contents
        assert ("slopes=" in page or "checked=" in page) == ("checks" in contents), contents


def numbers(found: Any) -> list[Any]:
    """The bits of all that a function returns."""
    if isinstance(found, list | tuple):
        return [numbers(one) for one in found]
    return [found.dtype.str, found.shape, found.tobytes()] if isinstance(found, np.ndarray) else [repr(found)]


@pytest.mark.parametrize("name", CASES)
def test_the_bits_are_those_of_the_whole_module(name: str) -> None:
    whole, (_, _, x, y, more) = module(name), case(name)
    start = whole.init(3)
    seeds = {"seeds": np.arange(12)} if "seeds" in text(name, ("gradient",)) else {}
    calls: list[tuple[str, tuple[Any, ...], Mapping[str, Any]]] = [
        ("forward", (start, x), {}),
        ("loss", (start, x, y), more),
        ("gradient", (start, x, y), more),
        ("gradient", (start, x.tolist(), y.tolist()), {}),  # without weights, all examples count 1
        ("batch_gradient" if hasattr(whole, "batch_gradient") else "gradient", (start, x, y), {**more, **seeds}),
        ("init", (4,), {}),
        *(("fit", (start, x, y, 4, size, 7), more) for size in (None, 5, 1)),
        ("fit", (start, x, y, 2), more),
    ]
    if hasattr(whole, "predict"):
        rows = [[cell(whole, column) for column in whole.COLUMNS] for _ in range(2)]
        calls += [("encode", (rows,), {}), ("predict", (start, rows), {})]
        calls += [("predict_proba", (start, rows), {})] if hasattr(whole, "predict_proba") else []
    expected = [numbers(getattr(whole, function)(*given, **options)) for function, given, options in calls]
    assert expected[-1] != numbers((start, []))
    for contents in CONTENTS:
        made = module(name, contents)
        for (function, given, options), bits in zip(calls, expected, strict=True):
            if hasattr(made, function):
                assert numbers(getattr(made, function)(*given, **options)) == bits, (contents, function)
    trained = module(name, ("training", "prediction", "files"))
    assert numbers(trained.unpack(trained.pack(start))) == numbers(start)


def cell(made: Any, column: str) -> object:
    """A value that a column takes."""
    listed = {**getattr(made, "CATEGORIES", {}), **getattr(made, "IDS", {})}.get(column, 2)
    return listed[-1] if isinstance(listed, tuple) else listed - 1


@pytest.mark.parametrize("name", CASES)
def test_wrong_sizes_are_refused_without_checks(name: str) -> None:
    made, (network, _, x, y, more) = module(name, ("training", "prediction", "files")), case(name)
    start = made.init()
    wide = np.hstack([x, x[:, :1]])
    inputs = [x[:, :-1], wide, x[0], x[0, :1], x[:, :, None]]
    params = [
        start[:-1],
        [*start, start[-1]],
        [start[0][:1], *start[1:]],
        [start[0][:, :1], *start[1:]],
        [*start[:-1], np.zeros(len(start[-1]) + 1)],
        [*start[:-1], np.float64(0.0)],
    ]
    wrong = [(start, one, y) for one in inputs] + [(one, x, y) for one in params if numbers(one) != numbers(start)]
    for one, given, _ in wrong:
        with pytest.raises(ValueError, match="expected parameters"):
            made.forward(one, given)
    wrong += [
        (start, x, y[:1]),
        (start, x, y[:-1]),
        (start, x, np.hstack([y, y])),
        (start, x, y[:, 0]),
        (start, x, 1.0),
    ]
    wrong.append((start, x[:0], y[:0]))
    for index, place in [(index, place) for place, index in enumerate(network.indices)]:
        for value in (-1.0, 0.5, float(index.count), 1e20):
            ids = x.copy()
            ids[4, place] = value
            wrong.append((start, ids, y))
    for function in ("loss", "gradient", "batch_gradient", "fit"):
        for arguments in wrong if hasattr(made, function) else ():
            with pytest.raises(ValueError, match="expected"):
                getattr(made, function)(*arguments)
        for weights in (np.ones(1), np.ones((12, 1)), np.ones(13)) if more and hasattr(made, function) else ():
            with pytest.raises(ValueError, match="expected weights"):
                getattr(made, function)(start, x, y, weights=weights)
    for seeds in ([3], np.arange(13)) if "seeds: " in text(name, ("gradient",)) else ():
        with pytest.raises(ValueError, match="expected seeds"):
            getattr(made, "batch_gradient", made.gradient)(start, x, y, seeds=seeds)
    with pytest.raises(ValueError, match="batches of at least 1"):
        made.fit(start, x, y, 1, 0)
    with pytest.raises(ValueError, match=r"expected \d+ parameters"):
        made.unpack(made.pack(start)[:-1])
    if hasattr(made, "scale"):
        with pytest.raises(ValueError, match="expected x"):
            made.scale(x[:, :1])


def test_a_callback_ends_training_without_files() -> None:
    made, (_, _, x, y, _) = module("iris", ("training",)), case("iris")
    seen: list[Any] = []

    def ends(*given: Any) -> bool:
        seen.append(given)
        return len(seen) == 2

    params, history = made.fit(made.init(), x, y, 9, callback=ends)
    assert [(epoch, loss) for epoch, loss, _ in seen] == [*enumerate(history)]
    assert numbers(seen[1][2]) == numbers(params) != numbers(seen[0][2])


@pytest.mark.parametrize("name", ["xor_mlp", "digits_batch_norm", "ratings_mf", "weighted mean"])
@pytest.mark.parametrize("contents", [("gradient", "checks"), ("training", "checks")])
def test_a_module_with_checks_is_a_program(name: str, contents: tuple[str, ...], capsys: Any) -> None:
    page = text(name, contents)
    assert not {"pack", "unpack", "save"} & set(vars(module(name, contents)))
    with pytest.raises(SystemExit) as ended:
        exec(compile(page, "net.py", "exec"), {"__name__": "__main__"})
    assert ended.value.code is False
    assert "apart: right" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["digits", "digits, float32", "ratings_mf"])
def test_trained_parameters_are_in_every_module(name: str) -> None:
    (network, folder, x, _, _), whole = case(name), module(name)
    flat = whole.pack(whole.init(3))
    for contents in ((), ("forward",), ("training", "files")):
        page = texts(network, folder, ["numpy"], parameters=flat, contents=contents)["numpy"]
        made = as_module("net", page)
        assert numbers(made.TRAINED) == numbers(whole.unpack(flat))
        assert numbers(made.forward(made.TRAINED, x)) == numbers(whole.forward(whole.unpack(flat), x))
        assert hasattr(made, "unpack") == ("files" in contents)
        assert hasattr(made, "predict") == (not contents)
