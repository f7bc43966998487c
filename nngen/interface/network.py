"""A network in Python: its spec is read, proposed for a table, changed and saved."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import IO, Any

from nngen.common.choices import Decimal, Task
from nngen.common.diagnostics import show
from nngen.common.files import refused
from nngen.description.data import encoding
from nngen.description.model import Spec
from nngen.description.model import Table as Described
from nngen.interface.calls import called
from nngen.interface.tables import Encoding, Held, Table
from nngen.plan import plan
from nngen.reading import block, flow, parse, replaced, written


@dataclass(frozen=True)
class Network:
    """A network: the text of its spec, and the same as checked values."""

    text: str
    """The spec as YAML or JSON."""
    spec: Spec = field(repr=False)
    """The spec as values of Pydantic."""
    path: Path = field(repr=False, compare=False)
    """The file of the spec; paths within the spec are relative to its folder."""
    notes: tuple[str, ...] = field(default=(), repr=False)
    """What ``init`` has to say of the table, a line each."""
    _held: Held | None = field(default=None, repr=False, compare=False)

    def __setstate__(self, state: dict[str, Any]) -> None:
        held = state["_held"]
        if held is not None and held.temporary:  # its copy has a folder of its own
            state = {**state, "path": held.path.with_name(state["path"].name)}
        self.__dict__.update(state)

    @property
    def name(self) -> str:
        """The name of the network."""
        return self.spec.name

    @called
    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the spec; a table that came from memory is written beside it.

        Args:
            path: the file of the spec.
            overwrite: whether other files of these names are overwritten.

        Raises:
            SpecError: a file exists already, or cannot be written.
        """
        from nngen.commands import output

        file = Path(path)
        if self._held is not None and self._held.temporary:
            table = file.with_suffix(self._held.path.suffix)
            output.check(file, force=overwrite)
            output.save(table, self._held.path.read_bytes(), force=overwrite)
            text = _with_file(self, table.name).replace(f"table {self._held.path.name!r}", f"table {table.name!r}", 1)
        elif isinstance(self.spec.data, Described):
            text = _with_file(self, _relative(self.path.parent / self.spec.data.file, file.parent))
        else:
            text = self.text
        output.save(file, text, force=overwrite)
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


Source = str | os.PathLike[str] | Mapping[str, Any] | IO[str] | Network
"""A spec: its path, its text with line breaks, a mapping, an open file, or a network."""


@called
def load(spec: Source, *, settings: Mapping[str, object] | None = None) -> Network:
    """Read a spec and check it.

    Args:
        spec: a path, the text of a spec, a mapping with the same fields, or an open file.
        settings: values that replace those of the spec, such as ``{"training.epochs": 100}``, also in its text.

    Raises:
        SpecError: with all mistakes.
    """
    if isinstance(spec, Network):
        return with_settings(spec, settings or {}) if settings else spec
    path = Path("spec.yaml")
    if isinstance(spec, Mapping):
        text = "".join(f"{line}\n" for line in block(spec))
    elif isinstance(spec, str) and "\n" in spec:
        text = spec
    elif isinstance(spec, str | os.PathLike):
        path = Path(spec)
        text = written(path)
    elif hasattr(spec, "read"):
        name, content = getattr(spec, "name", None), spec.read()
        path = Path(name) if isinstance(name, str) else path
        text = content.decode(errors="replace") if isinstance(content, bytes) else content
    else:
        raise _no_spec(spec)
    return _checked(text, path, None, settings or {})


def _no_spec(given: object) -> Exception:
    advice = "give a path, the text of a spec with line breaks, a mapping, an open file, or a network"
    network = getattr(given, "network", None)
    if isinstance(network, Network):
        advice = "its network is `result.network`; `params=result.params` begins with what it learned"
        return refused("the spec", "expected a spec, got the result of a training", advice)
    return refused("the spec", f"expected a spec, got {show(given)}", advice)


def _checked(
    text: str, path: Path, held: Held | None, settings: Mapping[str, object], said: Path | None = None
) -> Network:
    """A network whose text has these settings; messages about them show the text that it had before.

    Args:
        text: the text before.
        path: its file, whose folder has the data.
        held: the table.
        settings: values by their places.
        said: the file in messages; by default ``path``.
    """
    assignments = [f"{place}={flow(value)}" for place, value in settings.items()]
    root = held.path.parent if held else None
    spec = parse(text, str(said or path), path.parent, root, assignments)
    return Network(replaced(text, str(path), assignments) if assignments else text, spec, path, _held=held)


def with_settings(network: Network, settings: Mapping[str, object], table: Table = None) -> Network:
    """The network with other settings, and with another table as its data.

    Raises:
        SpecError: a setting is wrong, or the table cannot be read, or does not fit the spec.
    """
    held, path = network._held, network.path
    if table is not None:
        held = Held(table)
        path = held.path.with_name(path.name) if held.temporary else path
        settings = {**settings, "data.file": _relative(held.path, path.parent)}
    made = _checked(network.text, path, held, settings, network.path)
    return replace(made, notes=network.notes)


def _with_file(network: Network, file: str) -> str:
    """The text of a network with another path of its data."""
    assert isinstance(network.spec.data, Described)  # noqa: S101
    same = network.spec.data.file == file
    return network.text if same else replaced(network.text, str(network.path), [f"data.file={flow(file)}"])


def _relative(file: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive of Windows
        return file.resolve().as_posix()


@called
def init(
    table: Table,
    target: str | None = None,
    *,
    task: Task | None = None,
    ratings: tuple[str, str] | None = None,
    encoding: Encoding | None = None,
    decimal: Decimal | None = None,
    split_by: str | None = None,
    split_time: str | None = None,
    best: bool = False,
) -> Network:
    """Propose a network for a table, as ``nngen init`` does.

    Args:
        table: a path, a data frame, a mapping of columns, a list of rows, or ``(array, names)``.
        target: the column to predict; None for which pairs of a user and an item occur, as in a table of clicks.
        task: whether it has classes or numbers; None to tell by its values.
        ratings: the columns of users and items: factorize the ratings in the target; None to look for them.
        encoding: that of a file of text; None to recognize it.
        decimal: the decimal sign of its numbers, where that is not clear.
        split_by: a column whose groups of rows are held out as a whole.
        split_time: a column of dates or numbers by which the last fifth is held out.
        best: whether the network may be larger, to answer best: as an ensemble, ``nngen.train(..., ensemble=5)``.

    Raises:
        SpecError: the table cannot be read, or there is nothing to learn in it.
    """
    from nngen.commands.held_out_rows import split_of
    from nngen.commands.init import spec_for
    from nngen.commands.proposal import described

    held = Held(table)
    folder = held.path.parent if held.temporary else Path()
    split = split_of(split_by, split_time)
    place = folder / "spec.yaml"
    text, proposal = spec_for(held.path, target, task, place, encoding, ratings, decimal, split, best=best)
    path = folder / f"{proposal.name}.yaml"
    spec = parse(text, str(path), folder, held.path.parent)
    return Network(text, spec, path, (*proposal.said, *described(proposal), *proposal.unclear), held)
