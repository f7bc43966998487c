"""The preprocessing of scikit-learn by value: what each transformer makes of the columns of the data."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nngen.bridges.importing.sklearn.blocks import SELECTIONS, Blocks, Features, NoEqualError, chosen
from nngen.bridges.importing.sklearn.features import Feature, Scaling
from nngen.bridges.importing.sklearn.fitted import Fitted, Other, as_numbers, numbers, words
from nngen.common.files import refused
from nngen.description.model import Divide, Interval, Standardize

MAX_TRANSFORMERS = 1_000
"""Transformers of a pipeline, with nested ones."""

MAX_FEATURES = 100_000
"""Features after a transformer; a spec takes as many inputs."""


class Preprocessing:
    """Applies transformers to features, and remembers all that has no equal in a spec.

    ``problems`` has the name of each such transformer in the pipeline, with the reason and what to do.
    """

    def __init__(self, where: str) -> None:
        self._where = where
        self._left = MAX_TRANSFORMERS
        self._lost = False
        self.blocks = Blocks(where)
        self._known: dict[str, Callable[[Fitted, Features, str], Features]] = {
            "Pipeline": self._pipeline,
            "ColumnTransformer": self._columns,
            "FeatureUnion": self._union,
            "StandardScaler": self._standard,
            "MinMaxScaler": self._interval,
            "MaxAbsScaler": self._largest,
            "RobustScaler": self._robust,
            "SimpleImputer": self._imputer,
            "OneHotEncoder": self._one_hot,
            "OrdinalEncoder": self._ordinal,
            "FunctionTransformer": self.blocks.function,
            "KBinsDiscretizer": self.blocks.bins,
            "PCA": self.blocks.projected,
            "PowerTransformer": self._powers,
            "TruncatedSVD": self.blocks.projected,
            **dict.fromkeys(SELECTIONS, lambda fitted, features, _: chosen(fitted, features, where)),
        }
        self.problems: dict[str, tuple[str, str]] = {}

    def apply(self, transformer: Any, features: Features, name: str) -> Features:
        """The features after a transformer; ``name`` says where it is in the pipeline.

        Raises:
            SpecError: a part of the transformer is missing or damaged.
        """
        self._left -= 1
        if self._left < 0:
            raise refused(self._where, f"the pipeline has more than {MAX_TRANSFORMERS:,} transformers")
        if transformer is None or (isinstance(transformer, str) and transformer == "passthrough"):
            return features
        kind = transformer.kind if isinstance(transformer, Fitted | Other) else type(transformer).__name__
        if not isinstance(transformer, Fitted) or kind not in self._known:
            advice = "apply it to the data before the network, and save a pipeline without it"
            self.problems[name] = (f"{kind} has no equal in a spec", advice)
            self._lost = True
        if self._lost:  # what follows works on features that are not known
            return features
        try:
            made = self._known[kind](transformer, features, name)
        except NoEqualError as error:
            self._problem(name, error.message, error.advice)
            self._lost = True
            return features
        if len(made) > MAX_FEATURES:
            raise refused(self._where, f"{name} makes more than {MAX_FEATURES:,} features")
        return made

    def _problem(self, name: str, message: str, advice: str) -> None:
        self.problems.setdefault(name, (message, advice))

    def _list(self, fitted: Fitted, name: str, length: int | None = None) -> list[Any]:
        value = fitted.attributes.get(name)
        if not isinstance(value, list) or (length is not None and len(value) != length):
            expected = "a list" if length is None else f"a list of {length}"
            raise refused(self._where, f"expected {expected} as {fitted.kind}.{name}")
        return value

    def _numbers(self, fitted: Fitted, name: str, features: Features) -> list[float]:
        """A number for each feature."""
        values = numbers(fitted, name, self._where)
        if values.shape != (len(features),):
            message = f"expected {len(features):,} numbers as {fitted.kind}.{name}, got the shape {values.shape}"
            raise refused(self._where, message)
        listed: list[float] = values.tolist()
        return listed

    def steps(self, pipeline: Fitted) -> list[tuple[str, Any]]:
        """The names and transformers of a pipeline.

        Raises:
            SpecError: it has something else.
        """
        found = self._list(pipeline, "steps")
        if not all(isinstance(step, list) and len(step) == 2 and isinstance(step[0], str) for step in found):
            raise refused(self._where, "expected a name and a transformer for each step of a Pipeline")
        return [(name, transformer) for name, transformer in found]

    def _pipeline(self, fitted: Fitted, features: Features, name: str) -> Features:
        """Step by step."""
        for step, transformer in self.steps(fitted):
            features = self.apply(transformer, features, f"{name}.{step}")
        return features

    def _columns(self, fitted: Fitted, features: Features, name: str) -> Features:
        """Columns of the data, without ``transformer_weights``; those that nothing uses are left out."""
        if fitted.attributes.get("transformer_weights"):
            self._problem(name, "transformer_weights have no equal in a spec", "scale the columns instead")
        places = fitted.attributes.get("_transformer_to_input_indices")
        made: list[Feature] = []
        for part in self._list(fitted, "transformers_"):
            if not isinstance(part, list) or len(part) != 3 or not isinstance(part[0], str):
                raise refused(self._where, "expected a name, a transformer and columns in a ColumnTransformer")
            key, transformer, _ = part
            if isinstance(transformer, str) and transformer == "drop":
                continue
            indices = places.get(key) if isinstance(places, dict) else None
            if not isinstance(indices, list) or not all(
                type(index) is int and 0 <= index < len(features) for index in indices
            ):
                raise refused(self._where, f"expected the columns of {key!r} in a ColumnTransformer")
            made += self.apply(transformer, tuple(features[index] for index in indices), f"{name}.{key}")
        return tuple(made)

    def _union(self, fitted: Fitted, features: Features, name: str) -> Features:
        """Its parts one after another, without ``transformer_weights``."""
        if fitted.attributes.get("transformer_weights"):
            self._problem(name, "transformer_weights have no equal in a spec", "scale the columns instead")
        made: list[Feature] = []
        for part in self._list(fitted, "transformer_list"):
            if not isinstance(part, list) or len(part) != 2 or not isinstance(part[0], str):
                raise refused(self._where, "expected a name and a transformer for each part of a FeatureUnion")
            if part[1] != "drop":
                made += self.apply(part[1], features, f"{name}.{part[0]}")
        return tuple(made)

    def _powers(self, fitted: Fitted, features: Features, name: str) -> Features:
        """Layers of ``log1p``, ``expm1`` and sums, not trained."""
        made = self.blocks.powers(fitted, features, name)
        scaler = fitted.attributes.get("_scaler") if fitted.attributes.get("standardize") else None
        return self.apply(scaler, made, f"{name}._scaler")

    def _scaled(self, features: Features, scales: list[Scaling]) -> Features:
        return tuple(
            replace(feature, scales=(*feature.scales, scale)) for feature, scale in zip(features, scales, strict=True)
        )

    def _standardized(
        self, features: Features, fitted: Fitted, means: list[float] | None, deviations: list[float] | None
    ) -> Features:
        """``(x - mean) / deviation``; None for means of 0 or deviations of 1."""
        divide = deviations or [1.0] * len(features)
        if any(not value > 0.0 for value in divide):
            raise refused(self._where, f"expected numbers above 0 as {fitted.kind}.scale_")
        pairs = zip(means or [0.0] * len(features), divide, strict=True)
        return self._scaled(
            features, [Standardize(name="standardize", mean=(mean,), deviation=(by,)) for mean, by in pairs]
        )

    def _standard(self, fitted: Fitted, features: Features, name: str) -> Features:
        """``scale`` of a column or under ``data``."""
        # the mean is stored even if it is not subtracted
        has = fitted.attributes.get
        means = self._numbers(fitted, "mean_", features) if has("with_mean", True) else None
        deviations = self._numbers(fitted, "scale_", features) if has("with_std", True) else None
        return self._standardized(features, fitted, means, deviations)

    def _robust(self, fitted: Fitted, features: Features, name: str) -> Features:
        """``scale`` of a column or under ``data``."""
        has = fitted.attributes.get
        centers = self._numbers(fitted, "center_", features) if has("with_centering", True) else None
        ranges = self._numbers(fitted, "scale_", features) if has("with_scaling", True) else None
        return self._standardized(features, fitted, centers, ranges)

    def _largest(self, fitted: Fitted, features: Features, name: str) -> Features:
        """``scale``; with ``clip`` a custom activation."""
        largest = self._numbers(fitted, "scale_", features)
        if any(not value > 0.0 for value in largest):
            raise refused(self._where, f"expected numbers above 0 as {fitted.kind}.scale_")
        made = self._scaled(features, [Divide(name="divide", by=value) for value in largest])
        return self.blocks.clipped(made, -1.0, 1.0, name) if fitted.attributes.get("clip") else made

    def _interval(self, fitted: Fitted, features: Features, name: str) -> Features:
        """``scale``; with ``clip`` a custom activation."""
        factors, shifts, lows, highs = (
            self._numbers(fitted, key, features) for key in ("scale_", "min_", "data_min_", "data_max_")
        )
        if any(not factor > 0.0 for factor in factors):
            raise refused(self._where, f"expected numbers above 0 as {fitted.kind}.scale_")
        made = self._scaled(features, list(map(_between, factors, shifts, lows, highs)))
        if not fitted.attributes.get("clip"):
            return made
        ends = self._list(fitted, "feature_range", 2)
        low, high = (float(end) for end in as_numbers(ends, "MinMaxScaler.feature_range", self._where))
        return self.blocks.clipped(made, low, high, name)

    def _imputer(self, fitted: Fitted, features: Features, name: str) -> Features:
        """``missing`` and ``indicator`` of a column, for NaN."""
        marker = fitted.attributes.get("missing_values")
        if marker is not None and not (isinstance(marker, float) and math.isnan(marker)):
            self._problem(name, f"only NaN is a missing value, not {marker!r}", "replace it in the data by NaN")
        fills = fitted.attributes.get("statistics_")
        fills = fills if isinstance(fills, list) else self._numbers(fitted, "statistics_", features)
        if len(fills) != len(features):
            raise refused(self._where, f"expected {len(features):,} values as SimpleImputer.statistics_")
        filled = tuple(self._filled(*pair, name) for pair in zip(features, fills, strict=True))
        if not fitted.attributes.get("add_indicator"):
            return filled
        indicator = fitted.attributes.get("indicator_")
        if not isinstance(indicator, Fitted):
            raise refused(self._where, "expected a MissingIndicator as SimpleImputer.indicator_")
        marks = [int(mark) for mark in numbers(indicator, "features_", self._where).flat]
        if not all(0 <= mark < len(features) for mark in marks):
            raise refused(self._where, f"expected places from 0 to {len(features) - 1} as MissingIndicator.features_")
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
            raise refused(self._where, "expected numbers or texts as SimpleImputer.statistics_")
        return replace(feature, fill=float(fill))

    def _one_hot(self, fitted: Fitted, features: Features, name: str) -> Features:
        """``categories``, ``unknown`` and ``indicator`` of a column; merged categories are refused."""
        unknown = fitted.attributes.get("handle_unknown", "error")
        if unknown not in ("error", "ignore", "infrequent_if_exist"):
            self._problem(name, f"handle_unknown={unknown!r} has no equal in a spec", "use 'error' or 'ignore'")
        dropped = fitted.attributes.get("drop_idx_")
        dropped = [None] * len(features) if dropped is None else list(dropped)
        if len(dropped) != len(features):
            raise refused(self._where, f"expected {len(features):,} values as OneHotEncoder.drop_idx_")
        made: list[Feature] = []
        for own, drop in zip(self._of_categories(fitted, features, unknown != "error", name), dropped, strict=True):
            made += [one for place, one in enumerate(own) if drop is None or place != drop]
        return tuple(made)

    def _of_categories(self, fitted: Fitted, features: Features, unknown: bool, name: str) -> list[Features]:
        """A feature for each category of each feature, which is a column."""
        infrequent = fitted.attributes.get("_infrequent_indices") or []
        if fitted.attributes.get("_infrequent_enabled") and any(one is not None for one in infrequent):
            advice = "fit it without min_frequency and max_categories"
            self._problem(name, "categories that are merged have no equal in a spec", advice)
        categories = self._list(fitted, "categories_", len(features))
        if any(feature.scales or feature.categories or feature.indicator or feature.block for feature in features):
            raise NoEqualError("only columns of the data have categories", "encode before anything else")
        pairs = zip(features, categories, strict=True)
        return [
            _categories(feature, values, unknown, f"{fitted.kind}.categories_", self._where)
            for feature, values in pairs
        ]

    def _ordinal(self, fitted: Fitted, features: Features, name: str) -> Features:
        """``categories`` of a column, and a layer that is not trained."""
        known = fitted.attributes.get("handle_unknown", "error") == "error"
        columns = self._of_categories(fitted, features, not known, name)
        codes: list[Any] = [0.0 if known else fitted.attributes.get("unknown_value"), 0.0]
        if any(feature.indicator for column in columns for feature in column):
            codes[1] = fitted.attributes.get("encoded_missing_value")
        if not all(isinstance(code, int | float) and math.isfinite(code) for code in codes):
            advice = "give unknown_value and encoded_missing_value a number, or impute before it"
            raise NoEqualError("unknown categories or missing values become NaN", advice)
        return self.blocks.codes(columns, codes[1], codes[0], name)


def _between(factor: float, shift: float, low: float, high: float) -> Scaling:
    """``x * factor + shift``, as the interval that becomes 0 to 1, where it does."""
    if low < high and math.isclose(factor * (high - low), 1.0, rel_tol=1e-12) and math.isclose(shift, -low * factor):
        return Interval(name="interval", low=(low,), high=(high,))
    return Standardize(name="standardize", mean=(-shift / factor,), deviation=(1.0 / factor,))


def _categories(feature: Feature, values: Any, unknown: bool, name: str, where: str) -> Features:
    """A feature for each category; a category of missing values is an indicator."""
    listed = values.tolist() if hasattr(values, "tolist") else values
    if not isinstance(listed, list):
        raise refused(where, f"expected a list of categories as {name}")
    gaps = [value is None or (isinstance(value, float) and math.isnan(value)) for value in listed]
    named = words([value for value, gap in zip(listed, gaps, strict=True) if not gap], name, where)
    if len(set(named)) < len(named):
        raise refused(where, f"expected different categories in {name}")
    fill = None if feature.fill is None else words([feature.fill], "SimpleImputer.statistics_", where)[0]
    rest = iter(named)
    column = Feature(feature.column, fill, named, unknown=unknown, gaps=any(gaps))
    return tuple(replace(column, indicator=True) if gap else replace(column, category=next(rest)) for gap in gaps)
