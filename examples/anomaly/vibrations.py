"""Vibrations of a machine, healthy and not, made up: the sounds of MLPerf Tiny cannot be had here.

    python examples/anomaly/vibrations.py FOLDER

It writes healthy.csv, 1,500 rows to train on, and machine.csv, 900 rows of a healthy machine, a worn bearing and an
unbalance. A row has five frames of 256 ms, each with the power of 128 bands in decibels, as MLPerf Tiny's sounds have.
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE, PART, PARTS, FRAMES = 8_000, 256, 8, 5
"""Samples in a second and in a part, parts of a frame, and frames in a row."""

Signals = NDArray[np.float64]


def signals(drawn: np.random.Generator, rows: int, state: str) -> Signals:
    """The acceleration of a shaft with a gear at about 25 turns a second, ``(rows, samples)``."""
    time = np.arange(PART * PARTS * FRAMES) / RATE
    turns = drawn.uniform(24.7, 25.3, (rows, 1))
    load = drawn.uniform(0.7, 1.3, (rows, 1))
    unbalance = drawn.uniform(1.5, 5.0, (rows, 1)) if state == "unbalance" else np.ones((rows, 1))
    found = np.zeros((rows, len(time)))
    for harmonic in range(1, 13):
        size = load * (unbalance if harmonic == 1 else 1.0) / harmonic
        found += size * np.sin(2.0 * np.pi * harmonic * turns * time + drawn.uniform(0.0, 2.0 * np.pi, (rows, 1)))
    for tooth, loudness in ((31, 0.5), (62, 0.25), (93, 0.12)):  # the teeth of the gear, louder once in each turn
        phase = drawn.uniform(0.0, 2.0 * np.pi, (rows, 1))
        louder = 1.0 + 0.3 * np.sin(2.0 * np.pi * turns * time)
        found += load * loudness * louder * np.sin(2.0 * np.pi * tooth * turns * time + phase)
    if state == "bearing":  # each ball that passes the damage strikes, and the housing rings at 2.6 kHz
        found += drawn.uniform(0.03, 0.3, (rows, 1)) * _strikes(drawn, turns, time)
    return found + 0.05 * load * drawn.normal(0.0, 1.0, found.shape)


def _strikes(drawn: np.random.Generator, turns: Signals, time: NDArray[np.float64]) -> Signals:
    """The ringing of a housing that is struck 3.58 times in each turn, with some slip."""
    since = np.mod(time + drawn.uniform(0.0, 1.0, turns.shape), 1.0 / (3.58 * turns))
    return np.exp(-since * 500.0) * np.sin(2.0 * np.pi * 2_600.0 * since)


def spectra(found: Signals) -> NDArray[np.int64]:
    """The power of the bands of each frame in decibels, from -60 to 60: means of its parts (Welch), ``(rows, 640)``."""
    parts = found.reshape(len(found), FRAMES, PARTS, PART) * np.hanning(PART)
    power = np.mean(np.abs(np.fft.rfft(parts, axis=3))[:, :, :, 1:] ** 2, axis=2)
    decibels: NDArray[np.int64] = (
        np.clip(np.rint(10.0 * np.log10(power + 1e-9)), -60, 60).astype(np.int64).reshape(len(found), -1)
    )
    return decibels


def write(folder: Path, healthy: int = 1_500, each: int = 300) -> None:
    """Write both tables: rows of a healthy machine, and rows of each state with a column that names it."""
    drawn = np.random.default_rng(7)
    names = [f"band{i + 1}" for i in range(FRAMES * PART // 2)]
    rows = [[*map(str, row)] for row in spectra(signals(drawn, healthy, "healthy")).tolist()]
    (folder / "healthy.csv").write_text("".join(",".join(row) + "\n" for row in [names, *rows]))
    states = ("healthy", "bearing", "unbalance")
    rows = [[*map(str, row), state] for state in states for row in spectra(signals(drawn, each, state)).tolist()]
    (folder / "machine.csv").write_text("".join(",".join(row) + "\n" for row in [[*names, "state"], *rows]))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
