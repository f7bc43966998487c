"""The operators of ONNX, and how each is read: https://onnx.ai/onnx/operators."""

from collections.abc import Mapping

from nngen.bridges.importing.onnx import elementwise as onnx_elementwise
from nngen.bridges.importing.onnx import gaps as onnx_gaps
from nngen.bridges.importing.onnx import layers as onnx_layers
from nngen.bridges.importing.onnx import ml as onnx_ml
from nngen.bridges.importing.onnx import quantized as onnx_quantized
from nngen.bridges.importing.onnx import shapes as onnx_shapes
from nngen.bridges.importing.onnx.reader import Handler

HANDLERS: Mapping[tuple[str, str], Handler] = {
    **{("", kind): handler for kind, handler in onnx_elementwise.HANDLERS.items()},
    **{("", kind): handler for kind, handler in onnx_gaps.HANDLERS.items()},
    **{("", kind): handler for kind, handler in onnx_layers.HANDLERS.items()},
    **{("", kind): handler for kind, handler in onnx_quantized.HANDLERS.items()},
    **{("", kind): handler for kind, handler in onnx_shapes.HANDLERS.items()},
    **{("ai.onnx.ml", kind): handler for kind, handler in onnx_ml.HANDLERS.items()},
}
"""What reads an operator, by its domain and kind."""
