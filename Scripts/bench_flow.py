"""Runs our flow and OpenCV's in turn on pairs with ground truth; started by bench-flow. Exits with 1 where a goal is
missed."""

import math
import os
import re
import subprocess
import sys
import tempfile
import time

import cv2
import numpy as np

THREADS = 2
FLOW = "../shared/flow/"
CLIP = "Fixtures/clip/"
PEERS = {"ultrafast": 0, "fast": 1, "medium": 2}
PRESETS = [*PEERS, "accurate"]
SIZES = [(640, 360), (1280, 720), (1920, 1080)]
WORST_PAIR = 1.05
ACCURATE_ERROR, ACCURATE_TIME = 0.7, 4.0


def mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def error(flow, truth):
    known = (np.abs(truth) < 1e9).all(axis=2)
    return float(np.linalg.norm(flow - truth, axis=2)[known].mean())


def kitti(path):
    """The flow and the reliable pixels of one of the drawn clip's PNGs."""
    blue, green, red = np.moveaxis(cv2.imread(path, cv2.IMREAD_UNCHANGED).astype("f4"), 2, 0)
    return np.stack([red - 32768, green - 32768], axis=2) / 64, blue > 0


class Workplace:
    """Pictures and flows as the bench reads them, in a folder."""

    def __init__(self, bench, folder):
        self.bench, self.folder, self.count = bench, folder, 0

    def path(self, extension):
        self.count += 1
        return os.path.join(self.folder, f"{self.count}.{extension}")

    def picture(self, pixels):
        path = self.path("ppm" if pixels.ndim == 3 else "png")
        cv2.imwrite(path, pixels)
        return path

    def flow(self, field):
        path = self.path("flo")
        cv2.writeOpticalFlow(path, field)
        return path

    def run(self, *words):
        return subprocess.run([self.bench, *words], check=True, capture_output=True, text=True).stdout

    def ours(self, pair, preset, truth=None, repeats=1, scale=1):
        """End-point error (nan without a truth), milliseconds of wall and of processor time, the least of repeats."""
        words = ["flow", *pair, "--preset", preset, "--threads", str(THREADS), "--repeats", str(repeats)]
        words += ["--scale", str(scale)] + (["--truth", truth] if truth else [])
        found = self.run(*words).split()
        value = lambda key: float(found[found.index(key) + 1])
        return value("epe") if truth else math.nan, value("best"), value("cpu")


def pairs(work):
    """name: [(two pictures as files, two grey ones, truth, its file)]; the drawn clip has many, whose mean counts."""
    found = {}

    def add(name, first, second, truth):
        grey = [cv2.cvtColor(p, cv2.COLOR_BGR2GRAY) for p in (first, second)]
        found.setdefault(name, []).append(([work.picture(first), work.picture(second)], grey, truth, work.flow(truth)))

    add("rubberwhale", cv2.imread(FLOW + "rubberwhale/frame10_RubberWhale1.png"),
        cv2.imread(FLOW + "rubberwhale/frame11_RubberWhale2.png"), cv2.readOpticalFlow(FLOW + "rubberwhale/flow_gt.flo"))
    for name in ("alley_1", "market_5"):
        for kind in ("clean", "final"):
            folder = f"{FLOW}sintel_{name}/"
            add(f"{name} {kind}", cv2.imread(f"{folder}{kind}_0002.png"), cv2.imread(f"{folder}{kind}_0003.png"),
                cv2.readOpticalFlow(f"{folder}gt_frame_0002.flo"))
    clip = frames()
    for i in range(len(clip) - 1):
        if os.path.exists(f"{CLIP}forward/{i:03}.png"):
            add("drawn clip", clip[i], clip[i + 1], kitti(f"{CLIP}forward/{i:03}.png")[0])
    return found


def frames():
    video, found = cv2.VideoCapture(CLIP + "clip.mp4"), []
    while True:
        there, frame = video.read()
        if not there:
            return found
        found.append(frame)


def farneback(first, second):
    return cv2.calcOpticalFlowFarneback(first, second, None, 0.5, 5, 15, 3, 5, 1.2, 0)


def errors(work):
    """Prints the end-point errors and gives {preset: ratios to OpenCV}."""
    print(f"\nEnd-point error, pixels, all known pixels; ratio = ours / OpenCV's ({WORST_PAIR} at most on a pair)")
    print(f"{'pair':15} {'preset':10} {'ours':>8} {'OpenCV':>8} {'ratio':>6}")
    ratios = {preset: [] for preset in PRESETS}
    searches = {preset: cv2.DISOpticalFlow_create(number) for preset, number in PEERS.items()}
    for name, members in pairs(work).items():
        average = lambda values: sum(values) / len(members)
        peers = {preset: average([error(search.calc(*grey, None), truth) for _, grey, truth, _ in members])
                 for preset, search in searches.items()}
        peers["accurate"] = peers["medium"]
        for preset in PRESETS:
            mine = average([work.ours(files, preset, path)[0] for files, _, _, path in members])
            ratios[preset].append(mine / peers[preset])
            print(f"{name:15} {preset:10} {mine:8.3f} {peers[preset]:8.3f} {ratios[preset][-1]:6.3f}", flush=True)
        print(f"{name:15} {'farneback':10} {'':8} {average([error(farneback(*g), t) for _, g, t, _ in members]):8.3f}")
    return ratios


def times(work, rounds):
    """Prints times and gives {preset: ratios of wall time}, {preset: ratios of processor time}."""
    print(f"\nMilliseconds, least of {rounds} interleaved rounds, {THREADS} threads; accurate against OpenCV's medium")
    print(f"{'size':10} {'preset':10} {'wall':>8} {'OpenCV':>8} {'ratio':>6} {'cpu':>8} {'OpenCV':>8} {'ratio':>6}")
    folder = FLOW + "sintel_market_5/"
    pictures = [cv2.imread(f"{folder}clean_000{i}.png") for i in (2, 3)]
    walls, processors = ({preset: [] for preset in PRESETS} for _ in range(2))
    for size in SIZES:
        scaled = [cv2.resize(p, size, interpolation=cv2.INTER_AREA) for p in pictures]
        files = [work.picture(p) for p in scaled]
        grey = [cv2.cvtColor(p, cv2.COLOR_BGR2GRAY) for p in scaled]
        calls = {preset: cv2.DISOpticalFlow_create(number).calc for preset, number in PEERS.items()}
        calls["accurate"] = calls["medium"]
        calls["farneback"] = lambda first, second, _: farneback(first, second)
        for preset, call in calls.items():
            mine, peer = [math.inf] * 2, [math.inf] * 2
            for _ in range(rounds):
                if preset in PRESETS:
                    mine = list(map(min, mine, work.ours(files, preset, repeats=3)[1:]))
                for _ in range(4):
                    wall, processor = time.perf_counter(), time.process_time()
                    call(*grey, None)
                    spent = (time.perf_counter() - wall, time.process_time() - processor)
                    peer = [min(least, 1e3 * one) for least, one in zip(peer, spent)]
            label = f"{size[0]}×{size[1]}"
            if preset in PRESETS:
                walls[preset].append(mine[0] / peer[0])
                processors[preset].append(mine[1] / peer[1])
                print(f"{label:10} {preset:10} {mine[0]:8.2f} {peer[0]:8.2f} {walls[preset][-1]:6.2f} "
                      f"{mine[1]:8.2f} {peer[1]:8.2f} {processors[preset][-1]:6.2f}", flush=True)
            else:
                print(f"{label:10} {preset:10} {'':8} {peer[0]:8.2f} {'':6} {'':8} {peer[1]:8.2f}", flush=True)
    return walls, processors


def reliability(work):
    print("\nUnreliable pixels against true occlusion: precision and recall of Ruder's rule and of ours (medium)")
    cases = {}
    for name in ("alley_1", "market_5"):
        for kind in ("clean", "final"):
            folder = f"{FLOW}sintel_{name}/"
            cases[f"{name} {kind}"] = [f"{folder}{kind}_0002.png", f"{folder}{kind}_0003.png",
                                       f"{folder}occlusions_frame_0002.png"]
    clip, drawn = frames(), []
    for i in range(1, len(clip)):
        if os.path.exists(f"{CLIP}backward/{i:03}.png"):
            hidden = ~kitti(f"{CLIP}backward/{i:03}.png")[1]
            drawn += [work.picture(clip[i]), work.picture(clip[i - 1]), work.picture(255 * hidden.astype("u1"))]
    cases["drawn clip"] = drawn
    scores = {"ruder": [], "ours": [], "one-way": []}
    for name, files in cases.items():
        found = re.findall(r"([\w-]+) hit (\d+) found (\d+) hidden (\d+)", work.run("reliability", *files))
        for rule in scores:
            hit, marked, hidden = (sum(int(row[k]) for row in found if row[0] == rule) for k in (1, 2, 3))
            scores[rule].append((hit / marked, hit / hidden))
            print(f"{name:15} {rule:7} precision {hit / marked:.3f} recall {hit / hidden:.3f}", flush=True)
    averages = {rule: tuple(map(lambda column: sum(column) / len(column), zip(*rows))) for rule, rows in scores.items()}
    for rule, (precision, recall) in averages.items():
        print(f"{'average':15} {rule:7} precision {precision:.3f} recall {recall:.3f}")
    return [("reliability: ours better in both", all(a > b for a, b in zip(averages["ours"], averages["ruder"])))]


def reduced(work):
    print("\nmedium at a part of the size, alley_1 clean enlarged to 3840 columns: end-point error and least milliseconds")
    folder = FLOW + "sintel_alley_1/"
    truth = cv2.readOpticalFlow(folder + "gt_frame_0002.flo")
    factor = 3840 / truth.shape[1]
    size = (3840, round(truth.shape[0] * factor))
    files = [work.picture(cv2.resize(cv2.imread(f"{folder}clean_000{i}.png"), size, interpolation=cv2.INTER_CUBIC))
             for i in (2, 3)]
    large = work.flow(cv2.resize(truth, size, interpolation=cv2.INTER_NEAREST) * np.float32(factor))
    for scale in (1, 2, 4):
        epe, wall, processor = work.ours(files, "medium", large, 3, scale)
        print(f"flow.scale {scale}: epe {epe:.3f}, wall {wall:.1f}, cpu {processor:.1f}", flush=True)


def verdicts(ratios, walls, processors):
    found = []
    for preset in PRESETS:
        of = "OpenCV's medium" if preset == "accurate" else "OpenCV's"
        error_goal, time_goal = (ACCURATE_ERROR, ACCURATE_TIME) if preset == "accurate" else (1.0, 1.0)
        average = mean(ratios[preset])
        found.append((f"{preset}: end-point error {average:.3f} of {of} by geometric mean, at most {error_goal}",
                      average <= error_goal))
        if preset in PEERS:
            worst = max(ratios[preset])
            found.append((f"{preset}: worst pair {worst:.3f}, at most {WORST_PAIR}", worst <= WORST_PAIR))
        for kind, table in (("wall", walls), ("processor", processors)):
            slowest = max(table[preset])
            found.append((f"{preset}: {kind} time {slowest:.2f} of {of} at the worst size, at most {time_goal}",
                          slowest <= time_goal))
    return found


def main():
    bench, rounds = sys.argv[1], int(sys.argv[2])
    cv2.setNumThreads(THREADS)
    print(f"OpenCV {cv2.__version__}, load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as folder:
        work = Workplace(bench, folder)
        ratios = errors(work)
        walls, processors = times(work, rounds)
        found = verdicts(ratios, walls, processors) + reliability(work)
        reduced(work)
    print()
    for words, reached in found:
        print("pass" if reached else "FAIL", words)
    sys.exit(0 if all(reached for _, reached in found) else 1)


if __name__ == "__main__":
    main()
