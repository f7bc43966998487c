"""Predictors on small machines."""
