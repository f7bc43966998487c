"""Modules of PyTorch, imported by ``torch.export``: the same outputs, and the same gradients as autograd."""

import copy
from typing import Any

import numpy as np
import pytest

import nngen
from nngen.bridges.importing.tensors import parameters, tensors
from nngen.plan import plan
from nngen.reading import parse
from tests.oracle.imported import Imported
from tests.support.differences import seen

pytestmark = pytest.mark.oracle

ACTIVATIONS: dict[str, str] = {
    "relu": "nn.ReLU()",
    "relu in place": "nn.ReLU(inplace=True)",
    "leaky_relu": "nn.LeakyReLU()",
    "leaky_relu 0.2": "nn.LeakyReLU(0.2)",
    "elu": "nn.ELU()",
    "elu 0.5": "nn.ELU(0.5)",
    "selu": "nn.SELU()",
    "celu": "nn.CELU(0.7)",
    "gelu": "nn.GELU()",
    "gelu_tanh": "nn.GELU(approximate='tanh')",
    "silu": "nn.SiLU()",
    "mish": "nn.Mish()",
    "softplus": "nn.Softplus()",
    "log_sigmoid": "nn.LogSigmoid()",
    "softsign": "nn.Softsign()",
    "hard_sigmoid": "nn.Hardsigmoid()",
    "hard_tanh": "nn.Hardtanh()",
    "relu6": "nn.ReLU6()",
    "hard_swish": "nn.Hardswish()",
    "soft_shrink": "nn.Softshrink(0.2)",
    "hard_shrink": "nn.Hardshrink(0.2)",
    "tanh_shrink": "nn.Tanhshrink()",
    "tanh": "nn.Tanh()",
    "sigmoid": "nn.Sigmoid()",
    "softmax": "nn.Softmax(dim=1)",
    "softmin": "nn.Softmin(dim=-1)",
    "threshold": "nn.Threshold(-0.1, -2.0)",
    "threshold 0": "nn.Threshold(0.0, 0.0)",
    "identity": "nn.Identity()",
    "sine": "Function(torch.sin)",
    "exponential": "Function(torch.exp)",
    "square": "Function(lambda z: z * z)",
    "cube": "Function(lambda z: z**3)",
    "clamp": "Function(lambda z: z.clamp(min=0))",
    "swish by hand": "Function(lambda z: z * torch.sigmoid(z))",
    "gate": "nn.Sequential(nn.Linear(8, 16), nn.GLU())",
    "cosine": "Function(torch.cos)",
    "limits": "Function(lambda z: z.clamp(-0.5, 2.0))",
    "minimum": "Function(lambda z: torch.minimum(z, torch.tensor(0.25).double()))",
    "branches": "Function(lambda z: torch.where(z > 0.5, z.square() + 1.0, -z))",
    "root": "Function(lambda z: (z * z + 1).sqrt().log())",
    "mish by hand": "Function(lambda z: z * torch.tanh(nn.functional.softplus(z)))",
}
"""Activations as PyTorch has them."""

NETWORKS: dict[str, str] = {
    "batch norm": "nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8, eps=1e-3), nn.Tanh(), nn.Linear(8, 3))",
    "batch norm after": "nn.Sequential(nn.Linear(8, 8), nn.Tanh(), nn.BatchNorm1d(8, momentum=0.3), nn.Linear(8, 3))",
    "layer norm": "nn.Sequential(nn.Linear(8, 8), nn.LayerNorm(8), nn.ReLU(), nn.Linear(8, 3))",
    "rms norm": "nn.Sequential(nn.Linear(8, 8), nn.SiLU(), nn.RMSNorm(8), nn.Linear(8, 3))",
    "no bias": "nn.Sequential(nn.Linear(8, 8, bias=False), nn.Tanh(), nn.Linear(8, 8, bias=False), nn.Linear(8, 3))",
    "deep": "nn.Sequential(*(layer for _ in range(12) for layer in (nn.Linear(8, 8), nn.Tanh())), nn.Linear(8, 3))",
    "prelu": "nn.Sequential(nn.Linear(8, 8), Frozen(nn.PReLU()), nn.Linear(8, 3))",
    "slopes": "nn.Sequential(nn.Linear(8, 8), Frozen(nn.PReLU(8)), Function(lambda z: nn.functional.prelu(z,"
    " torch.linspace(-0.2, 0.5, 8).double())), nn.Linear(8, 3))",
    "norm without": "nn.Sequential(nn.Linear(8, 8), nn.LayerNorm(8, elementwise_affine=False), nn.Linear(8, 3))",
    "batch norm without": "nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8, affine=False), nn.Linear(8, 3))",
    "not trained": "nn.Sequential(Frozen(nn.Linear(8, 8)), nn.Tanh(), Frozen(nn.LayerNorm(8)), nn.Linear(8, 3))",
    "product": "nn.Sequential(nn.Linear(8, 8), Function(lambda z: z * torch.sin(z)), nn.Linear(8, 3))",
    "difference": "nn.Sequential(nn.Linear(8, 8), Function(lambda z: z[:, :4] - z[:, 4:].tanh()), nn.Linear(4, 3))",
    "quotient": "nn.Sequential(nn.Linear(8, 8), Function(lambda z: z / (2.0 + torch.sin(z))), nn.Linear(8, 3))",
    "residual": "Residual()",
    "concat": "Concat()",
    "functional": "Functional()",
    "shapes": "nn.Sequential(nn.Linear(8, 8), Function(lambda z: z.view(-1, 2, 4).reshape(-1, 8).unsqueeze(1).clone()"
    ".squeeze(1).contiguous()), nn.Linear(8, 3))",
    "slices": "nn.Sequential(nn.Linear(8, 8), Function(lambda z: torch.cat([z[:, 4:], z[:, :4]], 1)), nn.Linear(8, 3))",
    "parts": "nn.Sequential(nn.Linear(8, 8), Function(lambda z: torch.cat(z.split([3, 5], 1)[::-1], 1)),"
    " Function(lambda z: torch.cat(z.split(3, -1)[::-1], 1)), Function(lambda z: z.chunk(2, 1)[1]), nn.Linear(4, 3))",
    "constants": "nn.Sequential(nn.Linear(8, 8), Function(lambda z: torch.addmm(torch.arange(8.0).double(), z,"
    " torch.ones(8, 8).double().tril())), Function(lambda z: torch.mm(z, torch.ones(8, 8).double().triu())),"
    " nn.Linear(8, 3))",
}


def built(code: str) -> tuple[Any, Any]:
    """A module in float64, and inputs for it."""
    from tests.oracle.torch_modules import built  # here, so that the other tests are collected without PyTorch

    return built(code)


def parts(module: Any, x: Any) -> list[str]:
    """The operators of a module, as ``torch.export`` names them."""
    import torch

    nodes = torch.export.export(module, (x,)).graph.nodes
    targets = [str(node.target) for node in nodes if str(node.target).startswith("aten.")]
    return [target.removeprefix("aten.").partition(".")[0].removesuffix("_") for target in targets]


def test_random_slopes_become_their_mean() -> None:
    module, x = built("nn.Sequential(nn.Linear(8, 8), nn.RReLU(0.1, 0.4), nn.Linear(8, 3))")
    expected = module.eval()(x).detach().numpy()
    found = Imported(*nngen.from_torch(module, x)).outputs(x.numpy())
    seen("PyTorch", parts(module, x), found, expected)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def compare(module: Any, x: Any, tolerance: float = 1e-12) -> None:
    """The same outputs in evaluation, and the same gradients in training."""
    import torch

    made = Imported(*nngen.from_torch(module, x, loss="half_squared_error"))
    expected = module.eval()(x).detach().numpy()
    seen("PyTorch", parts(module, x), made.outputs(x.numpy()), expected)
    np.testing.assert_allclose(made.outputs(x.numpy()), expected, rtol=tolerance, atol=tolerance)
    targets = torch.randn(*expected.shape, dtype=torch.float64)
    module.train()
    (0.5 * ((module(x) - targets) ** 2).sum(1).mean()).backward()
    slopes = copy.deepcopy(module)  # its parameters are the gradient, in the order in which they are imported
    with torch.no_grad():
        for slope, parameter in zip(slopes.parameters(), module.parameters(), strict=True):
            if parameter.grad is not None:
                slope.copy_(parameter.grad)
    _, expected_gradient = nngen.from_torch(slopes, x)
    found, wanted = made.gradient(x.numpy(), targets.numpy())[made.trained], np.array(expected_gradient)[made.trained]
    np.testing.assert_allclose(found, wanted, rtol=100 * tolerance, atol=tolerance)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations(name: str) -> None:
    code = f"nn.Sequential(nn.Linear(8, 8), {ACTIVATIONS[name]}, nn.Linear(8, 8), nn.Linear(8, 3))"
    # PyTorch has 1/6 and, in the slope of celu, 1 / alpha in float32, also for float64
    compare(*built(code), tolerance=1e-8 if name in ("hard_sigmoid", "celu") else 1e-12)


@pytest.mark.parametrize("name", NETWORKS)
def test_networks(name: str) -> None:
    compare(*built(NETWORKS[name]))


def test_constants_and_dropout() -> None:
    """Scaling by constants becomes that of the data; dropout drops nothing outside training."""
    code = "nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.4), nn.Tanh(), nn.Dropout(0.25), nn.Linear(8, 3))"
    scaled, x = built(f"Scaled({code})")
    made = Imported(*nngen.from_torch(scaled, x.reshape(-1, 2, 4)))
    expected = scaled.eval()(x).detach().numpy()
    seen("PyTorch", parts(scaled, x.reshape(-1, 2, 4)), made.outputs(x.numpy()), expected)
    np.testing.assert_allclose(made.outputs(x.numpy()), expected, rtol=1e-12, atol=1e-12)
    assert [layer.dropout for layer in made.spec.layers if layer.dropout] == [0.4, 0.25]


def test_log_softmax_becomes_softmax() -> None:
    module, x = built("nn.Sequential(nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 3), nn.LogSoftmax(dim=1))")
    made = Imported(*nngen.from_torch(module, x))
    expected = module(x).exp().detach().numpy()
    seen("PyTorch", parts(module, x), made.outputs(x.numpy()), expected)
    np.testing.assert_allclose(made.outputs(x.numpy()), expected, rtol=1e-12)
    assert made.spec.loss.name == "cross_entropy"


@pytest.mark.parametrize("method", ["float", "half", "bfloat16"])
def test_narrow_numbers_are_imported_exactly(method: str) -> None:
    module, x = built("nn.Sequential(nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 3))")
    narrow = getattr(module, method)()
    text, params = nngen.from_torch(narrow, getattr(x, method)())
    assert ("16 bits" in text) == (method != "float")
    # weights and biases in turn, as in the layout
    assert params == [number for value in narrow.state_dict().values() for number in value.double().numpy().flat]


def test_the_module_stays_in_training() -> None:
    module, x = built("nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.4), nn.Linear(8, 3))")
    module.train()
    module[1].eval()
    nngen.from_torch(module, x)
    assert [part.training for part in module] == [True, False, True]


REFUSED: dict[str, tuple[str, list[str]]] = {
    "unknown": (
        "nn.Sequential(nn.Linear(8, 8), Function(lambda z: z.cumsum(1)), Function(torch.cos), nn.Linear(8, 3))",
        ["1, aten.cumsum.default: no operator of a spec is like it"],
    ),
    "batch": (
        "nn.Sequential(nn.Linear(8, 3), nn.Softmax(dim=0))",
        ["1, aten.softmax.int: it is over dimension 0: use dim=-1"],
    ),
    "statistics": (
        "nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8, track_running_stats=False))",
        ["1, aten.batch_norm.default: it normalizes by the batch also outside training: use track_running_stats=True"],
    ),
    "shared": (
        "nn.Sequential(*[nn.Linear(8, 8)] * 2)",
        ["0, aten.linear.default: it shares parameters with another call"],
    ),
    "outputs": (
        "nn.Sequential(nn.Linear(8, 8), Function(lambda z: (z, z + 1)))",
        ["the module has 2 outputs: a network has one vector"],
    ),
    "product": (
        "nn.Sequential(nn.Linear(8, 8), Function(lambda z: z * z[:, :1]))",
        ["1, aten.mul.Tensor: it multiplies vectors of different sizes"],
    ),
    "a split of the batch": (
        "nn.Sequential(nn.Linear(8, 8), Function(lambda z: z.split(12)[0]))",
        ["1, aten.split.Tensor: it splits something else than the features of a vector: flatten it, and use dim=-1"],
    ),
    "several outputs": (
        "nn.Sequential(nn.Linear(8, 8), Function(lambda z: z - z.max(1, keepdim=True)[0]))",
        ["1, aten.max.dim: it has several outputs, and no operator of a spec is like it"],
    ),
    "recurrent": (
        "nn.Sequential(nn.GLU(), nn.LSTM(4, 8), Function(lambda p: p[0]), nn.GRU(8, 8), Function(lambda p: p[0]))",
        ["1, LSTM and 1 more: a spec has dense layers only, no convolutions and no recurrent layers"],
    ),
    "convolution": (
        "nn.Sequential(nn.GLU(), Function(lambda z: torch.conv1d(z[:, None], torch.ones(1, 1, 2).to(z)).flatten(1)))",
        ["1, aten.conv1d.default: a spec has dense layers only, no convolutions and no recurrent layers"],
    ),
    "rows": (
        "nn.Sequential(nn.Linear(8, 8), Function(lambda z: z[1:]))",
        ["1, aten.slice.Tensor: it takes a part of the batch"],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    code, messages = REFUSED[name]
    with pytest.raises(nngen.SpecError) as caught:
        nngen.from_torch(*built(code))
    assert [found.message for found in caught.value.diagnostics] == messages


@pytest.mark.parametrize(
    "code",
    [
        "nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 8))",
        "nn.Sequential(*(layer for _ in range(12) for layer in (nn.Linear(8, 8), nn.Tanh())), nn.Linear(8, 3))",
        "nn.Sequential(nn.Linear(8, 5), nn.LayerNorm(5), nn.Linear(5, 3, bias=False))",
    ],
)
def test_a_state_dict_as_safetensors(code: str) -> None:
    from safetensors.torch import save

    module, x = built(code)
    spec, params = nngen.from_torch(module, x)
    found = tensors(save(module.state_dict()), "model.safetensors")
    assert parameters(plan(parse(spec, "model.yaml")), found, "model.safetensors") == params


def test_the_order_of_layers_is_asked_for() -> None:
    from safetensors.torch import save

    module, x = built("nn.Sequential(nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 8))")
    spec, params = nngen.from_torch(module, x)
    state = module.state_dict()
    renamed = {
        f"{name}.{part}": state[f"{number}.{part}"]
        for name, number in (("first", 0), ("last", 2))
        for part in ("weight", "bias")
    }
    found = tensors(save(renamed), "model.safetensors")
    with pytest.raises(nngen.SpecError) as caught:
        parameters(plan(parse(spec, "model.yaml")), found, "model.safetensors")
    assert [(one.message, one.help) for one in caught.value.diagnostics] == [
        (
            "the order of the arrays is not clear: several orders of the layers fit",
            "give the layers of the spec the names of the file: first and last",
        )
    ]
    named = spec.replace("layer_0", "first").replace("layer_2", "last")
    assert parameters(plan(parse(named, "model.yaml")), found, "model.safetensors") == params
