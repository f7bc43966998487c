"""Named arrays as the parameters of a spec, such as those that a ``state_dict`` of PyTorch has.

Arrays alone do not say which layer they belong to. In this order: they have the names of ``PARAMETERS``, as ``nngen
export`` writes them; their modules have the names of the layers; the modules are numbered; or only one order fits.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from nngen.bridges.importing.graph import Array
from nngen.common.files import refused
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
