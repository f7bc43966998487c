"""Formulas, and the catalogue of activations, losses, optimizers and initializers."""
