"""PyTorch and Keras 3, which runs on PyTorch here, both in float64."""

import os
from importlib import import_module
from typing import Any

from tests.support.modules import ROOT

os.environ["KERAS_BACKEND"] = "torch"  # which Keras reads as it is imported
os.environ["KERAS_HOME"] = str(ROOT / "build" / "keras")  # where it writes its settings, and would read those of a user
torch: Any = import_module("torch")
keras: Any = import_module("keras")
keras.config.set_floatx("float64")
