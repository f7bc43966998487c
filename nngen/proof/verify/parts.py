"""The parts of a module under test, known by the functions that it defines."""

from nngen.common.records import dataclass
from nngen.description.model import ALL, ASKED, parts
from nngen.proof.verify.child import Declared
from nngen.proof.verify.module_text import Text, calls
from nngen.targets import entries

_ORDER = ("forward", "gradient", "training", "prediction", "files", "sensitivity", "notes")
"""The parts that are known by their functions."""

_USUAL = frozenset(
    "forward loss gradient init init_state step fit encode decode predict LAYOUT pack unpack save load".split()
)
"""The functions of each part whatever the network, and LAYOUT."""


@dataclass(frozen=True)
class Parts:
    """The parts that a module has not, and the functions that the others lack; few have those of ``ASKED``.

    ``contents`` are the parts of the module that nngen writes with the same functions.
    """

    contents: frozenset[str]
    absent: tuple[str, ...]
    missing: tuple[str, ...]


def found(text: Text, declared: Declared, whole: Text | None) -> Parts:
    """The parts of a module. A function that only helps others is no sign of its part, as ``init`` in a self-check.

    Without ``whole``, the module of its spec with all parts, a function that only some networks need is not missed.
    """
    present = {*declared.functions, *(["LAYOUT"] if declared.layout is not None else [])}
    asked = {"input_gradient", "jacobian", "notes", *({"sensitivity", "contributions"} & present)}
    known = {*whole.functions, "LAYOUT", *asked} if whole else _USUAL | asked
    names = {part: [name for name in entries("python", {part}) if name in known] for part in _ORDER}
    if not whole and present.isdisjoint(names["prediction"]):
        names["prediction"] = []  # nobody knows whether the network has rows to predict
    complete = {part for part, some in names.items() if some and present.issuperset(some)}
    helpers = set(calls(text.functions, [*text.program, "selftest", *(n for part in complete for n in names[part])]))
    begun = {part for part, some in names.items() if not helpers.issuperset(present.intersection(some))}
    chosen = parts({"forward", *complete, *begun, *(["checks"] if declared.checks else [])})
    absent = [part for part, some in names.items() if some and part not in chosen | ASKED]
    missing = [(part, name) for part in names if part in chosen for name in names[part] if name not in present]
    absent += [] if declared.checks else ["checks"]
    # a self-test takes steps, which a module with training has in the same words
    tested = parts(["training"]) if declared.has("selftest", "step") else frozenset[str]()
    said = [name if part == "forward" else f"{name} ({part})" for part, name in missing]
    return Parts(chosen | (tested if absent else ALL), tuple(absent), tuple(said))
