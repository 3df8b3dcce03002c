"""Stained glass: saturated panes between lead lines, light behind, a sun over hills and water."""

import numpy as np

from .noise import fractal, smoothstep

SIDE = 768
SUN = (0.52, 0.36)
JEWELS = {
    "sun": [(255, 236, 130), (255, 208, 62), (252, 176, 36)],
    "ray": [(250, 132, 28), (226, 62, 34), (250, 186, 60), (196, 28, 58), (240, 98, 60)],
    "sky": [(24, 66, 190), (40, 110, 222), (88, 44, 168), (24, 150, 206), (120, 56, 190), (14, 38, 132)],
    "hill": [(18, 120, 66), (70, 168, 58), (10, 84, 74), (150, 190, 50), (28, 142, 104)],
    "water": [(14, 110, 150), (32, 170, 176), (16, 66, 140), (110, 206, 196), (20, 48, 110)],
    "flower": [(214, 24, 72), (246, 84, 140), (250, 202, 70), (150, 26, 120)],
}


def sites(random):
    """Cell centres [n, 2] in samples and the jewel family of each."""
    places, kinds = [(SUN[0], SUN[1])], ["sun"]
    for ring, (radius, count) in enumerate([(0.085, 8), (0.165, 14), (0.25, 18), (0.345, 22), (0.45, 26), (0.56, 30), (0.68, 34)]):
        for k in range(count):
            angle = 2 * np.pi * (k + 0.5 * (ring % 2)) / count + 0.09 * random.normal()
            r = radius + 0.009 * random.normal() * (ring > 0)
            x, y = SUN[0] + r * np.cos(angle), SUN[1] + r * np.sin(angle)
            spoke = int(np.floor(angle / (2 * np.pi) * 12 + 0.25)) % 2 == 0
            kind = "sun" if ring == 0 else "ray" if ring <= 2 or (spoke and ring <= 4) else "sky"
            places.append((x, y))
            kinds.append(kind)
    kept = [(p, k) for p, k in zip(places, kinds) if p[1] < skyline(p[0]) - 0.02]
    for row in range(9):
        for column in range(13):
            x = (column + 0.5 * (row % 2) + 0.24 * random.normal()) / 12
            y = 0.62 + row * 0.052 + 0.01 * random.normal()
            if y < skyline(x) + 0.02:
                continue
            kind = "hill" if y < shore(x) else "water"
            if kind == "hill" and random.random() < 0.1:
                kind = "flower"
            kept.append(((x, y), kind))
    return np.array([p for p, _ in kept]) * SIDE, [k for _, k in kept]


def skyline(x):
    return 0.63 - 0.07 * np.sin(4.6 * x + 0.3) - 0.025 * np.sin(11 * x)


def shore(x):
    return 0.82 + 0.035 * np.sin(6.5 * x + 2)


def draw(seed):
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float64)
    wobble_x = x + 9 * (fractal(x / 90, y / 90, seed % 997, 2) - 0.5)
    wobble_y = y + 9 * (fractal(x / 90, y / 90, seed % 991 + 50, 2) - 0.5)
    centres, kinds = sites(random)
    first = np.full(x.shape, 1e9)
    second = np.full(x.shape, 1e9)
    owner, rival = np.zeros(x.shape, int), np.zeros(x.shape, int)
    for index, (cx, cy) in enumerate(centres):
        distance = np.hypot(wobble_x - cx, wobble_y - cy)
        wins = distance < first
        places_second = ~wins & (distance < second)
        second = np.where(wins, first, np.where(places_second, distance, second))
        rival = np.where(wins, owner, np.where(places_second, index, rival))
        first = np.where(wins, distance, first)
        owner = np.where(wins, index, owner)
    gap = np.hypot(centres[owner, 0] - centres[rival, 0], centres[owner, 1] - centres[rival, 1])
    edge = (second**2 - first**2) / (2 * np.maximum(gap, 1))  # distance to the lead line, in samples

    panes = np.array([JEWELS[k][random.integers(len(JEWELS[k]))] for k in kinds]) / 255
    panes = panes * (0.86 + 0.28 * random.random((len(panes), 1)))
    turn = random.random(len(panes)) * np.pi
    colour = panes[owner]
    along = np.cos(turn)[owner] * x + np.sin(turn)[owner] * y
    across = -np.sin(turn)[owner] * x + np.cos(turn)[owner] * y
    streak = fractal(along / 70 + 3 * owner, across / 11, 5, 3) - 0.5
    ripple = fractal(x / 16, y / 16, 6, 3) - 0.5
    seeds = smoothstep(0.72, 0.8, fractal(along / 6, across / 6, 9, 2))
    shine = 1 + 0.95 * streak + 0.5 * ripple + 0.28 * np.exp(-((first / 26) ** 2))
    colour = colour * shine[..., None]
    warm = np.exp(-((np.hypot(x / SIDE - SUN[0], y / SIDE - SUN[1]) / 0.38) ** 2))
    colour = colour + 0.16 * warm[..., None] * np.array((1, 0.85, 0.45)) + 0.2 * seeds[..., None]
    colour = colour * (0.55 + 0.45 * smoothstep(2, 17, edge))[..., None]

    lead_width = 4.6 + 1.6 * fractal(x / 60, y / 60, 12, 2)
    boundary = np.array([k in ("hill", "flower") for k in kinds]) * 1 + np.array([k == "water" for k in kinds]) * 2
    boundary += np.array([k == "sun" for k in kinds]) * 3
    lead_width = lead_width + 2.6 * (boundary[owner] != boundary[rival])
    lead = 1 - smoothstep(lead_width - 1.5, lead_width + 0.6, edge)
    profile = np.clip(1 - edge / lead_width, 0, 1)
    gy, gx = np.gradient(np.sqrt(profile))
    metal = 0.085 + 0.32 * np.clip(-(gx + gy) * 3, 0, 1) + 0.05 * (fractal(x / 4, y / 4, 14, 2) - 0.5)
    metal = metal[..., None] * np.array((0.96, 1.0, 1.1))
    return np.clip(colour * (1 - lead[..., None]) + metal * lead[..., None], 0, 1)
