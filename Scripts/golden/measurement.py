"""Golden data of MeasurementTests, from NumPy and SciPy; seeded.

Run as: python3 Scripts/golden/measurement.py   (writes Tests/MeasurementTests/Golden; hashes in Tests/SHA256SUMS)
Three clips, flow and masks are given, so that nothing but the figures is compared. clips.f32, flow.f32 and mask.f32
are raw little-endian Float32; expected.json holds what comes out.
"""

import json
import pathlib

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

OUT = pathlib.Path(__file__).parents[2] / "Tests/MeasurementTests/Golden"
FRAMES, HEIGHT, WIDTH, CUT, LONG = 16, 18, 26, 4, 10
LUMA = np.array([0.2126, 0.7152, 0.0722])
rng = np.random.default_rng(20181008)


def clip(blur, ramp, noise):
    """Frames whose textures move slowly, with noise of their own and a ramp of brightness."""
    base = gaussian_filter(rng.random((2, 3, HEIGHT, WIDTH)), (0, 0, blur, blur))
    base = (base - base.min()) / (base.max() - base.min())
    frames = [
        np.roll(base[int(t >= CUT)], t, axis=2) * 0.8 + noise * rng.standard_normal((3, HEIGHT, WIDTH)) + ramp * t
        for t in range(FRAMES)
    ]
    return np.clip(np.stack(frames), 0, 1).astype("f4")


def warp(image, flow):
    yy, xx = np.mgrid[0:HEIGHT, 0:WIDTH].astype("f8")
    x = np.clip(xx + flow[0], 0, WIDTH - 1)
    y = np.clip(yy + flow[1], 0, HEIGHT - 1)
    return np.stack([map_coordinates(p.astype("f8"), [y, x], order=1, mode="nearest") for p in image])


def errors(frames, t, interval, flow, mask):
    difference = frames[t].astype("f8") - warp(frames[t - interval], flow)
    e_warp = (mask * difference ** 2).sum() / (3 * mask.sum())
    root = np.sqrt(np.mean((mask * difference) ** 2))
    return float(e_warp), float(root)


def sharpness(frame):
    frame = frame.astype("f8")
    return float(((np.diff(frame, axis=1) ** 2).sum() + (np.diff(frame, axis=2) ** 2).sum()) / frame.size)


def brightness(frame):
    return float(LUMA @ frame.astype("f8").mean(axis=(1, 2)))


def largest_trend(values, relative=False):
    changes = []
    for first, end in ((0, CUT), (CUT, FRAMES)):
        if end - first < 5:
            continue
        slope, offset = np.polyfit(np.arange(first, end), values[first:end], 1)
        start = slope * first + offset
        changes.append(slope * (end - 1 - first) / (start if relative else 1))
    return float(max(changes, key=abs))


clips = {"source": clip(1.0, 0, 0.01), "stylized": clip(1.4, 0.008, 0.02), "independent": clip(1.0, 0, 0.08)}
flow = {1: rng.normal(0, 2, (FRAMES, 2, HEIGHT, WIDTH)).astype("f4"),
        LONG: rng.normal(0, 4, (FRAMES, 2, HEIGHT, WIDTH)).astype("f4")}
mask = {k: np.clip(rng.normal(0.7, 0.5, (FRAMES, 1, HEIGHT, WIDTH)), 0, 1).astype("f4") for k in (1, LONG)}

frames = []
for t in range(FRAMES):
    entry = {"sharpness": [sharpness(c[t]) for c in clips.values()],
             "brightness": [brightness(c[t]) for c in clips.values()]}
    for name, interval in (("short", 1), ("long", LONG)):
        if t >= interval and (t - interval >= CUT or (t < CUT)):
            m = mask[interval][t].astype("f8")
            entry[name] = [errors(c, t, interval, flow[interval][t], m) for c in clips.values()]
            entry[name + "Occluded"] = float(1 - m.mean())
    frames.append(entry)


def mean(interval, clip_index, figure):
    return float(np.mean([f[interval][clip_index][figure] for f in frames if interval in f]))


sharp = np.array([f["sharpness"] for f in frames])
bright = np.array([f["brightness"] for f in frames])
floor = mean("short", 0, 0)
expected = {
    "frames": frames,
    "warp": mean("short", 1, 0), "floor": floor, "independent": mean("short", 2, 0),
    "shortRoot": mean("short", 1, 1), "sourceShortRoot": mean("short", 0, 1),
    "longRoot": mean("long", 1, 1), "longWarp": mean("long", 1, 0), "independentLongRoot": mean("long", 2, 1),
    "steadied": float(1 - (mean("short", 1, 0) - floor) / (mean("short", 2, 0) - floor)),
    "sharpnessOfSource": float(sharp[:, 1].sum() / sharp[:, 0].sum()),
    "sharpnessOfIndependent": float(sharp[:, 1].sum() / sharp[:, 2].sum()),
    "sharpnessDrift": largest_trend(sharp[:, 1] / sharp[:, 0], relative=True),
    "brightnessDrift": largest_trend(bright[:, 1] - bright[:, 0]),
    "occluded": float(np.mean([f["shortOccluded"] for f in frames if "short" in f])),
}

OUT.mkdir(parents=True, exist_ok=True)
for name, arrays in (("clips", clips.values()), ("flow", flow.values()), ("mask", mask.values())):
    (OUT / f"{name}.f32").write_bytes(np.concatenate([a.ravel() for a in arrays]).astype("<f4").tobytes())
(OUT / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
