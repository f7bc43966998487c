"""``nngen prove``: what holds for all rows of a header in integers."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from nngen.commands.integers import chosen
from nngen.common import files
from nngen.description.data import encoding
from nngen.description.model import Spec, Table
from nngen.integers import TABLE_SIZE, Integers
from nngen.plan import plan
from nngen.proof.proving import (
    Decided,
    Header,
    Proof,
    Step,
    certificate,
    compared,
    decided,
    differences,
    options_of,
    question,
    safe,
)
from nngen.reading import load, parameter_files, properties
from nngen.targets import quantized_texts

MAX_CERTIFICATE = 1_000_000
"""The most bytes of a certificate."""

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
        asked: a file of properties, which alone are proven; without it the safety of the header and the spec's own.
        widths: the bits of an ``int``.
        says: gets a line now and then.

    Raises:
        SpecError: a file cannot be read, integers do not hold the network, or CBMC is not there.
    """
    spec = load(path, root)
    if isinstance(spec.data, Table) and spec.data.of_inputs:
        advice = "compare it with float64: `nngen evaluate SPEC --params P --dtype int8`"
        raise files.refused(path, f"{spec.name}: nngen prove has no contract for anomaly scores", advice)
    flat = parameter_files.stored(params, plan(spec)).of(spec, encoding(spec, path.parent))
    made = written(spec, path, flat, table, accept_loss, file)
    return proven(made, seconds, asked, widths, says)


class Written(NamedTuple):
    """A header and what it was written from."""

    spec: Spec
    network: Integers
    header: Header


def written(
    spec: Spec,
    path: Path,
    flat: Sequence[float],
    table: int = TABLE_SIZE,
    accept_loss: bool = False,
    file: Path | None = None,
) -> Written:
    """The header of a network with its parameters, or a changed one in a file; the errors are those of ``proof``."""
    network, whole, _ = chosen(spec, path, flat, accept_loss, table)
    built = quantized_texts(network, whole, ["c"], table)["c"]
    text = built if file is None else files.text(file, MAX_HEADER)
    header = Header(network.name, text, built)
    if not header.functions:
        raise files.refused(file or path, f"this is no header in integers of {network.name}")
    return Written(spec, network, header)


def proven(
    made: Written,
    seconds: float,
    asked: Path | None = None,
    widths: Sequence[int] = WIDTHS,
    says: Callable[[str], None] = lambda _: None,
) -> Proof:
    """The proof of a header; see ``proof``."""
    end = time.monotonic() + seconds
    spec, network, header = made
    steps: list[Step] = []
    found: list[Decided] = []
    if asked is None:
        steps = [step for bits in widths for step in safe(network, header, bits, end - time.monotonic())]
        found = [compared(network, header, end - time.monotonic(), says)] if header.changed else []
    for one in spec.properties if asked is None else properties(asked, spec):
        wanted = question(one, network, spec.layers[-1].unit_names)
        found.append(decided(network, header, wanted, end - time.monotonic(), says=says))
    return Proof(network, header, tuple(steps), tuple(found))


def proof_by(given: Mapping[str, Any], seconds: float, root: Path | None, says: Callable[[str], None]) -> Proof:
    """The proof with the options of a command or of a certificate; see ``proof``."""
    header, asked = given.get("header"), given.get("property")
    return proof(
        Path(given["spec"]),
        Path(given["params"]),
        seconds,
        root=root,
        table=given.get("table", TABLE_SIZE),
        accept_loss=given.get("accept_loss", False),
        file=Path(header) if header else None,
        asked=Path(asked) if asked else None,
        says=says,
    )


def checked(
    path: Path, seconds: float, root: Path | None = None, says: Callable[[str], None] = lambda _: None
) -> tuple[Proof, list[str]]:
    """Prove again what a certificate says: the proof, and how it differs. Its paths begin in the working directory.

    Raises:
        SpecError: the file is no certificate, or one of the errors of ``proof``.
    """
    text = files.text(path, MAX_CERTIFICATE)
    given = options_of(text)
    if given is None:
        raise files.refused(path, "this is no certificate", "write one with `nngen prove SPEC ... --certificate FILE`")
    done = proof_by(given, seconds, root, says)
    return done, differences(text, certificate(done, given))
