"""Dabs of pure colour: a river bank at sunset, its shadows made of complements and never of black."""

import numpy as np

from .canvas import Canvas
from .noise import fractal, ramp

SIDE = 768
SKY = [(0, (40, 84, 190)), (0.35, (96, 140, 214)), (0.62, (238, 176, 168)), (0.82, (252, 190, 92)), (1, (255, 226, 120))]
WATER = [(0, (250, 196, 110)), (0.3, (216, 134, 140)), (0.6, (70, 104, 190)), (1, (30, 58, 150))]
MEADOW = [(0, (196, 202, 56)), (0.4, (108, 164, 50)), (0.75, (34, 112, 74)), (1, (26, 62, 112))]
CROWN = [(0, (238, 178, 48)), (0.3, (126, 166, 44)), (0.65, (26, 108, 74)), (1, (44, 40, 118))]
# Crowns: x, y, radius
CROWNS = [(0.15, 0.28, 0.17), (0.06, 0.40, 0.14), (0.26, 0.38, 0.11), (0.17, 0.13, 0.11), (0.86, 0.45, 0.055), (0.93, 0.43, 0.07)]
SUN = (0.64, 0.37)
COMPLEMENT = np.array([(255, 140, 30), (240, 70, 90), (40, 70, 210), (20, 140, 150), (150, 60, 180), (250, 220, 60)]) / 255


def scene(x, y):
    """Colour [..., 3] of the picture behind the dabs; x and y in 0…1."""
    horizon = 0.52
    shore = 0.72 + 0.09 * np.sin(3.1 * x + 0.6) - 0.22 * (x - 0.35)
    from_sun = np.hypot(x - SUN[0], (y - SUN[1]) * 1.15)
    cloud = fractal(x * 4, y * 11, 31, 4)
    colour = ramp(np.clip(1.0 - 1.75 * from_sun + 0.9 * (cloud - 0.5), 0, 1), SKY)
    colour = np.where((from_sun < 0.062)[..., None], np.array((255, 244, 190)) / 255, colour)
    hills = horizon - 0.05 - 0.03 * np.sin(9 * x + 1) - 0.02 * np.sin(21 * x)
    far = ramp(np.clip((y - hills) / 0.07 + 0.3 * (cloud - 0.5), 0, 1), [(0, (142, 110, 190)), (1, (84, 120, 176))])
    colour = np.where((y > hills)[..., None], far, colour)
    streak = fractal(x * 5, y * 46, 57, 3)
    glitter = np.exp(-(((x - SUN[0]) / (0.03 + 0.35 * (y - horizon))) ** 2))
    wet = ramp(np.clip(0.25 + 1.9 * (y - horizon) + 1.1 * (streak - 0.5) - 0.75 * glitter, 0, 1), WATER)
    colour = np.where((y > horizon)[..., None], wet, colour)
    light = fractal(x * 7, y * 12, 91, 4)
    shade = np.exp(-(((x - 0.14) / 0.24) ** 2)) * 0.45
    grass = ramp(np.clip(0.15 + 1.5 * (y - shore) + 1.1 * (light - 0.5) + shade, 0, 1), MEADOW)
    colour = np.where((y > shore)[..., None], grass, colour)
    for trunk, foot in [(0.155, 0.78), (0.06, 0.80)]:
        bark = (np.abs(x - trunk - 0.015 * np.sin(9 * y)) < 0.016 + 0.02 * np.clip(y - 0.66, 0, 1)) & (y > 0.3) & (y < foot)
        colour = np.where(bark[..., None], np.array((92, 42, 92)) / 255, colour)
    leaf = fractal(x * 13, y * 13, 77, 3)
    for cx, cy, radius in CROWNS:
        r = np.hypot(x - cx, (y - cy) * 0.95) / radius + 0.7 * (leaf - 0.5)
        side = 0.5 - 0.42 * ((x - cx) - (y - cy)) / radius + 0.9 * (leaf - 0.5)
        colour = np.where((r < 1)[..., None], ramp(np.clip(side, 0, 1), CROWN), colour)
    sail = (np.abs(x - 0.475) < 0.055 * np.clip((y - 0.43) / 0.13, 0, 1)) & (y > 0.43) & (y < 0.56)
    colour = np.where(sail[..., None], np.array((255, 236, 214)) / 255, colour)
    hull = (np.abs(x - 0.475) < 0.075 - 1.2 * (y - 0.565)) & (y > 0.565) & (y < 0.59)
    return np.where(hull[..., None], np.array((150, 34, 60)) / 255, colour)


def draw(seed):
    canvas = Canvas(SIDE, seed, (0.93, 0.88, 0.76))
    random = canvas.random
    for count, size in [(5200, 17), (9500, 12), (5000, 8)]:
        places = random.random((count, 2)) * (SIDE + 16) - 8
        colours = scene(places[:, 0] / SIDE, places[:, 1] / SIDE)
        grey = colours.mean(1, keepdims=True)
        colours = np.clip(grey + 1.35 * (colours - grey), 0, 1) * (1 + 0.07 * random.normal(size=(count, 3)))
        contrast = random.random(count) < 0.11
        accents = COMPLEMENT[random.integers(0, len(COMPLEMENT), count)]
        colours = np.where(contrast[:, None], 0.55 * accents + 0.45 * colours, colours)
        for (x, y), colour in zip(places, np.clip(colours, 0, 1)):
            angle = 0.0 if y > 0.53 * SIDE and y < 0.7 * SIDE else random.random() * np.pi
            length = size * (0.25 + 0.35 * random.random())
            dx, dy = np.cos(angle) * length, np.sin(angle) * length
            width = size * (0.8 + 0.4 * random.random())
            canvas.stroke([(x - dx / 2, y - dy / 2), (x + dx / 2, y + dy / 2)], width, colour, 0.05, 1.5, 5, True)
    return canvas.lit(0.35, 0.08)
