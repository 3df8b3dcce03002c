"""Frames of the fixture clip, and their exact optical flow in both directions."""

import numpy as np

from .scenery import HEIGHT, WIDTH, shots

SAMPLES = 4  # samples per pixel along each axis
UNIT = 64  # the flow files count in 1/64 pixel


class Frame:
    """`colour` [H, W, 3] in 0…1, `enlargement` times as large; `layer` [H, W] is the layer that fills the pixel's every sample, or −1 on an outline."""

    def __init__(self, shot, index, enlargement=1):
        grid = (np.arange(SAMPLES) + 0.5) / SAMPLES - 0.5
        xs = (np.arange(WIDTH)[:, None] + grid).ravel()
        ys = (np.arange(HEIGHT)[:, None] + grid).ravel()
        x, y = np.meshgrid(xs, ys)
        owner = np.zeros(x.shape, np.int64)
        for number, layer in enumerate(shot.layers):
            owner = np.where(layer.inside(*plane(layer, index, x, y)), number, owner)
        colour = np.zeros(x.shape + (3,))
        for number, layer in enumerate(shot.layers):
            seen = owner == number
            if seen.any():
                colour[seen] = layer.colour(*plane(layer, index, x[seen], y[seen]))
        side = SAMPLES // enlargement
        self.colour = colour.reshape(HEIGHT * enlargement, side, WIDTH * enlargement, side, 3).mean((1, 3))
        blocks = (HEIGHT, SAMPLES, WIDTH, SAMPLES)
        cells = owner.reshape(blocks).transpose(0, 2, 1, 3).reshape(HEIGHT, WIDTH, -1)
        counts = np.stack([(cells == number).sum(-1) for number in range(len(shot.layers))], -1)
        self.majority = counts.argmax(-1)
        self.layer = np.where(counts.max(-1) == SAMPLES**2, self.majority, -1)


def plane(layer, index, x, y):
    """Screen coordinates of frame `index` on the layer's own plane, which lies on the screen in frame 0."""
    return x - layer.velocity[0] * index / UNIT, y - layer.velocity[1] * index / UNIT


def flow(shot, here, there, sign):
    """Flow from `here` into the next (`sign` 1) or the previous (`sign` −1) frame `there`, and where it is reliable.

    Returns u, v [H, W] in whole 1/64 pixel, and bool [H, W]: the pixel shows one layer only, and so does every pixel
    that the bilinear sample at its end weighs, and it is the same layer.
    """
    velocities = np.array([layer.velocity for layer in shot.layers]) * sign
    u, v = velocities[here.majority, 0], velocities[here.majority, 1]
    row, column = np.mgrid[0:HEIGHT, 0:WIDTH]
    left, top = (column * UNIT + u) // UNIT, (row * UNIT + v) // UNIT
    right, bottom = left + (u % UNIT != 0), top + (v % UNIT != 0)
    reliable = (here.layer >= 0) & (left >= 0) & (top >= 0) & (right < WIDTH) & (bottom < HEIGHT)
    for tap_x in (left, right):
        for tap_y in (top, bottom):
            tap = there.layer[np.clip(tap_y, 0, HEIGHT - 1), np.clip(tap_x, 0, WIDTH - 1)]
            reliable &= tap == here.layer
    return u, v, reliable


def encoded(u, v, reliable):
    """KITTI's form: [H, W, 3] uint16, u·64 + 32768, v·64 + 32768, 1 where reliable."""
    return np.stack([u + 32768, v + 32768, reliable], -1).astype(np.uint16)


def draw():
    """Yields (number, picture [H, W, 3] uint8, backward or None, forward or None), frame by frame."""
    number = 0
    for shot in shots():
        frames = [Frame(shot, index) for index in range(shot.frames)]
        for index, frame in enumerate(frames):
            backward = forward = None
            if index > 0:
                backward = encoded(*flow(shot, frame, frames[index - 1], -1))
            if index + 1 < shot.frames:
                forward = encoded(*flow(shot, frame, frames[index + 1], 1))
            yield number, np.round(frame.colour * 255).astype(np.uint8), backward, forward
            number += 1
