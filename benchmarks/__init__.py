"""Benchmarks. Results are ratios within one run."""
