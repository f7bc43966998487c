"""CSV files and the specs that read them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from nngen.description.model.spec import Spec


def spec(data: Mapping[str, object], outputs: Sequence[str] = ("y",), inputs: Sequence[object] = ("a", "b")) -> Spec:
    return Spec.model_validate(
        {
            "name": "net",
            "inputs": inputs,
            "layers": [{"name": "output", "units": outputs, "activation": "linear"}],
            "loss": {"name": "squared_error", "outputs": "sum"},
            "training": {"optimizer": {"name": "gradient_descent", "rate": 0.1}},
            "data": data,
        }
    )


def csv_file(folder: Path, content: str | bytes) -> Path:
    path = folder / "data.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
