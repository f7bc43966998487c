"""The table of ``docs/bridges.md``: what the readers have, in their words, with the differences of ``bridges.json``.

The words are the first sentences of the docstrings of the functions that read a part; ``make bridges`` writes the file.
"""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nngen.bridges.importing.keras.layers import KNOWN
from nngen.bridges.importing.onnx.constants import FOLDED
from nngen.bridges.importing.onnx.operators import HANDLERS
from nngen.bridges.importing.sklearn.blocks import SELECTIONS, chosen
from nngen.bridges.importing.sklearn.ensembles import PREDICTORS
from nngen.bridges.importing.sklearn.preprocessing import Preprocessing
from nngen.bridges.importing.tflite.operators import TRANSLATIONS
from nngen.bridges.importing.torch.functions import FUNCTIONS
from nngen.bridges.importing.torch.operators import RULES

RESULTS = Path(__file__).with_name("bridges.json")

Readers = Mapping[str, Callable[..., Any] | str]
"""The function that reads each part of a source, or what it becomes."""


def _onnx() -> Readers:
    others = dict.fromkeys(sorted(FOLDED - {kind for _, kind in HANDLERS}), "A constant.")
    return {kind: handler for (_, kind), handler in HANDLERS.items()} | others


def _keras() -> Readers:
    models = dict.fromkeys(("Sequential", "Functional"), "Its layers, also nested, with one vector of outputs.")
    return {"InputLayer": "The inputs, or `ids`.", **models, **KNOWN}


def _sklearn() -> Readers:
    whole = {
        "GridSearchCV": "The best estimator, as of every search.",
        "TransformedTargetRegressor": "`scale_targets`, for a scaler.",
    }
    return {**PREDICTORS, **whole, **Preprocessing()._known, **dict.fromkeys(SELECTIONS, chosen)}


def _tflite() -> Readers:
    return {kind: read if read.__doc__ else "As in ONNX." for kind, (_, _, read) in TRANSLATIONS.items()}


def _torch() -> Readers:
    functions = dict.fromkeys(FUNCTIONS, "An activation of the catalogue or a custom one, of a vector and constants")
    parts = dict.fromkeys(("chunk", "split", "split_with_sizes"), RULES["select.int"])
    return functions | {name.partition(".")[0].lstrip("_"): rule for name, rule in RULES.items()} | parts


SOURCES: Mapping[str, tuple[Sequence[str], Callable[[], Readers]]] = {
    "ONNX": (("ONNX's reference", "ONNX Runtime"), _onnx),
    "Keras": (("Keras",), _keras),
    "scikit-learn": (("scikit-learn",), _sklearn),
    "TensorFlow Lite": (("LiteRT",), _tflite),
    "PyTorch": (("PyTorch",), _torch),
}
"""Each source, with its libraries, of which the last one that computes a part counts, and its readers."""


def table() -> None:
    """Print the table."""
    print("| source | parts | what they become | largest difference |\n| --- | --- | --- | --- |")
    for source, (libraries, readers) in SOURCES.items():
        found = _found()["differences"]
        seen = {part: number for library in libraries for part, number in found.get(library, {}).items()}
        for words, names in sorted(_alike(readers()).items(), key=lambda row: row[1][0].lower()):
            listed = ", ".join(f"`{name}`" for name in sorted(names, key=str.lower))
            figures = [seen[name] for name in names if name in seen]
            print(f"| {source} | {listed} | {words} | {rounded_up(max(figures)) if figures else ''} |")


def packages() -> None:
    """Print the versions that were compared."""
    print(", ".join(f"{name} {number}" for name, number in _found()["about"].items()) + ".")


def _alike(readers: Readers) -> dict[str, list[str]]:
    """The names of the parts that become the same, by what this is."""
    found: dict[str, list[str]] = {}
    for name, read in readers.items():
        text = read if isinstance(read, str) else read.__doc__ or ""
        words = re.sub(r"\s+", " ", text.partition("\n\n")[0]).replace("``", "`").strip().removesuffix(".")
        if not words:
            raise ValueError(f"the function that reads {name} has no docstring")
        found.setdefault(words, []).append(name)
    return found


def rounded_up(number: float) -> str:
    """A number with one digit, which is not below it: 3e-16."""
    if number == 0.0:
        return "0"
    exponent = math.floor(math.log10(number))
    digit = math.ceil(number / 10.0**exponent - 1e-9)
    return f"{digit}e{exponent}" if digit < 10 else f"1e{exponent + 1}"


def _found() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RESULTS.read_text("utf-8"))
    return found
