"""Pen and ink: a walled town on a hill under clouds, in hatching that follows the form, with a sepia wash."""

import numpy as np
from PIL import Image, ImageDraw

from .canvas import paper
from .noise import fractal, smoothstep

SIDE = 1152
INK = np.array((34, 26, 30)) / 255
SEPIA = np.array((188, 132, 76)) / 255
INDIGO = np.array((96, 122, 158)) / 255
# Houses: left, top of wall, width, height of wall, height of roof, and whether it is a tower
HOUSES = [
    (0.545, 0.30, 0.075, 0.22, 0.13, True), (0.44, 0.40, 0.11, 0.14, 0.06, False), (0.62, 0.42, 0.12, 0.15, 0.07, False),
    (0.36, 0.47, 0.10, 0.13, 0.05, False), (0.74, 0.40, 0.06, 0.20, 0.09, True), (0.50, 0.50, 0.12, 0.13, 0.06, False),
    (0.80, 0.50, 0.11, 0.13, 0.06, False), (0.29, 0.55, 0.09, 0.10, 0.05, False), (0.64, 0.56, 0.14, 0.12, 0.06, False),
]
TREES = [(0.12, 0.60, 0.13), (0.23, 0.70, 0.08), (0.93, 0.66, 0.09), (0.035, 0.74, 0.09), (0.84, 0.74, 0.06)]


class Plate:
    """Tone (0 dark … 1 white), stroke direction, washes and outlines of the drawing, sample by sample."""

    def __init__(self, seed):
        self.y, self.x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
        self.outlines = []
        self.windows = []
        self.depth = np.zeros((SIDE, SIDE), int)
        x, y = self.x, self.y
        puff = fractal(x * 3.2, y * 5.2, seed % 701, 5)
        self.tone = 0.5 + 1.05 * (puff - 0.42) + 0.25 * y
        self.angle = 0.12 + 1.6 * (fractal(x * 2.5, y * 3.5, seed % 709, 2) - 0.5)
        self.wash = np.zeros_like(x)
        self.indigo = np.clip(1.25 - 1.7 * self.tone, 0, 1) + 0.15
        self.land()
        for house in HOUSES:
            self.house(*house)
        self.meadow(seed)
        for tree in TREES:
            self.tree(*tree, seed)

    def put(self, where, tone, angle, wash=0.0):
        self.tone = np.where(where, tone, self.tone)
        self.angle = np.where(where, angle, self.angle)
        self.wash = np.where(where, wash, self.wash)
        self.indigo = np.where(where, np.clip(0.34 - np.asarray(tone), 0, 1) * 1.2, self.indigo)
        self.depth = np.where(where, self.depth.max() + 1, self.depth)

    def outline(self, points):
        """A pen line over everything drawn so far and under everything that follows."""
        self.outlines.append((np.asarray(points), self.depth.max()))

    def land(self):
        x, y = self.x, self.y
        run = np.linspace(0, 1, 240)
        for base, amplitude, frequency, tone in [(0.50, 0.05, 8.0, 0.62), (0.57, 0.04, 6.0, 0.48)]:
            top = base + amplitude * np.sin(frequency * x + 7 * base) + 0.012 * np.sin(41 * x)
            self.put(y > top, tone + 1.2 * (y - top), 1.15 + 0.4 * np.sin(12 * x), 0.2)
            line = base + amplitude * np.sin(frequency * run + 7 * base) + 0.012 * np.sin(41 * run)
            self.outline(np.stack([run, line], 1))
        hill = 0.47 + 0.95 * (x - 0.58) ** 2
        self.put(y > hill, 0.5 + 0.6 * (y - hill) - 0.5 * (x - 0.55), np.arctan(1.9 * (x - 0.58)) + 0.25, 0.35)

    def house(self, left, top, width, wall, roof, tower):
        x, y = self.x, self.y
        middle, right = left + 0.62 * width, left + width
        self.put((x > left) & (x < middle) & (y > top) & (y < top + wall), 0.93, 1.45, 0.1)
        self.put((x >= middle) & (x < right) & (y > top) & (y < top + wall), 0.3, 1.5, 0.45)
        tip = left + 0.5 * width if tower else left + 0.2 * width
        ridge_end = tip if tower else left + 0.82 * width
        low, eave = top + 0.006, 0.1 * width
        rise = np.clip((low - y) / roof, 0, 1)
        slope_left = left - eave + (tip - left + eave) * rise
        slope_right = right + eave - (right + eave - ridge_end) * rise
        tiled = (y < low) & (y > low - roof) & (x > slope_left) & (x < slope_right)
        shade = np.where(x < (middle if not tower else tip), 0.52, 0.2)
        self.put(tiled, shade, np.where(x < middle, 1.0, 2.0), 0.95)
        for upright in (left, middle, right):
            self.outline([(upright, top), (upright, top + wall)])
        self.outline([(left - eave, low), (tip, low - roof), (ridge_end, low - roof), (right + eave, low), (left - eave, low)])
        rows = 3 if wall > 0.18 else 2
        for row in range(rows):
            for column in range(1 if tower else 2):
                cx = left + width * (0.3 if tower else 0.17 + 0.27 * column)
                cy = top + wall * (0.2 + 0.27 * row)
                self.windows.append((cx, cy, self.depth.max()))

    def meadow(self, seed):
        x, y = self.x, self.y
        bank = 0.70 + 0.05 * np.sin(4.2 * x + 1.0) + 0.02 * np.sin(13 * x)
        patch = fractal(x * 5, y * 11, seed % 719, 4)
        self.put(y > bank, 0.62 + 1.3 * (patch - 0.5) - 0.9 * np.clip(y - 0.86, 0, 1), 0.1 + 2.2 * (patch - 0.5), 0.3)
        middle = 0.47 + 0.22 * np.sin(7.5 * (y - 0.62)) * (1.1 - y)
        half = 0.012 + 0.32 * np.clip(y - 0.68, 0, 1) ** 1.25
        self.put((y > bank) & (np.abs(x - middle) < half), 0.94 - 0.25 * np.clip((x - middle) / half, 0, 1), 0.05, 0.12)
        run = np.linspace(0, 1, 240)
        self.outline(np.stack([run, 0.70 + 0.05 * np.sin(4.2 * run + 1.0) + 0.02 * np.sin(13 * run)], 1))

    def tree(self, cx, cy, radius, seed):
        x, y = self.x, self.y
        bole = (np.abs(x - cx - 0.01 * np.sin(25 * y)) < 0.1 * radius) & (y > cy) & (y < cy + 1.75 * radius)
        self.put(bole, 0.25, 1.5, 0.5)
        leaf = fractal(x * 22, y * 22, seed % 727, 3) - 0.5
        big = fractal(x * 9, y * 9, seed % 733, 2) - 0.5
        dx, dy = (x - cx) / radius, (y - cy) / (1.15 * radius)
        crown = np.hypot(dx, dy) + 0.6 * leaf + 0.7 * big < 0.92
        self.put(crown, 0.5 - 0.42 * (dx - 0.3 + dy) + 1.1 * leaf + 0.7 * big, 0.9 + 2.6 * leaf + 1.2 * dx, 0.55)


def draw(seed):
    random = np.random.default_rng(seed)
    plate = Plate(seed)
    scale = 2
    layer = Image.new("L", (SIDE * scale, SIDE * scale), 0)
    pen = ImageDraw.Draw(layer)

    def at(grid, px, py):
        return grid[min(SIDE - 1, max(0, int(py)))][min(SIDE - 1, max(0, int(px)))]

    # Each pass turns the pen and inks only what is darker than its limit: the deeper the shadow, the more crossings.
    for limit, turn, spacing, length, width in [
        (0.86, 0.0, 9, 66, 3), (0.68, 0.0, 8, 52, 3), (0.52, 0.75, 8, 42, 3), (0.38, -0.8, 8, 34, 4), (0.24, 1.5, 8, 26, 4),
    ]:
        for row in np.arange(0, SIDE, spacing):
            for column in np.arange(0, SIDE, spacing * 2.1):
                px = column + random.normal() * spacing * 0.55 + (row / spacing % 2) * spacing
                py = row + random.normal() * spacing * 0.3
                if at(plate.tone, px, py) > limit + 0.03 * random.normal():
                    continue
                points, angle = [(px * scale, py * scale)], at(plate.angle, px, py) + turn
                bow = 0.02 * random.normal()
                home = at(plate.wash, px, py)
                for _ in range(int(length / 8 * (0.7 + 0.6 * random.random()))):
                    px, py = px + np.cos(angle) * 8, py + np.sin(angle) * 8
                    angle += bow
                    if at(plate.tone, px, py) > limit + 0.1 or abs(at(plate.wash, px, py) - home) > 0.08:
                        break
                    points.append((px * scale, py * scale))
                if len(points) > 1:
                    pen.line(points, fill=int(185 + 70 * random.random()), width=width, joint="curve")
    for outline, depth in plate.outlines:
        for _ in range(2):
            dense = np.concatenate([np.linspace(a, b, 14) for a, b in zip(outline[:-1], outline[1:])])
            tremble = np.cumsum(random.normal(size=dense.shape), 0)
            tremble -= np.linspace(0, 1, len(dense))[:, None] * tremble[-1]
            shaken = dense + 0.0003 * tremble + 0.0008 * random.normal(size=2)
            for (ax, ay), (bx, by) in zip(shaken[:-1], shaken[1:]):
                if at(plate.depth, (ax + bx) / 2 * SIDE, (ay + by) / 2 * SIDE) <= depth:
                    ends = [(ax * SIDE * scale, ay * SIDE * scale), (bx * SIDE * scale, by * SIDE * scale)]
                    pen.line(ends, fill=250, width=5)
    for cx, cy, depth in plate.windows:
        if at(plate.depth, cx * SIDE, cy * SIDE) <= depth:
            corners = np.array([(-0.008, -0.014), (0.008, -0.015), (0.008, 0.014), (-0.008, 0.015)])
            corners = (corners + (cx, cy) + 0.001 * random.normal(size=(4, 2))) * SIDE * scale
            pen.polygon([tuple(corner) for corner in corners], fill=235)

    ink = np.asarray(layer.resize((SIDE, SIDE), Image.BOX), dtype=np.float64)[..., None] / 255
    sheet = paper(SIDE, 61, (244, 232, 206), 0.08)
    bleed = fractal(plate.x * 9, plate.y * 9, seed % 739, 4)
    tinted = sheet
    for amount, tint in [(plate.wash, SEPIA), (plate.indigo, INDIGO)]:
        strength = np.clip(amount * (0.45 + 1.1 * bleed), 0, 1)
        small = Image.fromarray((strength * 255).astype(np.uint8)).resize((SIDE // 6, SIDE // 6), Image.BOX)
        soft = np.asarray(small.resize((SIDE, SIDE), Image.BICUBIC))[..., None] / 255
        tinted = tinted * (1 - 0.75 * soft * (1 - tint))
    margin = smoothstep(0.0, 0.03, np.minimum.reduce([plate.x, plate.y, 1 - plate.x, 1 - plate.y]))[..., None]
    ink = ink * (0.35 + 0.65 * margin)
    return np.clip(tinted * (1 - ink) + INK * ink, 0, 1)
