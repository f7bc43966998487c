"""Projections of scikit-learn, such as PCA, as dense layers that are not trained."""

from collections.abc import Sequence

import numpy as np

from nngen.bridges.importing.graph import Dense, Node
from nngen.bridges.importing.sklearn.features import Feature, input_nodes, scale_nodes, unused
from nngen.bridges.importing.sklearn.fitted import Fitted, numbers
from nngen.common.files import refused

PROJECTIONS = frozenset({"PCA", "TruncatedSVD"})


class Stages:
    """The nodes before a predictor: columns and their scales, then projections, each with scales after it."""

    def __init__(self, names: Sequence[str], width: int, where: str) -> None:
        self._names, self._width, self._where = names, width, where
        self.nodes: list[Node] = []
        self.unused = ""
        """A note on columns that are not used."""

    def end(self, features: Sequence[Feature]) -> str:
        """Make the nodes of features, which are columns or numbers of the last projection; the name of their vector.

        Raises:
            SpecError: something other than scales has been made of a projection.
        """
        if not self.nodes:
            self.nodes += input_nodes(features, self._names)
            self.unused = unused(features, self._names, self._width)
            return self.nodes[-1].name
        whole = [one.column for one in features] == [*range(len(features))]
        if not whole or any(one.fill is not None or one.categories or one.indicator for one in features):
            advice = "put imputers, encoders and ColumnTransformers before it"
            raise refused(self._where, f"after {self.nodes[-1].name}, only scalers have an equal in a spec", advice)
        last = self.nodes[-1].name
        self.nodes += scale_nodes([one.scales for one in features], last, f"{last} scale")
        return self.nodes[-1].name

    def project(self, fitted: Fitted, features: Sequence[Feature], name: str) -> tuple[Feature, ...]:
        """Add a projection of features, ``(x - mean_) @ components_.T``; its numbers are features again.

        Raises:
            SpecError: it is not fitted or damaged, or as in ``end``.
        """
        source = self.end(features)
        weights = numbers(fitted, "components_", self._where)
        if weights.ndim != 2 or weights.shape[1] != len(features):
            message = f"expected {len(features):,} columns as {fitted.kind}.components_, got the shape {weights.shape}"
            raise refused(self._where, message)
        if fitted.attributes.get("whiten"):
            variance = numbers(fitted, "explained_variance_", self._where)
            if variance.shape != (len(weights),) or not (variance > 0.0).all():
                raise refused(self._where, f"expected numbers above 0 as {fitted.kind}.explained_variance_")
            weights = weights / np.sqrt(variance)[:, None]
        bias = None
        if fitted.kind == "PCA":
            mean = numbers(fitted, "mean_", self._where)
            if mean.shape != (len(features),):
                raise refused(self._where, f"expected {len(features):,} numbers as PCA.mean_")
            bias = -weights @ mean
        self.nodes.append(Dense(name=name, sources=(source,), weights=(weights,), bias=bias, trainable=False))
        return tuple(map(Feature, range(len(weights))))
