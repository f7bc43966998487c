// Trains a generated module, whose text is given, in a thread of its own. Messages: {epoch, loss}, then {params, outputs} or {error}.
self.onmessage = async ({ data: { text, examples } }) => {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    const network = await import(url);
    let said = performance.now();
    const callback = (epoch, loss) => {
      if (performance.now() - said > 50) {
        said = performance.now();
        self.postMessage({ epoch: epoch + 1, loss });
      }
    };
    const { train_x: xs, train_y: ys, weights } = examples;
    const [params, losses] = network.fit(network.init(), xs, ys, weights ? { callback, weights } : { callback });
    const outputs = [examples.train_x, examples.test_x].map((rows) => rows.map((x) => [...network.forward(params, x)]));
    self.postMessage({ params: [...network.pack(params)], epochs: losses.length, loss: losses.at(-1), outputs });
  } catch (error) {
    self.postMessage({ error: String(error.message ?? error) });
  } finally {
    URL.revokeObjectURL(url);
  }
};
