"""Woodblock print: flat colours, dark contour lines and foam claws on paper, with the grain of the block."""

import numpy as np
from PIL import Image, ImageDraw

from .canvas import paper
from .noise import fractal, ramp, smoothstep

SIDE = 1152
INK = (26, 36, 66)
PRUSSIAN = (30, 62, 112)
MIDDLE = (66, 118, 160)
PALE = (150, 188, 196)
FOAM = (244, 238, 218)
ROSE = (206, 74, 52)


def spline(points, count):
    """Catmull-Rom curve [count, 2] through `points`."""
    points = np.asarray(points, dtype=np.float64)
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, len(points) - 1 - 1e-9, count)
    k = t.astype(int)
    f = (t - k)[:, None]
    a, b, c, d = (padded[k + j] for j in range(4))
    return 0.5 * (2 * b + (c - a) * f + (2 * a - 5 * b + 4 * c - d) * f**2 + (3 * b - a - 3 * c + d) * f**3)


def flat(points):
    return [(float(x), float(y)) for x, y in points]


class Block:
    """One print being cut: polygons with contours, tapered lines and foam."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.image = Image.new("RGB", (SIDE, SIDE), FOAM)
        self.pen = ImageDraw.Draw(self.image)

    def ribbon(self, curve, width, colour):
        """A line along `curve` that swells to `width` in the middle and tapers at both ends."""
        steps = np.gradient(curve, axis=0)
        normal = np.stack([-steps[:, 1], steps[:, 0]], 1) / (np.hypot(steps[:, 0], steps[:, 1])[:, None] + 1e-9)
        swell = (np.sin(np.linspace(0.02, np.pi - 0.02, len(curve))) ** 0.7 * width / 2)[:, None]
        self.pen.polygon(flat(np.vstack([curve + normal * swell, (curve - normal * swell)[::-1]])), fill=colour)

    def line(self, curve, width, colour=INK):
        self.pen.line(flat(curve), fill=colour, width=width, joint="curve")

    def disc(self, centre, radius, colour):
        x, y = centre
        self.pen.ellipse([x - radius, y - radius, x + radius, y + radius], fill=colour)

    def foam(self, crest, reach, turn, every):
        """Claws of foam along `crest`: hooks of shrinking discs that lean by `turn` radians, outlined in ink."""
        steps = np.gradient(crest, axis=0)
        heading = np.arctan2(steps[:, 1], steps[:, 0])
        discs, shadows = [], []
        for k in range(0, len(crest), every):
            size = reach * (0.55 + 0.6 * self.random.random())
            discs.append((crest[k], size * 0.36))
            for finger in range(2):
                angle = heading[k] - turn * (0.55 + 0.5 * self.random.random())
                bend = np.sign(turn) * (0.16 + 0.16 * self.random.random())
                x, y = crest[k] + self.random.normal(size=2) * size * 0.12
                radius = size * 0.22
                for _ in range(9):
                    x, y = x + np.cos(angle) * radius * 0.85, y + np.sin(angle) * radius * 0.85
                    discs.append(((x, y), radius))
                    angle += bend * 1.25
                    radius *= 0.84
                shadows.append((crest[k], size * 0.2))
        for centre, radius in discs:
            self.disc(centre, radius + 4, INK)
        for centre, radius in discs:
            self.disc(centre, radius, FOAM)
        for (x, y), radius in shadows:
            self.pen.arc([x - radius, y - radius, x + radius, y + radius], 20, 200, fill=MIDDLE, width=4)

    def swell(self, base, height, length, phase, colours, foamy):
        """One swell across the picture: a trochoid crest, bands that follow it, ink on top."""
        x = np.linspace(-80, SIDE + 80, 420)
        angle = 2 * np.pi * x / length + phase
        lift = height * (1 - 2 * np.abs(np.sin(angle / 2)) ** 1.25) + 0.2 * height * np.sin(2.3 * angle + phase)
        crest = np.stack([x + 0.32 * height * np.cos(angle), base - lift], 1)
        body = np.vstack([crest, [(SIDE + 80, SIDE + 80), (-80, SIDE + 80)]])
        self.pen.polygon(flat(body), fill=colours[0])
        for band in range(1, 9):
            offset = band * height * 0.34
            flatten = 1 - 0.085 * band
            curve = np.stack([crest[:, 0] + 7 * band, base + offset - lift * flatten], 1)
            for piece in range(0, 420, 70):
                begin = piece + self.random.integers(-18, 18)
                part = curve[max(0, begin) : begin + 62]
                if len(part) > 12:
                    self.ribbon(part, height * (0.2 - 0.012 * band), colours[1 + band % (len(colours) - 1)])
                    self.line(part + (0, height * 0.11), 3)
        self.line(crest, 7)
        if foamy:
            for k in np.flatnonzero(np.diff(np.sign(np.diff(crest[:, 1]))) > 0):
                self.foam(crest[max(0, k - 16) : k + 30], height * 0.62, 1.5, 5)


def sky(seed):
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    tone = y + 0.05 * (fractal(x * 3, y * 14, seed % 887, 3) - 0.5)
    return ramp(tone, [(0, (58, 92, 132)), (0.09, (128, 160, 172)), (0.24, (232, 214, 176)), (0.45, (240, 198, 150)), (0.6, (236, 168, 122))])


def draw(seed):
    block = Block(seed)
    block.image.paste(Image.fromarray((sky(seed) * 255).astype(np.uint8)))
    random = block.random
    block.disc((820, 250), 122, ROSE)
    for row in range(5):  # bands of mist across the sky
        y = 150 + 66 * row
        for _ in range(2):
            left = random.random() * SIDE
            run = np.linspace(0, 1, 60)
            mist = np.stack([left + run * (240 + 260 * random.random()), y + 5 * np.sin(7 * run) + 22 * random.normal()], 1)
            block.ribbon(mist, 22, FOAM)
            block.line(mist + (0, 12), 2, (148, 128, 120))
    peak = spline([(330, 712), (480, 668), (640, 560), (735, 462), (775, 436), (815, 452), (900, 545), (1040, 610), (1160, 648)], 200)
    block.pen.polygon(flat(np.vstack([peak, [(1160, 800), (330, 800)]])), fill=(92, 116, 140))
    snow = peak[(peak[:, 1] < 540)]
    teeth = np.stack([snow[::-6, 0], 528 + 34 * (np.arange(len(snow[::-6])) % 2) + 8 * random.random(len(snow[::-6]))], 1)
    block.pen.polygon(flat(np.vstack([snow, teeth])), fill=FOAM)
    block.line(peak, 5)
    for k in range(9):
        start = peak[62 + 13 * k]
        block.ribbon(spline([start + (0, 60), start + (18 - 4 * k, 110), start + (50 - 12 * k, 180)], 30), 7, PRUSSIAN)

    block.swell(690, 34, 330, 0.4, [PALE, MIDDLE, FOAM], False)
    block.swell(745, 46, 410, 2.2, [MIDDLE, PRUSSIAN, PALE], True)

    outer = spline([(-60, 420), (60, 300), (210, 190), (390, 150), (540, 200), (628, 310), (634, 405)], 320)
    inner = spline([(634, 405), (560, 352), (470, 372), (410, 470), (420, 610), (520, 760), (720, 890), (1000, 1010)], 320)
    block.pen.polygon(flat(np.vstack([outer, inner, [(1000, SIDE + 60), (-60, SIDE + 60)]])), fill=PRUSSIAN)
    for k in range(1, 15):
        t = k / 15
        run = np.linspace(0.04 + 0.22 * t, 1, 160)
        inside = inner[(60 + run * 258).astype(int)]
        pull = np.stack([-70 - 560 * t + 180 * t * run, 10 + 330 * t - 60 * t * run], 1)
        curve = inside + pull
        block.ribbon(curve, 27 - 8 * t, (FOAM, PALE, MIDDLE)[k % 3])
        block.line(curve + (-10, 9), 3)
    for k in range(1, 5):
        back = outer[20 : 250 - 30 * k] + np.array([6 * k, 34 + 50 * k])
        block.ribbon(back, 13 - 2 * k, (MIDDLE, PALE)[k % 2])
    lip = np.vstack([outer[150:], inner[:70]])
    block.line(outer, 8)
    block.line(inner, 8)
    block.foam(outer[60:170], 62, 1.35, 8)
    block.foam(lip, 92, -1.25, 9)
    block.foam(outer[215:], 84, 0.6, 9)

    block.swell(905, 66, 520, 4.4, [PRUSSIAN, PALE, MIDDLE, FOAM], True)
    block.swell(1015, 60, 430, 1.2, [MIDDLE, PRUSSIAN, FOAM], True)
    block.swell(1120, 62, 470, 3.3, [PRUSSIAN, MIDDLE, PALE], True)
    for _ in range(150):  # spray
        t = random.random()
        x, y = 500 + 420 * t + 90 * random.normal(), 300 + 330 * t**1.5 + 90 * random.normal()
        radius = 3 + 6 * random.random() ** 2
        block.disc((x, y), radius + 2.5, INK)
        block.disc((x, y), radius, FOAM)

    picture = np.asarray(block.image, dtype=np.float64) / 255
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float64)
    bend = y + 26 * fractal(x / 420, y / 130, 41, 3)
    grain = smoothstep(0.45, 0.72, fractal(x / 260, bend / 5.5, 43, 2))
    wear = smoothstep(0.64, 0.8, fractal(x / 7, y / 7, 47, 3))
    sheet = paper(SIDE, 49, (250, 240, 216), 0.1)
    dark = 1 - picture.mean(-1, keepdims=True)
    picture = picture * (1 - 0.1 * grain)[..., None] + 0.1 * wear[..., None] * dark
    return np.clip(picture * sheet * 1.03, 0, 1)
