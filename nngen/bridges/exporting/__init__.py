"""From a spec and its parameters to files of other tools: ONNX, safetensors, and modules of PyTorch and Keras."""

from nngen.bridges.exporting.contents import KINDS, exported

__all__ = ["KINDS", "exported"]
