"""The style network of PyTorch's examples (Johnson 2016) with seeded weights."""
import torch, torch.nn as nn
from torch.nn import functional as F

WIDTHS = {'johnson': (32, 64, 128), 'half': (16, 32, 64)}


class Convolution(nn.Module):
    def __init__(self, inputs, outputs, side, stride=1, enlargement=1):
        super().__init__()
        self.enlargement = enlargement
        self.reflection_pad = nn.ReflectionPad2d(side // 2)
        self.conv2d = nn.Conv2d(inputs, outputs, side, stride)

    def forward(self, x):
        if self.enlargement > 1: x = F.interpolate(x, scale_factor=self.enlargement, mode='nearest')
        return self.conv2d(self.reflection_pad(x))


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv1, self.in1 = Convolution(width, width, 3), nn.InstanceNorm2d(width, affine=True)
        self.conv2, self.in2 = Convolution(width, width, 3), nn.InstanceNorm2d(width, affine=True)

    def forward(self, x): return self.in2(self.conv2(torch.relu(self.in1(self.conv1(x))))) + x


class StyleNetwork(nn.Module):
    def __init__(self, widths, channels=3, blocks=5):
        super().__init__()
        full, half, quarter = widths
        self.blocks = blocks
        self.conv1, self.in1 = Convolution(channels, full, 9), nn.InstanceNorm2d(full, affine=True)
        self.conv2, self.in2 = Convolution(full, half, 3, 2), nn.InstanceNorm2d(half, affine=True)
        self.conv3, self.in3 = Convolution(half, quarter, 3, 2), nn.InstanceNorm2d(quarter, affine=True)
        for index in range(blocks): setattr(self, f'res{index + 1}', Residual(quarter))
        self.deconv1, self.in4 = Convolution(quarter, half, 3, enlargement=2), nn.InstanceNorm2d(half, affine=True)
        self.deconv2, self.in5 = Convolution(half, full, 3, enlargement=2), nn.InstanceNorm2d(full, affine=True)
        self.deconv3 = Convolution(full, 3, 9)

    def forward(self, x):
        for index in (1, 2, 3): x = torch.relu(getattr(self, f'in{index}')(getattr(self, f'conv{index}')(x)))
        for index in range(self.blocks): x = getattr(self, f'res{index + 1}')(x)
        x = torch.relu(self.in4(self.deconv1(x)))
        x = torch.relu(self.in5(self.deconv2(x)))
        return self.deconv3(x)


def seeded(widths, channels=3, blocks=5, seed=3):
    """A network whose output has the spread of a picture, 0…255."""
    torch.manual_seed(seed)
    network = StyleNetwork(widths, channels, blocks).eval()
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if '.in' in name or name.startswith('in'): parameter.add_(0.1 * torch.randn_like(parameter))
        network.deconv3.conv2d.weight.mul_(120)
        network.deconv3.conv2d.bias.add_(127)
    return network
