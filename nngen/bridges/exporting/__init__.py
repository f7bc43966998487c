"""From a spec and its parameters to files of others: ONNX, safetensors, Arduino, modules of PyTorch and Keras."""

from nngen.bridges.exporting.arduino import MARK, library
from nngen.bridges.exporting.contents import KINDS, exported
from nngen.bridges.exporting.learner import learning_library

__all__ = ["KINDS", "MARK", "exported", "learning_library", "library"]
