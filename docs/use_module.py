"""Use a generated module: train, save, load, predict, continue to train."""

import xor_mlp

xs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
ys = [[0.0], [1.0], [1.0], [0.0]]

# Train, and save the parameters in a JSON file.
params, history = xor_mlp.fit(xor_mlp.init(), xs, ys)
xor_mlp.save(params, "xor.json")
print(f"loss {history[0]:.3f} in the first epoch, {history[-1]:.3f} in the last")

# Later, in another program: load them and predict.
params = xor_mlp.load("xor.json")
for x in xs:
    print(x, [round(a, 3) for a in xor_mlp.forward(params, x)])

# Continue to train, one example at a time.
state = xor_mlp.init_state(params)
for x, y in zip(xs, ys, strict=True):
    loss, gradient = xor_mlp.gradient(params, x, y)
    params, state = xor_mlp.step(params, gradient, state)
print(f"{xor_mlp.PARAMETERS[0]} is {params[0]:.2f} now, its last derivative was {gradient[0]:.4f}")
