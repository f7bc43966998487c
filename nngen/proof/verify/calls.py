"""Calls the functions of a module under test and returns their results as arrays."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Any

import numpy as np

from nngen.common.records import dataclass
from nngen.mathematics.catalogue import TargetKind
from nngen.proof.reference import Array
from nngen.proof.verify.cases import Case, Shapes, examples, singles
from nngen.proof.verify.child import Answer, CallError, Child, integers, kept, parameters, rows, value
from nngen.proof.verify.ulps import shaped

REPEATED = 30
"""The number of calls that are repeated at the end."""


@dataclass
class Calls:
    """A module in its process, and the sizes of its network.

    Each method raises ``CallError`` if the module returns nothing that can be compared.
    """

    child: Child
    shapes: Shapes
    inputs: int
    outputs: int
    missing: bool = False
    """Whether targets may be missing, NaN."""
    ids: tuple[int, ...] = ()
    """The number of rows of each input with ids. These inputs come first."""
    embeddings: tuple[int, ...] = ()
    """The places of the embeddings among the parameters."""
    changed: set[str] = field(default_factory=set)
    """The functions that changed their arguments."""
    given: dict[str, tuple[Any, str]] = field(default_factory=dict)
    """The arguments and the first result of each call of forward, loss and gradient."""

    @property
    def form(self) -> str:
        """The form of its parameters."""
        return self.child.code.form

    @property
    def batched(self) -> bool:
        """Whether it takes examples in batches."""
        return self.form == "numpy"

    @property
    def size(self) -> int:
        """The number of parameters."""
        return sum(math.prod(shape) for shape in self.shapes)

    def another(self, child: Child) -> "Calls":
        """The same network, in another module."""
        return replace(self, child=child, changed=set(), given={})

    def draw(self, count: int, kind: TargetKind, seed: int = 1) -> tuple[Array, Array]:
        """Random inputs, shape ``(count, inputs)``, and targets, ``(count, outputs)``."""
        return examples(count, self.inputs, self.outputs, kind, self.child.code.dtype, seed, self.ids)

    def of(self, cases: Sequence[Case]) -> list[Case]:
        """The cases as the module takes them: whole batches, or single examples."""
        return list(cases) if self.batched else [single for case in cases for single in singles(case)]

    def call(self, name: str, *arguments: Mapping[str, Any], **more: Any) -> Answer:
        """Call a function and record whether it changed an argument."""
        answer = self.child.call(name, *arguments, **more)
        if answer.changed:
            self.changed.add(name)
        return answer

    def params(self, flat: Array) -> dict[str, Any]:
        """Parameters, shape ``(size,)``, as an argument."""
        return parameters(self._blocks(flat))

    def cut(self, flat: Array) -> dict[str, Any]:
        """Parameters without the first row of the first matrix, as an argument."""
        first, *others = self._blocks(flat)
        return parameters([first[1:], *others])

    def slopes(self, flat: Array) -> dict[str, Any]:
        """A gradient, shape ``(size,)``, as an argument: of an embedding only the rows that are not 0."""
        blocks = self._blocks(flat)
        return parameters(blocks, {place: np.flatnonzero(blocks[place].any(axis=1)) for place in self.embeddings})

    def _blocks(self, flat: Array) -> list[Array]:
        stops = np.cumsum([math.prod(shape) for shape in self.shapes])
        parts = np.split(flat, stops[:-1])
        return [part.reshape(shape) for part, shape in zip(parts, self.shapes, strict=True)]

    def examples(self, case: Case) -> tuple[dict[str, Any], dict[str, Any]]:
        """Inputs and targets as arguments."""
        chosen = slice(None) if self.batched else 0
        return rows(case.x[chosen].tolist()), rows(case.y[chosen].tolist())

    def flat(self, value: Any, what: str) -> Array:
        """Parameters, or values of the same shape, as an array of shape ``(size,)``.

        Raises:
            CallError: the value has another shape.
        """
        if self.form == "weights":
            return np.array(shaped(value, (self.size,), what), np.float64)
        wide = self.shapes if self.batched else [(1, *s) if len(s) == 1 else s for s in self.shapes]
        if not isinstance(value, list) or len(value) != len(wide):
            raise CallError("", f"{what} is not a list of {len(wide)} arrays")
        parts = [
            shaped(part, shape, f"part {i} of {what}") for i, (part, shape) in enumerate(zip(value, wide, strict=True))
        ]
        return np.concatenate([np.ravel(np.array(part, np.float64)) for part in parts])

    def gradient_of(self, value: Any) -> Array:
        """A gradient as an array of shape ``(size,)``. Rows that an embedding does not list are 0.

        Raises:
            CallError: it has another shape, or rows that an embedding does not have.
        """
        parts = list(value) if isinstance(value, list) else value
        for place in self.embeddings:
            if isinstance(parts, list) and place < len(parts) and isinstance(parts[place], dict):
                parts[place] = self._whole(parts[place], self.shapes[place], f"part {place} of the gradient")
        return self.flat(parts, "the gradient")

    @staticmethod
    def _whole(listed: dict[str, Any], shape: tuple[int, ...], what: str) -> Any:
        """All rows of an embedding's gradient, from those that it lists."""
        rows, whole = listed.get("rows"), np.zeros(shape)
        if not isinstance(rows, list) or not all(type(row) is int and 0 <= row < shape[0] for row in rows):
            raise CallError("", f"{what} has rows that are no whole numbers from 0 to {shape[0] - 1}")
        if len(set(rows)) != len(rows):
            raise CallError("", f"{what} has a row twice")
        if rows:
            whole[rows] = shaped(listed.get("slopes"), (len(rows), *shape[1:]), what)
        return whole.tolist()

    def forward(self, case: Case) -> Array:
        """The outputs, shape ``(examples, outputs)``."""
        shape = (len(case.x), self.outputs) if self.batched else (self.outputs,)
        result = self._noted("forward", case, self.params(case.flat), self.examples(case)[0])
        return np.array(shaped(result, shape, "the output"), np.float64).reshape(len(case.x), self.outputs)

    def loss(self, case: Case) -> float:
        """The loss of a case."""
        result = self._noted("loss", case, self.params(case.flat), *self.examples(case))
        return float(shaped(result, (), "the loss"))

    def gradient(self, case: Case) -> tuple[float, Array]:
        """The loss and its gradient, shape ``(size,)``."""
        result = self._noted("gradient", case, self.params(case.flat), *self.examples(case))
        if not isinstance(result, list) or len(result) != 2:
            raise CallError("", "does not return a loss and a gradient")
        return float(shaped(result[0], (), "the loss")), self.gradient_of(result[1])

    def input_gradient(self, case: Case) -> tuple[float, Array]:
        """The loss and its derivatives with respect to the inputs that are numbers, shape ``(examples, numbers)``."""
        result = self._noted("input_gradient", case, self.params(case.flat), *self.examples(case))
        if not isinstance(result, list) or len(result) != 2:
            raise CallError("", "does not return a loss and its derivatives")
        slopes = shaped(result[1], self._of_examples(case, self.inputs - len(self.ids)), "the derivatives")
        loss = float(shaped(result[0], (), "the loss"))
        return loss, np.array(slopes, np.float64).reshape(len(case.x), -1)

    def jacobian(self, case: Case) -> Array:
        """The derivatives of the outputs with respect to these inputs, shape ``(examples, outputs, numbers)``."""
        result = self._noted("jacobian", case, self.params(case.flat), self.examples(case)[0])
        shape = self.outputs, self.inputs - len(self.ids)
        found = shaped(result, self._of_examples(case, *shape), "the Jacobian")
        return np.array(found, np.float64).reshape(len(case.x), *shape)

    def _of_examples(self, case: Case, *shape: int) -> tuple[int, ...]:
        """The shape of what a function gives for each example."""
        return (len(case.x), *shape) if self.batched else shape

    def seeded(self, name: str, case: Case) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The examples as arguments of a training function, and the seeds of dropout as keyword arguments.

        ``batch_gradient`` takes several examples in every form; ``gradient`` of the target python takes one.
        """
        several = name == "batch_gradient"
        pair = (rows(case.x.tolist()), rows(case.y.tolist())) if several else self.examples(case)
        if not case.seeds:
            return pair, {}
        if name == "gradient" and not self.batched:
            return pair, {"seed": value(case.seeds[0])}
        return pair, {"seeds": integers(case.seeds)}

    def training(self, name: str, case: Case) -> list[Array]:
        """The results of a training function, each flat.

        Returns:
            The loss and its gradient; from ``batch_gradient`` also the parameters with new running statistics.
        """
        pair, named = self.seeded(name, case)
        result = self.call(name, self.params(case.flat), *pair, named=named).result
        parts = ["the loss", "the gradient", "the parameters"][: 3 if name == "batch_gradient" else 2]
        if not isinstance(result, list) or len(result) != len(parts):
            raise CallError("", f"does not return {' and '.join(parts)}")
        loss = np.array([shaped(result[0], (), "the loss")], np.float64)
        return [loss, self.gradient_of(result[1]), *(self.flat(part, "the parameters") for part in result[2:])]

    def start(self, flat: Array) -> None:
        """Initialize the optimizer's state for these parameters, shape ``(size,)``."""
        self.call("init_state", self.params(flat), keep="state", gives="nothing")

    def step(self, params: Mapping[str, Any] | None, gradient: Array) -> Array:
        """Make a step from the given parameters, or from those of the last step.

        Returns:
            The new parameters, shape ``(size,)``.
        """
        first = params is not None
        before = params if params is not None else kept("step", 0)
        state = kept("state") if first else kept("step", 1)
        answer = self.call("step", before, self.slopes(gradient), state, keep="step", gives=0)
        return self.flat(answer.result, "the result of step")

    def fit(
        self, start: Mapping[str, Any], case: Case, *settings: Mapping[str, Any], **named: Mapping[str, Any]
    ) -> tuple[Array, list[float], list[list[Any]]]:
        """Train on the examples of a case.

        Returns:
            The parameters, shape ``(size,)``, the loss of each epoch, and the arguments of each callback.
        """
        xs, ys = rows(case.x.tolist()), rows(case.y.tolist())
        answer = self.call("fit", start, xs, ys, *settings, named=named)
        if not isinstance(answer.result, list) or len(answer.result) != 2 or not isinstance(answer.result[1], list):
            raise CallError("", "does not return parameters and a history")
        history = [float(shaped(loss, (), "a loss of the history")) for loss in answer.result[1]]
        return self.flat(answer.result[0], "the result of fit"), history, answer.callbacks

    def repeat(self) -> str:
        """Repeat calls in reverse order: the name of a function with another result; empty if there is none."""
        for key, (arguments, before) in reversed(self.given.items()):
            name = key.partition(" ")[0]
            if json.dumps(self.call(name, *arguments).result) != before:
                return name
        return ""

    def _noted(self, name: str, case: Case, *arguments: Any) -> Any:
        result = self.call(name, *arguments).result
        if len(self.given) < REPEATED:
            self.given.setdefault(f"{name} {id(case)}", (arguments, json.dumps(result)))
        return result
