"""Archives of ``torch.export`` without PyTorch: what is read, and hostile ones."""

from collections.abc import Callable
from typing import Any

import pytest

from nngen.bridges.importing import assemble
from nngen.bridges.importing.torch.archive import read
from nngen.common.diagnostics import SpecError
from tests.support.pt2_files import BIASES, WEIGHTS, archive, parts, tensor

CONFIG, MODEL = "data/weights/model_weights_config.json", "models/model.json"


def test_a_layer() -> None:
    found = assemble(read(archive(parts()), "net.pt2"), "net.pt2")
    assert [(layer.name, layer.activation.name) for layer in found.spec.layers] == [("layer", "softmax")]
    assert "(PyTorch 2.13.0)" in found.text
    assert [*found.parameters] == [*WEIGHTS, *BIASES]


def _weight(members: Any) -> Any:
    return members[CONFIG]["config"]["layer.weight"]


def _graph(members: Any) -> Any:
    return members[MODEL]["graph_module"]["graph"]


HOSTILE: dict[str, tuple[Callable[[Any], Any], str]] = {
    "pickled weights": (lambda m: _weight(m).update(use_pickle=True), "'layer.weight' is pickled"),
    "weights of older versions": (lambda m: m.pop(CONFIG), "its model_weights_config.json is missing"),
    "another order of bytes": (lambda m: m.update(byteorder=b"big"), "in the order of bytes of common processors"),
    "another version": (lambda m: m[MODEL]["schema_version"].update(major=9), "expected version 8 .*, got 9"),
    "two models": (lambda m: m.update({"models/other.json": {}}), "expected an archive of torch.export with one model"),
    "columns first": (
        lambda m: _weight(m)["tensor_meta"].update(strides=[{"as_int": 1}, {"as_int": 2}]),
        "the numbers of 'layer.weight' are not in their order",
    ),
    "too large": (
        lambda m: _weight(m).update(tensor_meta=tensor(100_000, 100_000)),
        "the array 'layer.weight' is too large",
    ),
    "fewer numbers": (lambda m: m.update({"data/weights/weight_0": b"1234"}), "damaged, or of another form"),
    "a path": (lambda m: _weight(m).update(path_name="../../byteorder"), "damaged, or of another form"),
    "a missing parameter": (lambda m: m[CONFIG]["config"].pop("layer.bias"), "damaged, or of another form"),
    "another operator": (
        lambda m: _graph(m)["nodes"][1].update(target="torch.ops.aten.from_file.default"),
        "last, aten.from_file.default: no operator of a spec is like it",
    ),
    "constants of an operator": (
        lambda m: _graph(m)["nodes"].insert(0, {**_graph(m)["nodes"][1], "inputs": []}),
        "aten.softmax.int of constants alone",
    ),
    "another kind of argument": (
        lambda m: _graph(m)["nodes"][1]["inputs"][1].update(arg={"as_graph": {}}),
        "an argument of the kind 'as_graph' cannot be read",
    ),
    "a text as dimension": (
        lambda m: _graph(m)["nodes"][0]["inputs"].pop(1),
        "linear.default: its weights are not constants|arguments of another form",
    ),
    "a value before it is there": (lambda m: _graph(m)["nodes"].reverse(), "damaged, or of another form"),
    "a wide input": (
        lambda m: _graph(m)["tensor_values"].update(x=tensor(4, 10**12)),
        "'x' has more than .* numbers for each example",
    ),
    "a size that is a text": (
        lambda m: _graph(m)["tensor_values"]["x"]["sizes"][1].update(as_int="x"),
        "damaged, or of another form",
    ),
    "no nodes": (lambda m: _graph(m).pop("nodes"), "damaged, or of another form"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_archives(name: str) -> None:
    change, message = HOSTILE[name]
    members = parts()
    change(members)
    with pytest.raises(SpecError, match=message):
        read(archive(members), "net.pt2")
