"""Reads modules of PyTorch: the operators of ``torch.export`` become a graph."""
