#!/usr/bin/env python3
"""Golden data of the ONNX import, from PyTorch's exporter, onnx.helper and ONNX Runtime.

    python3 Scripts/golden/onnx_graphs.py          (torch, numpy, onnx, onnxscript, onnxruntime)

Writes Tests/NeuralNetTests/Golden/onnx/*.cases and compares them with Scripts/golden/onnx_graphs.sha256; ends with status 1
where a file has changed, after recording its new hash.

A file of cases is a sequence of (name, model, input, output): a name and a model are a 32-bit length and bytes, an array is
a 32-bit rank, 32-bit extents and Float32s, all little-endian.
  operators*.cases one or a few nodes, made by hand
  exports_*.cases  networks exported from PyTorch at operator sets 9, 11, 13 and 17; '-other' cases run the graph before them, whose
                   model is not repeated, at another frame size than it was saved for, the output being the network's own
  published.cases  where ../shared is present: the two published networks with their three experimental operators rewritten;
                   no model, since the test reads ../shared; outputs sampled every 17th value
"""
import hashlib, io, os, struct, sys, warnings
import numpy as np, onnx, onnxruntime as ort, torch, torch.nn as nn, torch.nn.functional as F
from onnx import TensorProto, helper as oh, numpy_helper as nh

warnings.filterwarnings('ignore')
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GOLDEN = ROOT + '/Tests/NeuralNetTests/Golden/onnx'
RECORD = ROOT + '/Scripts/golden/onnx_graphs.sha256'
SHARED = os.path.dirname(ROOT) + '/shared/models/onnx'
rng = np.random.default_rng(7)

def values(*shape): return rng.uniform(-1, 1, shape).astype(np.float32)

def session(model):
    options = ort.SessionOptions(); options.log_severity_level = 4
    return ort.InferenceSession(model, options, providers=['CPUExecutionProvider'])

def packed(name, model, x, y):
    out = struct.pack('<I', len(name)) + name.encode() + struct.pack('<I', len(model)) + model
    for a in (x, y):
        a = np.ascontiguousarray(a, np.float32)
        out += struct.pack(f'<{a.ndim + 1}I', a.ndim, *a.shape) + a.tobytes()
    return out

# Operators

def operators():
    cases = []
    def case(name, nodes, shape=(1, 3, 7, 9), opset=13, **inits):
        if isinstance(nodes, tuple): nodes = [nodes]
        made = []
        for op, ins, outs, *attrs in nodes:
            made.append(oh.make_node(op, ins.split(), outs.split(), **(attrs[0] if attrs else {})))
        initializers = [nh.from_array(np.asarray(v), k) for k, v in inits.items()]
        graph = oh.make_graph(made, name, [oh.make_tensor_value_info('x', TensorProto.FLOAT, shape)],
                              [oh.make_tensor_value_info('y', TensorProto.FLOAT, None)], initializers)
        model = oh.make_model(graph, opset_imports=[oh.make_opsetid('', opset)], ir_version=6)
        x = values(*shape)
        y = session(model.SerializeToString()).run(None, {'x': x})[0]
        cases.append(packed(name, model.SerializeToString(), x, y))
    i64 = lambda *v: np.array(v, np.int64)
    f32 = lambda *v: np.array(v, np.float32)
    for op in 'Abs Ceil Exp Floor Neg Relu Round Sigmoid Softplus Tanh Reciprocal'.split(): case(op, (op, 'x', 'y'))
    case('Sqrt', [('Abs', 'x', 'a'), ('Sqrt', 'a', 'y')])
    case('Log', [('Abs', 'x', 'a'), ('Log', 'a', 'y')])
    case('LeakyRelu', ('LeakyRelu', 'x', 'y', dict(alpha=0.2)))
    case('Elu', ('Elu', 'x', 'y', dict(alpha=0.7)))
    case('HardSigmoid', ('HardSigmoid', 'x', 'y', dict(alpha=0.3, beta=0.4)))
    case('PRelu', ('PRelu', 'x s', 'y'), s=values(3, 1, 1))
    case('Clip-attributes', ('Clip', 'x', 'y', dict(min=-0.3, max=0.4)), opset=7)
    case('Clip-inputs', ('Clip', 'x low high', 'y'), low=np.float32(-0.3), high=np.float32(0.4))
    case('Clip-open', ('Clip', 'x low', 'y'), low=np.float32(-0.3))
    for op in ('Add', 'Sub', 'Mul', 'Div'):
        case(op + '-same', (op, 'x b', 'y'), b=values(1, 3, 7, 9) + np.float32(2))
        case(op + '-channel', (op, 'x b', 'y'), b=values(3, 1, 1) + np.float32(2))
        case(op + '-scalar', (op, 'b x', 'y'), b=np.float32(1.7))
        case(op + '-grown', [('ReduceMean', 'x', 'm', dict(axes=[3])), (op, 'm x', 'y')])
        case(op + '-row', (op, 'x b', 'y'), b=values(7, 1) + np.float32(2), opset=7)
    case('Pow', [('Abs', 'x', 'a'), ('Pow', 'a e', 'y')], e=np.float32(1.5))
    case('Pow-two', ('Pow', 'x e', 'y'), e=np.float32(2))
    case('Max', ('Max', 'x b', 'y'), b=values(3, 1, 1)); case('Min', ('Min', 'x b', 'y'), b=values(3, 1, 1))
    case('Sum', ('Sum', 'x b', 'y'), b=values(1, 3, 7, 9))
    case('Add-itself', ('Add', 'x x', 'y')); case('Mul-itself', [('Relu', 'x', 'a'), ('Mul', 'a a', 'y')])
    # Convolutions
    def conv(name, cin, cout, k, shape=(9, 11), groups=1, bias=True, **attrs):
        inits = dict(w=values(cout, cin // groups, *k)); ins = 'x w'
        if bias: inits['b'] = values(cout); ins += ' b'
        case('Conv-' + name, ('Conv', ins, 'y', dict(group=groups, **attrs)), (1, cin, *shape), **inits)
    conv('3x3', 3, 5, (3, 3), pads=[1] * 4); conv('3x3-valid', 3, 5, (3, 3), auto_pad='VALID'); conv('no-bias', 3, 9, (3, 3), bias=False, pads=[1] * 4)
    conv('1x1', 6, 4, (1, 1)); conv('9x9', 3, 4, (9, 9), pads=[4] * 4); conv('stride', 4, 5, (3, 3), strides=[2, 2], pads=[1] * 4)
    conv('uneven', 3, 4, (3, 5), strides=[2, 3], pads=[0, 2, 1, 3]); conv('dilated', 3, 4, (3, 3), dilations=[2, 3], pads=[2, 3, 2, 3])
    conv('groups', 6, 8, (3, 3), groups=2, pads=[1] * 4); conv('depthwise', 5, 5, (3, 3), groups=5, pads=[1] * 4, strides=[2, 1])
    for same in ('SAME_UPPER', 'SAME_LOWER'):
        conv(same, 3, 4, (4, 3), auto_pad=same, strides=[2, 2]); conv(same + '-1', 3, 4, (2, 3), auto_pad=same)
    conv('one-pixel', 3, 4, (3, 3), shape=(1, 1), pads=[1] * 4); conv('wide-pad', 2, 3, (3, 3), shape=(2, 2), pads=[4, 3, 2, 5])
    def deconv(name, cin, cout, k, shape=(5, 6), groups=1, **attrs):
        case('ConvTranspose-' + name, ('ConvTranspose', 'x w b', 'y', dict(group=groups, **attrs)), (1, cin, *shape),
             w=values(cin, cout // groups, *k), b=values(cout))
    deconv('plain', 3, 4, (3, 3)); deconv('stride', 3, 4, (3, 3), strides=[2, 2]); deconv('johnson', 4, 3, (3, 3), strides=[2, 2], pads=[1] * 4, output_padding=[1, 1])
    deconv('4x4', 4, 3, (4, 4), strides=[2, 2], pads=[1] * 4); deconv('2x2', 4, 3, (2, 2), strides=[2, 2]); deconv('groups', 4, 6, (3, 3), groups=2, strides=[2, 2], pads=[1] * 4)
    deconv('dilated', 3, 2, (3, 2), dilations=[2, 3], strides=[2, 3]); deconv('sparse', 3, 2, (2, 2), strides=[3, 4], output_padding=[1, 2])
    deconv('output-shape', 3, 2, (3, 3), strides=[2, 2], output_shape=[10, 12]); deconv('same-upper', 3, 2, (3, 3), strides=[2, 2], auto_pad='SAME_UPPER')
    deconv('same-lower', 3, 2, (4, 4), strides=[2, 2], auto_pad='SAME_LOWER'); deconv('uneven', 3, 2, (5, 4), strides=[3, 2], pads=[0, 1, 2, 1])
    deconv('output-shape-wider', 3, 2, (3, 3), strides=[2, 2], output_shape=[12, 14])
    # Normalisation, reduction, pooling
    case('InstanceNormalization', ('InstanceNormalization', 'x s b', 'y', dict(epsilon=1e-3)), (1, 5, 23, 31), s=values(5), b=values(5))
    case('InstanceNormalization-Relu', [('InstanceNormalization', 'x s b', 'a'), ('Relu', 'a', 'y')], (1, 5, 9, 7), s=values(5), b=values(5))
    case('BatchNormalization', [('BatchNormalization', 'x s b m v', 'a'), ('Relu', 'a', 'y')], (1, 4, 6, 5), s=values(4), b=values(4), m=values(4), v=np.abs(values(4)) + np.float32(.1))
    case('GlobalAveragePool', ('GlobalAveragePool', 'x', 'y')); case('GlobalMaxPool', ('GlobalMaxPool', 'x', 'y'))
    case('ReduceMean-spatial', ('ReduceMean', 'x', 'y', dict(axes=[2, 3]))); case('ReduceMean-channels', ('ReduceMean', 'x', 'y', dict(axes=[1], keepdims=0)))
    case('ReduceMean-back', ('ReduceMean', 'x', 'y', dict(axes=[-1, -3]))); case('ReduceMean-all', ('ReduceMean', 'x', 'y'))
    case('ReduceMean-18', ('ReduceMean', 'x a', 'y'), opset=18, a=i64(2, 3)); case('ReduceSum', ('ReduceSum', 'x a', 'y'), a=i64(1)); case('ReduceMax', ('ReduceMax', 'x', 'y', dict(axes=[2])))
    for op in ('AveragePool', 'MaxPool'):
        case(op, (op, 'x', 'y', dict(kernel_shape=[2, 2], strides=[2, 2]))); case(op + '-padded', (op, 'x', 'y', dict(kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)))
        case(op + '-ceil', (op, 'x', 'y', dict(kernel_shape=[3, 2], strides=[2, 2], ceil_mode=1, pads=[1, 0, 1, 1])), (1, 3, 8, 10))
    case('AveragePool-counting', ('AveragePool', 'x', 'y', dict(kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4, count_include_pad=1)))
    # Pads
    for mode in ('reflect', 'edge', 'constant'):
        case('Pad-' + mode, ('Pad', 'x p', 'y', dict(mode=mode)), p=i64(0, 0, 3, 1, 0, 0, 2, 4))
        case('Pad-Conv-' + mode, [('Pad', 'x p', 'a', dict(mode=mode)), ('Conv', 'a w', 'y')], p=i64(0, 0, 1, 1, 0, 0, 1, 1), w=values(4, 3, 3, 3))
        case('Pad-Conv9-' + mode, [('Pad', 'x p', 'a', dict(mode=mode)), ('Conv', 'a w b', 'c'), ('Relu', 'c', 'y')], p=i64(0, 0, 4, 4, 0, 0, 4, 4), w=values(4, 3, 9, 9), b=values(4))
        case('Pad-Conv-padded-' + mode, [('Pad', 'x p', 'a', dict(mode=mode)), ('Conv', 'a w', 'y', dict(pads=[1] * 4, strides=[2, 2]))], p=i64(0, 0, 2, 1, 0, 0, 1, 2), w=values(4, 3, 3, 3))
        case('Pad-shared-' + mode, [('Pad', 'x p', 'a', dict(mode=mode)), ('Conv', 'a w', 'c'), ('Slice', 'a s e ax', 'd'), ('Add', 'c d', 'y')], p=i64(0, 0, 1, 1, 0, 0, 1, 1), w=values(3, 3, 3, 3), s=i64(1, 1), e=i64(-1, -1), ax=i64(2, 3))
    case('Pad-2', ('Pad', 'x', 'y', dict(mode='reflect', pads=[0, 0, 1, 2, 0, 0, 3, 4])), opset=7); case('Pad-value', ('Pad', 'x p v', 'y'), p=i64(0, 1, 1, 1, 0, 0, 2, 2), v=np.float32(0.6))
    case('Pad-value-Conv', [('Pad', 'x p v', 'a'), ('Conv', 'a w', 'y')], p=i64(0, 0, 1, 1, 0, 0, 1, 1), v=np.float32(0.6), w=values(4, 3, 3, 3))
    case('Pad-negative', ('Pad', 'x p', 'y'), p=i64(0, 0, -1, 2, 0, 0, -2, -3)); case('Pad-axes', ('Pad', 'x p v a', 'y', dict(mode='constant')), opset=18, p=i64(1, 2, 3, 4), v=np.float32(0), a=i64(2, 3))
    case('Pad-wrap', ('Pad', 'x p', 'y', dict(mode='wrap')), opset=19, p=i64(0, 0, 2, 1, 0, 0, 3, 4))
    # Upsample and Resize
    case('Upsample-7', ('Upsample', 'x', 'y', dict(mode='nearest', scales=[1., 1., 2., 2.])), opset=7); case('Upsample-9', ('Upsample', 'x s', 'y', dict(mode='nearest')), opset=9, s=f32(1, 1, 2, 3))
    case('Upsample-linear', ('Upsample', 'x s', 'y', dict(mode='linear')), opset=9, s=f32(1, 1, 2, 2)); case('Resize-10', ('Resize', 'x s', 'y', dict(mode='nearest')), opset=10, s=f32(1, 1, 2, 1.5))
    case('Resize-10-linear', ('Resize', 'x s', 'y', dict(mode='linear')), opset=10, s=f32(1, 1, 2, 1.5))
    empty = np.zeros(0, np.float32)
    for mode in ('half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric', 'half_pixel_symmetric'):
        for scale, s in (('up', f32(1, 1, 2, 2)), ('odd', f32(1, 1, 1.7, 2.3)), ('down', f32(1, 1, 0.6, 0.5))):
            opset = 19 if mode == 'half_pixel_symmetric' else 13
            if opset == 19: s = {'up': s, 'odd': f32(1, 1, 1.63, 2.29), 'down': f32(1, 1, 0.63, 0.47)}[scale]      # no ties, which hang on one rounding
            case(f'Resize-linear-{mode}-{scale}', ('Resize', 'x r s', 'y', dict(mode='linear', coordinate_transformation_mode=mode)), opset=opset, r=empty, s=s)
            for rounding in ('round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'):
                case(f'Resize-nearest-{mode}-{rounding}-{scale}', ('Resize', 'x r s', 'y', dict(mode='nearest', coordinate_transformation_mode=mode, nearest_mode=rounding)), (1, 1, 7, 9), opset=opset, r=empty, s=s)
        case(f'Resize-sizes-{mode}', ('Resize', 'x r s z', 'y', dict(mode='linear', coordinate_transformation_mode=mode)), opset=19 if mode == 'half_pixel_symmetric' else 13, r=empty, s=empty, z=i64(1, 3, 13, 8))
    case('Resize-tf-nearest', ('Resize', 'x r s', 'y', dict(mode='nearest', coordinate_transformation_mode='tf_half_pixel_for_nn', nearest_mode='floor')), opset=11, r=empty, s=f32(1, 1, 1.5, 2))
    case('Resize-crop', ('Resize', 'x r s z', 'y', dict(mode='linear', coordinate_transformation_mode='tf_crop_and_resize', extrapolation_value=0.3)), opset=13, r=f32(0, 0, .2, -.1, 1, 1, .8, 1.2), s=empty, z=i64(1, 3, 5, 12))
    case('Resize-cubic', ('Resize', 'x r s', 'y', dict(mode='cubic')), r=empty, s=f32(1, 1, 2, 1.6)); case('Resize-cubic-outside', ('Resize', 'x r s', 'y', dict(mode='cubic', exclude_outside=1, cubic_coeff_a=-0.5)), r=empty, s=f32(1, 1, 2, 1.6))
    case('Resize-axes', ('Resize', 'x r s', 'y', dict(mode='linear', axes=[3, 2])), opset=18, r=empty, s=f32(2, 3))
    # Movement
    case('Concat', [('Relu', 'x', 'a'), ('Concat', 'x a x', 'y', dict(axis=1))]); case('Concat-last', [('Relu', 'x', 'a'), ('Concat', 'a x', 'y', dict(axis=-1))])
    case('Slice-attributes', ('Slice', 'x', 'y', dict(starts=[1, -5], ends=[100, -1], axes=[2, 3])), opset=7); case('Slice-inputs', ('Slice', 'x s e a t', 'y'), s=i64(5, -1), e=i64(0, -100), a=i64(2, 3), t=i64(-2, -1))
    case('Slice-all', ('Slice', 'x s e', 'y'), s=i64(0, 1, 2), e=i64(1, 3, 2**63 - 1)); case('Transpose', ('Transpose', 'x', 'y', dict(perm=[0, 2, 3, 1]))); case('Transpose-default', ('Transpose', 'x', 'y'))
    case('Reshape', ('Reshape', 'x s', 'y'), s=i64(0, -1, 9)); case('Flatten', ('Flatten', 'x', 'y', dict(axis=2))); case('Squeeze', ('Squeeze', 'x a', 'y'), a=i64(0)); case('Unsqueeze', ('Unsqueeze', 'x a', 'y'), a=i64(0, -1))
    case('Squeeze-attributes', ('Squeeze', 'x', 'y', dict(axes=[0])), opset=11); case('Unsqueeze-attributes', ('Unsqueeze', 'x', 'y', dict(axes=[2])), opset=11)
    case('Split', [('Split', 'x p', 'a b', dict(axis=1)), ('Concat', 'b a', 'y', dict(axis=1))], p=i64(1, 2)); case('Gather', ('Gather', 'x i', 'y', dict(axis=1)), i=i64(2, 1, 0)); case('Gather-scalar', ('Gather', 'x i', 'y', dict(axis=1)), i=np.int64(-1))
    case('Expand', [('ReduceMean', 'x', 'm', dict(axes=[2])), ('Expand', 'm s', 'y')], s=i64(1, 1, 4, 1)); case('DepthToSpace-DCR', ('DepthToSpace', 'x', 'y', dict(blocksize=2)), (1, 12, 3, 5)); case('DepthToSpace-CRD', ('DepthToSpace', 'x', 'y', dict(blocksize=2, mode='CRD')), (1, 12, 3, 5))
    case('Identity-Dropout', [('Identity', 'x', 'a'), ('Dropout', 'a', 'y')])
    case('Cast-truncates', [('Mul', 'x k', 'a'), ('Cast', 'a', 'i', dict(to=7)), ('Cast', 'i', 'y', dict(to=1))], k=np.float32(9))
    case('Constants', [('Shape', 'x', 's'), ('Gather', 's i', 'h', dict(axis=0)), ('Cast', 'h', 'f', dict(to=1)), ('Mul', 'f k', 'g'), ('Floor', 'g', 'q'), ('Cast', 'q', 'n', dict(to=7)),
                       ('Unsqueeze', 'n z', 'u'), ('Concat', 'one one u u', 't', dict(axis=0)), ('ConstantOfShape', 't', 'c', dict(value=nh.from_array(np.array([1.5], np.float32)))), ('ReduceSum', 'c', 'r'), ('Mul', 'x r', 'y')],
         i=np.int64(2), k=np.float32(0.51), z=i64(0), one=i64(1))
    for type in (np.float16, np.float64, np.int32, np.int64, np.uint8, np.bool_):
        case('Weight-' + np.dtype(type).name, [('Cast', 'w', 'v', dict(to=1)), ('Mul', 'x v', 'y')], w=(np.arange(3).reshape(3, 1, 1) * 0.7).astype(type))
    return cases

# Networks from PyTorch

class Block(nn.Module):
    def __init__(self, c, norm):
        super().__init__()
        self.body = nn.Sequential(nn.ReflectionPad2d(1), nn.Conv2d(c, c, 3), norm(c), nn.ReLU(), nn.ReflectionPad2d(1), nn.Conv2d(c, c, 3), norm(c))
    def forward(self, x): return self.body(x) + x

class Johnson(nn.Module):
    """The form of PyTorch's examples at small widths; `up` says how it grows."""
    def __init__(self, up, norm, act=nn.ReLU, pad=nn.ReflectionPad2d, end=None, widths=(4, 5, 6)):
        super().__init__()
        def conv(i, o, k, s=1): return [pad(k // 2), nn.Conv2d(i, o, k, s)]
        def grow(i, o):
            if up == 'transposed': return [nn.ConvTranspose2d(i, o, 3, 2, 1, 1)]
            if up == 'shuffle': return [nn.Conv2d(i, 4 * o, 3, padding=1), nn.PixelShuffle(2)]
            return [nn.Upsample(scale_factor=2, mode=up)] + conv(i, o, 3)
        a, b, c = widths
        self.body = nn.Sequential(*conv(3, a, 9), norm(a), act(), *conv(a, b, 3, 2), norm(b), act(), *conv(b, c, 3, 2), norm(c), act(),
            Block(c, norm), *grow(c, b), norm(b), act(), *grow(b, a), norm(a), act(), *conv(a, 3, 9))
        self.end = end
    def forward(self, x):
        y = self.body(x)
        return y if self.end is None else self.end(y)

class Matching(nn.Module):
    """Grows to the size of an earlier layer, joins with it, cuts a border, normalises by hand, uses global statistics."""
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Conv2d(3, 6, 3, padding=1), nn.Conv2d(6, 8, 3, 2, 1), nn.Conv2d(14, 3, 3)
        self.slope, self.gate = nn.PReLU(8), nn.Conv2d(8, 8, 1)
    def forward(self, x):
        a = F.leaky_relu(self.a((x * 255 - 127.5) / 64), 0.1)
        b = self.slope(self.b(a))
        b = b * torch.sigmoid(self.gate(F.adaptive_avg_pool2d(b, 1)))
        b = (b - b.mean((2, 3), keepdim=True)) / (b.var((2, 3), keepdim=True, unbiased=False) + 1e-5).sqrt()
        b = F.interpolate(b, size=a.shape[2:], mode='bilinear', align_corners=False)
        y = torch.cat([a, b], 1)
        y = F.pad(y, (3, 3, 3, 3), mode='reflect')[:, :, 2:-2, 2:-2]
        y = y[:, :, :x.shape[2] + 2, :x.shape[3] + 2]
        return (torch.tanh(self.c(y)) + 1) / 2

instance = lambda c: nn.InstanceNorm2d(c, affine=True)
NETWORKS = {
    'nearest': lambda: Johnson('nearest', instance),
    'bilinear': lambda: Johnson('bilinear', instance, nn.ELU),
    'transposed': lambda: Johnson('transposed', nn.BatchNorm2d, nn.LeakyReLU, end=lambda y: torch.tanh(y)),
    'shuffle': lambda: Johnson('shuffle', instance, pad=nn.ReplicationPad2d, end=lambda y: torch.clamp(y, 0, 1)),
    'matching': Matching,
    # Whole blocks of channels, so that every kernel of the block engine is met.
    'wide': lambda: Johnson('nearest', instance, widths=(16, 32, 16)),
    'deep': lambda: Johnson('transposed', nn.BatchNorm2d, pad=nn.ReplicationPad2d, widths=(16, 16, 24)),
}

def exported(net, opset, dynamic, size):
    buffer = io.BytesIO()
    axes = {'image': {2: 'h', 3: 'w'}, 'styled': {2: 'h', 3: 'w'}} if dynamic else None
    torch.onnx.export(net, torch.zeros(1, 3, *size), buffer, opset_version=opset, dynamo=False, dynamic_axes=axes,
                      input_names=['image'], output_names=['styled'])
    model = onnx.load_from_string(buffer.getvalue())
    for node in model.graph.node: node.doc_string = ''
    del model.graph.value_info[:]
    return model.SerializeToString()

def exports():
    cases = []
    for kind, make in NETWORKS.items():
        torch.manual_seed(3)
        net = make().eval()
        for m in net.modules():
            if isinstance(m, (nn.BatchNorm2d, nn.InstanceNorm2d)):
                nn.init.uniform_(m.weight, 0.5, 1.5); nn.init.uniform_(m.bias, -0.5, 0.5)
                if isinstance(m, nn.BatchNorm2d): nn.init.uniform_(m.running_mean, -0.3, 0.3); nn.init.uniform_(m.running_var, 0.5, 1.5)
        for opset in (9, 11, 13, 17):
            if kind in ('wide', 'deep') and opset not in (11, 17): continue
            if opset < 11 and kind in ('matching', 'bilinear'): continue      # the exporter says itself that it is wrong there
            for dynamic in (False, True):
                # PyTorch's exporter can not do a mirrored crop to a size that is not known; the static form covers it.
                model = exported(net, opset, dynamic, (16, 24))
                x = rng.uniform(0, 1, (1, 3, 16, 24)).astype(np.float32)
                name = f'{kind}-{opset}-{"dynamic" if dynamic else "static"}'
                cases.append(packed(name, model, x, session(model).run(None, {'image': x})[0]))
                x = rng.uniform(0, 1, (1, 3, 20, 12)).astype(np.float32)
                if dynamic: y = session(model).run(None, {'image': x})[0]
                else: y = session(exported(net, opset, False, (20, 12))).run(None, {'image': x})[0]
                cases.append(packed(name + '-other', b'', x, y))
    return cases

# Published networks

def rewritten(path, height, width):
    """ImageScaler, Crop and Affine as operators that ONNX Runtime has, and no sizes that hold for 720×720 alone."""
    model = onnx.load(path); graph = model.graph; nodes = []; extra = []
    def constant(name, array): extra.append(nh.from_array(array, name)); return name
    for n in graph.node:
        a = {x.name: oh.get_attribute_value(x) for x in n.attribute}; key = n.name or n.output[0]
        if n.op_type == 'ImageScaler':
            assert a['scale'] == 1
            nodes.append(oh.make_node('Add', [n.input[0], constant(key + '_c', np.array(a['bias'], np.float32).reshape(1, 3, 1, 1))], n.output))
        elif n.op_type == 'Crop':
            left, top, right, bottom = a['border']
            nodes.append(oh.make_node('Slice', n.input, n.output, starts=[top, left], ends=[-bottom, -right], axes=[2, 3]))
        elif n.op_type == 'Affine':
            nodes.append(oh.make_node('Mul', [n.input[0], constant(key + '_c', np.array([a['alpha']], np.float32))], n.output))
        elif n.op_type == 'ConvTranspose':
            nodes.append(oh.make_node('ConvTranspose', n.input, n.output, kernel_shape=[3, 3], strides=[2, 2], output_padding=[1, 1]))
        else: nodes.append(n)
    inputs = [oh.make_tensor_value_info('inputImage', TensorProto.FLOAT, [1, 3, height, width])]
    outputs = [oh.make_tensor_value_info('outputImage', TensorProto.FLOAT, [1, 3, None, None])]
    made = oh.make_model(oh.make_graph(nodes, 'rewritten', inputs, outputs, list(graph.initializer) + extra), opset_imports=[oh.make_opsetid('', 7)], ir_version=4)
    return made.SerializeToString()

def scene(height, width):
    """A picture from a formula that the test repeats: RGB 0…1, multiples of 1/255."""
    c, y, x = np.meshgrid(np.arange(3), np.arange(height), np.arange(width), indexing='ij')
    v = (x * (3 + c) // 2 + y * (5 - c) // 2 + (x // 24 % 2 * 60) * (y // 20 % 2) + (x * y // 64) % 32) % 256
    return (v.astype(np.float32) / np.float32(255))[None]

def published():
    """The image in BGR 0…255, mirrored at the right and the bottom to a multiple of 4, and the result cut back to RGB 0…1."""
    cases = []
    for network in ('candy', 'mosaic'):
        for height, width in ((360, 640), (121, 163)):
            picture = scene(height, width)
            padded = np.pad(picture, ((0, 0), (0, 0), (0, -height % 4), (0, -width % 4)), mode='reflect')
            made = rewritten(f'{SHARED}/{network}.onnx', *padded.shape[2:])
            y = session(made).run(None, {'inputImage': padded[:, ::-1] * np.float32(255)})[0][:, ::-1, :height, :width]
            y = np.clip(y / 255, 0, 1)
            cases.append(packed(f'{network}-{width}x{height}', b'', np.zeros(0), y.ravel()[::17 if height < 200 else 97]))
    return cases

def main():
    os.makedirs(GOLDEN, exist_ok=True)
    made = {'operators': operators(), 'exports': exports()}
    if os.path.isdir(SHARED): made['published'] = published()
    for name, cases in made.items():
        called = lambda c: c[4:4 + struct.unpack('<I', c[:4])[0]].decode()
        parts = {}
        for c in cases:
            kind = called(c).split('-')
            part = {'exports': f'{kind[0]}_{kind[-1] if kind[-1] != "other" else kind[-2]}',
                    'operators': next((k.lower() for k in ('Resize', 'Conv') if kind[0].startswith(k)), '')}.get(name, '')
            parts.setdefault(part, []).append(c)
        for suffix, part in parts.items():
            suffix = suffix and '_' + suffix
            with open(f'{GOLDEN}/{name}{suffix}.cases', 'wb') as f: f.write(b''.join(part))
    old = open(RECORD).read() if os.path.exists(RECORD) else ''
    lines = [hashlib.sha256(open(f'{GOLDEN}/{f}', 'rb').read()).hexdigest() + f'  Tests/NeuralNetTests/Golden/onnx/{f}' for f in sorted(os.listdir(GOLDEN)) if f.endswith('.cases')]
    new = '\n'.join(lines) + '\n'
    with open(RECORD, 'w') as f: f.write(new)
    sys.exit(0 if old == new else 1)

main()
