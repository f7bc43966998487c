"""The encoding of a spec."""

from collections.abc import Sequence
from pathlib import Path

from nngen.common import files
from nngen.description.data.encoding import Encoding
from nngen.description.data.measure import measure
from nngen.description.data.properties import is_plain, measures
from nngen.description.model import Spec, Values


def encoding(spec: Spec, folder: Path) -> Encoding | None:
    """The encoding of rows, measured on the training examples; None if the spec does not describe rows of data.

    Without data, constants that have to be measured make it None, too.

    Raises:
        SpecError: the file, which ``data.file`` names from ``folder``, cannot be read, or there is nothing to measure.
    """
    if spec.data is None and (is_plain(spec) or measures(spec)):
        return None
    if isinstance(spec.data, Values) and measures(spec):
        advice = (
            "name a file, `data: {file: ...}`, or write them, as in `scale: {name: standardize, mean: 5, deviation: 2}`"
        )
        raise files.refused(folder, f"{spec.name}: its constants are measured on examples, and it has none", advice)
    if not measures(spec) or spec.data is None:
        return measure(spec, _nothing, _nothing)
    from nngen.description.data.examples import read_encoding  # it needs NumPy, which takes longer to load than a build

    return read_encoding(spec, folder)[0]


def _nothing(name: str) -> Sequence[float]:
    raise KeyError(name)
