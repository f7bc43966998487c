"""The functions of a module that a network decides, each as a text in the words of the source."""

from typing import TYPE_CHECKING

from nngen.description.data import Encoding
from nngen.description.data.scaling import Scaling
from nngen.targets import checks, decode, encode, init, update
from nngen.targets.network_source import Source
from nngen.targets.target import Target

if TYPE_CHECKING:
    from nngen.targets.page import Page


_MODULES = {
    "encode": encode, "scale": encode, "decode": decode, "bounds": decode, "init": init, "update": update,
    "check_targets": checks, "class_weight": checks,
}  # fmt: skip


def network_source(name: str, page: "Page", language: Target) -> Source:
    """The text of such a function; empty if the network has none."""
    long = language.dialect.long if language.dialect else ""
    source = Source(_MODULES[name].IMPORTS, page.words, language.wide(page.words), long)
    plan = page.plan
    match name, plan.encoding, plan.scaling:
        case "encode", Encoding() as encoding, scaling if encoding.predicts:
            encode.encode(source, encoding, scaling is not None, language.max_columns)
        case "decode", Encoding(classes=()) as encoding, _ if encoding.predicts:
            decode.decode(source, encoding, plan.output)
        case "bounds", Encoding() as encoding, _ if encoding.predicts:
            decode.bounds(source, encoding)
        case "scale", _, Scaling() as scaling:
            encode.scale(source, scaling)
        case "init", _, _:
            init.init(source, plan)
        case "update", _, _:
            update.update(source, plan)
        case "check_targets", _, _:
            checks.check_targets(source, plan.loss)
        case "class_weight", _, _:
            checks.class_weight(source, plan.loss)
    return source
