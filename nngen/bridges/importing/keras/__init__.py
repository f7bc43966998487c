"""Reads models of Keras: layers become a graph, from a file or from memory."""
