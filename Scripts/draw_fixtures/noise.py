"""Smooth seeded noise, evaluated at continuous coordinates."""

import numpy as np

SIDE = 256


def value_noise(x, y, seed):
    """Quintic-interpolated lattice noise in 0…1 with one lattice point per unit; repeats after 256 units."""
    table = np.random.default_rng(seed).random((SIDE, SIDE), dtype=np.float64)
    left, top = np.floor(x), np.floor(y)
    fx, fy = x - left, y - top
    fx = fx * fx * fx * (fx * (fx * 6 - 15) + 10)
    fy = fy * fy * fy * (fy * (fy * 6 - 15) + 10)
    column, row = left.astype(np.int64) % SIDE, top.astype(np.int64) % SIDE
    next_column, next_row = (column + 1) % SIDE, (row + 1) % SIDE
    upper = table[row, column] * (1 - fx) + table[row, next_column] * fx
    lower = table[next_row, column] * (1 - fx) + table[next_row, next_column] * fx
    return upper * (1 - fy) + lower * fy


def fractal(x, y, seed, octaves=4, gain=0.5):
    """Sum of octaves of `value_noise`, each of twice the frequency and `gain` times the amplitude; 0…1, mean 0.5."""
    total, amplitude, weight = 0.0, 1.0, 0.0
    for octave in range(octaves):
        total = total + amplitude * value_noise(x * 2**octave + 17.3 * octave, y * 2**octave - 9.1 * octave, seed + octave)
        weight += amplitude
        amplitude *= gain
    return total / weight


def smoothstep(low, high, x):
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def ramp(position, stops):
    """Colour of a gradient: `stops` is a list of (position, (r, g, b) in 0…255); returns [..., 3] in 0…1."""
    places = [stop[0] for stop in stops]
    return np.stack(
        [np.interp(position, places, [stop[1][channel] / 255 for stop in stops]) for channel in range(3)], axis=-1
    )
