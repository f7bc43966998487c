"""The mathematics as data: activations, losses, optimizers and the rest, each with its formula and its source."""

from nngen.mathematics.catalogue.activation import Activation
from nngen.mathematics.catalogue.activations import ACTIVATIONS
from nngen.mathematics.catalogue.class_weights import class_weight, class_weight_of, names_classes
from nngen.mathematics.catalogue.clips import CLIPS
from nngen.mathematics.catalogue.directions import DIRECTIONS, Direction
from nngen.mathematics.catalogue.entry import Entry, Option
from nngen.mathematics.catalogue.initializers import INITIALIZERS
from nngen.mathematics.catalogue.kinds import (
    ADD,
    AVERAGE,
    EMBEDDING,
    KINDS,
    OF_KERAS,
    OF_ONNX,
    OF_TORCH,
    PAIRS,
    Elsewhere,
    LayerKind,
    summed,
)
from nngen.mathematics.catalogue.loss import Fusion, Loss, TargetKind
from nngen.mathematics.catalogue.losses import LOSSES
from nngen.mathematics.catalogue.normalizations import NORMALIZATIONS
from nngen.mathematics.catalogue.optimizers import OPTIMIZERS
from nngen.mathematics.catalogue.page_functions import PAGE_FUNCTIONS, PageFunction, in_order
from nngen.mathematics.catalogue.penalties import PENALTIES
from nngen.mathematics.catalogue.schedules import SCHEDULES
from nngen.mathematics.catalogue.stop_rules import STOP_RULES

__all__ = [
    "ACTIVATIONS",
    "ADD",
    "AVERAGE",
    "CLIPS",
    "DIRECTIONS",
    "EMBEDDING",
    "INITIALIZERS",
    "KINDS",
    "LOSSES",
    "NORMALIZATIONS",
    "OF_KERAS",
    "OF_ONNX",
    "OF_TORCH",
    "OPTIMIZERS",
    "PAGE_FUNCTIONS",
    "PAIRS",
    "PENALTIES",
    "SCHEDULES",
    "STOP_RULES",
    "Activation",
    "Direction",
    "Elsewhere",
    "Entry",
    "Fusion",
    "LayerKind",
    "Loss",
    "Option",
    "PageFunction",
    "TargetKind",
    "class_weight",
    "class_weight_of",
    "in_order",
    "names_classes",
    "summed",
]
