"""Reads ONNX files: operators become a graph."""
