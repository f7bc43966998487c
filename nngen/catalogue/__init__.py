"""The mathematics as data: activations, losses, optimizers and the rest, each with its formula and its source."""

from nngen.catalogue.activations import ACTIVATIONS, Activation
from nngen.catalogue.class_weights import class_weight, class_weight_of, names_classes
from nngen.catalogue.clips import CLIPS
from nngen.catalogue.entry import Entry, Option
from nngen.catalogue.initializers import INITIALIZERS
from nngen.catalogue.kinds import (
    ADD,
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
from nngen.catalogue.loss import Fusion, Loss, TargetKind
from nngen.catalogue.losses import LOSSES
from nngen.catalogue.normalizations import NORMALIZATIONS
from nngen.catalogue.optimizers import OPTIMIZERS
from nngen.catalogue.page_functions import PAGE_FUNCTIONS, PageFunction, in_order
from nngen.catalogue.penalties import PENALTIES
from nngen.catalogue.schedules import SCHEDULES
from nngen.catalogue.stop_rules import STOP_RULES

__all__ = [
    "ACTIVATIONS",
    "ADD",
    "CLIPS",
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
