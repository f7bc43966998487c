"""From a spec to a plan: the names, shapes, equations and order that a page needs."""

from nngen.plan import loops
from nngen.plan.assignment import Assignment, UnitForm
from nngen.plan.blocks import Block
from nngen.plan.by_inputs import Of, WayBack, inputs, start, unfit, way_back
from nngen.plan.by_unit import by_unit, expanded, section_by_unit, sections_by_unit, unit_terms
from nngen.plan.equation import SHARED_FORMS, Elementwise, Entry, Equation, Form, Product
from nngen.plan.equations import Scope, equations, forms, formulas, functions
from nngen.plan.jacobian_units import Jacobian, jacobian_by_unit
from nngen.plan.layer import Layer
from nngen.plan.layer_forms import statements
from nngen.plan.layer_planner import LayerPlanner
from nngen.plan.learning import Loss, Optimizer
from nngen.plan.names import derivative_of, full_name
from nngen.plan.network import Index, Plan, with_blocks
from nngen.plan.place import Place
from nngen.plan.planner import plan
from nngen.plan.sections import Equations, Section
from nngen.plan.signs import Monotone, Signs

__all__ = [
    "SHARED_FORMS",
    "Assignment",
    "Block",
    "Elementwise",
    "Entry",
    "Equation",
    "Equations",
    "Form",
    "Index",
    "Jacobian",
    "Layer",
    "LayerPlanner",
    "Loss",
    "Monotone",
    "Of",
    "Optimizer",
    "Place",
    "Plan",
    "Product",
    "Scope",
    "Section",
    "Signs",
    "UnitForm",
    "WayBack",
    "by_unit",
    "derivative_of",
    "equations",
    "expanded",
    "forms",
    "formulas",
    "full_name",
    "functions",
    "inputs",
    "jacobian_by_unit",
    "loops",
    "plan",
    "section_by_unit",
    "sections_by_unit",
    "start",
    "statements",
    "unfit",
    "unit_terms",
    "way_back",
    "with_blocks",
]
