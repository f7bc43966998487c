"""Modules of Python that compile their header: networks as such modules, and their stories."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.targets.modules import texts
from nngen.targets.render import binding, binding_source, render
from tests.oracle.c import Told
from tests.support.modules import named, spec


def imported(path: Path) -> Any:
    """Import a module from a file again."""
    found = importlib.util.spec_from_file_location(path.stem, path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def write(spec: Spec, folder: Path) -> Path:
    """A header, its module and what stands between in a folder; the path of the module."""
    return put(spec.name, render(plan(spec), spec, "c"), binding(plan(spec), spec), folder)


def put(name: str, header: str, module: str, folder: Path) -> Path:
    """These two texts and what stands between in a folder; the path of the module."""
    (folder / f"{name}.h").write_text(header, encoding="utf-8")
    (folder / "binding.c").write_text(binding_source(), encoding="utf-8")
    path = folder / f"{name}_c.py"
    path.write_text(module, encoding="utf-8")
    return path


def vendor(name: str, folder: Path) -> Path:
    """A committed network as it is built, with the page in Python beside; the path of its module."""
    made = texts(spec(named(name)), named(name).parent)
    (folder / f"{name}.py").write_text(made["python"], encoding="utf-8")
    return put(name, made["c"], made["binding"], folder)


def batch(count: int, dtype: str = "float64") -> tuple[Any, Any]:
    """So many examples for a network with four inputs and three classes."""
    rng = np.random.default_rng(3)
    return rng.uniform(-1, 1, (count, 4)).astype(dtype), np.eye(3, dtype=dtype)[rng.integers(0, 3, count)]


def tell(told: Told, module: Any) -> Iterator[float]:
    """The numbers of a story, in the order of ``Told.expected``."""
    x, y = told.x.tolist(), told.y.tolist()
    start = module.unpack(list(told.start))
    for seed in (None, *told.seeds):
        yield from module.pack(module.init() if seed is None else module.init(seed))
    params, state = start, module.init_state(start)
    for k in range(told.steps):
        yield from module.forward(params, x[k])
        yield module.loss(params, x[k], y[k])
        loss, gradient = module.gradient(params, x[k], y[k])
        yield loss
        yield from module.pack(gradient)
        if not plan(told.network.spec).needs_batch:
            there, left = params[:], state[:]
            assert module.train_step(there, x[k], y[k], left) == (loss, there, left)
            params, state = module.step(params, gradient, state)
            assert (there, left) == (params, state)
        else:
            params, state = module.step(params, gradient, state)
        yield from module.pack(params)
    for epochs, size, seed in told.fits:
        met: list[Any] = []
        more = {"weights": told.counts} if told.own else {}
        how = {"epochs": epochs, "batch_size": size, "seed": seed, **more}
        found, history = module.fit(start, x, y, **how, callback=lambda *given, met=met: met.append(given))
        assert [(epoch, loss) for epoch, loss, _, _ in met] == list(enumerate(history))
        for epoch, _, after, progress in met:
            assert module.fit(after, x, y, **how, progress=progress) == (found, history[epoch + 1 :])
        yield len(history)
        yield from history
        yield from module.pack(found)
    made, count = plan(told.network.spec), len(told.seeds)
    if made.has_dropout and not made.needs_batch:
        for k, seed in enumerate(told.seeds):
            loss, gradient = module.gradient(start, x[k], y[k], **({"weight": 1.0} if told.alone else {}), seed=seed)
            yield loss
            yield from module.pack(gradient)
    for drawn, training in told.batches():
        more = ({"weights": told.counts[:count]} if told.own else {}) | ({"seeds": told.seeds} if drawn else {})
        loss, gradient, after = module.batch_gradient(start, x[:count], y[:count], **more, training=training)
        yield loss
        yield from module.pack(gradient)
        yield from module.pack(after)
    assert module.pack(start) == module.pack(module.unpack(list(told.start)))
