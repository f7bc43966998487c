"""Every name, shape and order that a page needs."""

from nngen.plan.blocks import Block
from nngen.plan.by_unit import by_unit, unit_terms
from nngen.plan.equations import (
    Assignment,
    Equation,
    Equations,
    Form,
    Product,
    Scope,
    Section,
    UnitForm,
    equations,
    forms,
    formulas,
    functions,
)
from nngen.plan.layer import Layer
from nngen.plan.layer_planner import Chain
from nngen.plan.learning import Loss
from nngen.plan.network import Plan
from nngen.plan.planner import plan
from nngen.plan.room import Room, room

__all__ = [
    "Assignment",
    "Block",
    "Chain",
    "Equation",
    "Equations",
    "Form",
    "Layer",
    "Loss",
    "Plan",
    "Product",
    "Room",
    "Scope",
    "Section",
    "UnitForm",
    "by_unit",
    "equations",
    "forms",
    "formulas",
    "functions",
    "plan",
    "room",
    "unit_terms",
]
