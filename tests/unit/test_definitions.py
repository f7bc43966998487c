"""The fixed definitions of a language, and which of them a module gets."""

import ast
from collections.abc import Iterator
from dataclasses import replace

import pytest

from nngen.description.data import encoding
from nngen.description.model import parts
from nngen.description.model.targets import CTarget, JavaScriptTarget
from nngen.plan.planner import plan
from nngen.proof.selftest import module_numbers
from nngen.targets.c_runtime import prefixed
from nngen.targets.definitions import brace_definitions, complete
from nngen.targets.modules import texts
from nngen.targets.python_definitions import python_definitions
from nngen.targets.python_runtime import specific
from nngen.targets.render import binding, definitions, render, runtime
from tests.support import intervals, kinds, predictors, stopping
from tests.support.cells import SPEC
from tests.support.date_texts import SPEC as DATED
from tests.support.extremes import GROWING
from tests.support.modules import ROOT, named, spec
from tests.support.network import layer, network
from tests.support.networks import DROPPING, NEEDS_BATCH, NETWORKS, weighed
from tests.support.number_texts import SPEC as STYLED
from tests.support.stopping import MEASURED, STOP, of
from tests.support.unusual_cells import hotel

RUNTIME = python_definitions('''"""A runtime file."""

import math

LAYOUT = "a sample"


def save() -> None:
    """A function that nothing calls."""
    print(LAYOUT)


# the comment of a definition goes with it
half = math.pi / 2.0


def cosine(x: float) -> float:
    return sine(half - x)


def sine(x: float) -> float:
    loss = math.sin(x)
    return loss


def loss() -> float:
    return 1.0
''')
MODULE = '''"""A module."""

# fmt: off

import math
import os

LAYOUT = "its own"


def forward(x: float) -> float:
    return cosine(x)


# --- Below: more. ---


# helpers


TRAINED = 1.0
'''


def test_a_module_gets_what_it_names_and_nothing_else() -> None:
    """An import that nothing uses goes; a local variable is not the function of this name."""
    text = complete(python_definitions(MODULE), RUNTIME, ["save"])
    taken = text.split("# --- Below: more. ---")[1]
    assert [line.split("(")[0] for line in taken.splitlines() if line.startswith("def ")] == [
        "def save",
        "def cosine",
        "def sine",
    ]
    assert "\n\n\n# the comment of a definition goes with it\nhalf = math.pi / 2.0\n\n\ndef cosine" in taken
    assert taken.endswith("    return loss\n\n\nTRAINED = 1.0\n")
    assert "import math\n\nLAYOUT" in text
    assert "import os" not in text
    assert text.count("LAYOUT = ") == 1


def test_definitions_keep_every_byte() -> None:
    own = python_definitions(MODULE)
    assert "".join("\n" * one.gap + one.text + "\n" for one in own) == MODULE


BRACES = brace_definitions("""/*
A runtime file.
*/

const HALF = 0.5;

// The comment of a definition goes with it.
/** @type {(x: number) => number} */
function square(x) {
  return x * x;
}

function half(x) {
  return x * HALF;
}

function log(text) {
  console.log(text);
}
""")
SCRIPT = """/*
A module: square.

half
*/

// the numbers
export const NAMES = ["half", 'log'];
let used = 0;

export function forward(x) {
  // log

  used += 1; // half
  return [...square(x)];
}

// --- Below: more. ---

// helpers

export const TRAINED = 1.0;
"""


def test_a_module_with_braces_gets_what_it_names() -> None:
    own = brace_definitions(SCRIPT)
    assert "".join("\n" * one.gap + one.text + "\n" for one in own) == SCRIPT
    assert [sorted(one.names) for one in own] == [[], ["NAMES", "used"], ["forward"], [], [], ["TRAINED"]]
    assert complete(own, BRACES, []) == SCRIPT.replace("// helpers", BRACES[2].text)
    assert complete(own, BRACES, ["half"]) == SCRIPT.replace(
        "// helpers", f"{BRACES[1].text}\n\n{BRACES[2].text}\n\n{BRACES[3].text}"
    )


@pytest.mark.parametrize(
    "text",
    [
        "log; // half",
        "log /* half */;",
        """log("half", 'it\\'s half');""",
        "`half \\` ${log} half`;",
        "`half ${[1].map(() => { return `half ${log}`; })} half $ {half}`;",
        r"log && /[^half\/]+/.test(x) && y.match(/half/);",
        "log.half?.half;",
        "({ half: log });",
        "0.5half + [...log];",
    ],
)
def test_a_name_in_a_comment_or_a_text_is_not_used(text: str) -> None:
    (found,) = brace_definitions(f"{text}\n")
    assert found.uses & {"half", "log"} == {"log"}


DETECTOR = {
    "name": "detector",
    "inputs": ["a", "b"],
    "layers": [{"name": "output", "units": 2, "activation": "linear"}],
    "loss": "squared_error",
    "training": {"optimizer": {"name": "adam", "rate": 0.1}},
    "data": {"file": "rows.csv", "target": "inputs"},
}
"""A network whose targets are its inputs."""

FIRST = [
    "gelu twice",
    "batch normalization and all the rest",
    *(f"batch normalization, {of}" for of in ("weights of classes", "weights of examples", "shares of examples")),
    "initial values, cut or orthogonal",
    "own soft_step twice",
    "own root twice",
]
"""Networks with the functions that few modules have: the others are written only where one is still missing."""


@pytest.mark.parametrize("target", ["python", "numpy", "javascript", "c"])
def test_each_fixed_function_is_in_a_module(target: str) -> None:
    """Dead code would stay in a runtime file for ever: each of its definitions is in the module of some network."""
    missing = {name for one in runtime(target) for name in one.names if name.isidentifier()}
    for name, text in _modules(target):
        stated = {word for one in definitions(target, text) for word in one.names}
        missing = {one for one in missing if prefixed(one, name) not in stated}
        if not missing:
            break
    assert missing == set()


def _modules(target: str) -> Iterator[tuple[str, str]]:
    """The names of networks, and their modules."""
    for path in (ROOT / "generated" / target).iterdir():
        if path.is_file():
            yield path.stem, path.read_text("utf-8")
    yield SPEC.name, texts(SPEC, ROOT, [target])[target]
    for written in (DATED, STYLED):
        yield written.name, texts(written, ROOT, [target])[target]
    detector = SPEC.model_validate(DETECTOR)
    how = encoding(detector, ROOT)
    assert how is not None
    yield detector.name, texts(detector, ROOT, [target], measured=replace(how, limit=0.5))[target]
    clipped = predictors.NETWORKS["numbers"]
    yield clipped.name, predictors.page(clipped, target)
    for one in intervals.networks():
        yield one.name, texts(one, ROOT, [target])[target]
    validated = stopping.of({"name": "patience", "epochs": 3, "validation": [9, 2, 7]})
    yield validated.name, render(plan(validated), validated, target)
    weights = weighed("fused", ["example"], "mean").spec
    yield weights.name, render(plan(weights), weights, target, contents=parts(["training"]))
    stairs = network([layer("o", 3, "stairs")], "squared_error", activations=GROWING)
    yield stairs.spec.name, render(plan(stairs.spec), stairs.spec, target)
    digits, ratings = named("digits"), named("ratings_mf")
    yield digits.stem, texts(spec(digits), digits.parent, [target], selftest=module_numbers)[target]
    in_floats = CTarget.model_validate({"name": "c", "dtype": "float32"})
    narrow = spec(digits).model_copy(update={"targets": (in_floats,)})
    yield digits.stem, texts(narrow, digits.parent, [target])[target]
    penguins = named("penguins")
    yield penguins.stem, texts(spec(penguins), penguins.parent, [target], contents=["sensitivity"])[target]
    noted = hotel()
    yield noted.name, texts(noted, ROOT, [target], contents=["notes"])[target]
    training = spec(ratings).training.model_copy(update={"embeddings": "dense"})
    dense = spec(ratings).model_copy(update={"training": training})
    yield ratings.stem, texts(dense, ratings.parent, [target])[target]
    parameters = [0.5] * plan(spec(ratings)).size
    yield ratings.stem, texts(spec(ratings), ratings.parent, [target], parameters=parameters)[target]
    shared = kinds.NETWORKS["every kind, adam, decay, clip, weighted mean"]
    yield shared.name, render(plan(shared), shared, target)
    rows = NETWORKS["batch normalization, weights of examples"].spec
    yield rows.name, render(plan(rows), rows, target, contents=parts(["training"]))
    for made in map(NETWORKS.__getitem__, dict.fromkeys([*FIRST, *NETWORKS])):
        yield made.spec.name, render(plan(made.spec), made.spec, target)
        layers = made.spec.model_copy(update={"targets": (JavaScriptTarget(name="javascript", unroll="layers"),)})
        yield made.spec.name, render(plan(layers), layers, target)


FITTED = python_definitions('''def fitted(
    xs: list[float], count: int = EPOCHS, weights: Kind | None = None, *, checked: bool = False
) -> Kind:
    """A function that has settings."""
    if WEIGHTS:
        xs = xs if weights is None else weights
    elif LAYERS and not xs:
        return [0.0]
    else:
        # each number again
        xs = [x for x in xs]
    # the end of a training
    if STOP and count == 0:
        return xs
    if LAYERS:
        return [x * (len(xs) if MEAN else 1.0) for x in xs]
    return xs if (WEIGHTS or checked) else other(xs, checked=True)
''')
WORDS = {"EPOCHS": "20", "Kind": "list[float]"}


def test_settings_decide_conditions_and_words_become_numbers() -> None:
    """A branch that is not taken leaves nothing: no argument, no comment, nothing after a return."""
    off = dict.fromkeys(("CHECKS", "WEIGHTS", "LAYERS", "STOP", "MEAN"), False)
    (plain,) = specific(FITTED, {**off, **WORDS})
    assert (
        plain.text
        == '''def fitted(xs: list[float], *, checked: bool = False) -> list[float]:
    """A function that has settings."""
    # each number again
    xs = [x for x in xs]
    return xs if checked else other(xs)'''
    )
    (whole,) = specific(FITTED, {**dict.fromkeys(off, True), **WORDS})
    assert (
        whole.text
        == '''def fitted(xs: list[float], count: int = 20, weights: list[float] | None = None) -> list[float]:
    """A function that has settings."""
    xs = xs if weights is None else weights
    # the end of a training
    if count == 0:
        return xs
    return [x * len(xs) for x in xs]'''
    )
    (layers,) = specific(FITTED, {**off, **WORDS, "LAYERS": True})
    assert layers.text.endswith("""    if not xs:
        return [0.0]
    else:
        # each number again
        xs = [x for x in xs]
    return [x * 1.0 for x in xs]""")
    assert not specific(python_definitions("if STOP:\n    ends = True\n"), off)


def test_a_module_that_calls_a_header_has_the_fixed_functions_of_python_and_its_own() -> None:
    """What Python has, too, comes from the header: random integers, steps, training, and the form of parameters."""
    python, own = ([one for one in runtime(name) if not _imports(one.text)] for name in ("python", "binding"))
    shared = {name for one in python for name in one.names} & {name for one in own for name in one.names}
    assert shared == {"_bits", "_kept", "fit", "pack", "step", "unpack"}
    missing = {name for one in own for name in one.names if name.isidentifier()}
    found = [path.read_text("utf-8") for path in (ROOT / "generated" / "c").glob("*_c.py")]
    measured = [MEASURED["a share"], MEASURED["places, every 4 epochs"]]
    stops = [of({"name": "patience", **STOP["patience"], **where}) for where in measured]
    found += [binding(plan(one), one) for one in (*stops, spec(named("digits_batch_norm")))]
    iris = named("iris")
    found.append(texts(spec(iris), iris.parent, ["c"], selftest=module_numbers)["binding"])
    for text in found:
        missing -= {name for one in python_definitions(text) for name in one.names}
    assert missing == set()


def _imports(text: str) -> bool:
    return text.startswith(("import ", "from "))


def formatted() -> Iterator[str]:
    """Runtime files, modules, and those whose docstring is raw, has quotes in it, or looks like statements."""
    yield "try:\n    import a\nexcept ImportError:\n    a = 1\nelse:\n    a = 2\nfinally:\n    b = 3\n"
    yield "# of f\n@a\n@b(\n    1,\n)\ndef f(\n    x,\n):\n    pass\n\n\nT = {\n    1: [\n    ]\n}\n"
    for name in ("c/runtime.py", "numpy/runtime.py", "python/integers.py", "python/runtime.py"):
        yield (ROOT / "templates" / name).read_text("utf-8")
    for path in (ROOT / "generated").rglob("*.py"):
        yield path.read_text("utf-8")
    for description in ("a\\b", '"""', 'say \\ "', "x = 1", "# a comment", 'def f():\n\n@a """ b\\'):
        one = spec(named("xor_mlp")).model_copy(update={"description": description})
        yield from (render(plan(one), one, target) for target in ("python", "numpy"))
        yield binding(plan(one), one)
    for name in (*DROPPING, NEEDS_BATCH[0]):
        yield binding(plan(bound := NETWORKS[name].spec), bound)


def test_a_formatted_file_has_the_definitions_that_python_finds_in_it() -> None:
    for text in formatted():
        lines, found = text.splitlines(), python_definitions(text)
        assert [*filter(None, lines)] == [line for one in found for line in one.text.splitlines() if line]
        stated = [one for one in found if not one.text.splitlines()[-1].startswith("#")]
        ends = [lines[(node.end_lineno or 0) - 1] for node in ast.parse(text).body]
        assert [one.text.splitlines()[-1] for one in stated] == ends
        assert [len(ast.parse(one.text).body) for one in found] == [one in stated for one in found]
