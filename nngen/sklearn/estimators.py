"""The estimators. They train the NumPy module of a spec, as ``nngen train`` does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from numbers import Integral
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, column_or_1d, validate_data

from nngen.data import Array, Encoding, Scaling, encoding
from nngen.pages import MAX_TRAINED, as_module, texts
from nngen.reading import parse
from nngen.sklearn.specs import SpecLike, by_value, read, replaced, simple
from nngen.spec import Spec


@dataclass(frozen=True)
class _Built:
    spec: Spec
    module: Any
    """Its NumPy module."""
    encoding: Encoding | None


@lru_cache(maxsize=32)
def _built(text: str) -> _Built:
    """A spec, made by an estimator, with its module."""
    spec = parse(text, "the spec")
    return _Built(spec, as_module(spec.name, texts(spec, Path(), ["numpy"])["numpy"]), encoding(spec, Path()))


class _Network(BaseEstimator):  # type: ignore[misc]
    """What both estimators share."""

    def __init__(
        self,
        spec: SpecLike | None = None,
        *,
        hidden_layers: Sequence[int] = (16,),
        activation: str = "relu",
        optimizer: str | Mapping[str, Any] | None = None,
        penalty: str | Mapping[str, Any] | None = None,
        epochs: int | None = None,
        batch_size: int | str | None = None,
        random_state: Any = None,
    ) -> None:
        self.spec = spec
        self.hidden_layers = hidden_layers
        self.activation = activation
        self.optimizer = optimizer
        self.penalty = penalty
        self.epochs = epochs
        self.batch_size = batch_size
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:  # noqa: N803 (the name of scikit-learn)
        """Train the network from its initial parameters.

        Args:
            X: the examples, shape ``(n, features)``.
            y: the class of each example; of a regressor, its target or a row of targets.
            sample_weight: the weight of each example, if the loss of the spec has ``example_weights``.

        Raises:
            ValueError: the data do not fit the network, or training diverged.
            SpecError: the spec is wrong.
        """
        x, y = self._examples(X, y, reset=True)
        self._begin(x, y)
        return self._train(x, y, sample_weight, _built(self.spec_).spec.training.epochs)

    def _examples(self, X: Any, y: Any, *, reset: bool, classes: Any = None) -> tuple[Array, Any]:  # noqa: N803
        """Checked examples; with ``reset``, the first ones decide what others must be like."""
        raise NotImplementedError

    def _coded(self, y: Any) -> Array:
        """The targets of the network."""
        raise NotImplementedError

    def _take(self, spec: Spec, parameters: ArrayLike) -> Self:
        """Become fitted, with these parameters."""
        self.n_features_in_ = len(spec.columns)
        self._begin(np.empty((0, self.n_features_in_)), np.empty((0, len(spec.layers[-1].unit_names))))
        self.parameters_ = np.array(parameters, np.float64)
        self._going = _built(self.spec_).module.unpack(self.parameters_), None
        return self

    def _continue(self, X: Any, y: Any, sample_weight: Any, classes: Any = None) -> Self:  # noqa: N803
        """Train for one epoch more; the first call also draws the initial parameters."""
        first = not hasattr(self, "spec_")
        x, y = self._examples(X, y, reset=first, classes=classes)
        if first:
            self._begin(x, y)
        return self._train(x, y, sample_weight, 1)

    def _begin(self, x: Array, y: Any) -> None:
        """Set the spec and the initial parameters."""
        named = getattr(self, "feature_names_in_", None)
        features = None if named is None else [str(name) for name in named]
        classes = [str(name) for name in getattr(self, "classes_", ())]
        if self.spec is None:
            names = [f"x{number}" for number in range(1, x.shape[1] + 1)] if features is None else features
            outputs = 1 if y.ndim == 1 else y.shape[1]
            document = simple(self.hidden_layers, self.activation, names, outputs, classes)
        else:
            document = by_value(read(self.spec), x, y[:, None] if y.ndim == 1 else y, features, classes)
        seed = self.random_state
        if not (seed is None or isinstance(seed, Integral)):
            seed = check_random_state(seed).randint(2**31)
        training = {name: getattr(self, name) for name in ("optimizer", "penalty", "epochs", "batch_size")}
        self.spec_ = replaced(document, training, None if seed is None else int(seed))
        self.loss_curve_: list[float] = []
        self._going = _built(self.spec_).module.init(), None

    def _train(self, x: Array, y: Any, sample_weight: Any, epochs: int) -> Self:
        built = _built(self.spec_)
        start, progress = self._going
        weights = {}
        if sample_weight is not None:
            if not built.spec.loss.example_weights:
                raise ValueError("sample_weight needs a spec whose loss has `example_weights: true`")
            weights["weights"] = _check_sample_weight(sample_weight, x)

        def keep(epoch: int, loss: float, params: Any, progress: Any) -> None:
            self._going = params, progress

        until = (progress[0] if progress else 0) + epochs
        with np.errstate(all="ignore"):  # whether it diverged is checked
            params, losses = built.module.fit(
                start, self._inputs(x), self._coded(y), epochs=until, callback=keep, progress=progress, **weights
            )
        self.parameters_ = np.array(built.module.pack(params))
        self.loss_curve_ += losses
        if not np.isfinite(self.parameters_).all():
            raise ValueError("training diverged: lower the optimizer's `rate`, or scale the features and targets")
        return self

    def _inputs(self, x: Array) -> Array:
        module = _built(self.spec_).module
        return np.asarray(module.scale(x)) if hasattr(module, "scale") else x

    def _outputs(self, X: Any) -> Array:  # noqa: N803
        """The outputs of the network, shape ``(n, outputs)``."""
        check_is_fitted(self)
        x = validate_data(self, X, dtype=np.float64, reset=False)
        module = _built(self.spec_).module
        with np.errstate(all="ignore"):
            return np.asarray(module.forward(module.unpack(self.parameters_), self._inputs(x)), np.float64)

    def module_text(self, target: str = "python") -> str:
        """The generated module with the trained parameters, one file that needs nothing of nngen.

        Args:
            target: ``python``, ``numpy``, ``javascript`` or ``c``.

        Raises:
            ValueError: there are too many parameters for one file of Python.
        """
        check_is_fitted(self)
        if len(self.parameters_) > MAX_TRAINED and target in ("python", "numpy"):
            raise ValueError(
                f"a module holds at most {MAX_TRAINED:,} parameters, not {len(self.parameters_):,}: save `spec_` and "
                "`nngen.parameter_file(spec_, parameters_)`, and run `nngen build --params`"
            )
        return texts(_built(self.spec_).spec, Path(), [target], parameters=self.parameters_.tolist())[target]


class NetworkRegressor(RegressorMixin, _Network):  # type: ignore[misc]
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

    def _examples(self, X: Any, y: Any, *, reset: bool, classes: Any = None) -> tuple[Array, Any]:  # noqa: N803
        x, y = validate_data(self, X, y, reset=reset, dtype=np.float64, multi_output=True, y_numeric=True)
        return x, y.astype(np.float64)

    def _coded(self, y: Any) -> Array:
        scale = self._target_scale()
        coded: Array = (y.reshape(len(y), -1) - scale.subtract) / scale.divide
        return coded

    def _target_scale(self) -> Scaling:
        how = _built(self.spec_).encoding
        return (how.targets if how else None) or Scaling((0.0,), (1.0,))

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:  # noqa: N803
        """Train for one epoch more; the first call also draws the initial parameters. The arguments are ``fit``'s."""
        return self._continue(X, y, sample_weight)

    def predict(self, X: Any) -> Array:  # noqa: N803
        """The predicted targets, shape ``(n,)``, or ``(n, targets)`` if there are several."""
        outputs, scale = self._outputs(X), self._target_scale()
        found: Array = outputs * scale.divide + scale.subtract
        return found[:, 0] if found.shape[1] == 1 else found

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags


def _probable(estimator: "NetworkClassifier") -> bool:
    """Whether the outputs are probabilities."""
    if estimator.spec is None:
        return True
    output = read(estimator.spec).layers[-1]
    return output.activation.name == ("softmax" if len(output.unit_names) > 1 else "sigmoid")


class NetworkClassifier(ClassifierMixin, _Network):  # type: ignore[misc]
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

    def _examples(self, X: Any, y: Any, *, reset: bool, classes: Any = None) -> tuple[Array, Any]:  # noqa: N803
        x, y = validate_data(self, X, y, reset=reset, dtype=np.float64)
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
        outputs = len(_built(self.spec_).spec.layers[-1].unit_names)
        own = y[:, None] == self.classes_[-outputs:]  # an only output is about the second class
        return np.where(own, 1.0, 2.0 * self._threshold - 1.0)

    @property
    def _threshold(self) -> float:
        """An only output above it means the second class: it is the middle of the two targets."""
        how = _built(self.spec_).encoding
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
