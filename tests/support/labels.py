"""A network of two labels, for pages that say how many are right."""

LABELS = """
name: labels
inputs: [x1, x2]
layers:
  - name: output
    units: [either, both]
    activation: sigmoid
    weights: {initial: {name: values, values: [[0.5, 0.5], [0.5, 0.5]]}}
    bias: {initial: [-0.1, -0.1]}
loss: {name: binary_cross_entropy}
training: {optimizer: {name: gradient_descent, rate: 1e-9}, epochs: 1, batch_size: full}
data: {rows: [{x: [0, 0], y: [0, 0]}, {x: [0, 1], y: [1, 0]}, {x: [1, 0], y: [1, 0]}, {x: [1, 1], y: [1, 1]}]}
"""
"""All but the first row get more than 0.5 for both labels, which is right for the first and the last one."""
