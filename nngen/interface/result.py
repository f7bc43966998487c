"""What comes out of a training, and the parameters of a network."""

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nngen.commands import output
from nngen.commands.metrics import Metrics
from nngen.commands.trained import Score
from nngen.common.choices import Part
from nngen.common.files import refused
from nngen.description.data import encoding
from nngen.interface.calls import PREFIX, called
from nngen.interface.network import Network, Source, load, with_settings
from nngen.plan import plan
from nngen.reading import parameter_files
from nngen.targets import as_module, beside, texts

Parameters = str | os.PathLike[str] | Sequence[float] | None
"""Trained parameters: their file, or a flat list in the order of the module's ``LAYOUT``."""


@dataclass(frozen=True)
class Result:
    """A trained network."""

    network: Network
    """The network, with the table on which it was trained."""
    params: Sequence[float] = field(repr=False)
    """The parameters as a flat list, in the order of the module's ``LAYOUT``: the best of a stop rule, or the last."""
    history: Sequence[float] = field(repr=False)
    """The training loss of each epoch."""
    validation: Sequence[float] = field(repr=False)
    """The validation loss of each epoch, NaN where it was not measured; empty without validation."""
    scores: Mapping[str, Score]
    """Loss and right answers of the ``training``, and if there are some ``validation`` and ``held-out`` examples."""
    metrics: Mapping[str, Metrics] = field(repr=False)
    """Metrics of the same examples, by name."""
    report: str = field(repr=False)
    """What ``nngen train`` prints at the end."""
    _kept: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The encoding and the modules that answer, which no copy has."""

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_kept": {}}

    @called
    def module(self, contents: Sequence[Part] = ()) -> Any:
        """The NumPy module with these parameters as ``TRAINED``, imported from memory.

        Args:
            contents: its parts; without any, those that the spec or the command chooses.

        Raises:
            SpecError: the network does not fit the target.
        """
        spec, params = self.network.spec, [*self.params]
        made = texts(spec, self.network.path.parent, ["numpy"], None, params, None, contents)["numpy"]
        return as_module(spec.name, made, beside(spec, "numpy", params))

    @called
    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the parameters, as ``nngen train --save`` does.

        Args:
            path: the file.
            overwrite: whether a file with something else is overwritten.

        Raises:
            SpecError: the file has something else, or cannot be written.
        """
        file, spec, folder = Path(path), self.network.spec, self.network.path.parent
        output.keep(file, spec.name, force=overwrite)
        output.check_folder(file)
        output.save(file, parameter_files.content(file, spec, encoding(spec, folder), self.params), force=True)
        return file

    def __str__(self) -> str:
        return self.report

    def _repr_html_(self) -> str:
        return f"{_curve(self.history, self.validation)}<pre>{escape(self.report)}</pre>"


def with_scores(network: Network, scores: Sequence[float]) -> Network:
    """A network whose spec states the scores of its intervals, if there are some."""
    level = network.spec.data.level if network.spec.data else None
    if not scores or level is None:
        return network
    return with_settings(network, {"data.interval": {"level": level, "score": [*scores]}})


def trained(network: Source | Result, params: Parameters) -> tuple[Network, list[float] | None]:
    """A network and its parameters as a flat list, from a result, a file or a list; None without any.

    Raises:
        SpecError: the spec, the file or the list is wrong.
    """
    if isinstance(network, Result) and params is None:
        return network.network, [*network.params] or None
    loaded = network.network if isinstance(network, Result) else load(network)
    if params is None:
        return loaded, None
    planned = plan(loaded.spec)
    if isinstance(params, str | os.PathLike):
        stored = parameter_files.stored(Path(params), planned)
        how = encoding(loaded.spec, loaded.path.parent)
        flat = stored.of(loaded.spec, how)
        return with_scores(loaded, stored.calibrated(how).scores if how else ()), flat
    return loaded, parameter_files.flat(params, planned.size)


def with_parameters(network: Source | Result, params: Parameters) -> tuple[Network, list[float]]:
    """A trained network and its parameters as a flat list.

    Raises:
        SpecError: there are none; or the spec, the file or the list is wrong.
    """
    loaded, flat = trained(network, params)
    if flat is None:
        advice = "train it first: `nngen.train(spec)`, or give `params`"
        raise refused(loaded.path, "the network has no parameters", advice)
    return loaded, flat


@contextmanager
def as_file(network: Network, params: Sequence[float]) -> Iterator[Path]:
    """A temporary file of parameters, for what reads a file."""
    with TemporaryDirectory(prefix=PREFIX) as folder:
        file = Path(folder) / f"{network.name}.json"
        how = encoding(network.spec, network.path.parent)
        output.save(file, parameter_files.content(file, network.spec, how, params), force=True)
        yield file


def _curve(*curves: Sequence[float]) -> str:
    """The losses of each epoch as a picture, the first curve in the foreground."""
    finite = [loss for curve in curves for loss in curve if math.isfinite(loss)]
    if not finite:
        return ""
    low, high = min(finite), max(finite)
    lines = []
    for curve, opacity in zip(curves, (1.0, 0.45), strict=False):
        points = " ".join(
            f"{10 + 380 * i / max(len(curve) - 1, 1):.1f},{110 - 100 * (loss - low) / (high - low or 1.0):.1f}"
            for i, loss in enumerate(curve)
            if math.isfinite(loss)
        )
        lines.append(f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-opacity="{opacity}"/>')
    label = f"loss of each epoch, from {curves[0][0]:.4g} to {curves[0][-1]:.4g}"
    return f'<svg viewBox="0 0 400 120" width="400" role="img" aria-label="{label}">{"".join(lines)}</svg>'
