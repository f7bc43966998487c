// The loss of the current example along one parameter. Its derivative is the slope at the current value.

const slice = $("#slice");
const POINTS = 80;
let sliceAxis = [LEFT, RIGHT, 0, 1];
let sliceSaid = () => ""; // what it shows at a value
tellAlong($("svg", slice), () => sliceAxis, (value) => sliceSaid(value));

function drawSlice() {
  const name = held?.dataset.name?.split(" ")[0];
  const index = parameters.indexOf(name);
  slice.hidden = index < 0 || Boolean(state.failure);
  if (slice.hidden) return;
  const now = state.flat[index];
  const reach = Math.max(3, 1.5 * Math.abs(now));
  const flat = [...state.flat];
  const lossAt = (value) => {
    flat[index] = value;
    return trainer.loss(trainer.unpack(flat), state.x, state.y);
  };
  const values = Array.from({ length: POINTS + 1 }, (_, i) => -reach + (2 * reach * i) / POINTS);
  const losses = values.map(lossAt);
  const here = lossAt(now);
  const [least, most] = extent([...losses, here].filter(Number.isFinite));
  const x = (value) => LEFT + ((RIGHT - LEFT) * (value + reach)) / (2 * reach);
  const y = (loss) => 104 - (92 * (loss - least)) / (most - least || 1);
  const slope = state.slopes[index] ?? 0;
  const away = Math.min(0.35 * reach, (0.35 * (most - least || 1)) / Math.max(Math.abs(slope), 1e-12));
  const tangent = [now - away, now + away].map((value) => `${x(value)},${y(here + slope * (value - now))}`);
  $("svg", slice).replaceChildren(
    shape("path", { class: "loss", d: `M${values.map((value, i) => `${x(value).toFixed(1)},${y(losses[i]).toFixed(1)}`).join("L")}` }),
    shape("path", { class: "tangent", d: `M${tangent.join("L")}` }),
    shape("circle", { cx: x(now), cy: y(here), r: 4 }),
    shape("text", { x: 4, y: 118 }, written(-reach)),
    shape("text", { x: 296, y: 118, class: "end" }, written(reach)),
  );
  sliceAxis = [LEFT, RIGHT, -reach, reach];
  sliceSaid = (value) => `${name} = ${written(value)}, ${say("loss {value}", { value: written(lossAt(value)) })}`;
  const text = say("The loss of this example along {name}. Its slope here is the derivative, {slope}.", { name, slope: written(slope) });
  $("figcaption", slice).textContent = text;
  $("svg", slice).setAttribute("aria-label", text);
}
