"""Modules of PyTorch that take ids, for the tests. Without its types, PyTorch is Any to mypy."""

from typing import Any

import torch
from torch import nn

USERS, ITEMS, ROWS = 7, 5, 40


class Ratings(nn.Module):  # type: ignore[misc]
    """Embeddings of users and items; ``code`` computes the rating from ``u``, ``v`` and the rest of it."""

    def __init__(self, code: str, **layers: Any) -> None:
        super().__init__()
        self.users, self.items = nn.Embedding(USERS, 4), nn.Embedding(ITEMS, 4)
        self.user_bias, self.item_bias = nn.Embedding(USERS, 1), nn.Embedding(ITEMS, 1)
        self.mean = nn.Parameter(torch.tensor(0.5))
        for name, layer in layers.items():
            setattr(self, name, layer)
        self.code = code

    def forward(self, user: Any, item: Any, *more: Any) -> Any:
        u, v = self.users(user), self.items(item)
        names = {"self": self, "user": user, "item": item, "u": u, "v": v, "torch": torch}
        if more:
            names["numbers"] = more[0]
        return eval(self.code, names)


class Bag(nn.Module):  # type: ignore[misc]
    """The rows of ids, each in a bag of its own."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.rows = nn.EmbeddingBag(rows, 4)

    def forward(self, x: Any) -> Any:
        return self.rows(x.unsqueeze(1))


class Pairs(nn.Module):  # type: ignore[misc]
    """A module whose ids are the columns of one tensor."""

    def __init__(self) -> None:
        super().__init__()
        self.users, self.items = nn.Embedding(USERS, 4), nn.Embedding(ITEMS, 4)

    def forward(self, x: Any) -> Any:
        return (self.users(x[:, 0]) * self.items(x[:, 1])).sum(1, keepdim=True)


def mlp() -> Any:
    return nn.Sequential(nn.Linear(8, 6), nn.ReLU(), nn.Dropout(0.2), nn.Linear(6, 1), nn.Sigmoid())


def built(code: str) -> tuple[Any, tuple[Any, ...]]:
    """A module in float64 by its code, and inputs for it; item 4 is never seen."""
    torch.manual_seed(4)
    module = eval(code, {"Bag": Bag, "Ratings": Ratings, "Pairs": Pairs, "nn": nn, "torch": torch, "mlp": mlp}).double()
    user, item = torch.randint(USERS, (ROWS,)), torch.randint(ITEMS - 1, (ROWS,))
    if code == "Pairs()":
        return module, (torch.stack([user, item], 1),)
    numbers = torch.randn(ROWS, 3, dtype=torch.float64)
    return module, (user, item, numbers) if "numbers" in code else (user, item)
