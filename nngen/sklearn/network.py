"""What the estimators share: they train the NumPy module of a spec, as ``nngen train`` does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from numbers import Integral
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_consistent_length, check_is_fitted, validate_data

from nngen.common.arguments import check
from nngen.common.languages import Language
from nngen.description.data import Array, Encoding, encoding, is_plain
from nngen.description.model import Spec
from nngen.reading import parse
from nngen.sklearn.specs import SpecLike, by_value, measured, read, replaced, rows, simple, titles
from nngen.targets import TARGETS, as_module, texts


@dataclass(frozen=True)
class Built:
    """A spec with its module."""

    spec: Spec
    module: Any
    """Its NumPy module."""
    encoding: Encoding | None


@lru_cache(maxsize=32)
def built(text: str) -> Built:
    """A spec, made by an estimator, with its module."""
    spec = parse(text, "the spec")
    return Built(spec, as_module(spec.name, texts(spec, Path(), ["numpy"])["numpy"]), encoding(spec, Path()))


class Network(BaseEstimator):  # type: ignore[misc]
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
        return self._train(x, y, sample_weight, built(self.spec_).spec.training.epochs)

    @property
    def _encodes(self) -> bool:
        """Whether the spec encodes columns of the data, which are then not an array of numbers."""
        return self.spec is not None and not is_plain(read(self.spec))

    def _checked(self, X: Any, *, reset: bool) -> Any:  # noqa: N803
        """Checked features; with ``reset``, the first ones decide what others must be like.

        They are an array (n, features), or for a spec that encodes columns a DataFrame or a list of rows.
        """
        X = X if reset else self._by_name(X)  # noqa: N806
        if self.spec is None or not self._encodes:
            return validate_data(self, X, dtype=np.float64, reset=reset)
        validate_data(self, X, skip_check_array=True, reset=reset)
        return rows(read(self.spec), X)

    def _pair(self, X: Any, y: Any, *, reset: bool, **options: Any) -> tuple[Any, Any]:  # noqa: N803
        """Checked features, and their targets; ``options`` are those of ``validate_data``."""
        if not self._encodes:
            X = X if reset else self._by_name(X)  # noqa: N806
            x, y = validate_data(self, X, y, dtype=np.float64, reset=reset, **options)
            return x, y
        x = self._checked(X, reset=reset)
        check_consistent_length(x, y)
        return x, y

    def _by_name(self, X: Any) -> Any:  # noqa: N803
        """The columns that given parameters belong to, where a DataFrame has them; anything else as it is."""
        if not self._named or not hasattr(X, "columns") or not set(self._named) <= set(X.columns):
            return X
        named = X[self._named]
        return named if hasattr(self, "feature_names_in_") else named.to_numpy()

    def _examples(self, X: Any, y: Any, *, reset: bool, classes: Any = None) -> tuple[Any, Any]:  # noqa: N803
        """Checked features and targets; see ``_checked``."""
        raise NotImplementedError

    def _coded(self, y: Any) -> Array:
        """The targets of the network."""
        raise NotImplementedError

    def _take(self, spec: Spec, parameters: ArrayLike) -> Self:
        """Become fitted, with these parameters."""
        self.n_features_in_ = len(spec.columns)
        x: Any = np.empty((0, self.n_features_in_))
        if self._encodes:
            self.feature_names_in_, x = np.array(titles(spec), object), []
        self._begin(x, np.empty((0, len(spec.layers[-1].unit_names))))
        self.parameters_ = np.array(parameters, np.float64)
        self._going = built(self.spec_).module.unpack(self.parameters_), None
        self._named = titles(spec)
        return self

    def _continue(self, X: Any, y: Any, sample_weight: Any, classes: Any = None) -> Self:  # noqa: N803
        """Train for one epoch more; the first call also draws the initial parameters."""
        first = not hasattr(self, "spec_")
        x, y = self._examples(X, y, reset=first, classes=classes)
        if first:
            self._begin(x, y)
        return self._train(x, y, sample_weight, 1)

    def _begin(self, x: Any, y: Any) -> None:
        """Set the spec and the initial parameters."""
        named = getattr(self, "feature_names_in_", None)
        features = None if named is None else [str(name) for name in named]
        classes = [str(name) for name in getattr(self, "classes_", ())]
        if self.spec is None:
            names = [f"x{number}" for number in range(1, x.shape[1] + 1)] if features is None else features
            outputs = 1 if y.ndim == 1 else y.shape[1]
            document = simple(self.hidden_layers, self.activation, names, outputs, classes)
        else:
            spec = read(self.spec)
            document = by_value(spec, measured(spec, x, y[:, None] if y.ndim == 1 else y, classes), features, classes)
        seed = self.random_state
        if not (seed is None or isinstance(seed, Integral)):
            seed = check_random_state(seed).randint(2**31)
        training = {name: getattr(self, name) for name in ("optimizer", "penalty", "epochs", "batch_size")}
        self.spec_ = replaced(document, training, None if seed is None else int(seed))
        self.loss_curve_: list[float] = []
        self._going = built(self.spec_).module.init(), None
        self._named = []

    def _train(self, x: Any, y: Any, sample_weight: Any, epochs: int) -> Self:
        made = built(self.spec_)
        start, progress = self._going
        weights = {}
        if sample_weight is not None:
            if not made.spec.loss.example_weights:
                raise ValueError("sample_weight needs a spec whose loss has `example_weights: true`")
            weights["weights"] = _check_sample_weight(sample_weight, x)

        def keep(epoch: int, loss: float, params: Any, progress: Any) -> None:
            self._going = params, progress

        until = (progress[0] if progress else 0) + epochs
        with np.errstate(all="ignore"):  # whether it diverged is checked
            params, losses = made.module.fit(
                start, self._inputs(x), self._coded(y), epochs=until, callback=keep, progress=progress, **weights
            )
        self.parameters_ = np.array(made.module.pack(params))
        self.loss_curve_ += losses
        if not np.isfinite(self.parameters_).all():
            raise ValueError("training diverged: lower the optimizer's `rate`, or scale the features and targets")
        return self

    def _inputs(self, x: Any) -> Array:
        """The inputs of the network for checked features."""
        module = built(self.spec_).module
        if self._encodes:
            return np.asarray(module.encode(x))
        return np.asarray(module.scale(x)) if hasattr(module, "scale") else x

    def _outputs(self, X: Any) -> Array:  # noqa: N803
        """The outputs of the network, shape ``(n, outputs)``."""
        check_is_fitted(self)
        x = self._checked(X, reset=False)
        module = built(self.spec_).module
        with np.errstate(all="ignore"):
            outputs = np.asarray(module.forward(module.unpack(self.parameters_), self._inputs(x)), np.float64)
        if np.isnan(outputs).any():
            raise ValueError("expected numbers as outputs, got NaN: X or the parameters are too large")
        return outputs

    def module_text(self, target: Language = "python") -> str:
        """The generated module with the trained parameters, one file that needs nothing of nngen.

        Args:
            target: ``python``, ``numpy``, ``javascript``, ``c``, ``rust``, ``go``, ``java``, ``csharp``, ``lua``
                or ``php``.

        Raises:
            SpecError: there is no such target.
            ValueError: there are too many parameters for one file.
        """
        check(Network.module_text, "module_text", {"target": target})
        check_is_fitted(self)
        most = TARGETS[target].max_trained
        if len(self.parameters_) > most:
            raise ValueError(
                f"a module of {target} holds at most {most:,} parameters, not {len(self.parameters_):,}: save `spec_` "
                "and `nngen.parameter_file(spec_, parameters_)`, and run `nngen build --params`"
            )
        return texts(built(self.spec_).spec, Path(), [target], parameters=self.parameters_.tolist())[target]
