"""What runs on the workers. It needs NumPy and the text of a module, and never nngen, which workers may lack.

``shipped`` sends these functions by value. They also run without a cluster, and give the same bits there.
"""

import hashlib
import math
import platform
import sys
from types import ModuleType
from typing import Any

import numpy as np

from nngen.dask.kernels import Module, kernel_digest, kernel_outputs, module_of

Shard = dict[str, Any]
"""Some rows as the module takes them: ``x`` of shape ``(rows, inputs)``, ``y`` of shape ``(rows, outputs)``,
``weights`` of shape ``(rows,)`` or None, their ``digest``, and the ``module``."""


def shard_of(module: Module, where: str, data: Any, targets: bool, table: dict[str, Any] | None) -> Shard:
    """Checked examples as a shard: arrays in the order of C and aligned, since the bits of a product depend on both.

    Args:
        module: the module.
        where: the name of the shard, for messages.
        data: inputs, targets and, if the loss has them, weights; or a table, which is a mapping of columns by name.
        targets: whether the shard has targets.
        table: the columns of the targets and the weights in a table.

    Raises:
        ValueError: there are no rows, or they do not fit the network.
    """
    net = module_of(module)
    try:
        parts = _of_table(net, data, table) if hasattr(data, "keys") else data
        x, y, weights = (*(parts if isinstance(parts, tuple | list) else [parts]), None, None)[:3]
        x = np.asarray(x)
        if not x.shape or not len(x):
            raise ValueError("it has no rows")
        x = net._checked([np.zeros(shape) for shape in net._SHAPES], x)
        if not targets:
            y = weights = None
        elif y is None:
            raise ValueError("it has no targets; name their columns by `columns=Columns(target=...)`")
        else:
            y = np.asarray(y)
            y = net._checked_targets(y[:, None] if y.ndim == 1 else y, len(x))
            if hasattr(net, "_checked_weights"):
                weights = net._checked_weights(None if weights is None else np.asarray(weights), len(x))
            elif weights is not None:
                raise ValueError("it has example weights, and the loss of the module takes none")
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
    ready = [None if values is None else np.require(values, requirements=["C", "A"]) for values in (x, y, weights)]
    digest = hashlib.sha256()
    for values in ready:
        digest.update(b"" if values is None else values.tobytes())
    return {
        "module": module,
        **dict(zip(("x", "y", "weights"), ready, strict=True)),
        "digest": digest.hexdigest()[:16],
    }


def _of_table(net: Any, columns: Any, table: dict[str, Any] | None) -> tuple[Any, ...]:
    """The inputs, targets and weights in the columns of a table, encoded by the module."""
    if not hasattr(net, "encode"):
        raise ValueError("the module has no `encode` for the columns of a table")
    wanted = [*net.COLUMNS, *(table["target"] if table else []), *(filter(None, [table["weight"]]) if table else [])]
    absent = [name for name in wanted if name not in columns]
    if absent:
        raise ValueError(f"there is no column {absent[0]!r}; its columns are {', '.join(map(str, columns.keys()))}")
    given = {name: columns[name] for name in net.COLUMNS}
    x = net.encode(given) if len(columns[wanted[0]]) else np.zeros((0, 0))
    if table is None:
        return (x,)
    if table["classes"]:  # a single column
        known = {text: np.array(values) for text, values in table["classes"].items()}
        texts = list(map(str, columns[table["target"][0]]))
        unknown = [text for text in texts if text not in known]
        if unknown:
            raise ValueError(f"unknown class {unknown[0]!r:.80}; the classes are {', '.join(known)}")
        y = np.array([known[text] for text in texts])
    else:
        numbers = np.column_stack([np.asarray(columns[name], np.float64) for name in table["target"]])
        if table["log"]:
            if np.any(numbers <= 0.0):
                raise ValueError("expected targets greater than 0, which have logarithms, for `scale_targets: log`")
            numbers = np.reshape([math.log(number) for number in numbers.ravel().tolist()], numbers.shape)
        y = (numbers - np.array(table["subtract"])) / np.array(table["divide"])
    return x, y, None if table["weight"] is None else np.asarray(columns[table["weight"]], np.float64)


def described(shard: Shard) -> dict[str, Any]:
    """What the client has to know of a shard, without its rows."""
    net = module_of(shard["module"])
    counting = hasattr(net, "_weight")
    return {
        "rows": len(shard["x"]),
        "digest": shard["digest"],
        "computes": computes(shard),
        "weights": counts_of(net, shard["y"], shard["weights"]) if counting else None,
    }


def unchanged(shard: Shard, where: str, rows: int, digest: str) -> Shard:
    """The shard itself: a task between loading and computing, which runs again where a lost shard is loaded again.

    Args:
        shard: the shard.
        where: its name, for messages.
        rows: how many rows it had when the training began.
        digest: their digest.

    Raises:
        ValueError: its rows are others now.
    """
    now = len(shard["x"]), shard["digest"]
    if now != (rows, digest):
        had, has = (f"{count} rows with the SHA-256 {known}" for count, known in ((rows, digest), now))
        advice = "give it back the rows that it had, or train anew"
        raise ValueError(f"{where}: it has changed during the training: it had {had}, and now has {has}; {advice}")
    return shard


def outputs_of(shard: Shard, params: Any) -> Any:
    """The outputs of a shard, shape ``(rows, outputs)``."""
    module = shard["module"]
    if module[2]:
        kernel_digest(module, shard["x"], None)
        return kernel_outputs(module, params, shard["x"])
    return module_of(module).forward(params, shard["x"])


def same(value: Any) -> Any:
    """The value itself: as a task it is computed again if its worker is lost."""
    return value


def counts_of(net: Any, y: Any, weights: Any) -> Any:
    """How much each row counts in a weighted mean, shape ``(rows,)``."""
    own = () if weights is None else (weights,)
    try:
        return net._weight(y, *own)[:, 0]
    except ValueError:  # all weights are 0
        return np.zeros(len(y))


def computes(shard: Shard) -> str:
    """The versions that compute here, and a digest of their results. Workers with equal texts compute equal bits.

    Raises:
        ValueError: the kernel is that of another network.
    """
    kernel = kernel_digest(shard["module"], shard["x"], shard["y"])
    return f"{_libraries()}; {kernel}" if kernel else _libraries()


def _libraries() -> str:
    if "_nngen_computes" not in sys.modules:
        a = (np.arange(131072) * 7919 % 1009 / 1009.0 - 0.5).reshape(2048, 64)
        ones = np.ones(len(a))
        probes = [a.dot(a[:40].T), a.T.dot(a), ones.dot(a), np.exp(a), np.tanh(a), np.log1p(a * a), a.sum(axis=1)]
        digest = hashlib.sha256(b"".join(probe.tobytes() for probe in probes)).hexdigest()[:8]
        blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
        libraries = f"NumPy {np.__version__} with {blas['name']} {blas['version']} on {platform.machine()}"
        kept = ModuleType("_nngen_computes", f"{libraries}, digest {digest}")
        sys.modules["_nngen_computes"] = kept
    return str(sys.modules["_nngen_computes"].__doc__)
