"""Small archives of ``torch.export``, written without PyTorch."""

import json
import math
import struct
import zipfile
from io import BytesIO
from typing import Any

WEIGHTS = [0.5, -1.0, 2.0, 0.25, 3.0, -0.125]
BIASES = [0.75, -0.5]


def tensor(*sizes: int) -> dict[str, Any]:
    """The type of a tensor of float32."""
    strides = [{"as_int": math.prod(sizes[place + 1 :])} for place in range(len(sizes))]
    listed = [{"as_int": size} for size in sizes]
    about = {"dtype": 7, "requires_grad": True, "device": {"type": "cpu", "index": None}, "layout": 7}
    return {**about, "sizes": listed, "strides": strides, "storage_offset": {"as_int": 0}}


def parts() -> dict[str, Any]:
    """The members of an archive of ``softmax(layer(x))``: JSON as mappings, and bytes."""

    def call(target: str, output: str, path: str, *inputs: tuple[str, dict[str, Any]]) -> dict[str, Any]:
        return {
            "target": f"torch.ops.aten.{target}",
            "inputs": [{"name": name, "arg": arg, "kind": 1} for name, arg in inputs],
            "outputs": [{"as_tensor": {"name": output}}],
            "metadata": {"nn_module_stack": f"L__self__,,Own;L__self___{path},{path},torch.nn.modules.linear.Linear"},
            "name": output,
        }

    named: Any = [("input", "x"), ("weight", "p_weight"), ("bias", "p_bias")]
    linear = call("linear.default", "linear", "layer", *((name, {"as_tensor": {"name": own}}) for name, own in named))
    softmax = call("softmax.int", "y", "last", ("self", {"as_tensor": {"name": "linear"}}), ("dim", {"as_int": -1}))
    shapes = {"p_weight": (2, 3), "p_bias": (2,), "x": (4, 3), "linear": (4, 2), "y": (4, 2)}
    specs: list[Any] = [
        {"parameter": {"arg": {"name": f"p_{part}"}, "parameter_name": f"layer.{part}"}} for part in ("weight", "bias")
    ]
    model = {
        "graph_module": {
            "graph": {
                "inputs": [{"as_tensor": {"name": name}} for name in ("p_weight", "p_bias", "x")],
                "outputs": [{"as_tensor": {"name": "y"}}],
                "nodes": [linear, softmax],
                "tensor_values": {name: tensor(*sizes) for name, sizes in shapes.items()},
            },
            "signature": {"input_specs": [*specs, {"user_input": {"arg": {"as_tensor": {"name": "x"}}}}]},
        },
        "schema_version": {"major": 8, "minor": 20},
        "torch_version": "2.13.0",
    }
    config = {
        name: {"path_name": f"weight_{place}", "is_param": True, "use_pickle": False, "tensor_meta": tensor(*sizes)}
        for place, (name, sizes) in enumerate([("layer.weight", (2, 3)), ("layer.bias", (2,))])
    }
    return {
        "models/model.json": model,
        "data/weights/model_weights_config.json": {"config": config},
        "data/weights/weight_0": struct.pack("<6f", *WEIGHTS),
        "data/weights/weight_1": struct.pack("<2f", *BIASES),
        "data/constants/model_constants_config.json": {"config": {}},
        "data/sample_inputs/model.pt": b"a pickle, which nobody reads",
        "byteorder": b"little",
    }


def archive(members: dict[str, Any]) -> bytes:
    """An archive of these members, in the folder ``net``."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, part in members.items():
            file.writestr(f"net/{name}", part if isinstance(part, bytes) else json.dumps(part))
    return content.getvalue()
