"""Train the generated module, and use it."""

import xor

xs, ys = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]
params, history = xor.fit(xor.init(), xs, ys)
for x in xs:
    print(x, round(xor.forward(params, x)[0], 3))
