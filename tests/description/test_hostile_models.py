"""Hostile and damaged model files: each attack is refused with a message that names it."""

import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from nngen.bridges.importing import assemble
from nngen.bridges.importing.graph import Graph
from nngen.bridges.importing.source import READERS
from nngen.bridges.importing.tensors import tensors
from nngen.common.diagnostics import SpecError
from nngen.common.isolated import isolated
from tests.support.model_files import (
    ENTRY,
    array,
    dense,
    entry,
    estimator,
    functional,
    keras,
    layer,
    legacy,
    node,
    regression,
    safetensors,
    saved,
    sequential,
    skops,
    value,
    weights,
    zipped,
)


def refusal(read: Callable[[bytes, str], Any], content: bytes) -> list[str]:
    """The messages about a file."""
    with pytest.raises(SpecError) as caught:
        read(content, "model")
    return [found.message for found in caught.value.diagnostics]


def test_the_files_are_read_if_nothing_is_wrong_with_them() -> None:
    files = (".keras", keras()), (".keras", keras(change=circle)), (".h5", legacy()), (".skops", skops())
    for suffix, content in files:
        made = assemble(READERS[suffix](content, "model"), "model")
        expected = (2.0, -1.0, 0.5) if suffix == ".skops" else (1.0, 3.0, 2.0, 4.0, 0.5, -0.5, 1.0, -1.0, 0.25)
        assert made.parameters == expected
    found = tensors(safetensors({"w": entry(0, 8)}, struct.pack("<2f", 1.0, 2.0)), "model")
    assert found["w"].tolist() == [1.0, 2.0]


def patched(content: bytes, place: int, value: int, size: int = 4) -> bytes:
    """An archive of one member with another value at a place of its directory."""
    start = content.index(b"PK\x01\x02") + place
    return content[:start] + value.to_bytes(size, "little") + content[start + size :]


def twice() -> bytes:
    """An archive with two members of the same name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("config.json", b"{}")
        archive.writestr("other.json", b"{}")
    return file.getvalue().replace(b"other.json", b"config.json"[:10]).replace(b"config.jso{", b"config.json{")


ONE = zipped({"config.json": b"{}"})

ARCHIVES: dict[str, tuple[bytes, str]] = {
    "bomb": (
        zipped({"config.json": bytes(10_000_000)}, zipfile.ZIP_DEFLATED),
        "the members of the archive are more than 100 times as large as the archive",
    ),
    "size": (patched(ONE, 24, 2**31), "the members of the archive are larger than 500,000,000 bytes"),
    "overlap": (patched(ONE, 20, 150), "members of the archive overlap"),
    "path": (zipped({"../config.json": b""}), "expected a name without folders, got the member '../config.json'"),
    "folder": (zipped({"a/config.json": b""}), "expected a name without folders, got the member 'a/config.json'"),
    "assets": (zipped({"assets/../x": b""}), "expected a name without folders, got the member 'assets/../x'"),
    "encrypted": (patched(ONE, 8, 1, 2), "the member 'config.json' is encrypted"),
    "bzip2": (
        zipped({"config.json": b"{}"}, zipfile.ZIP_BZIP2),
        "expected a member that is stored or deflated, got another compression of 'config.json'",
    ),
    "checksum": (ONE.replace(b"{}", b"[]", 1), "the archive is damaged or incomplete"),
    "truncated": (ONE[:-5], "the archive is damaged or incomplete"),
    "longer": (patched(ONE, 24, 1), "the archive is damaged or incomplete"),
    "empty": (b"", "the archive is damaged or incomplete"),
    "members": (ONE, "expected a .keras file, which has a member 'model.weights.h5'"),
}


@pytest.mark.parametrize("attack", ARCHIVES)
def test_archives(attack: str) -> None:
    content, message = ARCHIVES[attack]
    assert refusal(READERS[".keras"], content) == [message]


JSON: dict[str, tuple[bytes, str]] = {
    "depth": (b"[" * 100_000, "config.json is nested too deeply"),
    "twice": (b'{"a": 1, "a": 2}', "config.json: the key 'a' occurs twice"),
    "nan": (b'{"a": NaN}', "config.json: expected a finite number, got NaN"),
    "text": (b"{]", "config.json is not valid JSON"),
    "bytes": (b"\xff", "config.json is not valid JSON"),
    "digits": (b"1" * 5_000, "config.json is not valid JSON"),
    "list": (b"[]", "expected a model or layer with 'class_name' and 'config'"),
}


@pytest.mark.parametrize("attack", JSON)
def test_json(attack: str) -> None:
    content, message = JSON[attack]
    assert refusal(READERS[".keras"], keras(config_json=content)) == [message]


def replace(name: str, make: Callable[[Any], None]) -> Callable[[Any], None]:
    """A change that puts something else in the place of a dataset or group."""

    def change(file: Any) -> None:
        del file[name]
        make(file)

    return change


KERNEL = "layers/dense/vars/0"


def external_link(file: Any) -> None:
    file[KERNEL] = h5py.ExternalLink("/etc/passwd", "/")


def soft_link(file: Any) -> None:
    file[KERNEL] = h5py.SoftLink("/layers/dense_1/vars/0")


def external_data(file: Any) -> None:
    file.create_dataset(KERNEL, (2, 2), "<f4", external=[("/etc/passwd", 0, 16)])


def virtual(file: Any) -> None:
    layout = h5py.VirtualLayout((2, 2), "<f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "data", (2, 2))
    file.create_virtual_dataset(KERNEL, layout)


def huge(file: Any) -> None:
    file.create_dataset(KERNEL, (2**20, 2**20), "<f8")


def compressed(file: Any) -> None:
    file.create_dataset(KERNEL, data=np.ones((2, 2), "<f4"), compression="gzip")


def texts(file: Any) -> None:
    file[KERNEL] = ["a", "b"]


def infinite(file: Any) -> None:
    file[KERNEL] = np.array([[1.0, np.inf], [0.0, 0.0]], "<f4")


def transposed(file: Any) -> None:
    file[KERNEL] = np.ones((2, 3), "<f4")


def circle(file: Any) -> None:
    file["layers/dense/vars/again"] = file["layers"]


def deep_groups(file: Any) -> None:
    file.create_group("layers" + "/a" * 70)


def shared(file: Any) -> None:
    file["layers/more/0"] = np.ones(10_000, "<f4")
    for number in range(1, 9):
        file[f"layers/more/{number}"] = file["layers/more/0"]


def renamed(file: Any) -> None:
    file["layers/dense/vars"].attrs["name"] = "dense_1"


def numbered(file: Any) -> None:
    del file["layers/dense/vars"].attrs["name"]
    file["layers/dense/vars"].attrs["name"] = 3


def added(file: Any) -> None:
    file["layers/dense/vars/2"] = np.ones(2, "<f4")


def away(file: Any) -> None:
    file["layers"] = h5py.ExternalLink("/etc/passwd", "/")


HDF5: dict[str, tuple[Callable[[Any], None], str]] = {
    "external link": (
        replace(KERNEL, external_link),
        "'dense/vars/0' is a link to something else, perhaps in another file",
    ),
    "external root": (replace("layers", away), "the group 'layers' is missing"),
    "soft link": (replace(KERNEL, soft_link), "'dense/vars/0' is a link to something else, perhaps in another file"),
    "external dataset": (replace(KERNEL, external_data), "the numbers of 'dense/vars/0' are in another file"),
    "virtual dataset": (
        replace(KERNEL, virtual),
        "the numbers of 'dense/vars/0' are in another file",
    ),
    "huge shape": (
        replace(KERNEL, huge),
        "the file has not all numbers of 'dense/vars/0', which has the shape (1048576, 1048576)",
    ),
    "compressed": (
        replace(KERNEL, compressed),
        "expected plain numbers, got compressed ones or parts of them as 'dense/vars/0'",
    ),
    "texts": (replace(KERNEL, texts), "expected numbers, got something else as 'dense/vars/0'"),
    "infinite": (
        replace(KERNEL, infinite),
        "layer 2, Dense 'dense': expected finite numbers, got NaN or an infinity in kernel",
    ),
    "shape": (
        replace(KERNEL, transposed),
        "layer 2, Dense 'dense': expected kernel of the shape (2, 2), got (2, 3)",
    ),
    "nested": (deep_groups, "'layers' has more than 20,000 groups and datasets, or 60 in one another"),
    "shared": (shared, "the datasets of 'layers' share their bytes"),
    "owner": (renamed, "layer 2, Dense 'dense': its weights belong to another layer, 'dense_1'"),
    "attribute": (numbered, "expected a text of at most 50,000,000 characters as attribute 'name'"),
    "missing": (lambda file: file.pop(KERNEL), "layer 2, Dense 'dense': expected 2 arrays of weights, got 1"),
    "more": (added, "layer 2, Dense 'dense': expected 2 arrays of weights, got 3"),
    "none": (lambda file: file.pop("layers"), "the group 'layers' is missing"),
}


@pytest.mark.parametrize("attack", HDF5)
def test_hdf5(attack: str) -> None:
    change, message = HDF5[attack]
    assert refusal(READERS[".keras"], keras(change=change)) == [message]


def test_damaged_hdf5() -> None:
    message = "this is not an HDF5 file, or it is damaged"
    for content in (b"", b"\x89HDF\r\n\x1a\n", weights()[:600]):
        assert refusal(READERS[".h5"], content) == [message]
    expected = ["the file has weights, but not the layers that they belong to"]
    assert refusal(READERS[".h5"], legacy(lambda file: file.attrs.pop("model_config"))) == expected


def nested(depth: int) -> Any:
    model = sequential()
    for number in range(depth):
        inner = {**model, "config": {**model["config"], "name": f"inner{number}"}}
        model = sequential([ENTRY, inner])
    return model


MANY = sequential([ENTRY, layer("Lambda", "f"), layer("Permute", "c"), dense("d", 2), layer("Attention", "a")])

MODELS: dict[str, tuple[Any, list[str]]] = {
    "unknown": (
        MANY,
        [
            "layer 2, Lambda 'f': no layer of a spec is like it",
            "layer 3, Permute 'c': no layer of a spec is like it",
            "layer 5, Attention 'a': no layer of a spec is like it",
        ],
    ),
    "convolutions": (
        sequential(
            [
                layer("InputLayer", "entry", batch_shape=[None, None]),
                sequential([layer("Conv1D", "c"), layer("MaxPooling1D", "m")]),
                layer("LSTM", "l"),
            ]
        ),
        ["layer 'c', Conv1D and 2 more: a spec has dense layers only, no convolutions and no recurrent layers"],
    ),
    "other module": (
        sequential([ENTRY, layer("Dense", "dense", "evil", units=2)]),
        ["layer 2, evil.Dense 'dense': no layer of a spec is like it"],
    ),
    "registered": (
        sequential([ENTRY, {**dense("dense", 2), "registered_name": "mine>Dense"}]),
        ["layer 2, keras.layers.Dense 'dense': no layer of a spec is like it"],
    ),
    "dtype": (
        sequential([ENTRY, dense("dense", 2, dtype="mixed_bfloat16")]),
        ["layer 2, Dense 'dense': it computes with 'mixed_bfloat16'"],
    ),
    "quantized": (
        sequential([ENTRY, dense("dense", 2, quantization_config={"mode": "int8"})]),
        ["layer 2, Dense 'dense': its weights are quantized or adapted"],
    ),
    "activation": (
        sequential([ENTRY, dense("dense", 2, "sparsemax"), dense("dense_1", 1, "glu")]),
        [
            "layer 2, Dense 'dense': the activation 'sparsemax' has no equal in a spec",
            "layer 3, Dense 'dense_1': the activation 'glu' has no equal in a spec",
        ],
    ),
    "nested": (nested(12), ["models are nested deeper than 10"]),
    "units": (sequential([ENTRY, dense("dense", 10**9)]), ["layer 2, Dense 'dense': expected 1 to 100,000 as 'units'"]),
    "rank": (
        sequential([layer("InputLayer", "entry", batch_shape=[None, 2, 2]), dense("dense", 2)]),
        ["layer 2, Dense 'dense': its input has the shape (2, 2)"],
    ),
    "input": (
        sequential([layer("InputLayer", "entry", batch_shape=[None, None]), dense("dense", 2)]),
        ["expected the shape of the input, such as [null, 4]"],
    ),
    "circle": (
        functional({"entry": ENTRY, "a": dense("a", 2), "b": dense("b", 2)}, {"a": ["b"], "b": ["a"]}, "b"),
        ["layers of the model are in a circle, or one is missing"],
    ),
    "inputs": (
        functional(
            {"entry": ENTRY, "entry1": layer("InputLayer", "entry1", batch_shape=[None]), "dense": dense("dense", 2)},
            {"dense": ["entry"]},
            "dense",
        ),
        ["two inputs have the same name"],
    ),
    "output": (
        functional({"entry": ENTRY, "dense": dense("dense", 2)}, {"dense": ["entry"]}, "none"),
        ["there is no layer 'none' that could be the output"],
    ),
    "type of the input": (
        sequential([layer("InputLayer", "entry", batch_shape=[None, 2], dtype=["int32"]), dense("dense", 2)]),
        ["layer 1, InputLayer 'entry': it computes with ['int32']"],
    ),
    "rows": (
        sequential(
            [layer("InputLayer", "id", batch_shape=[None]), layer("Embedding", "e", input_dim=10**9, output_dim=2)]
        ),
        ["layer 2, Embedding 'e': expected 1 to 10,000,000 as 'input_dim'"],
    ),
    "axes": (
        functional({"entry": ENTRY, "d": layer("Dot", "d", axes=[1])}, {"d": ["entry", "entry"]}, "d"),
        ["layer 2, Dot 'd': it multiplies (2,) and (2,) along the axes [1]"],
    ),
    "no model": (layer("Other", "other"), ["expected a Sequential or functional model, got 'Other'"]),
}


@pytest.mark.parametrize("attack", MODELS)
def test_models(attack: str) -> None:
    model, messages = MODELS[attack]
    assert refusal(READERS[".keras"], keras(model)) == messages


def test_a_layer_that_is_called_twice() -> None:
    model = functional({"entry": ENTRY, "dense": dense("dense", 2)}, {"dense": ["entry"]}, "dense")
    model["config"]["layers"][1]["inbound_nodes"] *= 2
    assert refusal(READERS[".keras"], keras(model)) == ["layer 2, Dense 'dense': it is called 2 times"]


def deep(depth: int) -> Any:
    made = value(1)
    for _ in range(depth):
        made = node("ListNode", [made], "list")
    return made


def encoder(categories: list[str]) -> Any:
    return estimator("OneHotEncoder", n_features_in_=1, categories_=[categories])


PICKLED = saved(np.array([{}], object), allow_pickle=True)
SCALER: dict[str, Any] = {"n_features_in_": 2, "scale_": [0, 1], "with_std": True, "mean_": array("1.npy")}


def pipeline(*steps: Any) -> Any:
    listed = [node("TupleNode", [value(f"step{number}"), step], "tuple") for number, step in enumerate(steps)]
    return estimator("Pipeline", steps=node("ListNode", listed, "list"))


SKOPS: dict[str, tuple[bytes, list[str]]] = {
    "protocol": (skops(protocol=3), ["expected protocol 2 of skops, got 3"]),
    "pickle": (
        skops(numbers=PICKLED),
        ["1: expected numbers or texts, got pickled Python objects, which can run code"],
    ),
    "no array": (
        skops(numbers=b"\x80\x04"),
        ["1.npy is not a NumPy array: EOF: reading magic string, expected 8 bytes got 2"],
    ),
    "truncated": (skops(numbers=saved([2.0, -1.0])[:-1]), ["1: the array is damaged or incomplete"]),
    "huge": (
        skops(numbers=saved([2.0, -1.0]).replace(b"(2,), }", b"(2000000000,), }")[: len(saved([2.0, -1.0]))]),
        ["1: the array is damaged or incomplete"],
    ),
    "member": (
        skops(regression(coef_=array("../2.npy"))),
        ["schema.json: the member '../2.npy' is missing"],
    ),
    "depth": (skops(regression(more=deep(80))), ["schema.json: nodes are nested deeper than 60"]),
    "no node": (
        skops(regression(more=node("ListNode", [3]))),
        ["schema.json: expected a node with '__loader__', a str"],
    ),
    "json": (
        skops(regression(more=node("JsonNode", "[" * 100_000))),
        ["a value in schema.json is nested too deeply"],
    ),
    "nan": (
        skops(numbers=saved([np.nan, 0.0])),
        ["expected finite numbers, got NaN or an infinity in LinearRegression.coef_"],
    ),
    "shape": (skops(numbers=saved([1.0])), ["expected LinearRegression.coef_ of the shape (1, 2), got (1, 1)"]),
    "texts": (skops(numbers=saved(["a", "b"])), ["expected an array of numbers as LinearRegression.coef_"]),
    "other class": (
        skops(estimator("LinearRegression", "evil", n_features_in_=2)),
        ["expected a fitted estimator of scikit-learn, got evil.LinearRegression"],
    ),
    "function": (
        skops(node("FunctionNode", {"module_path": "os", "function": "system"}, "function", "os")),
        ["expected a fitted estimator of scikit-learn, got os.function"],
    ),
    "not fitted": (
        skops(estimator("LinearRegression")),
        ["expected a fitted estimator of scikit-learn, got LinearRegression"],
    ),
    "features": (
        skops(regression(n_features_in_=10**9)),
        ["expected a fitted estimator of scikit-learn, got LinearRegression"],
    ),
    "components": (
        skops(pipeline(estimator("PCA", n_features_in_=2, components_=array("1.npy")), regression())),
        ["step0: expected PCA.components_ of the shape (n, 2), got (2,)"],
    ),
    "steps": (
        skops(pipeline(estimator("KernelPCA", n_features_in_=2), estimator("Binarizer"), estimator("SVC"))),
        [
            "step0: KernelPCA has no equal in a spec",
            "step1: Binarizer has no equal in a spec",
            "step2: SVC has no equal in a spec",
        ],
    ),
    "scale": (
        skops(pipeline(estimator("StandardScaler", **SCALER), regression())),
        ["step0: expected numbers above 0 as StandardScaler.scale_"],
    ),
    "category": (
        skops(pipeline(encoder(["a\u200b"]), regression())),
        ["a column of the data cannot be in a spec: the invisible character U+200B ZERO WIDTH SPACE"],
    ),
}


@pytest.mark.parametrize("attack", SKOPS)
def test_skops(attack: str) -> None:
    content, messages = SKOPS[attack]
    assert refusal(READERS[".skops"], content) == messages


FOUR = struct.pack("<2f", 1.0, 2.0)

TENSORS: dict[str, tuple[bytes, str]] = {
    "header": (struct.pack("<Q", 2**60), "expected a .safetensors file: its header is not complete"),
    "short": (b"\x01", "expected a .safetensors file: its header is not complete"),
    "list": (safetensors([], b""), "expected a mapping as header"),
    "twice": (
        safetensors(f'{{"w": {json.dumps(entry(0, 8))}, "w": {json.dumps(entry(0, 8))}}}', FOUR),
        "the header: the key 'w' occurs twice",
    ),
    "depth": (safetensors("[" * 100_000, FOUR), "the header is nested too deeply"),
    "gap": (safetensors({"w": entry(8, 16)}, FOUR * 2), "the array 'w' begins at byte 8, expected 0"),
    "overlap": (
        safetensors({"v": entry(0, 8), "w": entry(4, 12)}, FOUR * 2),
        "the array 'w' begins at byte 4, expected 8",
    ),
    "after": (safetensors({"w": entry(0, 8)}, FOUR * 2), "expected 8 bytes of numbers, got 16"),
    "no numbers": (
        safetensors({"w": entry(0, 0, (0, 2**62))}, b""),
        "the array 'w' has a shape of more than 60,000,000 numbers",
    ),
    "truncated": (
        safetensors({"w": entry(0, 8)}, FOUR[:4]),
        "the file ends before the array 'w', which has the bytes up to 8",
    ),
    "shape": (
        safetensors({"w": entry(0, 8, (3,))}, FOUR),
        "expected dtype, shape and data_offsets that agree for the array 'w'",
    ),
    "negative": (
        safetensors({"w": entry(0, 8, (-2,))}, FOUR),
        "expected dtype, shape and data_offsets that agree for the array 'w'",
    ),
    "huge": (
        safetensors({"w": entry(0, 2**62, (2**60,))}, FOUR),
        "the array 'w' has a shape of more than 60,000,000 numbers",
    ),
    "backwards": (
        safetensors({"w": entry(8, 0)}, FOUR),
        "expected dtype, shape and data_offsets that agree for the array 'w'",
    ),
    "nan": (
        safetensors({"w": entry(0, 8)}, struct.pack("<2f", 1.0, np.nan)),
        "expected finite numbers, got NaN or an infinity in 'w'",
    ),
    "integers": (
        safetensors({"w": entry(0, 8, (8,), "I8")}, FOUR),
        "expected an array of F64, F32, F16 or BF16, got 'I8' as 'w'",
    ),
}


@pytest.mark.parametrize("attack", TENSORS)
def test_safetensors(attack: str) -> None:
    content, message = TENSORS[attack]
    assert refusal(tensors, content) == [message]


def test_files_are_read_in_a_process_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    path.write_bytes(keras())
    made = isolated("nngen.bridges.importing.source:read", path, gives=Graph)
    assert assemble(made, "model").parameters == assemble(READERS[".keras"](keras(), "model"), "model").parameters
    path.write_bytes(keras(MANY))
    with pytest.raises(SpecError) as caught:
        isolated("nngen.bridges.importing.source:read", path, gives=Graph)
    assert [found.message for found in caught.value.diagnostics] == MODELS["unknown"][1]


@pytest.mark.parametrize("suffix", [".pkl", ".joblib", ".pt", ".npy"])
def test_pickles_are_never_opened(tmp_path: Path, suffix: str) -> None:
    from nngen.bridges.importing.source import read

    with pytest.raises(SpecError, match=f"{suffix} files are pickles, which run code as they are read"):
        read(str(tmp_path / f"missing{suffix}"))
