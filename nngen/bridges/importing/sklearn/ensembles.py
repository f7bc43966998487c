"""Predictors of scikit-learn that are made of several, as one network: the models beside one another."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.graph import Activate, Array, Concat, Dense, Input, Node, Scale, Select
from nngen.bridges.importing.sklearn.features import Feature, FeatureNodes
from nngen.bridges.importing.sklearn.fitted import LISTED, Fitted, kind_of, numbers, unlike
from nngen.bridges.importing.sklearn.predictors import MODELS, RESTS, Attributes, Predictor, network
from nngen.bridges.importing.sklearn.preprocessing import Preprocessing

SINGLE: Mapping[str, Callable[[Attributes], Predictor]] = {
    "MLPClassifier": network,
    "MLPRegressor": network,
    **MODELS,
}
"""The readers of predictors that are no ensembles, by the name of the class."""

MAX_MODELS = 1_000
"""Models of an ensemble."""


def one_each(read: Attributes) -> Predictor:
    """The models beside one another."""
    models = _models(read, read.get("estimators_"))
    if any(model.outputs != 1 or model.classes for model in models):
        raise _unlike(read, "models of anything but one number", "give each model one target")
    nodes, loss = _beside(models), models[0].loss
    loss = loss if all(model.loss == loss for model in models) else None
    return Predictor(nodes=nodes, outputs=len(models), loss=loss, dtype=_dtype(models))


def one_vs_rest(read: Attributes) -> Predictor:
    """The models beside one another; scikit-learn also divides probabilities by their sum."""
    models = _models(read, read.get("estimators_"), pipelines=False)
    if any(model.outputs != 1 or not model.classes for model in models):
        raise _unlike(read, "models of anything but two classes", LISTED)
    nodes = _beside(models)
    binarizer = read.get("label_binarizer_")
    known = binarizer.attributes if isinstance(binarizer, Fitted) else {}
    labels = str(known.get("y_type_")).startswith("multilabel")
    named = replace(read, fitted=Fitted(read.fitted.kind, {"classes_": known.get("classes_")}))
    classes = () if labels else named.classes(max(len(models), 2))
    last = nodes[-1]
    words = {model.nodes[-1].activation for model in models if isinstance(model.nodes[-1], Activate)}
    if len(words) != 1:
        raise _unlike(read, "models of different kinds", "fit the same kind of model for each class")
    sums, last = nodes[0], nodes[-1]
    likely = words == {"sigmoid"} and isinstance(last, Activate)
    loss = {"name": "binary_cross_entropy", "outputs": "sum"} if likely else None
    several = len(models) > 1 and bool(classes)
    if several and isinstance(last, Activate):  # of linear models, the largest sum is the class
        nodes, loss = (replace(sums, note=RESTS), replace(last, activation="linear")), None
    notes = ("scikit-learn divides the outputs by their sum",) if several and not isinstance(last, Activate) else ()
    return Predictor(nodes=nodes, outputs=len(models), classes=classes, loss=loss, dtype=_dtype(models), notes=notes)


def voting(read: Attributes) -> Predictor:
    """The models and their mean, for soft voting of linear models and networks."""
    models = _models(read, read.get("estimators_"))
    classifies = read.fitted.kind == "VotingClassifier"
    if classifies and read.get("voting") != "soft":
        raise _unlike(read, "hard voting", "fit it with voting='soft'")
    shares = _shares(read, len(models))
    count = (
        len(read.classes(max(model.outputs for model in models) if models[0].outputs > 1 else 2)) if classifies else 1
    )
    blocks, bias = [], np.zeros(count)
    for model, share in zip(models, shares, strict=True):
        last = model.nodes[-1]
        likely = isinstance(last, Activate) and last.activation in ("sigmoid", "softmax")
        if (classifies and (not likely or model.outputs not in (1, count))) or (not classifies and model.outputs != 1):
            what = "models without the probabilities of its classes" if classifies else "several targets"
            raise _unlike(read, what, "take models that give them" if classifies else "fit one for each target")
        blocks.append(share * (np.array([[-1.0], [1.0]]) if classifies and model.outputs == 1 else np.eye(count)))
        bias[0] += share if classifies and model.outputs == 1 else 0.0
    mean = Dense(
        name="output",
        sources=tuple(model.nodes[-1].name for model in models),
        weights=tuple(blocks),
        bias=bias if bias.any() else None,
        trainable=False,
    )
    nodes = (*(node for model in models for node in model.nodes), mean)
    return Predictor(
        nodes=nodes, outputs=count, classes=read.classes(count) if classifies else (), dtype=_dtype(models)
    )


def calibrated(read: Attributes) -> Predictor:
    """Sigmoids and their mean, for linear models of two classes."""
    found = read.get("calibrated_classifiers_")
    parts = [one.attributes if isinstance(one, Fitted) else {} for one in found] if isinstance(found, list) else []
    if not 0 < len(parts) <= MAX_MODELS:
        raise UnfitError(f"expected classifiers as {read.fitted.kind}.calibrated_classifiers_")
    if np.size(read.get("classes_")) > 2:
        advice = "fit LogisticRegression, whose probabilities are a softmax"
        raise _unlike(read, "three classes or more", advice)
    classes = read.classes(2)
    rows, biases = [], []
    for part in parts:
        model, calibrators = part.get("estimator"), part.get("calibrators")
        one = calibrators[0] if isinstance(calibrators, list) and len(calibrators) == 1 else None
        if not isinstance(model, Fitted) or model.kind not in MODELS or part.get("method") != "sigmoid":
            advice = "use method='sigmoid' over a linear model, and put scalers before it in a pipeline"
            raise _unlike(read, "anything but a sigmoid over linear models", advice)
        if not isinstance(one, Fitted):
            raise UnfitError(f"expected one calibrator in {read.fitted.kind}")
        scores = replace(read, fitted=model).scores()
        slope, shift = (float(numbers(one, name).reshape(-1)[0]) for name in ("a_", "b_"))
        bias = np.zeros(1) if scores.bias is None else scores.bias
        rows.append(-slope * read.array(scores.weights[0], "coef_", (1, read.width)))
        biases.append(-slope * bias - shift)
    name = "output" if len(parts) == 1 else "models"
    dense = Dense(name=name, sources=(read.source,), weights=(np.concatenate(rows),), bias=np.concatenate(biases))
    nodes: tuple[Node, ...] = (dense, Activate(name=f"{name} sigmoid", source=name, activation="sigmoid"))
    if len(parts) == 1:
        loss = {"name": "binary_cross_entropy", "outputs": "sum"}
        return Predictor(nodes=nodes, outputs=1, classes=classes, loss=loss)
    share = np.full((1, len(parts)), 1.0 / len(parts))
    weights = np.concatenate([-share, share])
    mean = Dense(
        name="output", sources=(nodes[-1].name,), weights=(weights,), bias=np.array([1.0, 0.0]), trainable=False
    )
    return Predictor(nodes=(*nodes, mean), outputs=2, classes=classes)


def consensus(read: Attributes) -> Predictor:
    """The model of the rows that agree."""
    (model,) = _models(read, [read.get("estimator_")], prefix="")
    return model


def _models(read: Attributes, given: object, prefix: str = "model", *, pipelines: bool = True) -> list[Predictor]:
    """The models of an ensemble, with nodes of different names."""
    if not isinstance(given, list) or not 0 < len(given) <= MAX_MODELS:
        raise UnfitError(f"expected 1 to {MAX_MODELS:,} models in {read.fitted.kind}")
    made = []
    for number, model in enumerate(given, 1):
        predictor = _model(read, model, pipelines=pipelines)
        own = f"{prefix}{number}_" if prefix else ""
        named = {node.name: f"{own}{node.name}" for node in predictor.nodes}
        made.append(replace(predictor, nodes=tuple(_named(node, named) for node in predictor.nodes)))
    return made


def _model(read: Attributes, model: Any, *, pipelines: bool) -> Predictor:
    """A model of an ensemble, perhaps after transformers of its own; errors as in ``_models``."""
    preprocessing = Preprocessing()
    features, _, last = preprocessing.before(model, tuple(map(Feature, range(read.width))))
    if last is not model and not pipelines:
        advice = f"put the transformers before it: make_pipeline(StandardScaler(), {read.fitted.kind}(model))"
        raise _unlike(read, "pipelines", advice)
    if preprocessing.problems:
        (name, (message, advice)), *_ = preprocessing.problems.items()
        raise UnfitError(f"{name} in {read.fitted.kind}: {message}", advice)
    if not isinstance(last, Fitted) or last.kind not in SINGLE:
        raise UnfitError(*unlike(kind_of(last), f"{read.fitted.kind} of "))
    if last is model:
        return SINGLE[last.kind](replace(read, fitted=last))
    made = FeatureNodes(features, preprocessing.blocks.all, ())
    first, *rest = made.nodes
    if not isinstance(first, Input):
        advice = "put them in a ColumnTransformer before it"
        raise _unlike(read, "pipelines that encode or impute", advice)
    whole = made.columns == {*range(read.width)}
    named = {first.name: read.source if whole else f"{first.name} columns"}
    named |= {node.name: f"{node.name} again" for node in rest if node.name == read.source}
    nodes = [_named(node, named) for node in rest]
    if not whole:
        nodes = [Select(name=named[first.name], source=read.source, indices=tuple(sorted(made.columns))), *nodes]
    source = named.get(made.nodes[-1].name, made.nodes[-1].name)
    predictor = SINGLE[last.kind](replace(read, fitted=last, source=source, width=len(features)))
    return replace(predictor, nodes=(*nodes, *predictor.nodes))


def _unlike(read: Attributes, what: str, advice: str) -> Exception:
    return UnfitError(f"{read.fitted.kind} of {what} has no equal in a spec", advice)


def _named(node: Node, names: Mapping[str, str]) -> Node:
    """A node with other names for itself and its sources; those that have none stay."""
    name = names.get(node.name, node.name)
    if isinstance(node, Dense | Concat):
        return replace(node, name=name, sources=tuple(names.get(one, one) for one in node.sources))
    assert isinstance(node, Activate | Scale | Select)  # noqa: S101 (of which all models are made)
    return replace(node, name=name, source=names.get(node.source, node.source))


def _beside(models: Sequence[Predictor]) -> tuple[Node, ...]:
    """The outputs of models one after another; models of one layer each are one layer."""
    sums = [model.nodes[0] for model in models]
    last = {(node.activation, node.formula) for model in models for node in model.nodes if isinstance(node, Activate)}
    if len(last) == 1 and all(len(model.nodes) == 2 for model in models):
        dense = [node for node in sums if isinstance(node, Dense)]
        biases: list[Array] = [np.zeros(len(one.weights[0])) if one.bias is None else one.bias for one in dense]
        weights = np.concatenate([one.weights[0] for one in dense])
        joined = replace(dense[0], name="output", weights=(weights,), bias=np.concatenate(biases))
        ((activation, formula),) = last
        name = f"output {activation}"
        return joined, Activate(name=name, source="output", activation=activation, formula=formula)
    nodes = tuple(node for model in models for node in model.nodes)
    return (*nodes, Concat(name="output", sources=tuple(model.nodes[-1].name for model in models)))


def _shares(read: Attributes, count: int) -> Array:
    """The share of each model in the mean."""
    given, named = read.get("weights"), read.get("estimators")
    if given is None:
        return np.full(count, 1.0 / count)
    if isinstance(given, list) and isinstance(named, list) and len(given) == len(named):
        given = [
            weight for weight, one in zip(given, named, strict=True) if not isinstance(one, list) or "drop" not in one
        ]
    weights = read.array(given, "weights", (count,))
    if not weights.sum() > 0.0:
        raise UnfitError(f"expected weights above 0 as {read.fitted.kind}.weights")
    found: Array = weights / weights.sum()
    return found


def _dtype(models: Sequence[Predictor]) -> Literal["float32", "float64"]:
    return "float32" if all(model.dtype == "float32" for model in models) else "float64"


PREDICTORS: Mapping[str, Callable[[Attributes], Predictor]] = {
    **SINGLE,
    "CalibratedClassifierCV": calibrated,
    "MultiOutputRegressor": one_each,
    "OneVsRestClassifier": one_vs_rest,
    "RANSACRegressor": consensus,
    "VotingClassifier": voting,
    "VotingRegressor": voting,
}
"""The readers of predictors, by the name of the class."""
