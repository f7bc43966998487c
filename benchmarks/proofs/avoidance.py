"""Writes a table like the one of ACAS Xu, a system against collisions of aircraft: five inputs, five advisories.

Two aircraft fly straight on. If they come closer than 2 km within 60 seconds, the own one turns away from the side on
which the other one passes; strongly if that is within 25 seconds. The random numbers are those of ``random.Random(3)``.
"""

import csv
import math
import random
from pathlib import Path

CLEAR, WEAK, STRONG = "clear", "weak", "strong"
HEAD = ("distance", "bearing", "heading", "own_speed", "other_speed", "advisory")


def advisory(distance: float, bearing: float, heading: float, own: float, other: float) -> str:
    """What to do: distance in m, angles in degrees to the left of the own flight, speeds in m/s."""
    x, y = distance * math.cos(math.radians(bearing)), distance * math.sin(math.radians(bearing))
    vx, vy = other * math.cos(math.radians(heading)) - own, other * math.sin(math.radians(heading))
    speed = vx * vx + vy * vy
    seconds = max(0.0, -(x * vx + y * vy) / speed) if speed else 0.0
    if seconds > 60.0 or math.hypot(x + vx * seconds, y + vy * seconds) > 2_000.0:
        return CLEAR
    side = "right" if x * vy - y * vx < 0.0 else "left"
    return f"{STRONG if seconds < 25.0 else WEAK}_{side}"


def write(path: Path, rows: int = 30_000) -> None:
    """Write the table."""
    draw = random.Random(3)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEAD)
        for _ in range(rows):
            far, speeds = draw.uniform(0.0, 18_000.0), [draw.randint(50, 350) for _ in range(2)]
            angles = [draw.randint(-180, 180) for _ in range(2)]
            row = (round(far, -1), *angles, *speeds)
            writer.writerow((f"{row[0]:.0f}", *row[1:], advisory(*row)))
