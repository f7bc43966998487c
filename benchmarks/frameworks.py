"""The frameworks: PyTorch, JAX, ONNX Runtime and tinygrad."""

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.cells import RATE, Array, Cell
from benchmarks.peers import Judged, Peer, batches


class PyTorch(Peer):
    """PyTorch in eager mode: a Sequential and SGD."""

    name = "PyTorch"

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        import torch

        torch.set_num_threads(1)
        self.torch: Any = torch
        parts: list[Any] = []
        for i, (inputs, units) in enumerate(zip(cell.sizes, cell.sizes[1:], strict=False)):
            linear = torch.nn.Linear(inputs, units, dtype=getattr(torch, cell.dtype))
            with torch.no_grad():
                linear.weight.copy_(torch.from_numpy(cell.params[2 * i]))
                linear.bias.copy_(torch.from_numpy(cell.params[2 * i + 1]))
            parts += [linear, torch.nn.ReLU()]
        self.model = torch.nn.Sequential(*parts[:-1])
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=RATE)
        self.run: Any = self.model
        self.parts = [(torch.from_numpy(cell.x[rows]), torch.from_numpy(cell.y[rows])) for rows in batches(cell)]

    def loss(self, x: Any, y: Any) -> Any:
        """Half the squared error, averaged over a batch."""
        return 0.5 * ((self.run(x) - y) ** 2).sum() / len(x)

    def train(self, x: Any, y: Any) -> None:
        """A step on a batch."""
        self.optimizer.zero_grad()
        self.loss(x, y).backward()
        self.optimizer.step()

    def judged(self) -> Judged:
        self.optimizer.zero_grad()
        loss = self.loss(*self.parts[0])
        loss.backward()
        return loss.item(), [p.grad.numpy().copy() for p in self.model.parameters()]

    def outputs(self) -> Array:
        return np.asarray(self.predict())

    def predict(self) -> Any:
        with self.torch.inference_mode():
            return self.run(self.parts[0][0])

    def step(self) -> object:
        self.train(*self.parts[0])
        return None

    def epoch(self) -> object:
        for x, y in self.parts:
            self.train(x, y)
        return None


class Jax(Peer):
    """JAX: one compiled function for a step, one for outputs."""

    name = "JAX jit"

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        import jax
        import jax.numpy as jnp

        jax.config.update("jax_enable_x64", True)
        jax.config.update("jax_platforms", "cpu")

        def outputs(params: Any, x: Any) -> Any:
            for layer, (W, b) in enumerate(zip(params[::2], params[1::2], strict=True)):
                x = x @ W.T + b
                x = x if layer == cell.layers - 1 else jnp.maximum(x, 0.0)
            return x

        def loss(params: Any, x: Any, y: Any) -> Any:
            return 0.5 * jnp.sum((outputs(params, x) - y) ** 2) / len(x)

        def train(params: Any, x: Any, y: Any) -> Any:
            return [w - RATE * g for w, g in zip(params, jax.grad(loss)(params, x, y), strict=True)]

        self.slopes = jax.value_and_grad(loss)
        self.run, self.train = jax.jit(outputs), jax.jit(train, donate_argnums=0)
        self.wait: Callable[[Any], Any] = jax.block_until_ready
        self.params = [jnp.array(p) for p in cell.params]
        self.parts = [(jnp.array(cell.x[rows]), jnp.array(cell.y[rows])) for rows in batches(cell)]

    def judged(self) -> Judged:
        loss, slopes = self.slopes(self.params, *self.parts[0])
        return float(loss), [np.asarray(g) for g in slopes]

    def outputs(self) -> Array:
        return np.asarray(self.predict())

    def predict(self) -> object:
        return self.wait(self.run(self.params, self.parts[0][0]))

    def step(self) -> object:
        self.params = self.train(self.params, *self.parts[0])
        return self.wait(self.params)

    def epoch(self) -> object:
        for x, y in self.parts:
            self.params = self.train(self.params, x, y)
        return self.wait(self.params)


class Predicts(Peer):
    """A peer that runs a network but cannot train it here."""

    def judged(self) -> Judged:
        return None

    def able(self, kind: str) -> bool:
        return kind == "predict"


class OnnxRuntime(Predicts):
    """ONNX Runtime, with a model built node by node."""

    name = "ONNX Runtime"

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        import onnx
        import onnxruntime
        from onnx import TensorProto, helper, numpy_helper

        kind = TensorProto.FLOAT if cell.dtype == "float32" else TensorProto.DOUBLE
        nodes, at = [], "x"
        for i in range(cell.layers):
            last = i == cell.layers - 1
            nodes.append(helper.make_node("Gemm", [at, f"W{i}", f"b{i}"], ["y" if last else f"z{i}"], transB=1))
            if not last:
                nodes.append(helper.make_node("Relu", [f"z{i}"], [f"a{i}"]))
            at = f"a{i}"
        names = [f"{letter}{i}" for i in range(cell.layers) for letter in "Wb"]
        graph = helper.make_graph(
            nodes,
            "net",
            [helper.make_tensor_value_info("x", kind, [None, cell.sizes[0]])],
            [helper.make_tensor_value_info("y", kind, [None, cell.sizes[-1]])],
            [numpy_helper.from_array(p, name) for p, name in zip(cell.params, names, strict=True)],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        providers = ["CPUExecutionProvider"]
        self.session: Any = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=providers)

    def outputs(self) -> Array:
        return np.asarray(self.predict())

    def predict(self) -> Any:
        return self.session.run(None, {"x": self.x})[0]


class Tinygrad(Predicts):
    """tinygrad with TinyJit, on the CPU."""

    name = "tinygrad"

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        from tinygrad import Tensor, TinyJit

        params = [Tensor(p).realize() for p in cell.params]

        def run(x: Any) -> Any:
            for layer, (W, b) in enumerate(zip(params[::2], params[1::2], strict=True)):
                x = x @ W.T + b
                x = x if layer == cell.layers - 1 else x.relu()
            return x.realize()

        self.run: Any = TinyJit(run)
        self.input = Tensor(self.x).realize()
        for _ in range(3):  # TinyJit captures the second call
            self.run(self.input)

    def outputs(self) -> Array:
        return np.asarray(self.predict())

    def predict(self) -> Any:
        return self.run(self.input).numpy()
