"""A network as a workbook: its equations are formulas of cells, which spreadsheets compute anew at each change."""

from nngen.targets.workbook.book import MAX_WORKBOOK, workbook_of
from nngen.targets.workbook.make import MAX_PARAMETERS, as_workbook, unfit_for_workbook

__all__ = ["MAX_PARAMETERS", "MAX_WORKBOOK", "as_workbook", "unfit_for_workbook", "workbook_of"]
