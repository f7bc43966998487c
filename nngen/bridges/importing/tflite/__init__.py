"""Reads files of TensorFlow Lite: operators become those of ONNX, and these a graph."""
