"""A canvas that takes brush strokes with bristles and relief."""

import numpy as np

from .noise import fractal, smoothstep


class Canvas:
    """Square picture of `side` samples: `colour` [side, side, 3] in 0…1 and the height of the paint on it."""

    def __init__(self, side, seed, ground):
        self.side = side
        self.random = np.random.default_rng(seed)
        self.colour = np.empty((side, side, 3))
        self.colour[:] = ground
        self.height = np.zeros((side, side))

    def stroke(self, points, width, colour, dryness=0.15, relief=1.0, bristles=9, round_ends=False):
        """Drags a brush of `width` samples along the polyline `points` [k, 2] (x, y)."""
        points = np.asarray(points, dtype=np.float64)
        pad = width / 2 + 2
        left, top = np.maximum(np.floor(points.min(0) - pad), 0).astype(int)
        right, bottom = np.minimum(np.ceil(points.max(0) + pad), self.side).astype(int)
        if right - left < 2 or bottom - top < 2:
            return
        y, x = np.mgrid[top:bottom, left:right].astype(np.float64)
        nearest = np.full(x.shape, 1e9)
        along, across = np.zeros(x.shape), np.zeros(x.shape)
        travelled = 0.0
        for (ax, ay), (bx, by) in zip(points[:-1], points[1:]):
            dx, dy = bx - ax, by - ay
            length = np.hypot(dx, dy)
            if length < 1e-6:
                continue
            t = np.clip(((x - ax) * dx + (y - ay) * dy) / length**2, 0, 1)
            ox, oy = x - (ax + t * dx), y - (ay + t * dy)
            distance = ox * ox + oy * oy
            closer = distance < nearest
            nearest = np.where(closer, distance, nearest)
            along = np.where(closer, travelled + t * length, along)
            across = np.where(closer, np.sqrt(distance) * np.sign(dx * oy - dy * ox), across)
            travelled += length
        if travelled == 0:
            return
        s = along / travelled
        half = width / 2
        if not round_ends:
            half = half * (0.55 + 0.45 * smoothstep(0, 0.18, s)) * (1 - 0.65 * smoothstep(0.6, 1, s))
        q = np.clip(across / half, -1.5, 1.5)
        hairs = self.random.random((6, bristles + 4))
        hairs = 0.65 * hairs[:1] + 0.35 * hairs
        row = np.clip(s * 4.99, 0, 4.99)
        column = np.clip((q * 0.5 + 0.5) * bristles + 1, 0, bristles + 2.99)
        r, c = row.astype(int), column.astype(int)
        fr, fc = row - r, column - c
        hair = (hairs[r, c] * (1 - fc) + hairs[r, c + 1] * fc) * (1 - fr) + (
            hairs[r + 1, c] * (1 - fc) + hairs[r + 1, c + 1] * fc
        ) * fr
        wear = dryness * (0.35 + 1.3 * s)
        alpha = (1 - smoothstep(0.8, 1.0, np.abs(q))) * smoothstep(wear - 0.12, wear + 0.12, hair)
        tint = np.asarray(colour) * (0.86 + 0.28 * hair)[..., None]
        area = (slice(top, bottom), slice(left, right))
        self.colour[area] += (np.clip(tint, 0, 1) - self.colour[area]) * alpha[..., None]
        body = relief * (0.35 + 0.65 * hair) * (0.6 + 0.4 * smoothstep(0.3, 0.85, np.abs(q)))
        self.height[area] += (body + 0.35 * self.height[area] - self.height[area]) * alpha

    def lit(self, strength=0.5, gloss=0.12):
        """The picture under a lamp at the upper left, so that the relief of the paint is seen."""
        gy, gx = np.gradient(self.height)
        slope = -(gx + gy) * 0.7
        light = np.tanh(slope * 2.2)
        shaded = self.colour * (1 + strength * light)[..., None]
        return np.clip(shaded + gloss * (np.clip(light, 0, 1) ** 3)[..., None], 0, 1)


def paper(side, seed, tint, grain=0.05):
    """Fibrous paper [side, side, 3] around the colour `tint` (0…255)."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float64)
    fibre = fractal(x / 5, y / 40, seed, 3) + fractal(x / 40, y / 5, seed + 7, 3) + fractal(x / 2.5, y / 2.5, seed + 13, 2)
    blotch = fractal(x / 160, y / 160, seed + 21, 3)
    tone = 1 + grain * (fibre - 1.5) + 1.2 * grain * (blotch - 0.5)
    return np.clip(np.asarray(tint) / 255 * tone[..., None], 0, 1)


def follow(field, start, length, step):
    """Polyline that starts at `start` and follows the unit vectors that `field(x, y)` returns."""
    points = [start]
    x, y = start
    for _ in range(max(2, int(length / step))):
        dx, dy = field(x, y)
        x, y = x + dx * step, y + dy * step
        points.append((x, y))
    return points
