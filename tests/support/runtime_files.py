"""The fixed functions of a language, all of them, also those that a network does not need."""

import re
from pathlib import Path
from textwrap import indent

from nngen.description.data import encoding
from nngen.description.model import ALL, Spec
from nngen.plan import plan
from nngen.printing import Printer, constants
from nngen.proof.compiled import Module
from nngen.targets.definitions import complete
from nngen.targets.environments import environment
from nngen.targets.page import Page
from nngen.targets.printed import printed, with_source
from nngen.targets.render import definitions, narrowed
from nngen.targets.settings import settings_of
from nngen.targets.target import EVERY_PART
from nngen.targets.targets import TARGETS, template, words
from tests.support import cells, date_texts
from tests.support.modules import ROOT

EVERYTHING = frozenset(
    (name, name != "TOGETHER")
    for name, kind in constants().items()
    if kind == "bool" and name not in ("ENDS", *Printer.flags)
)
"""What a network may have, but for examples that depend on each other, which have no single steps."""


def runtime_file(target: str, dtype: str = "float64") -> str:
    """The runtime file of a language, in which printed definitions stand in place of the marks."""

    def source(mark: re.Match[str]) -> str:
        found = [one for name in mark[2].split() for one in printed(target, name, EVERYTHING, dtype)]
        return indent("\n\n".join(one.text for one in found), mark[1])

    text = (ROOT / "templates" / TARGETS[target].fixed).read_text("utf-8")
    return TARGETS[target].narrowed(re.sub(r"^([ \t]*)// source: ([\w ]+)$", source, text, flags=re.MULTILINE), dtype)


def everything() -> Spec:
    """A network for which nearly every fixed function is written."""
    spec = cells.SPEC.model_dump(by_alias=True)
    tables, output = spec["layers"][:-1], spec["layers"][-1]
    hidden = output | {"name": "h", "units": 2, "activation": "gelu", "dropout": 0.5}
    stop = {"name": "patience", "epochs": 3, "validation": 0.2}
    return Spec.model_validate(
        spec
        | {"name": "everything", "inputs": [*spec["inputs"], date_texts.SPEC.model_dump(by_alias=True)["inputs"][0]]}
        | {"layers": [*tables, hidden, output | {"from": ["h"]}]}
        | {"loss": {"name": "cross_entropy", "class_weights": [1.0, 2.0]}}
        | {"training": {"optimizer": {"name": "adam", "rate": 0.1}, "stop": stop}}
    )


def whole_module(target: str, dtype: str = "float64") -> Module:
    """The module of a network that has nearly everything, with all fixed functions of the language."""
    spec = everything()
    planned, language = plan(spec, encoding(spec, Path())), TARGETS[target]
    formed = Spec.model_validate(spec.model_dump(by_alias=True) | {"targets": [{"name": target, "dtype": dtype}]})
    page = Page(planned, words(formed, target), dtype, "layers", None, None, EVERY_PART)
    given = settings_of(page, language.dialect)
    known = with_source(narrowed(target, dtype), target, given, dtype)
    text = environment(target).get_template(template(target)).render(page=page)
    own = with_source(definitions(target, text), target, given, dtype)
    names = {name for one in (*own, *known) for name in one.names}
    return Module(planned, formed, language.finished(complete(own, known, names), dtype), ALL)
