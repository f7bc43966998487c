"""``nngen prove``: what holds for all rows of a header in integers."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from nngen.commands.integers import chosen
from nngen.common import files
from nngen.description.data import encoding
from nngen.integers import TABLE_SIZE
from nngen.plan import plan
from nngen.proof.proving import Header, Proof, decided, question, safe
from nngen.reading import load, parameter_files, properties
from nngen.targets import quantized_texts

MAX_HEADER = 10_000_000
"""The most bytes of a header."""

WIDTHS = (32, 16)
"""The bits of an ``int``: of most machines, and of an AVR."""


def proof(
    path: Path,
    params: Path,
    seconds: float,
    *,
    root: Path | None = None,
    table: int = TABLE_SIZE,
    accept_loss: bool = False,
    file: Path | None = None,
    asked: Path | None = None,
    widths: Sequence[int] = WIDTHS,
    says: Callable[[str], None] = lambda _: None,
) -> Proof:
    """Prove the header that ``nngen build --dtype int8`` writes for a spec.

    Args:
        path: the spec.
        params: its trained parameters.
        seconds: the time limit.
        root: another folder that may contain data.
        table: how many numbers a table has.
        accept_loss: whether answers may be worse than in float64.
        file: a header, perhaps changed, that is proven in place of the one that is written.
        asked: a file of properties, which are proven in place of the safety of the header.
        widths: the bits of an ``int``.
        says: gets a line now and then.

    Raises:
        SpecError: a file cannot be read, integers do not hold the network, or CBMC is not there.
    """
    end = time.monotonic() + seconds
    spec = load(path, root)
    flat = parameter_files.stored(params, plan(spec)).of(spec, encoding(spec, path.parent))
    network, whole, _ = chosen(spec, path, flat, accept_loss, table)
    text = quantized_texts(network, whole, ["c"], table)["c"] if file is None else files.text(file, MAX_HEADER)
    header = Header(network.name, text)
    if not header.functions:
        raise files.refused(file or path, f"this is no header in integers of {network.name}")
    if asked is None:
        steps = [step for bits in widths for step in safe(network, header, bits, end - time.monotonic())]
        return Proof(network, header, tuple(steps))
    units = whole.output.units
    wanted = [question(one, network, units) for one in properties(asked, spec, network.classes, units)]
    built = file is None or text == quantized_texts(network, whole, ["c"], table)["c"]
    found = [decided(network, header, one, end - time.monotonic(), built=built, says=says) for one in wanted]
    return Proof(network, header, properties=tuple(found))
