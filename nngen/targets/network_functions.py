"""The functions of a module that a network decides, each as a text in the words of the source."""

from typing import TYPE_CHECKING

from nngen.targets import decode, encode, init, update
from nngen.targets.network_source import Source
from nngen.targets.target import Target

if TYPE_CHECKING:
    from nngen.targets.page import Page


def network_source(name: str, page: "Page", language: Target) -> Source:
    """The text of ``encode``, ``decode``, ``update`` or ``init``."""
    long = language.dialect.long if language.dialect else ""
    imports = {"encode": encode, "decode": decode, "init": init, "update": update}[name].IMPORTS
    source = Source(imports, page.words, language.wide(page.words), long)
    plan = page.plan
    if name == "encode" and plan.encoding:
        encode.encode(source, plan.encoding, plan.scaling is not None, language.max_columns)
    elif name == "decode" and plan.encoding:
        decode.decode(source, plan.encoding, plan.output)
    elif name == "init":
        init.init(source, plan)
    else:
        update.update(source, plan)
    return source
