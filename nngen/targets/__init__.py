"""From a plan to the text of a module in a target language."""

from typing import TYPE_CHECKING

from nngen.common.on_demand import on_demand
from nngen.mathematics.formulas import Words
from nngen.targets.definitions import Syntax
from nngen.targets.environments import TEMPLATES, environment, html_environment, markdown_environment
from nngen.targets.modules import MAX_PAGE, as_module, beside, text_of, texts
from nngen.targets.own import added, blamed, named
from nngen.targets.parts import entries
from nngen.targets.prose import literal
from nngen.targets.render import driver, render, render_by_weights
from nngen.targets.selftest import SelfTest
from nngen.targets.sums import averages, sums
from nngen.targets.target import MAX_SCALARS, Target
from nngen.targets.targets import KINDS, TARGETS, crowded, level, networks_of

if TYPE_CHECKING:
    from nngen.targets.c_layout import c_cell
    from nngen.targets.c_workspace import training_size, workspace
    from nngen.targets.integer_modules import WITH_INTEGERS, check_targets, integer_texts, quantized_texts
    from nngen.targets.lite_modules import lite_texts
    from nngen.targets.workbook import MAX_WORKBOOK, as_workbook, unfit_for_workbook, workbook_of

__all__ = [
    "KINDS",
    "MAX_PAGE",
    "MAX_SCALARS",
    "MAX_WORKBOOK",
    "TARGETS",
    "TEMPLATES",
    "WITH_INTEGERS",
    "SelfTest",
    "Syntax",
    "Target",
    "Words",
    "added",
    "as_module",
    "as_workbook",
    "averages",
    "beside",
    "blamed",
    "c_cell",
    "check_targets",
    "crowded",
    "driver",
    "entries",
    "environment",
    "html_environment",
    "integer_texts",
    "level",
    "lite_texts",
    "literal",
    "markdown_environment",
    "named",
    "networks_of",
    "quantized_texts",
    "render",
    "render_by_weights",
    "sums",
    "text_of",
    "texts",
    "training_size",
    "unfit_for_workbook",
    "workbook_of",
    "workspace",
]

__getattr__ = on_demand(
    __name__,
    {
        "c_layout": "c_cell",
        "c_workspace": "training_size workspace",
        "integer_modules": "WITH_INTEGERS check_targets integer_texts quantized_texts",
        "lite_modules": "lite_texts",
        "workbook": "MAX_WORKBOOK as_workbook unfit_for_workbook workbook_of",
    },
)
