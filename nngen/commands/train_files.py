"""The files that ``nngen train`` writes."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nngen.commands import checkpoint, output
from nngen.commands.card import MARK as CARD
from nngen.commands.card import card
from nngen.commands.findings import Findings
from nngen.commands.intervals import with_intervals
from nngen.commands.report_page import MARK, check_matplotlib, report_page
from nngen.commands.train import Trainer
from nngen.commands.train_report import HISTORY, history
from nngen.common import files
from nngen.common.records import dataclass
from nngen.reading import packing, parameter_files


class Text(NamedTuple):
    """A file to write; it replaces any other file with its mark."""

    path: Path
    text: str
    mark: str


@dataclass(frozen=True)
class TrainFiles:
    """The paths that the user gave, and whether other files may be overwritten."""

    save: Path | None
    history: Path | None
    report: Path | None
    card: Path | None
    resume: Path | None
    """The checkpoint from which training continues; a new one may replace it."""
    force: bool

    def check(self, network: str) -> None:
        """Refuse files that cannot be written, before the training and not after it.

        Raises:
            SpecError: a file has something else or cannot be written, or matplotlib is missing for a report.
        """
        if self.save:
            output.keep(self.save, network, force=self.force)
            output.check_folder(self.save)
        for path, mark in (self.history, HISTORY), (self.report, MARK), (self.card, CARD):
            if path:
                output.check(path, force=self.force, mark=mark)
        if self.save:
            output.check(self._checkpoint(self.save), force=self.force, mark=checkpoint.mark(network))
        if self.report:
            check_matplotlib()

    def results(self, trainer: Trainer, findings: Findings | None, spec: str) -> Iterator[Text]:
        """The history, the report and the card; the last two need findings, and the text of the spec."""
        if self.history:
            yield Text(self.history, history(trainer), HISTORY)
        if findings is None:
            return
        if self.report:
            yield Text(self.report, report_page(findings, spec), MARK)
        if self.card:
            yield Text(self.card, card(findings, spec), CARD)

    def checkpoint(self, trainer: Trainer) -> Iterator[Text]:
        """The checkpoint of a training that is saved."""
        if self.save:
            network = trainer.spec.name
            yield Text(self._checkpoint(self.save), checkpoint.written(trainer), checkpoint.mark(network))

    def _checkpoint(self, save: Path) -> Path:
        """The checkpoint beside the parameters. It may replace the one from which training continues."""
        if self.resume:
            files.forget(self.resume)
        return checkpoint.beside(save)

    def parameters(self, trainer: Trainer) -> Iterator[Path]:
        """Write the parameters, and give their file.

        Raises:
            SpecError: the file cannot be written, or a parameter is infinite or NaN.
        """
        if not self.save:
            return
        trained = with_intervals(trainer.trained)
        values = packing.parameters(trained.module, trained.params)
        if not np.isfinite(values).all():
            raise files.refused(self.save, "nothing is written: a parameter is infinite or NaN")
        spec, how = trainer.spec, trained.examples.encoding
        made = parameter_files.content(self.save, spec, how, values, spec.dtype(trainer.target))
        output.save(self.save, made, force=True)  # check has refused other files
        yield self.save
