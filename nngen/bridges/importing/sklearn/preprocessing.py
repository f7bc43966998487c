"""The preprocessing of scikit-learn by value: what each transformer makes of the columns of the data."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.sklearn.blocks import SELECTIONS, Blocks, Features, above_0, chosen
from nngen.bridges.importing.sklearn.features import Feature, Scaling, between, categories_of
from nngen.bridges.importing.sklearn.fitted import Fitted, kind_of, numbers
from nngen.description.model import Divide, Standardize

MAX_TRANSFORMERS = 1_000
"""Transformers of a pipeline, with nested ones."""

STANDARD = {
    "StandardScaler": ("mean_", "with_mean", "with_std"),
    "RobustScaler": ("center_", "with_centering", "with_scaling"),
}
"""The centers of a scaler, and the options that say whether it subtracts and divides."""

MAX_FEATURES = 100_000
"""Features after a transformer; a spec takes as many inputs."""


class Preprocessing:
    """Applies transformers to features, and remembers all that has no equal in a spec.

    ``problems`` has the name of each such transformer in the pipeline, with the reason and what to do.
    """

    def __init__(self) -> None:
        self._left = MAX_TRANSFORMERS
        self._lost = False
        self.blocks = Blocks()
        self._known: dict[str, Callable[[Fitted, Features, str], Features]] = {
            "Pipeline": self._pipeline,
            "ColumnTransformer": self._columns,
            "FeatureUnion": self._union,
            "StandardScaler": self._standard,
            "MinMaxScaler": self._interval,
            "MaxAbsScaler": self._largest,
            "RobustScaler": self._standard,
            "SimpleImputer": self._imputer,
            "OneHotEncoder": self._one_hot,
            "OrdinalEncoder": self._ordinal,
            "FunctionTransformer": self.blocks.function,
            "KBinsDiscretizer": self.blocks.bins,
            "PCA": self.blocks.projected,
            "PowerTransformer": self._powers,
            "TruncatedSVD": self.blocks.projected,
            **dict.fromkeys(SELECTIONS, lambda fitted, features, _: chosen(fitted, features)),
        }
        self.problems: dict[str, tuple[str, str]] = {}

    def apply(self, transformer: Any, features: Features, name: str) -> Features:
        """The features after a transformer; ``name`` says where it is in the pipeline."""
        self._left -= 1
        if self._left < 0:
            raise UnfitError(f"the pipeline has more than {MAX_TRANSFORMERS:,} transformers")
        if transformer is None or (isinstance(transformer, str) and transformer == "passthrough"):
            return features
        kind = kind_of(transformer)
        if not isinstance(transformer, Fitted) or kind not in self._known:
            advice = "apply it to the data before the network, and save a pipeline without it"
            self.problems[name] = (f"{kind} has no equal in a spec", advice)
            self._lost = True
        if self._lost:  # what follows works on features that are not known
            return features
        try:
            made = self._known[kind](transformer, features, name)
        except UnfitError as error:
            self._problem(name, str(error), error.advice)
            self._lost = True
            return features
        if len(made) > MAX_FEATURES:
            raise UnfitError(f"{name} makes more than {MAX_FEATURES:,} features")
        return made

    def _problem(self, name: str, message: str, advice: str) -> None:
        self.problems.setdefault(name, (message, advice))

    def _list(self, fitted: Fitted, name: str, features: Features | None = None) -> list[Any]:
        """A list; with a value for each feature, if these are given."""
        value = fitted.get(name)
        if not isinstance(value, list) or (features is not None and len(value) != len(features)):
            expected = "a list" if features is None else f"a list of {len(features)}"
            raise UnfitError(f"expected {expected} as {fitted.kind}.{name}")
        return value

    def _numbers(self, fitted: Fitted, name: str, features: Features) -> list[float]:
        """A number for each feature; those of ``scale_`` are above 0."""
        values = numbers(fitted, name, (len(features),))
        listed: list[float] = (above_0(values, f"{fitted.kind}.scale_") if name == "scale_" else values).tolist()
        return listed

    def steps(self, pipeline: Fitted) -> list[tuple[str, Any]]:
        """The names and transformers of a pipeline; errors as in ``apply``."""
        found = self._list(pipeline, "steps")
        if not all(isinstance(step, list) and len(step) == 2 and isinstance(step[0], str) for step in found):
            raise UnfitError("expected a name and a transformer for each step of a Pipeline")
        return [(name, transformer) for name, transformer in found]

    def before(self, estimator: Any, features: Features) -> tuple[Features, str, Any]:
        """The features that the last step of a pipeline takes, its place, and this step; errors as in ``apply``."""
        place: list[str] = []
        while isinstance(estimator, Fitted) and estimator.kind in ("Pipeline", "RFE", "RFECV"):
            if estimator.kind != "Pipeline":
                features = self.apply(estimator, features, ".".join(place))
                estimator = estimator.get("estimator_")
                continue
            *steps, last = self.steps(estimator) or [("", None)]
            for name, transformer in steps:
                features = self.apply(transformer, features, ".".join([*place, name]))
            place, estimator = [*place, last[0]], last[1]
        return features, ".".join(place), estimator

    def _pipeline(self, fitted: Fitted, features: Features, name: str) -> Features:
        """Step by step."""
        for step, transformer in self.steps(fitted):
            features = self.apply(transformer, features, f"{name}.{step}")
        return features

    def _columns(self, fitted: Fitted, features: Features, name: str) -> Features:
        """Columns of the data, without ``transformer_weights``; those that nothing uses are left out."""
        if fitted.get("transformer_weights"):
            self._problem(name, "transformer_weights have no equal in a spec", "scale the columns instead")
        places = fitted.get("_transformer_to_input_indices")
        made: list[Feature] = []
        for part in self._list(fitted, "transformers_"):
            if not isinstance(part, list) or len(part) != 3 or not isinstance(part[0], str):
                raise UnfitError("expected a name, a transformer and columns in a ColumnTransformer")
            key, transformer, _ = part
            if isinstance(transformer, str) and transformer == "drop":
                continue
            indices = places.get(key) if isinstance(places, dict) else None
            if not isinstance(indices, list) or not all(
                type(index) is int and 0 <= index < len(features) for index in indices
            ):
                raise UnfitError(f"expected the columns of {key!r} in a ColumnTransformer")
            made += self.apply(transformer, tuple(features[index] for index in indices), f"{name}.{key}")
        return tuple(made)

    def _union(self, fitted: Fitted, features: Features, name: str) -> Features:
        """Its parts one after another, without ``transformer_weights``."""
        if fitted.get("transformer_weights"):
            self._problem(name, "transformer_weights have no equal in a spec", "scale the columns instead")
        made: list[Feature] = []
        for part in self._list(fitted, "transformer_list"):
            if not isinstance(part, list) or len(part) != 2 or not isinstance(part[0], str):
                raise UnfitError("expected a name and a transformer for each part of a FeatureUnion")
            if part[1] != "drop":
                made += self.apply(part[1], features, f"{name}.{part[0]}")
        return tuple(made)

    def _powers(self, fitted: Fitted, features: Features, name: str) -> Features:
        """Layers of ``log1p``, ``expm1`` and sums, not trained."""
        made = self.blocks.powers(fitted, features, name)
        scaler = fitted.get("_scaler") if fitted.get("standardize") else None
        return self.apply(scaler, made, f"{name}._scaler")

    def _scaled(self, features: Features, scales: list[Scaling]) -> Features:
        return tuple(
            replace(feature, scales=(*feature.scales, scale)) for feature, scale in zip(features, scales, strict=True)
        )

    def _standard(self, fitted: Fitted, features: Features, name: str) -> Features:
        """``scale`` of a column or under ``data``."""
        # scikit-learn stores the centers even if it does not subtract them
        key, centered, scaled = STANDARD[fitted.kind]
        means = self._numbers(fitted, key, features) if fitted.get(centered, True) else None
        divide = self._numbers(fitted, "scale_", features) if fitted.get(scaled, True) else [1.0] * len(features)
        pairs = zip(means or [0.0] * len(features), divide, strict=True)
        return self._scaled(
            features, [Standardize(name="standardize", mean=(mean,), deviation=(by,)) for mean, by in pairs]
        )

    def _largest(self, fitted: Fitted, features: Features, name: str) -> Features:
        """``scale``; with ``clip`` a custom activation."""
        largest = self._numbers(fitted, "scale_", features)
        made = self._scaled(features, [Divide(name="divide", by=value) for value in largest])
        return self.blocks.clipped(made, -1.0, 1.0, name) if fitted.get("clip") else made

    def _interval(self, fitted: Fitted, features: Features, name: str) -> Features:
        """``scale``; with ``clip`` a custom activation."""
        factors, shifts, lows, highs = (
            self._numbers(fitted, key, features) for key in ("scale_", "min_", "data_min_", "data_max_")
        )
        made = self._scaled(features, list(map(between, factors, shifts, lows, highs)))
        if not fitted.get("clip"):
            return made
        low, high = numbers(fitted, "feature_range", (2,)).tolist()
        return self.blocks.clipped(made, low, high, name)

    def _imputer(self, fitted: Fitted, features: Features, name: str) -> Features:
        """``missing`` and ``indicator`` of a column, for NaN."""
        marker = fitted.get("missing_values")
        if marker is not None and not (isinstance(marker, float) and math.isnan(marker)):
            self._problem(name, f"only NaN is a missing value, not {marker!r}", "replace it in the data by NaN")
        texts = isinstance(fitted.get("statistics_"), list)
        fills = (self._list if texts else self._numbers)(fitted, "statistics_", features)
        filled = tuple(self._filled(*pair, name) for pair in zip(features, fills, strict=True))
        if not fitted.get("add_indicator"):
            return filled
        indicator = fitted.get("indicator_")
        if not isinstance(indicator, Fitted):
            raise UnfitError("expected a MissingIndicator as SimpleImputer.indicator_")
        marks = [int(mark) for mark in numbers(indicator, "features_").flat]
        if not all(0 <= mark < len(features) for mark in marks):
            raise UnfitError(f"expected places from 0 to {len(features) - 1} as MissingIndicator.features_")
        if any(features[mark] != Feature(features[mark].column) for mark in marks):
            self._problem(name, "indicators of other values than columns have no equal in a spec", "impute first")
            return filled
        return (*filled, *(replace(filled[mark], indicator=True) for mark in marks))

    def _filled(self, feature: Feature, fill: Any, name: str) -> Feature:
        if feature.fill is not None or feature.categories or feature.indicator or feature.block:
            return feature  # it is never missing
        if feature.scales:
            self._problem(name, "missing values are replaced after a scaler", "impute first, then scale")
            return feature
        if isinstance(fill, str):
            return replace(feature, fill=fill)
        if not isinstance(fill, int | float) or not math.isfinite(fill):
            raise UnfitError("expected numbers or texts as SimpleImputer.statistics_")
        return replace(feature, fill=float(fill))

    def _one_hot(self, fitted: Fitted, features: Features, name: str) -> Features:
        """``categories``, ``unknown`` and ``indicator`` of a column; merged categories are refused."""
        unknown = fitted.get("handle_unknown", "error")
        if unknown not in ("error", "ignore", "infrequent_if_exist"):
            self._problem(name, f"handle_unknown={unknown!r} has no equal in a spec", "use 'error' or 'ignore'")
        dropped = fitted.get("drop_idx_")
        dropped = [None] * len(features) if dropped is None else list(dropped)
        if len(dropped) != len(features):
            raise UnfitError(f"expected {len(features):,} values as OneHotEncoder.drop_idx_")
        made: list[Feature] = []
        for own, drop in zip(self._of_categories(fitted, features, unknown != "error", name), dropped, strict=True):
            made += [one for place, one in enumerate(own) if drop is None or place != drop]
        return tuple(made)

    def _of_categories(self, fitted: Fitted, features: Features, unknown: bool, name: str) -> list[Features]:
        """A feature for each category of each feature, which is a column."""
        infrequent = fitted.get("_infrequent_indices") or []
        if fitted.get("_infrequent_enabled") and any(one is not None for one in infrequent):
            advice = "fit it without min_frequency and max_categories"
            self._problem(name, "categories that are merged have no equal in a spec", advice)
        categories = self._list(fitted, "categories_", features)
        if any(feature.scales or feature.categories or feature.indicator or feature.block for feature in features):
            raise UnfitError("only columns of the data have categories", "encode before anything else")
        pairs = zip(features, categories, strict=True)
        return [categories_of(feature, values, unknown, f"{fitted.kind}.categories_") for feature, values in pairs]

    def _ordinal(self, fitted: Fitted, features: Features, name: str) -> Features:
        """``categories`` of a column, and a layer that is not trained."""
        known = fitted.get("handle_unknown", "error") == "error"
        columns = self._of_categories(fitted, features, not known, name)
        codes: list[Any] = [0.0 if known else fitted.get("unknown_value"), 0.0]
        if any(feature.indicator for column in columns for feature in column):
            codes[1] = fitted.get("encoded_missing_value")
        if not all(isinstance(code, int | float) and math.isfinite(code) for code in codes):
            advice = "give unknown_value and encoded_missing_value a number, or impute before it"
            raise UnfitError("unknown categories or missing values become NaN", advice)
        return self.blocks.codes(columns, codes[1], codes[0], name)
