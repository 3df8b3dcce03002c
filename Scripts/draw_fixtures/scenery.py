"""The two shots of the fixture clip: painted layers, each sliding at a constant velocity.

A layer is a picture on an endless plane. Its colour and its outline are functions of continuous plane coordinates, so a
frame is drawn by shifting those coordinates and nothing is ever resampled. Velocities are whole multiples of 1/64 pixel.
"""

from dataclasses import dataclass
from typing import Callable

import numpy as np

from .noise import fractal, ramp, smoothstep

WIDTH, HEIGHT = 256, 144


@dataclass(frozen=True)
class Layer:
    """`velocity` in 1/64 pixel per frame on the screen, right and down, the camera's pan included."""

    name: str
    velocity: tuple
    colour: Callable  # (x, y) in pixels of the layer's plane → [..., 3] in 0…1
    inside: Callable  # (x, y) → bool; None for the farthest layer, which is everywhere


@dataclass(frozen=True)
class Shot:
    name: str
    frames: int
    layers: tuple  # far to near


def rgb(*colour):
    return np.array(colour) / 255


def everywhere(x, y):
    return np.ones(np.broadcast(x, y).shape, bool)


def grained(colour, x, y, seed, strength=0.2, size=7.0, stretch=1.0):
    """Paint texture: no part of any layer is flat, and nothing is finer than about four pixels."""
    grain = fractal(x / (size * stretch), y / size, seed, 2, 0.6) - 0.5
    return np.clip(colour * (1 + 2 * strength * grain)[..., None], 0, 1)


# Shot A: a bay in the morning; the camera pans to the right, so that what stands still slides left, the nearer the faster.


def morning_sky(x, y):
    cloud = fractal(x / 46, y / 19, 101, 4)
    air = ramp(y / 80, [(0, (52, 112, 190)), (0.6, (132, 184, 220)), (1, (244, 222, 190))])
    body = smoothstep(0.46, 0.68, cloud)[..., None]
    lit = ramp(fractal(x / 17 + 3, y / 11, 103, 3), [(0.2, (178, 182, 206)), (0.8, (255, 248, 236))])
    return grained(air * (1 - body) + lit * body, x, y, 107, 0.2, 8)


def cliff_top(x):
    return 58 - 15 * np.sin(x / 37 + 0.7) - 7 * np.sin(x / 13.0) - 3 * np.sin(x / 5.3 + 1)


def cliffs(x, y):
    rock = ramp(fractal(x / 9, y / 24, 111, 3), [(0.2, (122, 96, 116)), (0.5, (188, 148, 124)), (0.8, (236, 208, 168))])
    turf = ramp(fractal(x / 11, y / 7, 113, 3), [(0.2, (52, 98, 62)), (0.8, (152, 178, 82))])
    green = smoothstep(13, 5, y - cliff_top(x) + 9 * (fractal(x / 8, y / 8, 117, 2) - 0.5))
    return grained(rock * (1 - green[..., None]) + turf * green[..., None], x, y, 119, 0.15, 6)


def bay(x, y):
    wave = fractal(x / 26, y / 5.5, 121, 3)
    water = ramp(
        wave + 0.004 * (y - 80),
        [(0.2, (14, 66, 112)), (0.45, (32, 122, 156)), (0.66, (92, 184, 190)), (0.82, (232, 244, 232))],
    )
    return grained(water, x, y, 123, 0.12, 6, 2)


def yacht(seed, sail, stripe):
    """A boat about 44 pixels wide around its own origin, at the waterline."""

    def parts(x, y):
        hull = (y > -5) & (y < 5.5) & (np.abs(x + 0.4 * y * 0.3) < 22 - 0.9 * (y + 5))
        main = (x > 1) & (y < -7) & (y > -52) & (x < 1 + 20 * (y + 52) / 45 * (1 - 0.12 * np.sin((y + 52) / 14)))
        jib = (x < -1) & (y < -8) & (y > -46) & (x > -1 - 17 * (y + 46) / 38)
        mast = (np.abs(x) < 1.1) & (y < -4) & (y > -55)
        return hull, main, jib, mast

    def inside(x, y):
        return np.logical_or.reduce(parts(x, y))

    def colour(x, y):
        hull, main, jib, _ = parts(x, y)
        band = 0.5 + 0.5 * np.sin(y / 2.4 + 0.8 * np.sin(x / 6))
        cloth = rgb(*sail) * (1 - band[..., None] * 0.55) + rgb(*stripe) * (band[..., None] * 0.55)
        front = rgb(*stripe) * (0.75 + 0.3 * band)[..., None]
        wood = ramp(fractal(x / 12, y / 2.6, seed, 2), [(0.2, (88, 34, 30)), (0.8, (206, 96, 54))])
        pole = np.broadcast_to(rgb(96, 66, 44), x.shape + (3,))
        out = np.where(hull[..., None], wood, pole)
        out = np.where(jib[..., None], front, np.where(main[..., None], cloth, out))
        return grained(out, x, y, seed + 3, 0.26, 6)

    return colour, inside


def balloon(seed, tints, radius):
    """A balloon with gores of several colours and a basket, around the middle of its envelope."""

    def parts(x, y):
        envelope = x**2 + (y * np.where(y > 0, 0.8, 1.0)) ** 2 < radius**2
        basket = (np.abs(x) < radius * 0.2) & (y > radius * 1.42) & (y < radius * 1.75)
        ropes = (np.abs(np.abs(x) - radius * 0.17) < 0.9) & (y >= radius * 1.1) & (y <= radius * 1.5)
        return envelope, basket, ropes

    def inside(x, y):
        return np.logical_or.reduce(parts(x, y))

    def colour(x, y):
        envelope, basket, _ = parts(x, y)
        width = np.sqrt(np.clip(radius**2 - (y * np.where(y > 0, 0.8, 1.0)) ** 2, 1, None))
        gore = np.arcsin(np.clip(x / width, -1, 1)) / np.pi * 6 + 3
        zigzag = (np.floor(gore + 0.35 * np.sin(y / (radius * 0.16))) % len(tints)).astype(int)
        cloth = np.array([rgb(*tint) for tint in tints])[zigzag]
        cloth = cloth * (1.1 - 0.42 * np.clip(x / radius * 0.7 + y / radius * 0.45, 0, 1))[..., None]
        wicker = ramp(fractal(x / 4.5, y / 4.5, seed, 2), [(0.2, (84, 50, 24)), (0.8, (196, 142, 78))])
        out = np.where(envelope[..., None], cloth, np.where(basket[..., None], wicker, rgb(84, 66, 52)))
        return grained(out, x, y, seed + 5, 0.28, 7)

    return colour, inside


def bank_top(x):
    tuft = 5 * np.abs(np.sin(x / 4.7 + 2 * np.sin(x / 17))) + 3 * np.abs(np.sin(x / 3.1 + 1.3))
    return 128 - 9 * np.sin(x / 43 + 0.4) - tuft


def bank(x, y):
    blade = fractal(x / 4.5 + 0.25 * np.sin(y / 9), y / 17, 131, 3)
    grass = ramp(blade, [(0.2, (20, 58, 34)), (0.5, (66, 122, 44)), (0.8, (190, 196, 74))])
    bloom = fractal(x / 6, y / 6, 137, 1)
    tint = ramp(fractal(x / 15, y / 15, 139, 1), [(0.3, (226, 54, 74)), (0.5, (250, 206, 66)), (0.7, (240, 236, 240))])
    petal = smoothstep(0.74, 0.8, bloom)[..., None]
    return grained(grass * (1 - petal) + tint * petal, x, y, 141, 0.12, 6)


def moved(shape, x0, y0):
    """A shape drawn around its own origin, put at (x0, y0) of the first frame.

    Its colours are averaged over two pixels of its own plane, so that bilinear sampling of a frame can follow them.
    """
    colour, inside = shape

    def softened(x, y):
        weights = ((-0.9, 0.25), (0.0, 0.5), (0.9, 0.25))
        return sum(wx * wy * colour(x - x0 + dx, y - y0 + dy) for dx, wx in weights for dy, wy in weights)

    return softened, (lambda x, y: inside(x - x0, y - y0))


# Shot B: a valley at dusk; the camera pans to the left and tilts a little.


def dusk_sky(x, y):
    streak = fractal(x / 50, y / 9, 201, 4)
    air = ramp(y / 95 + 0.55 * (streak - 0.5), [(0, (44, 30, 92)), (0.35, (142, 52, 124)), (0.65, (236, 108, 82)), (1, (255, 208, 112))])
    return grained(air, x, y, 203, 0.34, 8)


def peak_top(x):
    saw = np.abs(((x / 62 + 0.31) % 1) - 0.5) * 2
    return 88 - 54 * (1 - saw) * (0.75 + 0.25 * np.sin(x / 29)) - 5 * np.sin(x / 6.1) - 2.5 * np.sin(x / 3.3)


def peaks(x, y):
    face = fractal(x / 14 + y / 30, y / 12 - x / 26, 211, 3)
    rock = ramp(face, [(0.25, (52, 44, 104)), (0.5, (112, 70, 138)), (0.75, (222, 128, 134))])
    snow = smoothstep(58, 44, y + 26 * (face - 0.5))[..., None]
    return grained(rock * (1 - snow) + snow * rgb(255, 222, 208), x, y, 213, 0.16, 7)


def lake(x, y):
    ripple = fractal(x / 30, y / 5, 221, 3)
    water = ramp(ripple + 0.005 * (y - 90), [(0.25, (40, 24, 84)), (0.5, (134, 52, 116)), (0.68, (240, 128, 88)), (0.8, (255, 226, 150))])
    return grained(water, x, y, 223, 0.18, 6, 2)


def pine_top(x):
    cell = np.floor(x / 23)
    middle = (cell + 0.5) * 23 + 5 * np.sin(cell * 2.1)
    tall = 62 + 16 * np.sin(cell * 1.7 + 1)
    near = np.abs(x - middle)
    return np.where(near < 11, 142 - tall * (1 - near / 11), 142.0), near


def pines_inside(x, y):
    _, near = pine_top(x)
    cell = np.floor(x / 23)
    tip = 142 - (62 + 16 * np.sin(cell * 1.7 + 1))
    reach = (y - tip) * 0.13 + 2.6 * (((y - tip) / 9.5) % 1)
    return ((y > tip) & (near < np.minimum(reach, 10.5))) | (y > 133 - 3 * np.sin(x / 19))


def pines(x, y):
    needle = fractal(x / 5 + y / 14, y / 5.5, 231, 3)
    green = ramp(needle, [(0.2, (10, 22, 40)), (0.5, (28, 66, 70)), (0.8, (132, 116, 84))])
    return grained(green, x, y, 233, 0.15, 6)


def lantern(seed, tint):
    """A paper lantern about 26 pixels high, glowing from within, around its middle."""

    def inside(x, y):
        body = (np.abs(y) < 13) & (np.abs(x) < 8.5 + 2.5 * np.cos(y / 9))
        return body | ((np.abs(x) < 4.5) & (y >= 12) & (y < 18))

    def colour(x, y):
        glow = np.exp(-((x / 7) ** 2) - (((y - 4) / 9) ** 2))[..., None]
        ribs = (0.84 + 0.16 * np.cos(y * 1.25))[..., None]
        sheet = (rgb(*tint) * (1 - 0.75 * glow) + rgb(255, 244, 178) * 0.75 * glow) * ribs
        ornament = smoothstep(0.52, 0.62, fractal(x / 6, y / 6, seed, 1))[..., None]
        sheet = sheet * (1 - 0.6 * ornament) + rgb(214, 36, 48) * 0.6 * ornament
        return grained(np.where((y > 13)[..., None], rgb(132, 32, 60), sheet), x, y, seed + 1, 0.2, 6)

    return colour, inside


def shots():
    return (
        Shot("bay", 36, (
            Layer("sky", (-13, 0), morning_sky, everywhere),
            Layer("cliffs", (-30, 0), cliffs, lambda x, y: y > cliff_top(x)),
            Layer("bay", (-57, 0), bay, lambda x, y: y > 78 + 0.8 * np.sin(x / 21)),
            Layer("far balloon", (-22, -19), *moved(balloon(151, [(206, 48, 62), (246, 228, 190), (40, 88, 150)], 15), 206, 52)),
            Layer("far yacht", (85, 3), *moved(yacht(161, (246, 236, 214), (226, 92, 48)), 44, 97)),
            Layer("near yacht", (-139, 7), *moved(yacht(171, (250, 244, 230), (44, 74, 150)), 212, 113)),
            Layer("near balloon", (101, -27), *moved(balloon(181, [(250, 190, 44), (224, 74, 44), (120, 44, 120), (250, 236, 200)], 22), 62, 44)),
            Layer("bank", (-185, 0), bank, lambda x, y: y > bank_top(x)),
        )),
        Shot("dusk", 24, (
            Layer("sky", (11, -5), dusk_sky, everywhere),
            Layer("peaks", (35, -9), peaks, lambda x, y: y > peak_top(x)),
            Layer("lake", (69, -15), lake, lambda x, y: y > 92 + 0.7 * np.sin(x / 17)),
            Layer("far lantern", (27, -71), *moved(lantern(251, (255, 168, 52)), 172, 92)),
            Layer("middle lantern", (118, -50), *moved(lantern(261, (255, 120, 60)), 66, 78)),
            Layer("pines", (151, -33), pines, pines_inside),
            Layer("near lantern", (-91, -39), *moved(lantern(271, (255, 190, 66)), 224, 70)),
        )),
    )
