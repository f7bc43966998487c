"""Modules of PyTorch that take ids: the same outputs, and the same gradients as autograd."""

import copy
from typing import Any

import numpy as np
import pytest

import nngen
from tests.oracle.imported import Imported
from tests.support.differences import seen

pytestmark = pytest.mark.oracle

MODULES = {
    "factorization": (
        "Ratings('(u * v).sum(1) + self.user_bias(user).squeeze(1) + self.item_bias(item).squeeze() + self.mean')"
    ),
    "by matrices": "Ratings('torch.bmm(u.unsqueeze(1), v.unsqueeze(2)).view(-1, 1) + self.user_bias(user)')",
    "by einsum": "Ratings('torch.sigmoid(torch.einsum(\"nk,nk->n\", u, v))')",
    "generalized": "Ratings('self.out(u * v)', out=nn.Linear(4, 1, bias=False))",
    "layers": "Ratings('self.deep(torch.cat([u, v], -1))', deep=mlp())",
    "NeuMF": (
        "Ratings('self.out(torch.cat([u * v, self.deep(torch.cat([u, v], 1))], 1))', deep=mlp(), out=nn.Linear(5, 1))"
    ),
    "three factors, and numbers": (
        "Ratings('self.out(torch.cat([u * v * torch.tanh(self.scale(numbers)), numbers[:, 1:]], 1))',"
        " scale=nn.Linear(3, 4), out=nn.Linear(6, 2))"
    ),
    "maxout": (
        "Ratings('self.out(torch.max(u, torch.maximum(v, self.scale(numbers))))',"
        " scale=nn.Linear(3, 4), out=nn.Linear(4, 1))"
    ),
    "a number": "Ratings('(u * v).sum(-1) * 0.5 + torch.relu(numbers[:, 2])')",
    "frozen": "Ratings('self.out(u + v)', users=nn.Embedding(7, 4).requires_grad_(False), out=nn.Linear(4, 1))",
    "frozen, with a row of padding": (
        "Ratings('self.out(u + v)', users=nn.Embedding.from_pretrained(torch.randn(7, 4), padding_idx=2),"
        " out=nn.Linear(4, 1))"
    ),
    "columns": "Pairs()",
    "bags of one id": "Ratings('self.out(u + v)', users=Bag(7), items=Bag(5), out=nn.Linear(4, 1))",
}


def built(code: str) -> tuple[Any, tuple[Any, ...]]:
    """A module in float64, and inputs for it."""
    from tests.oracle.torch_ratings import built  # here, so that the other tests are collected without PyTorch

    return built(code)


def parts(module: Any, x: Any) -> list[str]:
    """The operators of a module, as ``torch.export`` names them."""
    import torch

    nodes = torch.export.export(module, x).graph.nodes
    targets = [str(node.target) for node in nodes if str(node.target).startswith("aten.")]
    return [target.removeprefix("aten.").partition(".")[0].removesuffix("_") for target in targets]


@pytest.mark.parametrize("name", MODULES)
def test_modules(name: str) -> None:
    import torch

    module, x = built(MODULES[name])
    made = Imported(*nngen.from_torch(module, x, loss="half_squared_error"))
    columns = [one.reshape(len(one), -1) for one in x]
    ids_first = torch.cat([one.double() for one in columns], 1).numpy()
    rows = {column.column or column.name: values for column, values in zip(made.spec.columns, ids_first.T, strict=True)}
    expected = module.eval()(*x).detach().numpy().reshape(len(ids_first), -1)
    seen("PyTorch", parts(module, x), made.outputs(rows), expected)
    np.testing.assert_allclose(made.outputs(rows), expected, 1e-12, 1e-12)
    targets = torch.randn(*expected.shape, dtype=torch.float64)
    (0.5 * ((module(*x).reshape(expected.shape) - targets) ** 2).sum(1).mean()).backward()
    slopes = copy.deepcopy(module)  # its parameters are the gradient, in the order in which they are imported
    with torch.no_grad():
        for slope, parameter in zip(slopes.parameters(), module.parameters(), strict=True):
            slope.copy_(torch.zeros_like(parameter) if parameter.grad is None else parameter.grad)
    _, gradient = made.module.gradient(made.params, made.inputs(rows), targets.numpy())
    wanted = np.array(nngen.from_torch(slopes, x)[1])[made.trained]
    np.testing.assert_allclose(np.array(made.module.pack(gradient))[made.trained], wanted, 1e-10, 1e-12)


def test_numbers_before_ids_get_a_note() -> None:
    import torch
    from torch import nn

    class Numbered(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.rows, self.out = nn.Embedding(7, 4), nn.Linear(6, 1)

        def forward(self, first: Any, item: Any, second: Any) -> Any:
            return self.out(torch.cat([second, first, self.rows(item)], 1))

    module, x, ids = Numbered().double(), torch.randn(9, 2, dtype=torch.float64), torch.arange(9) % 7
    text, flat = nngen.from_torch(module, (x[:, :1], ids, x[:, 1:]))
    assert text.startswith(
        "# a spec has ids before numbers: its inputs are 'item', 'first' and 'second', in this order\n"
    )
    rows = torch.cat([ids[:, None].double(), x], 1).tolist()
    expected = module(x[:, :1], ids, x[:, 1:]).detach().numpy()
    np.testing.assert_allclose(Imported(text, flat).outputs(rows), expected, 1e-12, 1e-12)


def test_what_is_not_trained() -> None:
    made = Imported(*nngen.from_torch(*built(MODULES["frozen, with a row of padding"])))
    assert [(layer.name, layer.weights.trainable) for layer in made.spec.layers if layer.kind == "embedding"] == [
        ("users", False),
        ("items", True),
    ]


REFUSED = {
    "a row that is not trained": (
        "Ratings('u * v', users=nn.Embedding(7, 4, padding_idx=0))",
        "users, aten.embedding.default: it trains all rows but one (padding_idx): build it without, or freeze it",
    ),
    "rows of a limited length": (
        "Ratings('u * v', users=nn.Embedding(7, 4, max_norm=1.0))",
        "users, aten.embedding_renorm_.default: no operator of a spec is like it",
    ),
    "an id as a number": (
        "Ratings('u * v * user.unsqueeze(1)')",
        "forward, aten.mul.Tensor: it takes ids as numbers: only nn.Embedding takes them",
    ),
    "one embedding for both": (
        "Ratings('self.users(item) * v')",
        "users, aten.embedding.default: it shares parameters with another call",
    ),
    "two counts": (
        "Ratings('u + self.more(user)', more=nn.Embedding(8, 4))",
        "more, aten.embedding.default: the input 'user' has 7 ids for another embedding, and 8 for this one",
    ),
    "a sum": (
        "Ratings('(u + v).sum(1)')",
        "forward, aten.sum.dim_IntList: it sums what is no product of two vectors",
    ),
    "a sum over the batch": (
        "Ratings('(u * v).sum(0, keepdim=True)')",
        "forward, aten.sum.dim_IntList: it is over dimension [0]: use dim=-1",
    ),
    "outer products": (
        "Ratings('torch.einsum(\"ni,nj->nij\", u, v)')",
        "forward, aten.einsum.default: it computes ni,nj->nij: of two vectors, nk,nk->n can be read",
    ),
    "cosine": (
        "Ratings('torch.cosine_similarity(u, v)')",
        "forward, aten.cosine_similarity.default: no operator of a spec is like it",
    ),
    "ratings of all pairs": (
        "Ratings('(u * v).sum(1) + self.user_bias(user)')",
        "forward, aten.add.Tensor: it adds vectors of different sizes, or multiplies one of them",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_spec_has_is_refused(name: str) -> None:
    code, message = REFUSED[name]
    with pytest.raises(nngen.SpecError) as caught:
        nngen.from_torch(*built(code))
    assert message in [found.message for found in caught.value.diagnostics]


def test_a_batch_normalization_beside_embeddings_becomes_its_statistics() -> None:
    """A spec trains none there, and says so."""
    module, x = built("Ratings('self.out(torch.relu(self.norm(u * v)))', norm=nn.BatchNorm1d(4), out=nn.Linear(4, 1))")
    module(*x)  # it measures a batch
    text, flat = nngen.from_torch(module, x)
    assert "those of their statistics, as outside training" in text
    made = Imported(text, flat)
    rows = {column.column or column.name: values.numpy() for column, values in zip(made.spec.columns, x, strict=True)}
    expected = module.eval()(*x).detach().numpy()
    np.testing.assert_allclose(made.outputs(rows), expected, 1e-12, 1e-12)
