import argparse, functools, os, statistics, sys, tempfile, warnings
import numpy as np, torch
from safetensors.torch import save_file
from . import engines, network as networks

warnings.filterwarnings('ignore')  # the ONNX exporter's, about itself
print = functools.partial(print, flush=True)

GOAL = 2.0  # OpenVINO fp32's time over ours
LEAST_PSNR = 60

parser = argparse.ArgumentParser(prog='Scripts/bench-peers')
parser.add_argument('--networks', default='johnson,half')
parser.add_argument('--sizes', default='640x360,1280x720')
parser.add_argument('--rounds', type=int, default=7)
parser.add_argument('--peers', default=','.join(engines.PEERS))
arguments = parser.parse_args()
threads = int(os.environ.get('BRUSHFLOW_THREADS', 2))
missed = []


def psnr(a, b):
    return 10 * np.log10(255 ** 2 / max(np.mean((np.clip(a, 0, 255) - np.clip(b, 0, 255)).astype('f8') ** 2), 1e-20))


def bench(name, width, height, folder):
    print(f'\n{name} {width}x{height}, {threads} threads, medians of {arguments.rounds} rounds in turns')
    network = networks.seeded(networks.WIDTHS[name])
    weights, model = f'{folder}/{name}.safetensors', f'{folder}/{name}.onnx'
    save_file(network.state_dict(), weights)
    frame = np.random.default_rng(5).random((1, 3, height, width), dtype='f4') * 255
    torch.onnx.export(network, (torch.from_numpy(frame),), model, opset_version=17, dynamo=False)
    contest = {'brushflow': [engines.Brushflow(threads)]}
    for peer in arguments.peers.split(','):
        contest[peer] = []
        for kind in engines.PEERS[peer]: contest[peer].append(kind(threads))
    times = {}
    for peer, entries in contest.items():
        for entry in list(entries):
            try:
                entry.start(network, model, weights, frame, folder)
            except Exception as error:
                print(f'{peer}: {entry.settings}: left out: {str(error).splitlines()[0][:120]}')
                entries.remove(entry)
    for _ in range(arguments.rounds):
        for entries in contest.values():
            for entry in entries: times.setdefault(entry, []).append(entry.timed())
    middle = {entry: [statistics.median(t[k] for t in rounds) for k in (0, 1)] for entry, rounds in times.items()}
    reference = next((e.output for e in contest.get('onnxruntime', [])), None)
    print(f'{"":16} {"wall ms":>9} {"cpu ms":>9} {"PSNR dB":>8}  settings')
    for peer, entries in contest.items():
        for entry in entries:
            quality = psnr(entry.output, reference) if reference is not None and hasattr(entry, 'output') else float('nan')
            print(f'{peer:16} {middle[entry][0]:9.1f} {middle[entry][1]:9.1f} {quality:8.1f}  {entry.settings}')
            if peer == 'brushflow' and quality < LEAST_PSNR: missed.append(f'{name} {width}x{height}: PSNR {quality:.1f}')
    ours = middle[contest['brushflow'][0]]
    for peer, entries in contest.items():
        if peer == 'brushflow' or not entries: continue
        wall, cpu = (min(middle[e][k] for e in entries) / ours[k] for k in (0, 1))
        print(f'ratio {peer}/brushflow {name} {width}x{height} = {wall:.2f}')
        print(f'ratio (cpu) {peer}/brushflow {name} {width}x{height} = {cpu:.2f}')
        if peer == 'openvino_fp32' and wall < GOAL: missed.append(f'{name} {width}x{height}: {wall:.2f} < {GOAL}')
    for entries in contest.values():
        for entry in entries: entry.stop()


with tempfile.TemporaryDirectory() as folder:
    for name in arguments.networks.split(','):
        for size in arguments.sizes.split(','): bench(name, *map(int, size.split('x')), folder)
if missed: sys.exit('missed: ' + '; '.join(missed))
