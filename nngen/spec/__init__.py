"""The format of a spec: frozen Pydantic models, and the JSON Schema made from them."""

from nngen.spec.columns import (
    MAX_IDS,
    Categorical,
    Column,
    FillCategory,
    Index,
    Numeric,
    ValueColumn,
    category_names,
    input_names,
)
from nngen.spec.confusables import look, unseen
from nngen.spec.custom_formulas import LOCALS, CustomActivation, CustomLoss, ends, losses
from nngen.spec.data import Data, Rows, Split, Table, Values
from nngen.spec.editor_schema import editor_schema
from nngen.spec.fields import CUSTOM, MAX_CHARACTERS, MAX_UNITS, MAX_WEIGHT, Model, Row
from nngen.spec.layers import Group, Initial, Layer, Matrices, Normalization, Scheme, Vector
from nngen.spec.names import InputName, ModuleName, numbered
from nngen.spec.scale import Divide, Interval, Scale, Standardize, Unscaled
from nngen.spec.schema import schema
from nngen.spec.spec import Spec
from nngen.spec.targets import MAX_UNROLLED, CTarget, JavaScriptTarget, NumpyTarget, PythonTarget, Target
from nngen.spec.training import Loss, Penalty, StopRule, Training

__all__ = [
    "CUSTOM",
    "LOCALS",
    "MAX_CHARACTERS",
    "MAX_IDS",
    "MAX_UNITS",
    "MAX_UNROLLED",
    "MAX_WEIGHT",
    "CTarget",
    "Categorical",
    "Column",
    "CustomActivation",
    "CustomLoss",
    "Data",
    "Divide",
    "FillCategory",
    "Group",
    "Index",
    "Initial",
    "InputName",
    "Interval",
    "JavaScriptTarget",
    "Layer",
    "Loss",
    "Matrices",
    "Model",
    "ModuleName",
    "Normalization",
    "Numeric",
    "NumpyTarget",
    "Penalty",
    "PythonTarget",
    "Row",
    "Rows",
    "Scale",
    "Scheme",
    "Spec",
    "Split",
    "Standardize",
    "StopRule",
    "Table",
    "Target",
    "Training",
    "Unscaled",
    "ValueColumn",
    "Values",
    "Vector",
    "category_names",
    "editor_schema",
    "ends",
    "input_names",
    "look",
    "losses",
    "numbered",
    "schema",
    "unseen",
]
