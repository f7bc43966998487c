"""How languages write equations of layers from the loops of ``nngen.plan.layer_forms``."""
