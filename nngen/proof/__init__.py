"""The reference engine, and the comparison of modules with it."""
