"""Full-integer files of TensorFlow Lite keep their integers: bytes, refusals, damaged files."""

import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nngen.bridges.importing.tflite.integers import read_integers
from nngen.cli import main
from nngen.common.diagnostics import SpecError
from nngen.targets import as_module, lite_texts
from tests.support.tflite_files import Graph
from tests.support.tflite_integers import BYTES, ROWS, fixed


def written(graph: Graph) -> bytes:
    """The file of a graph whose last tensor is its output."""
    return graph.file(len(graph.tensors) - 1)


def refusals(path: Path, content: bytes) -> list[str]:
    """The messages about a file."""
    path.write_bytes(content)
    with pytest.raises(SpecError) as caught:
        read_integers(str(path), "net")
    return [found.message for found in caught.value.diagnostics]


def test_the_bytes_of_the_reference_kernels(tmp_path: Path) -> None:
    path = tmp_path / "my net.tflite"
    path.write_bytes(written(fixed()))
    done = CliRunner().invoke(main, ["import", str(path), "--dtype", "int8", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    made = as_module("my_net", (tmp_path / "my_net.py").read_text())
    assert [made.forward(row) for row in ROWS] == BYTES
    assert made.INPUTS == (0.05000000074505806, 3)
    assert made.OUTPUTS == (1.0 / 256.0, -128)
    with pytest.raises(ValueError, match="expected 4 whole numbers from -128 to 127"):
        made.forward([0, 0, 0, 128])
    assert "my_net_forward(const int8_t *x, int8_t *outputs)" in (tmp_path / "my_net.h").read_text()
    assert "export function forward(x)" in (tmp_path / "my_net.mjs").read_text()


def test_what_has_no_integer_form_is_named(tmp_path: Path) -> None:
    path = tmp_path / "net.tflite"
    assert refusals(path, written(fixed("MEAN"))) == ["operator 6 (MEAN): this operator has no integer form"]
    graph = fixed("LOGISTIC")
    slopes = graph.constant([[1, 2, 3]], "int8", scale=0.1)
    graph.add("PRELU", [len(graph.tensors) - 2, slopes], graph.tensor([1, 3], "INT8", scale=0.1, zero=0))
    several = "operator 7 (PRELU): with integers, all of its units have one slope"
    assert refusals(path, written(graph)) == [several]
    wrong: dict[str, dict[str, Any]] = {
        "its weights are shuffled, have a zero point, or scales that are not those of units": {"zero": 1},
        "its scales are too far apart": {"scale": 1e9},
        "its tensor 't1' is of the type INT16, and not INT8": {"kind": "INT16"},
        "the zero point of its tensor 't1' is no number of 8 bits": {"made": 200},
    }
    for message, more in wrong.items():
        graph = Graph()
        x = graph.input([1, 2], "INT8", scale=0.1, zero=0)
        output = graph.tensor([1, 2], more.get("kind", "INT8"), scale=0.1, zero=more.get("made", 0))
        weights = graph.constant([[1, 2], [3, 4]], "int8", scale=more.get("scale", 0.1), zero=more.get("zero", 0))
        assert refusals(path, graph.file(graph.dense(x, weights, -1, output))) == [
            f"operator 1 (FULLY_CONNECTED): {message}"
        ]
    floats = Graph()
    z = floats.add("TANH", [floats.input([1, 2])], floats.tensor([1, 2]))
    assert refusals(path, floats.file(z)) == ["it does not compute with integers of 8 bits"]


def test_sums_stay_within_their_range(tmp_path: Path) -> None:
    graph = Graph()
    x = graph.input([1, 1], "INT8", scale=1.0, zero=0)
    weights = graph.constant([[127]], "int8", scale=1.0, zero=0)
    bias = graph.constant([2**31 - 1], "int32", scale=1.0, zero=0)
    content = graph.file(graph.dense(x, weights, bias, graph.tensor([1, 1], "INT8", scale=1.0, zero=0)))
    (message,) = refusals(tmp_path / "net.tflite", content)
    assert message == "operator 1 (FULLY_CONNECTED): its sums may reach 2,147,499,903, more than 31 bits hold"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["net.csv"], "--dtype int8 keeps the integers of a .tflite file"),
        (["net.tflite", "--name", "my net"], "'my net' is no name of a network"),
        (["net.tflite", "--loss", "cross_entropy"], "takes neither --loss nor --spec"),
    ],
)
def test_the_command_refuses(arguments: list[str], message: str) -> None:
    done = CliRunner().invoke(main, ["import", *arguments, "--dtype", "int8"])
    assert done.exit_code == 2
    assert message in done.output


def test_damaged_files(tmp_path: Path) -> None:
    """Each is refused with a message, or becomes modules that answer; nothing else happens."""
    path, content = tmp_path / "net.tflite", written(fixed())
    found: list[Any] = []
    for seed in range(400):
        drawn, changed = random.Random(seed), bytearray(content)
        for _ in range(drawn.choice([1, 1, 2, 8])):
            changed[drawn.randrange(len(changed))] = drawn.choice([0, 1, 127, 128, 255, drawn.randrange(256)])
        path.write_bytes(changed)
        try:
            made = read_integers(str(path), "net")
        except SpecError as error:
            found += [diagnostic.message for diagnostic in error.diagnostics]
        else:
            if seed % 10 == 0:
                answers = as_module("net", lite_texts(made, "net")["python"]).forward([1] * made.inputs)
                assert all(-128 <= q <= 127 for q in answers)
    assert len(found) > 100
    assert all(0 < len(message) < 1_000 for message in found)
