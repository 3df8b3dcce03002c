"""Impasto: a night of wheeling skies in deep blue and gold, drawn along a flow field."""

import numpy as np

from .canvas import Canvas, follow
from .noise import ramp

SIDE = 768
# x, y, radius, spin, glow
WHIRLS = [
    (0.30, 0.30, 0.20, 1.0, 1.0),
    (0.68, 0.20, 0.13, -1.0, 1.0),
    (0.60, 0.47, 0.17, 1.0, 0.75),
    (0.90, 0.42, 0.09, -1.0, 0.95),
    (0.09, 0.09, 0.08, -1.0, 0.85),
    (0.10, 0.52, 0.10, 1.0, 0.6),
    (0.91, 0.07, 0.08, 1.0, 0.8),
]


def ridge(x, k):
    """Height of the k-th range of hills (0 = farthest), as a fraction of the picture from the top."""
    waves = [(0.665, 0.045, 4.2, 0.4), (0.745, 0.05, 5.6, 2.1), (0.85, 0.045, 4.4, 4.0)][k]
    base, amplitude, frequency, phase = waves
    return base + amplitude * np.sin(frequency * x + phase) + 0.35 * amplitude * np.sin(2.7 * frequency * x + 2 * phase)


def field(px, py):
    x, y = px / SIDE, py / SIDE
    if y > ridge(x, 0):
        k = 2 if y > ridge(x, 2) else 1 if y > ridge(x, 1) else 0
        slope = (ridge(x + 0.01, k) - ridge(x - 0.01, k)) / 0.02
        angle = np.arctan(slope) + 0.35 * np.sin(9 * x + 14 * y + k)
        return np.cos(angle), np.sin(angle)
    vx, vy = 0.55, 0.22 * np.sin(7 * x + 3 * y)
    for cx, cy, radius, spin, _ in WHIRLS:
        dx, dy = x - cx, y - cy
        r = np.hypot(dx, dy) + 1e-6
        pull = 2.4 * np.exp(-((r / (radius * 1.05)) ** 2))
        vx += spin * pull * -dy / r
        vy += spin * pull * dx / r
    n = np.hypot(vx, vy) + 1e-6
    return vx / n, vy / n


SKY = [(0.0, (14, 24, 74)), (0.35, (24, 58, 138)), (0.6, (52, 108, 184)), (0.8, (120, 172, 205)), (1.0, (206, 222, 196))]
GLOW = [(0.0, (58, 120, 176)), (0.35, (138, 188, 178)), (0.6, (236, 206, 92)), (0.85, (252, 186, 44)), (1, (255, 238, 168))]
HILLS = [
    [(0, (26, 42, 96)), (0.5, (44, 82, 140)), (1, (92, 140, 168))],
    [(0, (14, 40, 62)), (0.5, (34, 88, 96)), (1, (128, 150, 84))],
    [(0, (10, 22, 34)), (0.5, (26, 58, 50)), (1, (186, 150, 52))],
]


def pick(px, py, jitter):
    x, y = px / SIDE, py / SIDE
    if y > ridge(x, 0):
        k = 2 if y > ridge(x, 2) else 1 if y > ridge(x, 1) else 0
        depth = (y - ridge(x, k)) / 0.12
        tone = np.clip(0.75 - 0.6 * depth + jitter * 0.55 + 0.15 * np.sin(30 * (x + 2 * y)), 0, 1)
        return ramp(tone, HILLS[k])
    glow = 0.0
    for cx, cy, radius, _, strength in WHIRLS:
        r = np.hypot(x - cx, y - cy) / radius
        ringed = np.exp(-((r / 0.62) ** 2)) + 0.35 * np.exp(-(((r - 0.95) / 0.16) ** 2))
        glow = max(glow, strength * ringed)
    if glow + 0.16 * jitter > 0.3:
        return ramp(np.clip(glow + 0.28 * jitter, 0, 1), GLOW)
    tone = np.clip(0.22 + 0.42 * y + 0.9 * glow + 0.5 * jitter + 0.22 * np.sin(26 * y + 8 * x), 0, 1)
    return ramp(tone, SKY)


def draw(seed):
    canvas = Canvas(SIDE, seed, (0.06, 0.1, 0.22))
    random = canvas.random
    for count, width, length, relief in [(900, 30, 110, 0.8), (2600, 15, 78, 1.4), (2600, 9, 58, 1.7), (700, 5, 40, 1.6)]:
        for _ in range(count):
            start = random.random(2) * (SIDE + 60) - 30
            jitter = random.normal() * 0.42
            colour = pick(start[0], start[1], jitter) * (1 + 0.06 * random.normal(size=3))
            stretch = 0.7 + 0.6 * random.random()
            points = follow(field, tuple(start), length * stretch, 7)
            canvas.stroke(points, width * (0.75 + 0.5 * random.random()), np.clip(colour, 0, 1), 0.16, relief)
    for cx, cy, radius, _, glow in WHIRLS:
        for ring in range(3):
            angle = random.random() * 2 * np.pi + np.linspace(0, 4.5, 9)
            r = radius * SIDE * (0.01 + 0.06 * ring)
            loop = np.stack([cx * SIDE + r * np.cos(angle), cy * SIDE + r * np.sin(angle)], 1)
            tone = np.clip(glow * (1.05 - 0.12 * ring) + 0.05 * random.normal(), 0, 1)
            canvas.stroke(loop, 22 if ring == 0 else 9, ramp(tone, GLOW), 0.1, 1.6, round_ends=ring == 0)
    return canvas.lit(0.5, 0.14)
