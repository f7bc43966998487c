"""Measurements, shown by ratios within one run."""
