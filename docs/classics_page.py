"""The tables of ``docs/classics.md``, made from ``docs/classics.json``; cog pastes them."""

import json
from pathlib import Path
from typing import Any

RESULTS: dict[str, Any] = json.loads(Path(__file__).with_name("classics.json").read_text("utf-8"))

PUBLISHED = {
    "xor_one_hidden": ("XOR, one hidden unit, plain descent", "558 sweeps"),
    "xor_one_hidden_wide": ("the same, first weights twice as wide", ""),
    "xor_one_hidden_momentum": ("the same, momentum 0.9", ""),
    "xor_one_hidden_momentum_wide": ("the same, momentum 0.9, twice as wide", ""),
    "symmetry": ("symmetry, 6-2-1", "1,425 sweeps"),
    "parity": ("parity, 4-4-1", "2,825 presentations of each pattern"),
    "parity_wide": ("the same, first weights twice as wide", ""),
    "encoder": ("encoder, 8-3-8", "learns a code of 3 bits"),
    "two_spirals_momentum": ("two spirals, momentum", "20,000 epochs, plain backpropagation"),
    "two_spirals_rprop": ("two spirals, rprop", ""),
    "two_spirals_adam": ("two spirals, adam", ""),
}


def overview() -> None:
    """The published figures and ours."""
    print("| experiment | published | ours, median | fewest and most | converged |")
    print("| --- | --- | --- | --- | --- |")
    for name, (title, published) in PUBLISHED.items():
        one = RESULTS[name]
        ours = f"{one['median']:,} | {one['least']:,} to {one['most']:,}" if one["converged"] else "none | none"
        print(f"| {title} | {published} | {ours} | {one['converged']} of {one['seeds']} |")


def symmetry() -> None:
    """The weights that the symmetry networks learned."""
    one = RESULTS["symmetry"]
    ratio = " : ".join(f"{size:g}" for size in one["ratio"])
    print(f"Antisymmetric to within 5 % of the largest weight: {one['antisymmetric']} of {one['converged']} networks;")
    print(f"the median is {one['off']:.2%}. The median ratio of the sizes is {ratio}.")
    print(f"The weights in the network of seed {one['typical']}:\n")
    print("| to | x1 | x2 | x3 | x4 | x5 | x6 |\n| --- | --- | --- | --- | --- | --- | --- |")
    for number, row in enumerate(one["hidden"], 1):
        print(f"| h{number} | {' | '.join(f'{weight:.2f}' for weight in row)} |")


def encoder() -> None:
    """The codes that the encoders learned."""
    one = RESULTS["encoder"]
    print(f"Rounded to 0, 0.5 and 1, all eight codes differ in {one['halves']} of {one['converged']} networks,")
    print(f"rounded to 0 and 1 in {one['binary']}. The outputs of the hidden units for seed {one['typical']}:\n")
    print("| pattern | hidden1 | hidden2 | hidden3 |\n| --- | --- | --- | --- |")
    for number, row in enumerate(one["codes"], 1):
        print(f"| x{number} | {' | '.join(f'{value:.2f}' for value in row)} |")


def beside_sklearn() -> None:
    """The comparison with scikit-learn."""
    print("| network | epochs | batch | largest difference of the loss in any epoch | scikit-learn's time / ours |")
    print("| --- | --- | --- | --- | --- |")
    for name in ("iris", "digits"):
        one = RESULTS[name]
        print(
            f"| `specs/{name}.yaml` | {one['epochs']} | {one['batch_size']} | {one['apart']:.0e} | {one['ratio']:.1f} |"
        )
