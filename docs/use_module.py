"""A generated module in use: train, save, load, predict, go on learning."""

import xor_mlp

xs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
ys = [[0.0], [1.0], [1.0], [0.0]]

# Train, and keep what was learned in a JSON file.
params, history = xor_mlp.fit(xor_mlp.init(), xs, ys)
xor_mlp.save(params, "xor.json")
print(f"loss {history[0]:.3f} in the first epoch, {history[-1]:.3f} in the last")

# Somewhere else, later: load it and predict.
params = xor_mlp.load("xor.json")
for x in xs:
    print(x, [round(a, 3) for a in xor_mlp.forward(params, x)])

# Go on learning, one example at a time, as they come in.
state = xor_mlp.init_state(params)
for x, y in zip(xs, ys, strict=True):
    loss, gradient = xor_mlp.gradient(params, x, y)
    params, state = xor_mlp.step(params, gradient, state)
print(f"{xor_mlp.PARAMETERS[0]} is {params[0]:.2f} now, its last derivative was {gradient[0]:.4f}")
