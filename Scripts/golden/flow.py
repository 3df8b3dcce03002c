"""Golden data of OpticalFlowTests, from NumPy, SciPy and Middlebury's published colour scheme; seeded.

Run as: python3 Scripts/golden/flow.py   (writes Tests/OpticalFlowTests/Golden; hashes in Tests/SHA256SUMS)
Files are raw little-endian Float32.
"""

import pathlib

import numpy as np
from scipy.interpolate import CubicHermiteSpline
from scipy.ndimage import correlate1d, map_coordinates

OUT = pathlib.Path(__file__).parents[2] / "Tests/OpticalFlowTests/Golden"
rng = np.random.default_rng(20160316)


def save(name, array):
    (OUT / name).write_bytes(np.ascontiguousarray(array, "<f4").tobytes())


def hermite(values, position):
    """Keys' cubic, a = -3/4, as what it is: a Hermite spline with 3/4 of p[i+1] - p[i-1] for tangents, edges replicated."""
    n = len(values)
    padded = np.concatenate([[values[0]] * 2, values, [values[-1]] * 2])
    tangents = 0.75 * (padded[2:] - padded[:-2])
    knots = np.arange(-1, n + 1)
    return CubicHermiteSpline(knots, padded[1:-1], tangents)(position)


def warps():
    c, h, w = 3, 13, 19
    image = rng.random((c, h, w)).astype("f4")
    flow = rng.normal(0, 4, (2, h, w)).astype("f4")
    yy, xx = np.mgrid[0:h, 0:w].astype("f8")
    x = np.clip(xx + flow[0], 0, w - 1)
    y = np.clip(yy + flow[1], 0, h - 1)
    bilinear = np.stack([map_coordinates(p.astype("f8"), [y, x], order=1, mode="nearest") for p in image])
    bicubic = np.empty((c, h, w))
    for k in range(c):
        for i in range(h):
            for j in range(w):
                column = np.array([hermite(row.astype("f8"), x[i, j]) for row in image[k]])
                bicubic[k, i, j] = hermite(column, y[i, j])
    for name, array in (("image", image), ("flow", flow), ("bilinear", bilinear), ("bicubic", bicubic)):
        save(f"warp_{name}.f32", array)


def blurred_rule(back, forward, most_gradient, unlike=False, agrees=False):
    """The reliability rule, blurred and clipped; most_gradient is that of a motion boundary at rest; agrees: whether the
    forward flow counts as agreeing everywhere."""
    u, v = back.astype("f8")
    h, w = u.shape
    yy, xx = np.mgrid[0:h, 0:w].astype("f8")
    px, py = xx + u, yy + v
    outside = (np.floor(px) < 0) | (np.floor(py) < 0) | (np.floor(px) + 1 > w - 1) | (np.floor(py) + 1 > h - 1)
    sampled = np.stack([map_coordinates(p.astype("f8"), [py, px], order=1, mode="nearest") for p in forward])
    squared = lambda f: (f ** 2).sum(axis=0)
    lost = squared(back.astype("f8") + sampled) > 0.01 * (squared(back.astype("f8")) + squared(sampled)) + 0.5
    gradients = sum(correlate1d(f, [-0.5, 0, 0.5], axis=a, mode="nearest") ** 2 for f in (u, v) for a in (0, 1))
    boundary = gradients > 0.01 * squared(back.astype("f8")) + most_gradient
    rule = np.where(outside, 0.0, np.where(lost & (not agrees), -1.0, np.where(boundary | unlike, 0.0, 1.0)))
    taps = np.exp(-np.arange(-2, 3) ** 2 / (2 * 0.8 ** 2))
    taps /= taps.sum()
    blurred = correlate1d(correlate1d(rule, taps, axis=0, mode="nearest"), taps, axis=1, mode="nearest")
    print("mask: outside", outside.sum(), "disoccluded", (rule < 0).sum(), "reliable", (rule > 0).sum())
    return np.clip(blurred, 0, 1)


def mask():
    h, w = 37, 53
    yy, xx = np.mgrid[0:h, 0:w].astype("f8")
    # A field that turns and zooms, a square that moves on its own, and a forward flow that agrees only in part.
    back = np.stack([0.05 * (xx - 25) + 1.3, 0.04 * (yy - 18) - 0.7])
    back[:, 10:22, 15:33] = np.array([-3.25, 2.5])[:, None, None]
    forward = -back + rng.normal(0, 0.12, back.shape)
    forward[:, 20:30, 5:20] += 2
    back, forward = back.astype("f4"), forward.astype("f4")
    save("mask_backward.f32", back)
    save("mask_forward.f32", forward)
    save("mask_expected.f32", blurred_rule(back, forward, 0.002))


def photometric_mask():
    """The rule with a wider motion boundary and the 3x3 variance of the residual."""
    own = np.random.default_rng(20240607)
    h, w = 29, 43
    back = np.stack([np.full((h, w), -1.75), np.full((h, w), 0.5)])
    back[:, 8:20, 12:30] = np.array([2.25, -1.5])[:, None, None]
    back = (back + own.normal(0, 0.03, back.shape)).astype("f4")
    forward = (-back + own.normal(0, 0.1, back.shape)).astype("f4")
    soft = [0.25, 0.5, 0.25]
    previous = correlate1d(correlate1d(own.uniform(0, 255, (h, w)), soft, axis=0), soft, axis=1)
    u, v = back.astype("f8")
    yy, xx = np.mgrid[0:h, 0:w].astype("f8")
    places = [np.clip(yy + v, 0, h - 1), np.clip(xx + u, 0, w - 1)]
    moved = map_coordinates(previous, places, order=1, mode="nearest")
    current = 0.9 * moved + 20 + own.normal(0, 3, (h, w))
    current[12:22, 20:36] = own.uniform(0, 255, (10, 16))
    current, previous = current.astype("f4"), previous.astype("f4")
    moved = map_coordinates(previous.astype("f8"), places, order=1, mode="nearest")
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(moved - current, 1, "edge"), (3, 3))
    unlike = windows.var(axis=(2, 3)) > 80
    for name, array in (("backward", back), ("forward", forward), ("current", current), ("previous", previous)):
        save(f"photometric_{name}.f32", array)
    save("photometric_expected.f32", blurred_rule(back, forward, 0.1, unlike))


def one_way_mask():
    """The rule of a backward flow alone: it folds where two things come from one place, and the light has changed."""
    own = np.random.default_rng(20261122)
    h, w = 31, 47
    yy, xx = np.mgrid[0:h, 0:w].astype("f8")
    back = np.stack([0.02 * xx - 1.1, np.full((h, w), 0.6)])
    back[0, 6:26, 14:30] -= 0.12 * (xx[6:26, 14:30] - 14)
    back = (back + own.normal(0, 0.01, back.shape)).astype("f4")
    u, v = back.astype("f8")
    soft = [0.25, 0.5, 0.25]
    previous = correlate1d(correlate1d(own.uniform(0, 255, (h, w)), soft, axis=0), soft, axis=1).astype("f4")
    places = [np.clip(yy + v, 0, h - 1), np.clip(xx + u, 0, w - 1)]
    moved = map_coordinates(previous.astype("f8"), places, order=1, mode="nearest")
    current = moved + 6 + own.normal(0, np.where(yy < 16, 4.2, 1.5), (h, w))
    current[20:28, 4:12] += 25
    current[3:10, 34:44] = own.uniform(0, 255, (7, 10))
    current = current.astype("f4")
    residual = moved - current
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(residual, 1, "edge"), (3, 3))
    variance, apart = windows.var(axis=(2, 3)), abs(windows.mean(axis=(2, 3)) - residual.mean())
    slope = lambda f, axis: correlate1d(f, [-0.5, 0, 0.5], axis=axis, mode="nearest")
    area = (1 + slope(u, 1)) * (1 + slope(v, 0)) - slope(u, 0) * slope(v, 1)
    crowded = (area < 0.9) & (variance > 10)
    unlike = (variance > 80) | (apart > 10) | crowded
    print("one way: crowded", crowded.sum(), "too far", (apart > 10).sum(), "unlike", (variance > 80).sum())
    for name, array in (("backward", back), ("current", current), ("previous", previous)):
        save(f"one_way_{name}.f32", array)
    save("one_way_expected.f32", blurred_rule(back, np.zeros_like(back), 0.1, unlike, agrees=True))


def upsampled():
    """Joint bilateral upsampling of the nearest 3x3 vectors by 4, pixel by pixel."""
    own = np.random.default_rng(20240608)
    h, w, factor = 26, 38, 4
    sh, sw = h // factor, w // factor
    grey = correlate1d(correlate1d(own.uniform(0, 255, (h, w)), [0.2] * 5, axis=0), [0.2] * 5, axis=1).astype("f4")
    small = grey
    for _ in range(2):
        small = small[: small.shape[0] // 2 * 2, : small.shape[1] // 2 * 2]
        small = 0.25 * (small[::2, ::2] + small[1::2, ::2] + small[::2, 1::2] + small[1::2, 1::2])
    flow = own.normal(0, 4, (2, sh, sw)).astype("f4")
    out = np.zeros((2, h, w))
    nearness = lambda d: max(1 - 0.25 * d * d, 0.05)
    for y in range(h):
        for x in range(w):
            sy, sx = (y + 0.5) / factor - 0.5, (x + 0.5) / factor - 0.5
            cy, cx = (min(max(int(np.floor(s + 0.5)), 0), n - 1) for s, n in ((sy, sh), (sx, sw)))
            total, weights = np.zeros(2), 0.0
            for j in range(cy - 1, cy + 2):
                for i in range(cx - 1, cx + 2):
                    jj, ii = min(max(j, 0), sh - 1), min(max(i, 0), sw - 1)
                    unlike = 1 / (1 + (float(small[jj, ii]) - float(grey[y, x])) ** 2 / 100)
                    weight = (nearness(sx - i) * nearness(sy - j) * unlike) ** 2
                    total += weight * flow[:, jj, ii]
                    weights += weight
            out[:, y, x] = factor * total / weights
    for name, array in (("grey", grey), ("flow", flow), ("expected", out)):
        save(f"upsampling_{name}.f32", array)


def wheel():
    """Middlebury's colour code (Baker et al. 2011), with its 55 colours, without its rounding to 8 bit."""
    counts = dict(RY=15, YG=6, GC=4, CB=11, BM=13, MR=6)
    colours = []
    for name, (fixed, moving, rising) in zip(counts, ((0, 1, True), (1, 0, False), (1, 2, True), (2, 1, False),
                                                      (2, 0, True), (0, 2, False))):
        for i in range(counts[name]):
            colour = [0.0, 0.0, 0.0]
            colour[fixed] = 1.0
            colour[moving] = i / counts[name] if rising else 1 - i / counts[name]
            colours.append(colour)
    colours = np.array(colours)
    h, w = 17, 23
    flow = rng.normal(0, 2, (2, h, w)).astype("f4")
    flow[:, 0, 0] = 0
    flow[:, 3, 4] = 2e9
    u, v = flow.astype("f8") / 3
    radius = np.hypot(u, v)
    place = (np.arctan2(-v, -u) / np.pi + 1) / 2 * (len(colours) - 1)
    first = place.astype(int)
    t = (place - first)[..., None]
    hue = (1 - t) * colours[first] + t * colours[(first + 1) % len(colours)]
    picture = np.where(radius[..., None] <= 1, 1 - radius[..., None] * (1 - hue), 0.75 * hue)
    picture[3, 4] = 0
    save("wheel_flow.f32", flow)
    save("wheel_expected.f32", picture.transpose(2, 0, 1))


OUT.mkdir(parents=True, exist_ok=True)
warps()
mask()
wheel()
photometric_mask()
one_way_mask()
upsampled()
