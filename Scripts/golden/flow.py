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
    """Catmull-Rom as what it is: a Hermite spline with central differences for tangents, on edge-replicated data."""
    n = len(values)
    padded = np.concatenate([[values[0]] * 2, values, [values[-1]] * 2])
    tangents = (padded[2:] - padded[:-2]) / 2
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


def mask():
    h, w = 37, 53
    yy, xx = np.mgrid[0:h, 0:w].astype("f8")
    # A field that turns and zooms, a square that moves on its own, and a forward flow that agrees only in part.
    back = np.stack([0.05 * (xx - 25) + 1.3, 0.04 * (yy - 18) - 0.7])
    back[:, 10:22, 15:33] = np.array([-3.25, 2.5])[:, None, None]
    forward = -back + rng.normal(0, 0.12, back.shape)
    forward[:, 20:30, 5:20] += 2
    back, forward = back.astype("f4"), forward.astype("f4")
    u, v = back.astype("f8")
    px, py = xx + u, yy + v
    outside = (np.floor(px) < 0) | (np.floor(py) < 0) | (np.floor(px) + 1 > w - 1) | (np.floor(py) + 1 > h - 1)
    sampled = np.stack([map_coordinates(p.astype("f8"), [py, px], order=1, mode="nearest") for p in forward])
    squared = lambda f: (f ** 2).sum(axis=0)
    lost = squared(back.astype("f8") + sampled) > 0.01 * (squared(back.astype("f8")) + squared(sampled)) + 0.5
    gradients = sum(correlate1d(f, [-0.5, 0, 0.5], axis=a, mode="nearest") ** 2 for f in (u, v) for a in (0, 1))
    boundary = gradients > 0.01 * squared(back.astype("f8")) + 0.002
    rule = np.where(outside, 0.0, np.where(lost, -1.0, np.where(boundary, 0.0, 1.0)))
    taps = np.exp(-np.arange(-2, 3) ** 2 / (2 * 0.8 ** 2))
    taps /= taps.sum()
    blurred = correlate1d(correlate1d(rule, taps, axis=0, mode="nearest"), taps, axis=1, mode="nearest")
    print("mask: outside", outside.sum(), "disoccluded", (rule < 0).sum(), "reliable", (rule > 0).sum())
    save("mask_backward.f32", back)
    save("mask_forward.f32", forward)
    save("mask_expected.f32", np.clip(blurred, 0, 1))


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
