#!/usr/bin/env python3
"""Golden data of the perceptual encoder and of safetensors files, from PyTorch and the safetensors package.

    python3 Scripts/golden/neural-encoder.py          (torch, numpy, safetensors)

Writes Tests/StylizationTests/Golden/encoder_*.safetensors and Tests/NeuralNetTests/Golden/*.safetensors, and compares them
with Scripts/golden/neural-encoder.sha256; ends with status 1 where a file has changed, after recording its new hash.
Images, weights and gradients come from integer formulas that the tests repeat; the slim encoder and, where ../shared is
present, VGG-19 (whose file stays as it is where ../shared is absent) are the project's own weight files.
"""
import hashlib, os, sys
import numpy as np, torch, torch.nn.functional as F
from safetensors.torch import load_file, save_file

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STYLIZATION, NEURAL = ROOT + '/Tests/StylizationTests/Golden', ROOT + '/Tests/NeuralNetTests/Golden'
RECORD = ROOT + '/Scripts/golden/neural-encoder.sha256'
SLIM = [('1_1', 3, 16), ('1_2', 16, 16), 'P', ('2_1', 16, 32), ('2_2', 32, 32), 'P', ('3_1', 32, 64), ('3_2', 64, 64), ('3_3', 64, 64), 'P', ('4_1', 64, 128)]
VGG = [('1_1', 0), ('1_2', 2), 'P', ('2_1', 5), ('2_2', 7), 'P', ('3_1', 10), ('3_2', 12), ('3_3', 14), ('3_4', 16), 'P', ('4_1', 19), ('4_2', 21), ('4_3', 23), ('4_4', 25), 'P', ('5_1', 28)]
WIDTHS = dict(zip([0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28], [64, 64, 128, 128, 256, 256, 256, 256, 512, 512, 512, 512, 512]))

def image(height, width):
    c, y, x = np.meshgrid(np.arange(3), np.arange(height), np.arange(width), indexing='ij')
    return torch.from_numpy((((x * 7 + y * 13 + c * 29 + x * y) % 64) / np.float32(63)).astype(np.float32))[None]

def tap_gradient(tap, shape):
    i = np.arange(int(np.prod(shape)))
    return torch.from_numpy((((i * 37 + tap * 11) % 101) / np.float32(101) - np.float32(0.5)).astype(np.float32)).reshape(shape)

def hashed(count, salt):
    """Numbers in -0.5..<0.5, multiples of 2^-24, from a 32-bit integer hash of their index."""
    h = (np.arange(count, dtype=np.uint64) + np.uint64(salt * 0x9E3779B9 % 2**32)) & np.uint64(0xFFFFFFFF)
    for _ in range(2): h = ((h ^ (h >> np.uint64(16))) * np.uint64(0x45D9F3B)) & np.uint64(0xFFFFFFFF)
    h ^= h >> np.uint64(16)
    return ((h >> np.uint64(8)).astype(np.float32) / np.float32(2**24) - np.float32(0.5)).astype(np.float32)

def random_vgg():
    weights, inputs = {}, 3
    for key, outputs in WIDTHS.items():
        scale = np.float32((24 / (9 * inputs)) ** 0.5)
        weights[f'features.{key}.weight'] = torch.from_numpy(hashed(outputs * inputs * 9, key) * scale).reshape(outputs, inputs, 3, 3)
        weights[f'features.{key}.bias'] = torch.from_numpy(hashed(outputs, key + 100) * np.float32(0.25))
        inputs = outputs
    return weights

def run(x, sequence, taps, convolution, pool):
    features = []
    for s in sequence:
        if s == 'P': x = pool(x, 2); continue
        weight, bias = convolution(s)
        x = F.relu(F.conv2d(F.pad(x, (1, 1, 1, 1), mode='reflect'), weight, bias))
        if s[0] in taps: features.append(x)
    return features

def golden(path, height, width, normalize, sequence, taps, convolution, pool, stride):
    x = image(height, width).requires_grad_()
    features = run(normalize(x), sequence, taps, convolution, pool)
    sum((f * tap_gradient(i, f.shape)).sum() for i, f in enumerate(features)).backward()
    tensors = {f'relu{n}': f.detach().flatten()[::stride].contiguous() for n, f in zip(taps, features)}
    save_file({**tensors, 'image_gradient': x.grad[0].contiguous()}, path)

def imagenet(x): return (x - x.new_tensor([.485, .456, .406]).view(1, 3, 1, 1)) / x.new_tensor([.229, .224, .225]).view(1, 3, 1, 1)

torch.manual_seed(0); torch.set_num_threads(1)
for folder in (STYLIZATION, NEURAL): os.makedirs(folder, exist_ok=True)
slim = load_file(ROOT + '/Sources/CEmbedded/slim_encoder.safetensors')
golden(STYLIZATION + '/encoder_slim.safetensors', 37, 45, lambda x: (x - .45) / .25, SLIM, ('1_1', '2_1', '3_1', '4_1'),
       lambda s: (slim[f'conv{s[0]}.weight'], slim[f'conv{s[0]}.bias']), F.avg_pool2d, 1)
TAPS = ('1_1', '2_1', '3_1', '4_1', '4_2', '5_1')
def vgg_golden(path, weights, pool):
    golden(path, 33, 38, imagenet, VGG, TAPS, lambda s: (weights[f'features.{s[1]}.weight'], weights[f'features.{s[1]}.bias']), pool, 11)
weights = random_vgg()
vgg_golden(STYLIZATION + '/encoder_random_vgg19_max.safetensors', weights, F.max_pool2d)
vgg_golden(STYLIZATION + '/encoder_random_vgg19_average.safetensors', weights, F.avg_pool2d)
shared = ROOT + '/../shared/models/vgg19_features_to_conv5_1.safetensors'
if os.path.exists(shared): vgg_golden(STYLIZATION + '/encoder_vgg19.safetensors', load_file(shared), F.max_pool2d)

values = torch.tensor([0.0, -0.0, 1.0, -2.5, 65504.0, 2.0**-24, 0.333251953125, float('inf')])
save_file({'single': values, 'half': values.half(), 'brain': values.bfloat16(), 'scalar': torch.tensor(7.0), 'empty': torch.zeros(0, 3)},
          NEURAL + '/types.safetensors')
save_file({'b.weight': torch.arange(6.0).reshape(2, 3), 'a': torch.tensor([1.5])}, NEURAL + '/two.safetensors', metadata={'note': 'a "quoted"\nline'})

files = sorted(f'{folder}/{name}' for folder in (STYLIZATION, NEURAL) for name in os.listdir(folder)
               if name.startswith('encoder_') or name in ('types.safetensors', 'two.safetensors'))
lines = ''.join(f'{hashlib.sha256(open(f, "rb").read()).hexdigest()}  {os.path.relpath(f, ROOT)}\n' for f in files)
before = open(RECORD).read() if os.path.exists(RECORD) else ''
if lines != before:
    open(RECORD, 'w').write(lines)
    print('golden files have changed; look at them, then commit them with', os.path.relpath(RECORD, ROOT)); sys.exit(1)
print('golden files are as recorded')
