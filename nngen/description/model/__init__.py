"""The format of a spec: frozen Pydantic models, and the JSON Schema made from them."""

from nngen.description.model.columns import (
    MAX_IDS,
    Categorical,
    Column,
    FillCategory,
    Index,
    Numeric,
    TableIds,
    ValueColumn,
    category_names,
    input_names,
)
from nngen.description.model.confusables import look, unseen
from nngen.description.model.contents import ALL, ASKED, parts, shortest
from nngen.description.model.custom_formulas import CustomActivation, CustomLoss, activations, ends, losses
from nngen.description.model.data import Data, Label, Numbered, Rows, Split, Table, Values
from nngen.description.model.date_column import CIRCLES, Dated, DateForm, DatePart, part_names
from nngen.description.model.editor_schema import editor_schema
from nngen.description.model.encodings import known_encoding
from nngen.description.model.fields import CUSTOM, MAX_CHARACTERS, MAX_UNITS, MAX_WEIGHT, Model, Row
from nngen.description.model.layers import Group, Initial, Layer, Matrices, Normalization, Scheme, Vector
from nngen.description.model.names import InputName, ModuleName, numbered
from nngen.description.model.number_style import MAX_MISSING_TEXTS, SIGNS, NumberStyle
from nngen.description.model.properties import Between, Equal, Monotone, Never, Property, PropertyFile, Robust
from nngen.description.model.scale import (
    LEAST_SPREAD,
    AnswerRange,
    Calibrated,
    Divide,
    Interval,
    RobustScale,
    Scale,
    Standardize,
    TargetScale,
    Unscaled,
)
from nngen.description.model.schema import schema
from nngen.description.model.spec import Spec
from nngen.description.model.targets import MAX_UNROLLED, CTarget, JavaScriptTarget, NumpyTarget, PythonTarget, Target
from nngen.description.model.training import Loss, Penalty, StopRule, Training

__all__ = [
    "ALL",
    "ASKED",
    "CIRCLES",
    "CUSTOM",
    "LEAST_SPREAD",
    "MAX_CHARACTERS",
    "MAX_IDS",
    "MAX_MISSING_TEXTS",
    "MAX_UNITS",
    "MAX_UNROLLED",
    "MAX_WEIGHT",
    "SIGNS",
    "AnswerRange",
    "Between",
    "CTarget",
    "Calibrated",
    "Categorical",
    "Column",
    "CustomActivation",
    "CustomLoss",
    "Data",
    "DateForm",
    "DatePart",
    "Dated",
    "Divide",
    "Equal",
    "FillCategory",
    "Group",
    "Index",
    "Initial",
    "InputName",
    "Interval",
    "JavaScriptTarget",
    "Label",
    "Layer",
    "Loss",
    "Matrices",
    "Model",
    "ModuleName",
    "Monotone",
    "Never",
    "Normalization",
    "NumberStyle",
    "Numbered",
    "Numeric",
    "NumpyTarget",
    "Penalty",
    "Property",
    "PropertyFile",
    "PythonTarget",
    "Robust",
    "RobustScale",
    "Row",
    "Rows",
    "Scale",
    "Scheme",
    "Spec",
    "Split",
    "Standardize",
    "StopRule",
    "Table",
    "TableIds",
    "Target",
    "TargetScale",
    "Training",
    "Unscaled",
    "ValueColumn",
    "Values",
    "Vector",
    "activations",
    "category_names",
    "editor_schema",
    "ends",
    "input_names",
    "known_encoding",
    "look",
    "losses",
    "numbered",
    "part_names",
    "parts",
    "schema",
    "shortest",
    "unseen",
]
