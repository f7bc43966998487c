"""Reads estimators of scikit-learn, from ``.skops`` files or from memory: they become a graph."""
