"""The output of ``nngen show``."""

from collections.abc import Mapping
from pathlib import Path
from time import process_time

from nngen.common.text import table
from nngen.description.data import encoding
from nngen.description.model import Spec
from nngen.plan import Plan
from nngen.plan import plan as plan_of
from nngen.targets import KINDS, texts, training_size


def of_spec(spec: Spec, folder: Path) -> str:
    """The tables of a spec, whose data are relative to a folder."""
    how = encoding(spec, folder)
    return show(plan_of(spec, how), texts(spec, folder, contents=(), measured=how))


def show(plan: Plan, modules: Mapping[str, str]) -> str:
    """Tables of a network: its layers, the arrays of its header of C, and the sizes of its modules."""
    weights = [sum(len(layer.units) if block.index else block.size for block in layer.weights) for layer in plan.layers]
    rows = [
        (
            layer.name,
            " + ".join(source.name for source in layer.sources),
            layer.activation,
            " + ".join(" x ".join(map(str, block.shape)) for block in layer.weights),
            str(sum(block.size for block in layer.blocks)),
            str(count),
        )
        for layer, count in zip(plan.layers, weights, strict=True)
    ]
    rows.append(("total", "", "", "", str(plan.size), str(sum(weights))))
    layers = table(("layer", "from", "activation", "weights", "parameters", "multiplications"), rows, (4, 5))
    sizes = [
        (
            name,
            str(text.count("\n")),
            str(len(text.encode())),
            _import_time(text) if KINDS[name].suffix.endswith(".py") else "",
        )
        for name, text in modules.items()
    ]
    arrays = [
        (what, f"{numbers}", f"{8 * numbers}", f"{4 * numbers}")
        for what, numbers in (("parameters", plan.size), ("fit, beside", training_size(plan)))
    ]
    held = table(("arrays of c", "numbers", "bytes, double", "bytes, float"), arrays, (1, 2, 3))
    sized = table(("module", "lines", "bytes", "ms to import"), sizes, (1, 2, 3))
    return "\n\n".join([f"{plan.name}: {plan.summary}", layers, held, sized])


def _import_time(text: str) -> str:
    """The milliseconds that this Python needs to compile a module, nearly all of its first import."""
    begun = process_time()
    compile(text, "module", "exec")
    return f"{1e3 * (process_time() - begun):.1f}"
