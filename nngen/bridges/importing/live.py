"""Networks of other libraries in memory, without importing these libraries."""

import json
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nngen.bridges.importing.assemble import Imported, assemble
from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.compare import Sample, compare, judgement, sample
from nngen.bridges.importing.graph import Array
from nngen.bridges.importing.keras import judge as keras_judge
from nngen.bridges.importing.keras import model as keras_model
from nngen.bridges.importing.keras.layer import Layer
from nngen.bridges.importing.sklearn import estimators
from nngen.bridges.importing.sklearn import judge as sklearn_judge
from nngen.bridges.importing.sklearn.fitted import plain
from nngen.bridges.importing.torch import judge as torch_judge
from nngen.bridges.importing.torch import program as torch_program
from nngen.common.arguments import check
from nngen.common.files import refused
from nngen.description.data import encoding
from nngen.description.model import Table
from nngen.plan import plan
from nngen.reading import fingerprint, parameter_files, parse


def from_sklearn(estimator: Any, *, name: str = "", loss: str = "") -> tuple[str, list[float]]:
    """A fitted estimator of scikit-learn as a spec and its parameters.

    Args:
        estimator: a network, a linear model, or a Pipeline with one at its end.
        name: the name of the network; by default that of the estimator's class.
        loss: the loss for further training; by default that of the estimator.

    Returns:
        The text of the spec, and the parameters in the order of the module's ``unpack``. Their outputs are those of the
        estimator, which computes 32 rows; a warning says so if it could not.

    Raises:
        SpecError: a part of it has no equal in a spec, or the outputs differ.
    """
    where = type(estimator).__name__
    made = assemble(estimators.graph(plain(estimator, where), where), where, name=name, loss=loss)
    last = made.spec.layers[-1].activation.name

    def compute(given: Sample) -> Any:
        return sklearn_judge.outputs(estimator, last, [*given.table], given.columns)

    return _compared(made, where, "scikit-learn", "float64", compute)


def from_torch(module: Any, example: Any, *, name: str = "", loss: str = "") -> tuple[str, list[float]]:
    """A module of PyTorch as a spec and its parameters.

    Args:
        module: a ``torch.nn.Module`` with one output.
        example: its input, a tensor of shape (examples, features), or a tuple of its inputs, among which ids are whole
            numbers of the shape (examples,) or (examples, ids).
        name: the name of the network; by default that of the module's class.
        loss: the loss for further training; by default the usual one for the output.

    Returns:
        As ``from_sklearn``.

    Raises:
        SpecError: a part of it has no equal in a spec.
    """
    where = type(module).__name__
    made = assemble(torch_program.graph(module, example, where), where, name=name, loss=loss)

    def compute(given: Sample) -> Any:
        return torch_judge.outputs(module, example, [*given.table], given.columns)

    return _compared(made, where, "PyTorch", made.graph.dtype, compute)


def from_keras(model: Any, *, name: str = "", loss: str = "") -> tuple[str, list[float]]:
    """A model of Keras as a spec and its parameters.

    Args:
        model: a Sequential or functional model.
        name: the name of the network; by default that of the model.
        loss: the loss for further training; by default that of the model.

    Returns:
        As ``from_sklearn``.

    Raises:
        SpecError: a part of it has no equal in a spec.
    """
    where = type(model).__name__
    keras = sys.modules.get(type(model).__module__.partition(".")[0])
    version = str(getattr(keras, "__version__", "3"))
    try:
        config = json.loads(model.to_json())
    except (AttributeError, NotImplementedError):  # another object, or a class of your own
        raise refused(where, "expected a Sequential or functional model of Keras") from None
    described = keras_model.Model(config, config.get("compile_config"), version)
    made = assemble(keras_model.graph(described, _Live(model), where), where, name=name, loss=loss)

    def compute(given: Sample) -> Any:
        return keras_judge.outputs(model, [*given.table], given.columns)

    return _compared(made, where, "Keras", "float32", compute)


def _compared(
    made: Imported, where: str, by: str, dtype: str, compute: Callable[[Sample], Any]
) -> tuple[str, list[float]]:
    """The spec and the parameters, whose outputs are those of the object itself.

    Raises:
        SpecError: they are not.
    """
    given = sample(made)
    found = compare(made, given, [judgement(by, dtype, lambda: compute(given))])
    if not found.right:
        raise refused(where, f"the outputs differ: {found.text}", "this is a mistake of nngen: please report it")
    if not found.judged:
        warnings.warn(f"{where}: {found.text}", stacklevel=3)
    return made.text, list(made.parameters)


class _Live:
    """The weights of a model of Keras in memory."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def __call__(self, layer: Layer, shapes: Mapping[str, tuple[int, ...]]) -> Mapping[str, Array]:
        """The weights of a layer, see ``nngen.bridges.importing.keras.layer.Weights``."""
        owner = self._owner(layer)
        names = [weight.name.rpartition("/")[2].removesuffix(":0") for weight in owner.weights]
        found = dict(zip(names, owner.get_weights(), strict=True))
        if {name: array.shape for name, array in found.items()} != dict(shapes):
            raise UnfitError(f"expected the weights {', '.join(shapes)}")
        return {name: np.asarray(found[name], np.float64) for name in shapes}

    def vocabulary(self, layer: Layer) -> Any:
        """See ``nngen.bridges.importing.keras.layer.Weights``."""
        return np.array(self._owner(layer).get_vocabulary()).tolist()

    def _owner(self, layer: Layer) -> Any:
        """The layer of Keras."""
        owner = self._model
        for _, name in layer.path:
            owner = owner.get_layer(name)
        return owner


def parameter_file(spec: str, params: Sequence[float]) -> str:
    """The text of a parameter file, for ``nngen build --params`` and for ``load`` of a module.

    Args:
        spec: the text of a spec.
        params: its parameters, in the order of the module's ``unpack``.

    Raises:
        SpecError: the spec is wrong, or has another number of parameters.
    """
    check(parameter_file, "nngen.parameter_file", {"spec": spec})
    parsed = parse(spec, "the spec")
    planned, rows = plan(parsed), None if isinstance(parsed.data, Table) else encoding(parsed, Path())
    flat = parameter_files.flat(params, planned.size)
    return parameter_files.written(planned.layout, flat, fingerprint.written(parsed, rows))
