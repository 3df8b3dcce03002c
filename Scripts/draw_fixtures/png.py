"""PNG files with 16 bits per channel, which Pillow cannot write. Only what this script itself writes is read back."""

import struct
import zlib

import numpy as np

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def write(path, picture):
    """Writes `picture` [H, W, 3] uint16. Every row is stored as its difference from the row above."""
    height, width, _ = picture.shape
    rows = picture.astype(">u2").view(np.uint8).reshape(height, width * 6)
    above = np.vstack([np.zeros((1, width * 6), np.uint8), rows[:-1]])
    filtered = np.hstack([np.full((height, 1), 2, np.uint8), rows - above])
    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(SIGNATURE)
        for kind, body in [(b"IHDR", header), (b"IDAT", zlib.compress(filtered.tobytes(), 9)), (b"IEND", b"")]:
            file.write(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)))


def read(path):
    """Reads what `write` wrote: [H, W, 3] uint16."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:8] != SIGNATURE:
        raise ValueError(f"{path}: not a PNG file")
    width, height = struct.unpack(">II", data[16:24])
    body, place = b"", 8
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        if data[place + 4 : place + 8] == b"IDAT":
            body += data[place + 8 : place + 8 + length]
        place += 12 + length
    filtered = np.frombuffer(zlib.decompress(body), np.uint8).reshape(height, 1 + width * 6)
    if not (filtered[:, 0] == 2).all():
        raise ValueError(f"{path}: not written by this script (a row has another filter than 'up')")
    rows = np.cumsum(filtered[:, 1:], axis=0, dtype=np.uint8)
    return np.ascontiguousarray(rows).view(">u2").astype(np.uint16).reshape(height, width, 3)
