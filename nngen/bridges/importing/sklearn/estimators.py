"""Fitted estimators of scikit-learn as graphs, for files and for objects in memory alike."""

from collections import Counter
from typing import Any

import numpy as np
from pydantic import ValidationError

from nngen.bridges.importing.checks import UnfitError, problem
from nngen.bridges.importing.graph import Array, Graph
from nngen.bridges.importing.sklearn.blocks import LIMITED, Features
from nngen.bridges.importing.sklearn.ensembles import PREDICTORS
from nngen.bridges.importing.sklearn.features import Feature, FeatureNodes, Scaling, constants, unused
from nngen.bridges.importing.sklearn.fitted import TREES, Fitted, kind_of, unlike, words
from nngen.bridges.importing.sklearn.predictors import Attributes
from nngen.bridges.importing.sklearn.preprocessing import MAX_FEATURES, Preprocessing
from nngen.common.diagnostics import SpecError
from nngen.common.files import refused

PARTS = {
    "Pipeline": "steps",
    "FeatureUnion": "transformer_list",
    "VotingClassifier": "estimators_",
    "VotingRegressor": "estimators_",
}
"""The attribute with the parts, perhaps with names, of what has no facts of its own."""


def graph(estimator: Any, where: str) -> Graph:
    """The graph of a fitted estimator, given as in ``nngen.bridges.importing.sklearn.fitted``.

    Raises:
        SpecError: an estimator or a transformer has no equal in a spec, is not fitted, or is damaged.
    """
    try:
        return _graph(estimator, where)
    except UnfitError as error:
        raise refused(where, str(error), error.advice) from None
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[0]
        message = str(found["msg"]).removeprefix("Value error, ")
        raise refused(where, f"a column of the data cannot be in a spec: {message}") from None


def _graph(estimator: Any, where: str) -> Graph:
    notes: tuple[str, ...] = ()
    if isinstance(estimator, Fitted) and "best_estimator_" in estimator.attributes:
        notes = (f"the best estimator of a {estimator.kind}",)
        estimator = estimator.attributes["best_estimator_"]
    if TREES.fullmatch(kind_of(estimator)):
        raise UnfitError(*unlike(kind_of(estimator)))
    preprocessing = Preprocessing()
    targets = None
    if isinstance(estimator, Fitted) and estimator.kind == "TransformedTargetRegressor":
        transformer = estimator.get("transformer_")
        count = _fact(transformer, "n_features_in_")
        several = range(count if type(count) is int and 0 < count <= MAX_FEATURES else 1)
        targets = preprocessing.apply(transformer, tuple(map(Feature, several)), "transformer_")
        if any(target != Feature(place, scales=target.scales) for place, target in enumerate(targets)):
            raise UnfitError("transformer_: targets have scales only in a spec", "transform them before the network")
        estimator = estimator.get("regressor_")
    names = _names(estimator)
    width = _fact(estimator, "n_features_in_")
    if type(width) is not int or not 0 < width <= MAX_FEATURES or len(names) not in (0, width):
        if isinstance(estimator, Fitted) and estimator.kind not in (*PREDICTORS, "Pipeline"):
            raise UnfitError(*unlike(estimator.kind))
        advice = "fit it before you save it"
        raise UnfitError(f"expected a fitted estimator of scikit-learn, got {kind_of(estimator)}", advice)
    features, place, estimator = preprocessing.before(estimator, tuple(map(Feature, range(width))))
    predictor = PREDICTORS.get(estimator.kind) if isinstance(estimator, Fitted) else None
    problems = dict(preprocessing.problems)
    if predictor is None:
        problems[place or "the estimator"] = unlike(kind_of(estimator))
    if problems or predictor is None:
        raise SpecError(problem(where, name, *said) for name, said in problems.items())
    made = FeatureNodes(features, preprocessing.blocks.all, names)
    read = predictor(Attributes(estimator, made.nodes[-1].name, len(features)))
    return Graph(
        nodes=(*made.nodes, *read.nodes),
        output=read.nodes[-1].name,
        source=f"scikit-learn's {estimator.kind}",
        dtype=read.dtype,
        above=any(block.activation in LIMITED for block in preprocessing.blocks.all),
        classes=read.classes,
        targets=None if targets is None else _scaling(targets),
        loss=read.loss,
        training=read.training,
        notes=(*notes, *read.notes, *filter(None, [unused(made.columns, names, width)])),
    )


def _fact(estimator: Any, name: str) -> Any:
    """An attribute of the estimator, or of the first step of the pipeline or part of the union that has it."""
    if not isinstance(estimator, Fitted):
        return None
    if estimator.kind not in PARTS:
        found = estimator.get(name)
        return _fact(estimator.get("estimator_"), name) if found is None else found
    steps = estimator.get(PARTS[estimator.kind])
    parts = [step[-1] if isinstance(step, list) and step else step for step in steps] if isinstance(steps, list) else []
    found = (_fact(part, name) for part in parts)
    return next((value for value in found if value is not None), None)


def _names(estimator: Any) -> tuple[str, ...]:
    """The names of the columns of the data; empty if it had none."""
    given = _fact(estimator, "feature_names_in_")
    names = () if given is None else words(given, "feature_names_in_")
    name, count = next(iter(Counter(names).most_common(1)), ("", 0))
    if count > 1:
        raise UnfitError(f"{count} columns of the data have the name {name!r}", "rename them, and fit it again")
    return names


def _scaling(targets: Features) -> tuple[Array, Array]:
    """``subtract`` and ``divide`` of targets."""
    pairs = [_constants(target.scales) for target in targets]
    return np.array([subtract for subtract, _ in pairs]), np.array([divide for _, divide in pairs])


def _constants(scales: tuple[Scaling, ...]) -> tuple[float, float]:
    """``subtract`` and ``divide`` of several scales, one after another."""
    subtract, divide = 0.0, 1.0
    for scale in scales:
        own, by = constants(scale)
        subtract, divide = subtract + own * divide, divide * by
    return subtract, divide
