"""A spec that finds the anomalies of a table: its inputs are its target."""

import os
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from nngen.commands.data_report import data_report
from nngen.commands.date_columns import Dates
from nngen.commands.held_out_rows import in_time
from nngen.commands.inference import LeftOut, Role, in_style, input_of, names_of
from nngen.commands.number_columns import Written, with_commas
from nngen.commands.proposal import NETWORKS, Input, Proposal
from nngen.commands.table_cautions import has_tails
from nngen.commands.target_column import Target
from nngen.common import files
from nngen.description.data import Frame
from nngen.description.identifiers import Identifiers, module_name
from nngen.description.model import Numbered, Split, numbered

INPUTS = "inputs"
"""The target of a detector, where a table has no column of this name."""

STOPPED = tuple(each for each in NETWORKS if each.validation)
TRAININGS = (replace(STOPPED[0], below=NETWORKS[0].below, epochs=300), *STOPPED)
"""How detectors are trained. They keep the rule to stop: none was measured without it."""


def of_inputs(frame: Frame, target: str) -> bool:
    """Whether a target means the inputs."""
    return target == INPUTS and target not in frame.names and not Numbered.among(target, frame.names)


def detector(
    frame: Frame, path: Path, out: Path, styles: Mapping[str, Written], encoding: str, split: Split
) -> Proposal:
    """An autoencoder for a table; the arguments are those of ``propose``.

    Raises:
        SpecError: the table has no column that can be an input.
    """
    group = group_of(frame, INPUTS, styles)
    found: dict[str, Role] = {name: input_of(frame, name, styles.get(name), whole=bool(group)) for name in frame.names}
    found |= {name: LeftOut(name, reason) for name, reason in frame.left_out.items()}
    if split.groups:
        found[split.groups] = LeftOut(split.groups, "it names the groups of rows that are held out together")
    later = None if group else with_commas(frame, styles)
    columns = [in_style(role, later) for role in found.values() if not isinstance(role, LeftOut)]
    if not columns:
        raise files.refused(path, "there is no column that could be an input")
    names = Identifiers(["encoder", "code", "decoder", "output", *numbered("output", 1_000)])
    inputs = tuple(
        Input(names.make(column.column, "column", partial(names_of, column=column)), column, has_tails(frame, column))
        for column in columns
    )
    encoded = sum(len([*names_of(one.name, one.column)]) for one in inputs)
    return Proposal(
        name=module_name(path.name.partition(".")[0]),
        file=Path(os.path.relpath(path, out.parent)).as_posix(),
        rows=len(frame),
        target=Target(INPUTS, (), (), encoded=encoded),
        inputs=inputs,
        group=group,
        left_out=tuple(one for one in found.values() if isinstance(one, LeftOut)),
        encoding=encoding,
        missing_target=0,
        rare=(),
        cautions=() if split.column else (*in_time(frame, [one for one in found.values() if isinstance(one, Dates)]),),
        said=frame.said,
        report=data_report(frame, Target(INPUTS, (), ()), found, 0),
        units=(),
        network=replace(next(each for each in TRAININGS if len(frame) < each.below), dropout=0.0),
        split=split,
    )


def group_of(frame: Frame, target: str, styles: Collection[str]) -> str:
    """The name of the whole input if all columns are plain numbers without gaps, named ``NAME1`` to ``NAMEn``."""
    others = [name for name in frame.names if name != target]
    prefix = others[0].removesuffix("1") if others else ""
    alike = len(others) > 1 and prefix.isidentifier() and others == [*numbered(prefix, len(others))]
    return prefix if alike and not any(name in styles or _has_gaps(frame, name) for name in others) else ""


def _has_gaps(frame: Frame, name: str) -> bool:
    return not frame.is_numeric(name) or bool(np.isnan(frame.numbers(name)).any())
