#!/usr/bin/env python3
"""Golden data of training a style network, from PyTorch.

    python3 Scripts/golden/training.py          (torch, numpy, safetensors)

Writes the weights that a small network of the form `shuffle` starts from, two pairs of frames that move by whole pixels, two
paintings, and the losses of ten steps with Muon for the filters before normalisations and Adam for the rest, to Tests/TrainingTests/Golden, and compares the file with
Scripts/golden/training.sha256; ends with status 1 where it has changed, after recording its new hash.
"""
import hashlib, math, os, sys
import torch
from torch.nn import functional as F
from safetensors.torch import load_file, save_file

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PATH, RECORD = ROOT + '/Tests/TrainingTests/Golden/training.safetensors', ROOT + '/Scripts/golden/training.sha256'
HALF, QUARTER, STYLES, SIDE, STEPS, REPEATS, REACH, RATE, FIRST = 16, 16, 2, 32, 10, 6, 2, 5e-4, .5
WEIGHTS = {'content': 1, 'style': 5, 'variation': 2, 'consistency': 100}


def mirrored(x): return F.pad(x, (1, 1, 1, 1), mode='reflect')
def convolve(x, weight, bias=None): return F.conv2d(mirrored(x), weight, bias)


class Network:
    def __init__(self):
        def filters(o, i): return torch.randn(o, i, 3, 3) * (2 / 9 / i) ** .5
        self.p = {'stem.weight': filters(QUARTER, 112), 'res1.conv1.weight': filters(QUARTER, QUARTER),
                  'res1.conv2.weight': filters(QUARTER, QUARTER), 'up.weight': filters(HALF, QUARTER),
                  'last.weight': torch.randn(3, HALF + 7, 5, 5) / 25, 'last.bias': torch.randn(3) * .1}
        for name, width in (('in1', QUARTER), ('res1.in1', QUARTER), ('res1.in2', QUARTER), ('in2', HALF)):
            self.p[name + '.weight'] = 1 + .1 * torch.randn(STYLES, width)
            self.p[name + '.bias'] = .1 * torch.randn(STYLES, width)
        self.p = {k: v.requires_grad_() for k, v in self.p.items()}

    def norm(self, x, name, style):
        return F.instance_norm(x, weight=self.p[name + '.weight'][style], bias=self.p[name + '.bias'][style], eps=1e-5)

    def paint(self, x, style):
        p = self.p
        y = F.relu(self.norm(convolve(F.pixel_unshuffle(x, 4), p['stem.weight']), 'in1', style))
        r = F.relu(self.norm(convolve(y, p['res1.conv1.weight']), 'res1.in1', style))
        y = y + self.norm(convolve(r, p['res1.conv2.weight']), 'res1.in2', style)
        u = self.norm(convolve(F.interpolate(y, scale_factor=2, mode='nearest'), p['up.weight']), 'in2', style)
        u = F.interpolate(mirrored(u), scale_factor=2, mode='nearest')
        joint = F.relu(torch.cat([u, F.pixel_shuffle(mirrored(F.pixel_unshuffle(x, 2)), 2)], 1))
        return torch.sigmoid(F.conv2d(joint, p['last.weight'], p['last.bias'])) * (1 - .8 * x[:, 6:]) + .8 * x[:, 3:6]


class Encoder:
    STEPS = ('1_1', '1_2', 'P', '2_1', '2_2', 'P', '3_1', '3_2', '3_3', 'P', '4_1')

    def __init__(self):
        self.w = load_file(ROOT + '/Sources/CEmbedded/slim_encoder.safetensors')
        self.metrics = [self.w[f'adapter{i}'].T @ self.w[f'adapter{i}'] for i in range(1, 5)]

    def features(self, x):
        x, taps = (x - .45) / .25, []
        for step in self.STEPS:
            if step == 'P': x = F.avg_pool2d(x, 2); continue
            x = F.relu(convolve(x, self.w[f'conv{step}.weight'], self.w[f'conv{step}.bias']))
            if step.endswith('_1'): taps.append(x[0])
        return taps

    def gram(self, f): return f.flatten(1) @ f.flatten(1).T / f.numel()
    def size(self, l, d): return (self.metrics[l] @ d @ self.metrics[l] * d).sum()
    def length(self, l, d): return (self.metrics[l] @ d.flatten(1) * d.flatten(1)).sum()


torch.set_num_threads(1); torch.manual_seed(21)
network, encoder = Network(), Encoder()
start = {k: v.detach().clone() for k, v in network.p.items()}
smooth = lambda: F.interpolate(torch.rand(1, 3, 9, 9), size=(SIDE + 8, SIDE + 8), mode='bicubic', align_corners=True).clamp(0, 1)
paintings = [torch.rand(1, 3, SIDE, SIDE) ** (1 + i) for i in range(STYLES)]
pairs = []
for dy, dx in ((2, -3), (-1, 4)):
    canvas = smooth()
    rows, columns = torch.arange(SIDE).view(-1, 1) + dy, torch.arange(SIDE).view(1, -1) + dx
    mask = ((rows >= 0) & (rows < SIDE) & (columns >= 0) & (columns < SIDE)).float()
    flow = torch.stack([torch.full((SIDE, SIDE), float(dx)), torch.full((SIDE, SIDE), float(dy))])
    pairs.append((canvas[..., 4:4 + SIDE, 4:4 + SIDE], canvas[..., 4 + dy:4 + dy + SIDE, 4 + dx:4 + dx + SIDE], flow,
                  mask * (.5 + .5 * torch.rand(SIDE, SIDE))))
with torch.no_grad(): targets = [[encoder.gram(f) for f in encoder.features(p)] for p in paintings]


def losses(frame, painted, style, expected=None, weights=1):
    features = encoder.features(painted)
    with torch.no_grad(): content = encoder.features(frame)[3]
    expected = painted.detach() if expected is None else expected
    return {
        'content': encoder.length(3, features[3] - content) / encoder.length(3, content),
        'style': sum(encoder.size(l, encoder.gram(features[l]) - a) / encoder.size(l, a) for l, a in enumerate(targets[style])),
        'variation': (((painted[..., 1:] - painted[..., :-1]) ** 2).sum() + ((painted[..., 1:, :] - painted[..., :-1, :]) ** 2).sum()) / painted.numel(),
        'consistency': (weights * (painted - expected) ** 2).sum() / painted.numel()}


def shares(pair, style, repeats):
    """Losses of the first frame, times its weight, and of the last ones, REACH and one, back through which the gradient goes."""
    earlier, later, flow, mask = pair
    nothing, everything = torch.zeros(1, 1, SIDE, SIDE), torch.ones(1, 1, SIDE, SIDE)
    rows = (torch.arange(SIDE).view(-1, 1) + int(flow[1, 0, 0])).clamp(0, SIDE - 1)
    columns = (torch.arange(SIDE).view(1, -1) + int(flow[0, 0, 0])).clamp(0, SIDE - 1)
    painted = network.paint(torch.cat([earlier, nothing.expand(-1, 4, -1, -1)], 1), style)
    result = [{k: FIRST * v for k, v in losses(earlier, painted, style).items()}]
    for number in range(repeats, -1, -1):
        frame, trust = (later, mask.view(1, 1, SIDE, SIDE)) if number == 0 else (earlier, everything)
        if number >= REACH: painted = painted.detach()
        moved = painted[:, :, rows, columns] if number == 0 else painted
        painted = network.paint(torch.cat([frame, moved * trust, trust], 1), style)
        if number <= REACH:
            with torch.no_grad(): anew = network.paint(torch.cat([frame, nothing.expand(-1, 4, -1, -1)], 1), style)
            result.append(losses(frame, painted, style, trust * moved + (1 - trust) * anew, 1 - trust / 2))
    return result


class Muon:
    """Jordan's quintic, five times, on the singular values themselves (in double), where the program multiplies matrices."""
    def __init__(self, parameters): self.parameters, self.means = parameters, [torch.zeros_like(p) for p in parameters]

    @torch.no_grad()
    def step(self, rate):
        for p, mean in zip(self.parameters, self.means):
            mean.lerp_(p.grad, .05)
            u, s, v = torch.linalg.svd(torch.lerp(mean, p.grad, .05).flatten(1).double(), full_matrices=False)
            s = s / s.norm()
            for _ in range(5): s = 3.4445 * s - 4.7750 * s ** 3 + 2.0315 * s ** 5
            p -= rate * .2 * max(len(p), p[0].numel()) ** .5 * (u * s @ v).float().view_as(p)


matrices = [p for k, p in network.p.items() if p.dim() == 4 and k != 'last.weight']
muon = Muon(matrices)
adam, record = torch.optim.Adam([p for p in network.p.values() if not any(p is m for m in matrices)], lr=RATE), []
for step in range(STEPS):
    rate = RATE * (.005 + .995 * .5 * (1 + math.cos(math.pi * step / STEPS)))
    for group in adam.param_groups: group['lr'] = rate
    clips = [shares(pair, (index + step) % STYLES, (index + step) % (REPEATS + 1)) for index, pair in enumerate(pairs)]
    means = {k: sum(sum(f[k] for f in frames) / len(frames) for frames in clips) / len(clips) for k in WEIGHTS}
    total = sum(WEIGHTS[k] * v for k, v in means.items())
    for p in network.p.values(): p.grad = None
    total.backward()
    torch.nn.utils.clip_grad_norm_(list(network.p.values()), 1.)
    muon.step(rate); adam.step()
    record.append([v.item() for v in means.values()])
    print(step, ' '.join(f'{k} {v.item():.5f}' for k, v in means.items()))

tensors = {**start, 'losses': torch.tensor(record)}
for i, painting in enumerate(paintings): tensors[f'painting{i}'] = painting[0]
for i, pair in enumerate(pairs):
    for name, value in zip(('earlier', 'later', 'flow', 'mask'), pair):
        tensors[f'pair{i}.{name}'] = (value[0] if value.dim() == 4 else value[None] if value.dim() == 2 else value).contiguous()
os.makedirs(os.path.dirname(PATH), exist_ok=True)
save_file({k: v.detach().contiguous() for k, v in tensors.items()}, PATH, metadata={'form': 'shuffle'})
line = f'{hashlib.sha256(open(PATH, "rb").read()).hexdigest()}  {os.path.relpath(PATH, ROOT)}\n'
before = open(RECORD).read() if os.path.exists(RECORD) else ''
open(RECORD, 'w').write(line)
if before != line: sys.exit('the golden file has changed')
