"""Named arrays as the parameters of a spec, such as a ``state_dict`` of PyTorch has, and ``.safetensors`` files.

Arrays alone do not say which layer they belong to. In this order: they have the names of ``PARAMETERS``, as ``nngen
export`` writes them; their modules have the names of the layers; the modules are numbered; or only one order fits.

A file has the length of a header in 8 bytes, the header in JSON, and the numbers:
https://huggingface.co/docs/safetensors. Readers differ in what they let pass; this one takes no key twice, no gaps, no
overlaps, and only finite numbers.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any

import numpy as np

from nngen.bridges.importing.graph import Array
from nngen.bridges.importing.limits import LIMITS, parse
from nngen.common.files import refused
from nngen.common.records import dataclass
from nngen.common.text import counted, joined
from nngen.plan import Layer, Plan

ROLES = {
    "weight": "weight",
    "gamma": "weight",
    "scale": "weight",
    "bias": "bias",
    "beta": "bias",
    "running_mean": "mean",
    "moving_mean": "mean",
    "running_var": "variance",
    "moving_variance": "variance",
}
"""The parts of a module, by the last part of an array's name. ``kernel`` is a matrix with a row for each input."""

MAX_TRIED = 7
"""Modules of which all orders are tried."""


@dataclass(frozen=True)
class _Slot:
    """The weighted sums of a layer, or its normalization: the shape of each part."""

    layer: str
    shapes: Mapping[str, tuple[int, ...]]

    def fits(self, module: Mapping[str, Array]) -> bool:
        """Whether a module has these parts and shapes."""
        return {role: array.shape for role, array in module.items()} == self.shapes


def parameters(planned: Plan, tensors: Mapping[str, Array], where: str) -> list[float]:
    """The parameters of a network in the order of the layout.

    Args:
        planned: the network.
        tensors: arrays by name.
        where: the file, for messages.

    Raises:
        SpecError: the arrays do not fit, or it is not clear which layer they belong to.
    """
    if tensors.keys() == {block.name for block in planned.blocks}:
        for block in planned.blocks:
            if tensors[block.name].shape != block.shape:
                found = f"expected {block.name} of the shape {block.shape}, got {tensors[block.name].shape}"
                raise refused(where, found)
        return [number for block in planned.blocks for number in tensors[block.name].ravel().tolist()]
    modules = _modules(tensors, where)
    sums = {name: module for name, module in modules.items() if module.get("weight", np.empty(0)).ndim == 2}
    norms = {name: module for name, module in modules.items() if name not in sums}
    layers = [layer for layer in planned.layers if layer.normalization_blocks]
    ordered_sums = iter(_ordered(sums, [_sums(layer) for layer in planned.layers], where, "layer"))
    ordered_norms = iter(_ordered(norms, [_normalization(layer) for layer in layers], where, "normalization"))
    flat: list[float] = []
    for layer in planned.layers:
        module = next(ordered_sums)
        ends = np.cumsum([len(source.values) for source in layer.sources])[:-1]
        arrays = [*np.split(module["weight"], ends, axis=1), *([module["bias"]] if layer.biases else [])]
        if layer.normalization_blocks:
            norm = next(ordered_norms)
            arrays += [norm[role] for role in ("weight", "bias", "mean", "variance") if role in norm]
        flat += [number for array in arrays for number in array.ravel().tolist()]
    return flat


def _modules(tensors: Mapping[str, Array], where: str) -> Mapping[str, Mapping[str, Array]]:
    """The arrays of each module by their roles."""
    modules: dict[str, dict[str, Array]] = {}
    for name, array in tensors.items():
        module, _, leaf = name.rpartition(".")
        role = "weight" if leaf == "kernel" else ROLES.get(leaf)
        if role is None:
            raise refused(where, f"expected a weight, bias, kernel or running statistic, got the array {name!r:.60}")
        modules.setdefault(module, {})[role] = array.T if leaf == "kernel" else array
    return modules


def _sums(layer: Layer) -> _Slot:
    units = len(layer.units)
    shapes: dict[str, tuple[int, ...]] = {"weight": (units, sum(len(source.values) for source in layer.sources))}
    return _Slot(layer.name, shapes | ({"bias": (units,)} if layer.biases else {}))


def _normalization(layer: Layer) -> _Slot:
    roles = ("weight", "bias", "mean", "variance")[: len(layer.normalization_blocks)]
    return _Slot(layer.name, dict.fromkeys(roles, (len(layer.units),)))


def _ordered(
    modules: Mapping[str, Mapping[str, Array]], slots: Sequence[_Slot], where: str, kind: str
) -> list[Mapping[str, Array]]:
    """The modules in the order of the layers that they belong to."""
    if len(modules) != len(slots):
        found = f"{counted(len(modules), kind)}: {joined(map(repr, sorted(modules)), 'and')}" if modules else "none"
        raise refused(where, f"expected {counted(len(slots), kind)}, as in the spec, got {found:.300}")
    order = _by_name(modules, slots) or _by_number(modules) or _by_shape(modules, slots)
    if order is None:
        advice = f"give the layers of the spec the names of the file: {joined(sorted(modules), 'and'):.200}"
        raise refused(where, f"the order of the arrays is not clear: several orders of the {kind}s fit", advice)
    for name, slot in zip(order, slots, strict=True):
        if not slot.fits(modules[name]):
            got = ", ".join(f"{role} {array.shape}" for role, array in modules[name].items())
            expected = ", ".join(f"{role} {shape}" for role, shape in slot.shapes.items())
            raise refused(where, f"layer {slot.layer!r}: expected {expected}, got {got} of {name!r:.60}")
    return [modules[name] for name in order]


def _by_name(modules: Mapping[str, Mapping[str, Array]], slots: Sequence[_Slot]) -> list[str] | None:
    """The order in which the modules have the names of the layers."""
    last = {name.rpartition(".")[2]: name for name in modules}
    wanted = [slot.layer for slot in slots]
    return [last[name] for name in wanted] if last.keys() == set(wanted) and len(last) == len(modules) else None


def _by_number(modules: Mapping[str, Mapping[str, Array]]) -> list[str] | None:
    """The order of the numbers in the names, if there is no other difference between the names."""
    texts = {re.sub("[0-9]+", "#", name) for name in modules}
    numbers = {tuple(map(int, re.findall("[0-9]+", name))): name for name in modules}
    return [numbers[key] for key in sorted(numbers)] if len(texts) == 1 and len(numbers) == len(modules) else None


def _by_shape(modules: Mapping[str, Mapping[str, Array]], slots: Sequence[_Slot]) -> list[str] | None:
    """The only order that fits; the names in any order, if none does."""
    if len(modules) > MAX_TRIED:
        return None
    fitting: Iterator[tuple[str, ...]] = (
        order
        for order in permutations(sorted(modules))
        if all(slot.fits(modules[name]) for name, slot in zip(order, slots, strict=True))
    )
    first, second = next(fitting, None), next(fitting, None)
    return None if second is not None else list(first or sorted(modules))


TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
"""The types of numbers, as NumPy has them. BF16 is the upper half of F32."""

COUNTERS = frozenset({"num_batches_tracked"})
"""Integers beside the parameters of a normalization, by the last part of their names; they are left out."""


def tensors(content: bytes, where: str) -> dict[str, Array]:
    """The arrays of a file as float64, by their names.

    Raises:
        SpecError: the file is damaged, or an array has another type or a number that is not finite.
    """
    length = int.from_bytes(content[:8], "little")
    start = 8 + length
    if len(content) < 8 or start > len(content):
        raise refused(where, "expected a .safetensors file: its header is not complete")
    header = parse(content[8:start], where, "the header")
    if not isinstance(header, dict):
        raise refused(where, "expected a mapping as header")
    header.pop("__metadata__", None)
    entries = sorted(((name, *_entry(entry, name, where)) for name, entry in header.items()), key=lambda one: one[3])
    found, place = {}, 0
    for name, dtype, shape, begin, end in entries:
        if begin != place:
            raise refused(where, f"the array {name!r:.60} begins at byte {begin:,}, expected {place:,}")
        if start + end > len(content):
            raise refused(where, f"the file ends before the array {name!r:.60}, which has the bytes up to {end:,}")
        array = np.frombuffer(content, np.uint8, end - begin, start + begin).view(TYPES.get(dtype, "V1"))
        if dtype in TYPES:
            found[name] = _numbers(array, dtype, shape, name, where)
        elif name.rpartition(".")[2] not in COUNTERS:
            raise refused(where, f"expected an array of F64, F32, F16 or BF16, got {dtype!r:.20} as {name!r:.60}")
        place = end
    if place != len(content) - start:
        raise refused(where, f"expected {place:,} bytes of numbers, got {len(content) - start:,}")
    return found


def _entry(entry: Any, name: str, where: str) -> tuple[str, tuple[int, ...], int, int]:
    """The type, the shape and the bytes of an array."""
    if isinstance(entry, dict) and entry.keys() == {"dtype", "shape", "data_offsets"}:
        dtype, shape, ends = entry["dtype"], entry["shape"], entry["data_offsets"]
        whole = all(
            isinstance(part, list) and all(type(size) is int and size >= 0 for size in part) for part in (shape, ends)
        )
        if isinstance(dtype, str) and whole and len(ends) == 2 and ends[0] <= ends[1]:
            size = np.dtype(TYPES[dtype]).itemsize if dtype in TYPES else None
            if math.prod(each or 1 for each in shape) > LIMITS.numbers:
                raise refused(where, f"the array {name!r:.60} has a shape of more than {LIMITS.numbers:,} numbers")
            if size is None or math.prod(shape) * size == ends[1] - ends[0]:
                return dtype, tuple(shape), ends[0], ends[1]
    raise refused(where, f"expected dtype, shape and data_offsets that agree for the array {name!r:.60}")


def _numbers(array: Any, dtype: str, shape: tuple[int, ...], name: str, where: str) -> Array:
    if dtype == "BF16":
        array = (array.astype("<u4") << 16).view("<f4")
    numbers = array.astype(np.float64).reshape(shape)
    if not np.isfinite(numbers).all():
        raise refused(where, f"expected finite numbers, got NaN or an infinity in {name!r:.60}")
    return np.asarray(numbers)
