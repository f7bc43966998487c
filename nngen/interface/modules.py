"""The modules of a network, their proof, and its living page."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path

from nngen.commands import build as built
from nngen.commands import module_files
from nngen.commands.integers import in_integers
from nngen.common.choices import Integers, Part, Scene, Tongue
from nngen.common.files import refused
from nngen.common.languages import Language
from nngen.common.ranges import Entries, Seconds
from nngen.integers import TABLE_SIZE
from nngen.interface.calls import called, warn
from nngen.interface.network import Source
from nngen.interface.result import Parameters, Result, trained
from nngen.proof.proving import Proof
from nngen.proof.selftest import SelfTestError, module_numbers
from nngen.proof.verify import Verification
from nngen.proof.verify import verify as verified
from nngen.targets import Target, added, texts


@dataclass(frozen=True)
class Module:
    """A generated module; as a text it is that of its main file."""

    _files: tuple[module_files.Module, ...] = field(repr=False)

    @property
    def text(self) -> str:
        """The text of the module."""
        return self._files[0].text

    @property
    def files(self) -> Mapping[str, str]:
        """The texts of all files by their names, first that of the module.

        Many trained parameters have a file of their own, and a header of C may have a binding for Python.
        """
        return {file.path.name: file.text for file in self._files}

    @called
    def save(self, folder: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write all files, and return that of the module. The files need their names, as they refer to each other.

        Args:
            folder: the folder of the files, which is created if it is missing.
            overwrite: whether files that nngen did not write for this network are overwritten.

        Raises:
            SpecError: such a file exists, or a file cannot be written.
        """
        files = [replace(file, path=Path(folder) / file.path.name, placed=True) for file in self._files]
        built.write(files, force=overwrite)
        return files[0].path

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Module({', '.join(self.files)})"


@dataclass(frozen=True)
class Page:
    """A page of HTML, which a notebook shows."""

    html: str = field(repr=False)

    @called
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


@called
def build(
    network: Source | Result,
    target: Language | Target,
    *,
    contents: Sequence[Part] = (),
    params: Parameters = None,
    dtype: Integers | None = None,
    table: Entries | None = None,
    accept_loss: bool = False,
    selftest: bool = False,
) -> Module:
    """Write a module, with the same bytes as ``nngen build``.

    Args:
        network: a spec, or the result of a training, whose parameters the module then has.
        target: ``python``, ``numpy``, ``javascript``, ``c``, ``rust``, ``go``, ``java``, ``csharp``, ``lua``
            or ``php``, or a language of your own.
        contents: the parts of the module; without any, those that the spec or the command chooses.
        params: trained parameters: their file, or a flat list.
        dtype: ``int8`` for a predictor in integers, which has neither ``contents`` nor the target ``numpy``.
        table: the numbers of its tables, such as that of tanh; None for 256.
        accept_loss: whether its answers may be worse than those in float64.
        selftest: whether the module has a function that compares it with the reference.

    Returns:
        The module: ``text``, and ``files`` with all texts by their names; ``save(folder)`` writes them.

    Raises:
        SpecError: the spec or a file is wrong, the network does not fit the target, integers do not hold it,
            or its answers in integers are worse than those in float64.
    """
    name = added(target) if isinstance(target, Target) else target
    loaded, flat = trained(network, params)
    spec, folder = loaded.spec, loaded.path.parent
    if dtype is None and (table or accept_loss):
        raise refused(loaded.path, "`table` and `accept_loss` belong to `dtype`", "add `dtype='int8'`")
    if dtype is None:
        try:
            made = texts(spec, folder, [name], module_numbers if selftest else None, flat, None, contents)
        except SelfTestError as error:
            raise refused(loaded.path, str(error), "build it without `selftest`") from None
    elif contents or selftest:
        raise refused(loaded.path, f"int8 has no `{'contents' if contents else 'selftest'}`")
    elif flat is None:
        raise refused(loaded.path, "int8 needs trained parameters", _TRAIN)
    else:
        made, _ = in_integers(spec, loaded.path, [name], flat, accept_loss, table or TABLE_SIZE)
        flat = None
    files = tuple(built.files_of(spec, made, Path(), flat, contents or spec.contents or ()))
    warn(remark for file in files for remark in file.remarks)
    return Module(files)


_TRAIN = "train it first: `nngen.train(spec)`, or give `params`"


@called
def verify(
    module: str | os.PathLike[str],
    spec: str | os.PathLike[str] | None = None,
    *,
    target: Target | None = None,
    timeout: Seconds = 20.0,
) -> Verification:
    """Compare a generated module with the reference, as ``nngen verify`` does.

    Args:
        module: the file of the module.
        spec: its spec; None for one with its name, near the module.
        target: its language, if it is one of your own.
        timeout: the limit in seconds for a call of the module.

    Returns:
        What was compared. ``right`` says whether everything agrees.

    Raises:
        SpecError: a file cannot be read.
    """
    language = None if target is None else added(target)
    return verified(Path(module), None if spec is None else Path(spec), timeout, None, language)


@called
def prove(
    network: Source | Result,
    *,
    params: Parameters = None,
    properties: str | os.PathLike[str] | None = None,
    seconds: Seconds = 120.0,
    header: str | os.PathLike[str] | None = None,
    table: Entries | None = None,
    accept_loss: bool = False,
) -> Proof:
    """Prove what holds for all rows of the C header in integers of a network, as ``nngen prove`` does.

    Args:
        network: a spec, or the result of a training.
        params: trained parameters: their file, or a flat list.
        properties: a file of properties, which alone are proven; without it, safety and the properties of the spec.
        seconds: the time limit.
        header: a file, that of the header which you changed.
        table: the numbers of its tables, as for ``build``.
        accept_loss: whether answers in integers may be worse than those in float64.

    Returns:
        The proof. ``verdict.value`` is ``proven``, ``fails`` or ``not decided``; its text is that of the command.

    Raises:
        SpecError: the spec or a file is wrong, integers do not hold the network, or a program is not there.
    """
    from nngen.commands.prove import proven, written

    loaded, flat = trained(network, params)
    if flat is None:
        raise refused(loaded.path, "int8 needs trained parameters", _TRAIN)
    file, asked = (None if one is None else Path(one) for one in (header, properties))
    return proven(written(loaded.spec, loaded.path, flat, table or TABLE_SIZE, accept_loss, file), seconds, asked)


@called
def explain(
    network: Source | Result, *, params: Parameters = None, language: Tongue = "en", parts: Sequence[Scene] = ()
) -> Page:
    """The living page of a network: its picture, equations and code, running in the browser.

    Args:
        network: a spec, or the result of a training.
        params: trained parameters: their file, or a flat list.
        language: ``en`` or ``ko``.
        parts: the only parts that the page has, of ``form``, ``picture``, ``charts``, ``general``, ``forward`` and
            ``backward``.

    Raises:
        SpecError: the spec or a file is wrong, or the network is too large for a page.
    """
    from nngen.learning.explain import living_page

    loaded, flat = trained(network, params)
    return Page(living_page(loaded.spec, loaded.path.parent, flat, language=language, parts=parts))
