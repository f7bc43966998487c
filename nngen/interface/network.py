"""A network in Python: read or propose its spec, build and verify its modules, show its living page."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from nngen.common.files import refused, text
from nngen.common.languages import Language
from nngen.description.data import encoding
from nngen.description.model import Spec
from nngen.interface.tables import Held, Table
from nngen.plan import plan
from nngen.reading import block, flow, parameter_files, parse
from nngen.reading.source import MAX_BYTES
from nngen.targets import as_module, integer_texts, texts

if TYPE_CHECKING:
    from nngen.interface.training import Result
    from nngen.proof.verify import Verification


@dataclass(frozen=True)
class Network:
    """A network: the text of its spec, and the same as checked values."""

    text: str
    """The spec as YAML or JSON."""
    spec: Spec = field(repr=False)
    """The spec as values of Pydantic."""
    path: Path = field(repr=False)
    """The file of the spec; paths within the spec are relative to its folder."""
    notes: tuple[str, ...] = field(default=(), repr=False)
    """What ``init`` has to say of the table, a line each."""
    _held: Held | None = field(default=None, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The name of the network."""
        return self.spec.name

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the spec; a table that came from memory is written beside it.

        Args:
            path: the file of the spec.
            overwrite: whether other files of these names are overwritten.

        Raises:
            SpecError: a file exists already, or cannot be written.
        """
        from nngen.commands import output

        file, written = Path(path), self.text
        if self._held is not None and self._held.temporary:
            table = file.with_suffix(self._held.path.suffix)
            written = written.replace(f"file: {self._held.path.name}", f"file: {table.name}", 1)
            output.save(table, self._held.path.read_bytes(), force=overwrite)
        output.save(file, written, force=overwrite)
        return file

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        planned = plan(self.spec, encoding(self.spec, self.path.parent))
        rows = "".join(
            f"<tr><td>{escape(layer.name)}</td><td>{escape(layer.activation)}</td><td>{len(layer.units)}</td>"
            f"<td>{sum(one.size for one in layer.blocks)}</td></tr>"
            for layer in planned.layers
        )
        head = "<tr><th>layer</th><th>activation</th><th>units</th><th>parameters</th></tr>"
        return f"<p><b>{escape(self.name)}</b>: {escape(planned.summary)}</p><table>{head}{rows}</table>"


@dataclass(frozen=True)
class Page:
    """A page of HTML, which a notebook shows."""

    html: str = field(repr=False)

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the page.

        Args:
            path: the file.
            overwrite: whether a file of another kind is overwritten.

        Raises:
            SpecError: the file exists and is no such page, or cannot be written.
        """
        from nngen.commands import output
        from nngen.learning.explain import MARK

        output.save(Path(path), self.html, force=overwrite, mark=MARK)
        return Path(path)

    def _repr_html_(self) -> str:
        sandbox = 'sandbox="allow-scripts"'
        return f'<iframe srcdoc="{escape(self.html)}" {sandbox} style="width:100%;height:760px;border:0"></iframe>'


Parameters = str | os.PathLike[str] | Sequence[float] | None
"""Trained parameters: their file, or a flat list in the order of the module's ``LAYOUT``."""

Source = str | os.PathLike[str] | Mapping[str, Any] | IO[str] | Network
"""A spec: its path, its text with line breaks, a mapping, an open file, or a network."""


def load(spec: Source, *, settings: Mapping[str, object] | None = None) -> Network:
    """Read a spec and check it.

    Args:
        spec: a path, the text of a spec, a mapping with the same fields, or an open file.
        settings: values that replace those of the spec, such as ``{"training.epochs": 100}``.

    Raises:
        SpecError: with all mistakes.
    """
    if isinstance(spec, Network):
        written, path = spec.text, spec.path
    elif isinstance(spec, Mapping):
        written, path = "".join(f"{line}\n" for line in block(spec)), Path("spec.yaml")
    elif isinstance(spec, str) and "\n" in spec:
        written, path = spec, Path("spec.yaml")
    elif isinstance(spec, str | os.PathLike):
        path = Path(spec)
        written = text(path, MAX_BYTES)
    else:
        written, path = spec.read(), Path(getattr(spec, "name", "spec.yaml"))
    held = spec._held if isinstance(spec, Network) else None
    root = held.path.parent if held else None
    return Network(written, parse(written, str(path), path.parent, root, _overrides(settings)), path, _held=held)


def _overrides(settings: Mapping[str, object] | None) -> list[str]:
    return [f"{place}={flow(value)}" for place, value in (settings or {}).items()]


def with_table(network: Network, table: Table, settings: Mapping[str, object] | None) -> Network:
    """The network with another table as its data, and with other settings.

    Raises:
        SpecError: the table cannot be read, or does not fit the spec.
    """
    held = Held(table)
    file = held.path.resolve()
    place = Path(os.path.relpath(file, network.path.parent)).as_posix()
    overrides = _overrides({**(settings or {}), "data.file": place})
    spec = parse(network.text, str(network.path), network.path.parent, file.parent, overrides)
    return replace(network, spec=spec, _held=held)


def init(
    table: Table,
    target: str,
    *,
    task: Literal["classes", "numbers"] | None = None,
    ratings: tuple[str, str] | None = None,
    encoding: str | None = None,
) -> Network:
    """Propose a network for a table, as ``nngen init`` does.

    Args:
        table: a path, a data frame, or a list of rows.
        target: the column to predict.
        task: whether it has classes or numbers; None to tell by its values.
        ratings: the columns of users and items: factorize the ratings in the target; None to look for them.
        encoding: that of a file of text; None to recognize it.

    Raises:
        SpecError: the table cannot be read, or there is nothing to learn in it.
    """
    from nngen.commands.init import spec_for
    from nngen.commands.init_notes import described

    held = Held(table)
    folder = held.path.parent if held.temporary else Path()
    written, proposal = spec_for(held.path, target, task, folder / "spec.yaml", encoding, ratings)
    path = folder / f"{proposal.name}.yaml"
    spec = parse(written, str(path), folder, held.path.parent)
    return Network(written, spec, path, (*proposal.said, *described(proposal), *proposal.unclear), held)


def build(
    network: Source | Result,
    target: Language,
    *,
    contents: Sequence[str] = (),
    params: Parameters = None,
    dtype: Literal["int8"] | None = None,
) -> str:
    """The text of a module, the same bytes as ``nngen build`` writes.

    Args:
        network: a spec, or the result of a training, whose parameters the module then has.
        target: ``python``, ``numpy``, ``javascript``, ``c``, ``rust``, ``go``, ``java`` or ``csharp``.
        contents: the parts of the module; without any, those that the spec or the command chooses.
        params: trained parameters: their file, or a flat list.
        dtype: ``int8`` for a predictor in integers, which has neither ``contents`` nor the target ``numpy``.

    Raises:
        SpecError: the spec or a file is wrong, or the network does not fit the target, or integers do not hold it.
    """
    loaded, flat = trained(network, params)
    if dtype is not None:
        if flat is None or contents:
            message = "int8 has no `contents`" if contents else "int8 needs trained parameters"
            raise refused(
                loaded.path, message, "" if contents else "train it first: `nngen.train(spec)`, or give `params`"
            )
        planned = plan(loaded.spec, encoding(loaded.spec, loaded.path.parent))
        return integer_texts(loaded.spec, planned, loaded.path, [target], flat)[target]
    return texts(loaded.spec, loaded.path.parent, [target], None, flat, None, contents)[target]


def module(network: Source | Result, *, contents: Sequence[str] = ()) -> Any:
    """The NumPy module of a network, imported from memory."""
    loaded, _ = trained(network, None)
    return as_module(loaded.name, build(network, "numpy", contents=contents))


def trained(network: Source | Result, params: Parameters) -> tuple[Network, list[float] | None]:
    """A network and its parameters as a flat list, from a result, a file or a list; None without any.

    Raises:
        SpecError: the spec or the file is wrong.
    """
    from nngen.interface.training import Result

    if isinstance(network, Result):
        loaded, params = network.network, network.params if params is None else params
    else:
        loaded = network if isinstance(network, Network) else load(network)
    if isinstance(params, str | os.PathLike):
        return loaded, parameter_files.read(Path(params), plan(loaded.spec))
    return loaded, None if params is None else [float(number) for number in params]


def verify(
    module: str | os.PathLike[str], spec: str | os.PathLike[str] | None = None, *, timeout: float = 20.0
) -> Verification:
    """Compare a generated module with the reference, as ``nngen verify`` does.

    Args:
        module: the file of the module.
        spec: its spec; None for one with its name, near the module.
        timeout: the limit in seconds for a call of the module.

    Returns:
        What was compared. ``right`` says whether everything agrees.

    Raises:
        SpecError: a file cannot be read.
    """
    from nngen.proof.verify import verify as run

    return run(Path(module), None if spec is None else Path(spec), timeout, None)


def explain(network: Source | Result, *, params: Parameters = None, language: str = "en") -> Page:
    """The living page of a network: its picture, equations and code, running in the browser.

    Args:
        network: a spec, or the result of a training.
        params: trained parameters: their file, or a flat list.
        language: ``en`` or ``ko``.

    Raises:
        SpecError: the spec or a file is wrong, or the network is too large for a page.
    """
    from nngen.learning.explain import living_page

    loaded, flat = trained(network, params)
    return Page(living_page(loaded.spec, loaded.path.parent, flat, language=language))
