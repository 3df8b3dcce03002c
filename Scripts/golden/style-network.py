#!/usr/bin/env python3
"""Golden data of style networks, from PyTorch.

    python3 Scripts/golden/style-network.py          (torch, numpy, safetensors)

Writes two small networks with seeded weights, and what they make of seeded frames, to Tests/NeuralNetTests/Golden, and
compares them with Scripts/golden/style-network.sha256; ends with status 1 where a file has changed, after recording its
new hash. A frame whose sides are no multiples of four is continued by reflection and the output cut back.
"""
import hashlib, os, sys
import torch
from torch.nn import functional as F
from safetensors.torch import save_file

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, ROOT + '/Scripts')
from bench_peers.network import seeded
FOLDER, RECORD = ROOT + '/Tests/NeuralNetTests/Golden', ROOT + '/Scripts/golden/style-network.sha256'


def run(network, frame):
    height, width = frame.shape[2:]
    with torch.no_grad():
        return network(F.pad(frame, (0, -width % 4, 0, -height % 4), mode='reflect'))[:, :, :height, :width]


torch.set_num_threads(1)
published = seeded((16, 16, 16), blocks=2, seed=11)
save_file(published.state_dict(), FOLDER + '/style_network_published.safetensors')
torch.manual_seed(12)
frame, odd = torch.rand(1, 3, 24, 36), torch.rand(1, 3, 21, 30)
save_file({'frame': frame[0], 'painted': (run(published, frame * 255) / 255).clamp(0, 1)[0].contiguous(),
           'odd_frame': odd[0], 'odd_painted': (run(published, odd * 255) / 255).clamp(0, 1)[0].contiguous()},
          FOLDER + '/style_network_published_outputs.safetensors')

# Two styles, seven channels (six of colours, which go in times 255, and the mask, which does not), a sigmoid at the end.
recurrent = seeded((16, 32, 16), channels=7, blocks=1, seed=13)
with torch.no_grad():
    recurrent.deconv3.conv2d.weight.div_(60); recurrent.deconv3.conv2d.bias.zero_()
state = {k.replace('.conv2d', ''): v.clone() for k, v in recurrent.state_dict().items()}
torch.manual_seed(14)
frame = torch.rand(1, 7, 20, 28)
scale = torch.tensor([255.] * 6 + [1.]).view(1, 7, 1, 1)
outputs = {'frame': frame[0]}
for style in range(2):
    if style == 1:
        for name, parameter in recurrent.named_parameters():
            if '.in' in name or name.startswith('in'):
                with torch.no_grad(): parameter.add_(0.5 * torch.randn_like(parameter))
    outputs[f'painted_{style}'] = torch.sigmoid(run(recurrent, frame * scale))[0].contiguous()
    for name, parameter in recurrent.state_dict().items():
        if '.in' in name or name.startswith('in'):
            state[name] = torch.stack([state[name], parameter]) if style == 1 else state[name]
save_file(state, FOLDER + '/style_network_recurrent.safetensors', metadata={'output_range': 'sigmoid'})
save_file(outputs, FOLDER + '/style_network_recurrent_outputs.safetensors')

# (One entry of metadata: more would be written in an order that changes from run to run.)
files = sorted(f'{FOLDER}/{name}' for name in os.listdir(FOLDER) if name.startswith('style_network_'))
lines = ''.join(f'{hashlib.sha256(open(f, "rb").read()).hexdigest()}  {os.path.relpath(f, ROOT)}\n' for f in files)
before = open(RECORD).read() if os.path.exists(RECORD) else ''
if lines != before:
    open(RECORD, 'w').write(lines)
    print('golden files have changed; look at them, then commit them with', os.path.relpath(RECORD, ROOT)); sys.exit(1)
print('golden files are as recorded')
