"""Estimators of scikit-learn that train a generated module: ``NetworkClassifier`` and ``NetworkRegressor``."""

try:
    import sklearn  # noqa: F401
except ModuleNotFoundError:
    raise ImportError("nngen.sklearn needs scikit-learn: pip install scikit-learn") from None

from nngen.sklearn.estimators import NetworkClassifier, NetworkRegressor

__all__ = ["NetworkClassifier", "NetworkRegressor"]
