"""Texts about networks: sizes, worksheets, the catalogue and the schema."""

import csv
import io
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from nngen.common.choices import Form, Machine, Tongue
from nngen.common.ranges import Count, Seed
from nngen.interface.calls import called
from nngen.interface.network import Source
from nngen.interface.result import Parameters, Result, as_file, trained, with_parameters
from nngen.interface.tables import Held, Table


@called
def show(network: Source | Result, *, machine: Machine | None = None, params: Parameters = None) -> str:
    """The layers of a network, and the sizes of its modules, as ``nngen show`` prints them.

    Args:
        network: a spec, or the result of a training.
        machine: measure the predictors of C for this machine instead, which needs parameters.
        params: trained parameters: their file, or a flat list.

    Raises:
        SpecError: the spec or a file is wrong, or a program is not there.
    """
    if machine is None:
        from nngen.commands.show import of_spec

        loaded, _ = trained(network, params)
        return of_spec(loaded.spec, loaded.path.parent)
    from nngen.commands.small import shown

    loaded, flat = with_parameters(network, params)

    with as_file(loaded, flat) as file:
        return shown(loaded.spec, loaded.path, file, machine)


@called
def trace(
    network: Source | Result,
    table: Table = None,
    *,
    x: str | Mapping[str, object] | Sequence[object] | None = None,
    y: str | Sequence[float] | None = None,
    row: Count | None = None,
    steps: Count = 1,
    batch: Count | None = None,
    weight: float | None = None,
    seed: Seed | None = None,
    dropout_seed: Seed | None = None,
    params: Parameters = None,
    units: Sequence[str] = (),
    layers: Sequence[str] = (),
    matrices: bool = False,
    whole: bool = False,
    digits: Count | None = 6,
    form: Form = "text",
    blank: bool = False,
    language: Tongue = "en",
) -> str:
    """Steps of training with all numbers, as ``nngen trace`` writes them.

    Args:
        network: a spec, or the result of a training.
        table: rows in place of the spec's data.
        x: the values of an example, in the order of the columns or by their names, in place of a row.
        y: its targets, or its class; with parameters, they may be omitted.
        row: the number of a row, from 1.
        steps: how many; each uses the next row.
        batch: how many rows a step uses together.
        weight: its weight, if the loss has weights of examples.
        seed: the seed of the initial parameters; None for the spec's.
        dropout_seed: the seed of dropout; without it, dropout drops nothing.
        params: parameters: their file, or a flat list.
        units: units and inputs of a large network to show.
        layers: layers of which to show all units.
        matrices: whether to write the equations of whole layers.
        whole: whether to write every equation of a large network.
        digits: significant digits; None for all.
        form: ``text``, ``markdown``, ``latex`` or ``html``.
        blank: whether to leave out the numbers to compute: an exercise.
        language: ``en`` or ``ko``.

    Raises:
        SpecError: the spec, the table or an example is wrong.
    """
    from nngen.learning.trace import Request, of_spec, written
    from nngen.learning.typeset import Digits

    loaded, flat = trained(network, params)
    held = None if table is None else Held(table)
    with nullcontext() if flat is None else as_file(loaded, flat) as file:
        asked = Request(
            _cells(x),
            _cells(y),
            None if weight is None else str(weight),
            row=row,
            csv=None if held is None else held.path,
            params=file,
            seed=seed,
            dropout_seed=dropout_seed,
            steps=steps,
            units=tuple(units),
            layers=tuple(layers),
            whole=whole,
            batch=batch,
            matrices=matrices,
        )
        sheet = of_spec(loaded.spec, loaded.path, asked)
    return written(sheet.blanked() if blank else sheet, form, Digits(digits, language))


def _cells(values: str | Mapping[str, object] | Sequence[object] | None) -> str | None:
    """Values as the option of the command has them."""
    if values is None or isinstance(values, str):
        return values
    text = io.StringIO()
    pairs = values.items() if isinstance(values, Mapping) else None
    cells = [f"{name}={'' if value is None else value}" for name, value in pairs] if pairs is not None else [*values]
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()


def formulas() -> str:
    """All activations, losses, optimizers and so on with their formulas, as ``nngen formulas`` prints them."""
    from nngen.commands.formulas import formulas as listing

    return listing()


def schema() -> dict[str, Any]:
    """The JSON Schema of a spec."""
    from nngen.description.model import editor_schema

    return editor_schema()
