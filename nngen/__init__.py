"""nngen: from a declarative network description to a module that holds its forward and backward equations."""
