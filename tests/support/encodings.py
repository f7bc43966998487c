"""The scaling of a spec's inputs, measured or made up."""

from dataclasses import replace
from pathlib import Path

from nngen.description.data import Encoding, Scaling, encoding
from nngen.description.model import Data, Spec
from nngen.description.model.data import Values


def scaling(spec: Spec, folder: Path) -> Scaling | None:
    """The scaling of a spec's inputs."""
    found = encoding(spec, folder)
    return found.scaling if found else None


def scaled_by(spec: Spec, scaling: Scaling | None) -> Encoding | None:
    """The encoding of a spec whose module scales its inputs, and takes no raw rows."""
    if scaling is None:
        return None
    data: Data = Values.model_validate({"scale": {"name": "divide", "by": 1.0}})
    found = encoding(spec.model_copy(update={"data": data}), Path())
    assert found
    return replace(found, scaling=scaling, predicts=False)
