"""A spec's module of C, compiled and ready to be called from Python."""

import atexit
import importlib.util
import tempfile
import warnings
from pathlib import Path
from typing import Any

from nngen.common import files
from nngen.description.data import Encoding
from nngen.description.model import CTarget, Spec
from nngen.targets import KINDS, texts


def compiled(spec: Spec, folder: Path, measured: Encoding | None = None) -> Any:
    """The module of Python that calls a spec's header of C, compiled in a folder that is deleted with the process.

    ``measured`` is the encoding, where it is measured already.

    Raises:
        SpecError: the data cannot be read; or there is no compiler of C.
    """
    listed = CTarget.model_validate(
        {"name": "c", "unroll": spec.unroll("c"), "dtype": spec.dtype("c"), "binding": True}
    )
    made = texts(spec.model_copy(update={"targets": (listed,)}), folder, measured=measured)
    place = tempfile.TemporaryDirectory(prefix="nngen-")
    atexit.register(place.cleanup)
    for name, text in made.items():
        KINDS[name].path(Path(place.name), spec.name).parent.mkdir(exist_ok=True)
        KINDS[name].path(Path(place.name), spec.name).write_text(text, "utf-8")
    file = KINDS["binding"].path(Path(place.name), spec.name)
    found = importlib.util.spec_from_file_location(file.stem, file)
    assert found is not None  # noqa: S101 (the file ends in .py)
    assert found.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(found)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        try:
            found.loader.exec_module(module)
        except (ImportError, RuntimeWarning) as error:
            message = f"the module of C cannot be compiled: {error}"
            advice = "install gcc or clang and the headers of Python, or train another target"
            raise files.refused(spec.name, message, advice) from None
    return module
