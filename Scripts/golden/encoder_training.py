#!/usr/bin/env python3
"""Golden data of training a slim encoder, from PyTorch.

    python3 Scripts/golden/encoder_training.py          (torch, numpy, safetensors)

Writes two pictures, the features that a slim encoder with the shipped one's numbers changed makes of them, mapped as a
teacher's, and the unexplained variances of six steps with Adam towards those, to Tests/TrainingTests/Golden, and compares
the file with Scripts/golden/encoder_training.sha256; ends with status 1 where it has changed, after recording its new hash.
"""
import hashlib, math, os, sys
import torch
from torch.nn import functional as F
from safetensors.torch import load_file, save_file

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PATH = ROOT + '/Tests/TrainingTests/Golden/encoder_training.safetensors'
RECORD = ROOT + '/Scripts/golden/encoder_training.sha256'
HEIGHT, WIDTH, STEPS, RATE, NORM = 16, 24, 6, 1e-3, .5


def features(w, x):
    """The mapped features at the four taps, [channels, positions]."""
    x, taps = (x - .45) / .25, []
    for step in ('1_1', '1_2', 'P', '2_1', '2_2', 'P', '3_1', '3_2', '3_3', 'P', '4_1'):
        if step == 'P':
            x = F.avg_pool2d(x, 2)
            continue
        x = F.relu(F.conv2d(F.pad(x, (1, 1, 1, 1), mode='reflect'), w[f'conv{step}.weight'], w[f'conv{step}.bias']))
        if step.endswith('_1'): taps.append(w[f'adapter{len(taps) + 1}'] @ x[0].flatten(1))
    return taps


torch.set_num_threads(1)
torch.manual_seed(31)
weights = {k: v.requires_grad_() for k, v in load_file(ROOT + '/Sources/CEmbedded/slim_encoder.safetensors').items()}
teacher = {k: v.detach() * (1 + .2 * torch.randn_like(v)) for k, v in weights.items()}
pictures = [F.interpolate(torch.rand(1, 3, 6, 8), size=(HEIGHT, WIDTH), mode='bicubic').clamp(0, 1) for _ in range(2)]
targets = [features(teacher, p) for p in pictures]
variances = torch.stack([torch.cat([t[tap].flatten() for t in targets]).var() for tap in range(4)])

optimizer, record = torch.optim.Adam(list(weights.values()), lr=RATE), []
for step in range(STEPS):
    for group in optimizer.param_groups:
        group['lr'] = RATE * (.005 + .995 * .5 * (1 + math.cos(math.pi * step / STEPS)))
    errors = torch.stack([torch.stack([((f - t) ** 2).mean() / v for f, t, v in zip(features(weights, p), target, variances)])
                          for p, target in zip(pictures, targets)]).mean(0)
    optimizer.zero_grad()
    errors.sum().backward()
    norm = torch.nn.utils.clip_grad_norm_(list(weights.values()), NORM)
    optimizer.step()
    record.append(errors.detach())
    print(step, errors.tolist(), 'gradient', norm.item())

tensors = {'losses': torch.stack(record), 'variances': variances}
for i, (picture, target) in enumerate(zip(pictures, targets)):
    tensors[f'picture{i}'] = picture[0]
    for tap, values in enumerate(target): tensors[f'target{i}.{tap}'] = values
save_file({k: v.detach().contiguous() for k, v in tensors.items()}, PATH)
line = f'{hashlib.sha256(open(PATH, "rb").read()).hexdigest()}  {os.path.relpath(PATH, ROOT)}\n'
before = open(RECORD).read() if os.path.exists(RECORD) else ''
open(RECORD, 'w').write(line)
if before != line: sys.exit('the golden file has changed')
