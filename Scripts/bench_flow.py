"""Runs our flow and OpenCV's DIS in turn on pairs with ground truth; started by bench-flow."""

import os
import statistics
import subprocess
import sys
import tempfile
import time

import cv2
import numpy as np

THREADS = 2
FLOW = "../shared/flow/"
PAIRS = [("rubberwhale", "rubberwhale/frame10_RubberWhale1.png", "rubberwhale/frame11_RubberWhale2.png",
          "rubberwhale/flow_gt.flo")]
for name in ("alley_1", "market_5"):
    for kind in ("clean", "final"):
        folder = f"sintel_{name}/"
        PAIRS.append((f"{name} {kind}", f"{folder}{kind}_0002.png", f"{folder}{kind}_0003.png",
                      f"{folder}gt_frame_0002.flo"))
PRESETS = {"ultrafast": 0, "fast": 1, "medium": 2}


def ours(bench, a, b, truth, preset):
    words = subprocess.run(
        [bench, "flow", a, b, "--truth", truth, "--preset", preset, "--threads", str(THREADS), "--repeats", "9"],
        check=True, capture_output=True, text=True).stdout.split()
    return float(words[2]), float(words[4])


def theirs(a, b, truth, preset):
    flow = cv2.DISOpticalFlow_create(PRESETS[preset])
    times = []
    for _ in range(10):
        start = time.perf_counter()
        result = flow.calc(a, b, None)
        times.append(1e3 * (time.perf_counter() - start))
    known = (np.abs(truth) < 1e9).all(axis=2)
    return np.linalg.norm(result - truth, axis=2)[known].mean(), statistics.median(times[1:])


def main():
    bench, rounds = sys.argv[1], int(sys.argv[2])
    cv2.setNumThreads(THREADS)
    print(f"OpenCV {cv2.__version__}, {THREADS} threads each, medians of {rounds} interleaved rounds; "
          "ratio = ours / OpenCV's")
    print(f"{'pair':15} {'preset':10} {'EPE':>8} {'OpenCV':>8} {'ratio':>6} {'ms':>8} {'OpenCV':>8} {'ratio':>6}")
    with tempfile.TemporaryDirectory() as folder:
        for name, first, second, truth in PAIRS:
            pictures = [cv2.imread(FLOW + first), cv2.imread(FLOW + second)]
            files = [os.path.join(folder, f"{i}.ppm") for i in (0, 1)]
            for file, picture in zip(files, pictures):
                cv2.imwrite(file, picture)
            grey = [cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) for picture in pictures]
            true_flow = cv2.readOpticalFlow(FLOW + truth)
            for preset in PRESETS:
                mine, peer = [], []
                for _ in range(rounds):
                    mine.append(ours(bench, *files, FLOW + truth, preset))
                    peer.append(theirs(*grey, true_flow, preset))
                e, t = (statistics.median(column) for column in zip(*mine))
                oe, ot = (statistics.median(column) for column in zip(*peer))
                print(f"{name:15} {preset:10} {e:8.3f} {oe:8.3f} {e / oe:6.2f} {t:8.2f} {ot:8.2f} {t / ot:6.2f}")


main()
