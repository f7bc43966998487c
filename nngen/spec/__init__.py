"""What a user may write: frozen Pydantic models, and the JSON schema made from them."""

from nngen.spec.confusables import look
from nngen.spec.custom_formulas import CustomActivation, CustomLoss, ends, losses
from nngen.spec.data import Data, Divide, Interval, Rows, Split, Standardize, Table
from nngen.spec.editor_schema import editor_schema
from nngen.spec.fields import CUSTOM, MAX_WEIGHT, Model, Row
from nngen.spec.layers import Group, Initial, Layer, Matrices, Normalization, Scheme, Vector
from nngen.spec.names import numbered
from nngen.spec.schema import schema
from nngen.spec.spec import Spec
from nngen.spec.targets import MAX_UNROLLED, CTarget, JavaScriptTarget, NumpyTarget, PythonTarget, Target
from nngen.spec.training import Loss, Penalty, Training

__all__ = [
    "CUSTOM",
    "MAX_UNROLLED",
    "MAX_WEIGHT",
    "CTarget",
    "CustomActivation",
    "CustomLoss",
    "Data",
    "Divide",
    "Group",
    "Initial",
    "Interval",
    "JavaScriptTarget",
    "Layer",
    "Loss",
    "Matrices",
    "Model",
    "Normalization",
    "NumpyTarget",
    "Penalty",
    "PythonTarget",
    "Row",
    "Rows",
    "Scheme",
    "Spec",
    "Split",
    "Standardize",
    "Table",
    "Target",
    "Training",
    "Vector",
    "editor_schema",
    "ends",
    "look",
    "losses",
    "numbered",
    "schema",
]
