"""Tests of one package each: formulas, catalogues, plan, layout, reference."""
