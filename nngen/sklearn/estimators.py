"""The estimators of scikit-learn."""

import json
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_array, column_or_1d

from nngen.description.data import Array, Encoding, answers, scaled_targets
from nngen.description.model import Spec
from nngen.sklearn.network import Network, built
from nngen.sklearn.specs import SpecLike, by_value, measured, read, titles


class NetworkRegressor(RegressorMixin, Network):  # type: ignore[misc]
    """A neural network that predicts numbers.

    Args:
        spec: the text of a spec, or its path as a ``Path``. The examples are those of ``fit``: a scale under ``data``
            is measured on them. Without a spec, the network has dense layers and the loss ``half_squared_error``.
        hidden_layers: the units of each hidden layer, if there is no spec.
        activation: the activation of these.
        optimizer: replaces that of the spec: a name, or a mapping such as ``{"name": "adam", "rate": 0.01}``.
        penalty: replaces that of the spec, likewise.
        epochs: replaces those of the spec.
        batch_size: replaces that of the spec: a number, or ``full``.
        random_state: the seed of the initial parameters and of training; by default those of the spec, which are fixed.

    Attributes:
        spec_: the text of the network's spec, with its scales by value.
        parameters_: its parameters, in the order of the module's ``unpack``.
        loss_curve_: the loss of each epoch.
    """

    @classmethod
    def from_parameters(cls, spec: SpecLike, parameters: ArrayLike) -> Self:
        """A fitted estimator.

        Args:
            spec: the spec; its scales are by value.
            parameters: the parameters, in the order of the module's ``unpack``.

        Raises:
            ValueError: a scale is not by value, or there are more or fewer parameters.
            SpecError: the spec is wrong.
        """
        return cls(spec)._take(read(spec), parameters)

    def _examples(self, X: Any, y: Any, *, reset: bool, classes: Any = None) -> tuple[Any, Any]:  # noqa: N803
        x, y = self._pair(X, y, reset=reset, multi_output=True, y_numeric=True)
        return x, check_array(y, ensure_2d=False, dtype=np.float64, input_name="y")

    def _coded(self, y: Any) -> Array:
        how, numbers = built(self.spec_).encoding, y.reshape(len(y), -1)
        return scaled_targets(how.targets if how else None, numbers)

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:  # noqa: N803
        """Train for one epoch more; the first call also draws the initial parameters. The arguments are ``fit``'s."""
        return self._continue(X, y, sample_weight)

    def predict(self, X: Any) -> Array:  # noqa: N803
        """The predicted targets, shape ``(n,)``, or ``(n, targets)`` if there are several."""
        outputs = self._outputs(X)
        how = built(self.spec_).encoding
        found: Array = answers(how, outputs) if how else outputs
        return found[:, 0] if found.shape[1] == 1 else found

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags


def _probable(estimator: "NetworkClassifier") -> bool:
    """Whether the outputs are probabilities."""
    if estimator.spec is None:
        return True
    spec = read(estimator.spec)
    return spec.outputs_like == ("softmax" if len(spec.layers[-1].unit_names) > 1 else "sigmoid")


class NetworkClassifier(ClassifierMixin, Network):  # type: ignore[misc]
    """A neural network that predicts classes.

    The arguments and attributes are those of ``NetworkRegressor``, with ``classes_``, the sorted classes. A spec has an
    output for each class, or one for two classes. Without a spec, two classes share a logistic output with the loss
    ``binary_cross_entropy``, and more have softmax with ``cross_entropy``.
    """

    @classmethod
    def from_parameters(cls, spec: SpecLike, parameters: ArrayLike, classes: ArrayLike | None = None) -> Self:
        """A fitted estimator.

        Args:
            spec: the spec; its scales are by value.
            parameters: the parameters, in the order of the module's ``unpack``.
            classes: the classes in the order of the outputs; by default those of the spec, which are texts.

        Raises:
            ValueError: a scale is not by value, there are more or fewer parameters, or no classes.
            SpecError: the spec is wrong.
        """
        described, made = read(spec), cls(spec)
        named = described.data.class_values if described.data else ()
        made.classes_ = np.array(named if classes is None else classes)
        if not len(made.classes_):
            raise ValueError("the spec does not name its classes: give them as `classes`")
        return made._take(described, parameters)

    def _examples(self, X: Any, y: Any, *, reset: bool, classes: Any = None) -> tuple[Any, Any]:  # noqa: N803
        x, y = self._pair(X, y, reset=reset)
        y = column_or_1d(y, warn=True)
        check_classification_targets(y)
        if reset:
            self.classes_ = np.unique(y if classes is None else classes)
        if len(self.classes_) < 2:
            raise ValueError(f"expected at least 2 classes, got 1 class: {self.classes_[0]!r}")
        unknown = np.setdiff1d(y, self.classes_)
        if len(unknown):
            raise ValueError(f"y has the classes {unknown.tolist()}, which are not among {self.classes_.tolist()}")
        return x, y

    def _coded(self, y: Any) -> Array:
        outputs = len(built(self.spec_).spec.layers[-1].unit_names)
        own = y[:, None] == self.classes_[-outputs:]  # an only output is about the second class
        return np.where(own, 1.0, 2.0 * self._threshold - 1.0)

    @property
    def _threshold(self) -> float:
        """An only output above it means the second class: it is the middle of the two targets."""
        how = built(self.spec_).encoding
        assert how is not None  # noqa: S101 (the data of the spec are its classes)
        return how.threshold

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:  # noqa: N803
        """Train for one epoch more; the first call also draws the initial parameters.

        Args:
            X: the examples, shape ``(n, features)``.
            y: the class of each example.
            classes: all classes, in the first call; by default those of ``y``.
            sample_weight: see ``fit``.
        """
        return self._continue(X, y, sample_weight, classes)

    def predict(self, X: Any) -> Any:  # noqa: N803
        """The predicted classes, shape ``(n,)``."""
        outputs = self._outputs(X)
        if outputs.shape[1] > 1:
            return self.classes_[np.argmax(outputs, axis=1)]
        return self.classes_[(outputs[:, 0] > self._threshold).astype(int)]

    @available_if(_probable)  # type: ignore[untyped-decorator]
    def predict_proba(self, X: Any) -> Array:  # noqa: N803
        """The probabilities of the classes, shape ``(n, classes)``."""
        outputs = self._outputs(X)
        return outputs if outputs.shape[1] > 1 else np.hstack([1.0 - outputs, outputs])

    @available_if(lambda estimator: not _probable(estimator))  # type: ignore[untyped-decorator]
    def decision_function(self, X: Any) -> Array:  # noqa: N803
        """The output of each class; of two classes with one output, how far it is above the threshold."""
        outputs = self._outputs(X)
        return outputs if outputs.shape[1] > 1 else outputs[:, 0] - self._threshold


def predictor_of(spec: Spec, found: Encoding | None, parameters: ArrayLike) -> NetworkClassifier | NetworkRegressor:
    """The fitted estimator of a trained network.

    Args:
        spec: the spec.
        found: how its network encodes data; None if it says nothing about them.
        parameters: its parameters, in the order of the module's ``unpack``.
    """
    how = found or measured(spec, np.empty((0, len(spec.columns))), np.empty((0, len(spec.layers[-1].unit_names))), ())
    text = json.dumps(by_value(spec, how, None, how.classes), indent=2)
    kind = NetworkClassifier if how.classes else NetworkRegressor
    made = kind.from_parameters(text, parameters)
    made.feature_names_in_ = np.array(titles(spec), object)
    return made
