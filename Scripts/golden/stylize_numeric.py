#!/usr/bin/env python3
"""Golden data for resampling and optimisers, from Pillow, OpenCV, PyTorch and SciPy. Needs numpy, torch, scipy, PIL, cv2.

usage: Scripts/golden/stylize_numeric.py   (writes Tests/TensorsTests/Golden/resampler.json and
Tests/NeuralNetTests/Golden/optimizers.json; prints their sha256)
"""
import hashlib
import json
import os

import cv2
import numpy as np
import torch
from PIL import Image
from scipy.optimize import minimize

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def write(path, data):
    path = os.path.join(ROOT, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        json.dump(data, file)
        file.write("\n")
    print(hashlib.sha256(open(path, "rb").read()).hexdigest(), os.path.relpath(path, ROOT))


def resampler():
    rng = np.random.default_rng(20261)
    cases = []
    for (h, w), (oh, ow) in [((13, 17), (5, 7)), ((8, 12), (4, 6)), ((5, 7), (13, 16)), ((9, 1), (4, 3)), ((6, 10), (6, 4))]:
        image = rng.random((h, w), dtype=np.float32)
        for name, filter in [("bilinear", Image.BILINEAR), ("bicubic", Image.BICUBIC), ("lanczos", Image.LANCZOS)]:
            out = np.array(Image.fromarray(image, mode="F").resize((ow, oh), filter))
            cases.append(dict(filter=name, input=image.ravel().tolist(), output=out.ravel().tolist(), size=[h, w, oh, ow]))
        if oh <= h and ow <= w:
            out = cv2.resize(image.astype(np.float64), (ow, oh), interpolation=cv2.INTER_AREA)
            cases.append(dict(filter="area", input=image.ravel().tolist(), output=out.ravel().tolist(), size=[h, w, oh, ow]))
    write("Tests/TensorsTests/Golden/resampler.json", cases)


def optimizers():
    """f(x) = ½ xᵀ A x − bᵀ x with A = diagonal plus rank one, so that no matrix needs to be stored."""
    rng = np.random.default_rng(20262)
    n = 24
    diagonal = np.linspace(0.5, 12, n).astype(np.float32)
    u = rng.standard_normal(n).astype(np.float32)
    b = rng.standard_normal(n).astype(np.float32) * 3
    A = np.diag(diagonal.astype(np.float64)) + np.outer(u, u).astype(np.float64)
    f = lambda x: 0.5 * x @ A @ x - b.astype(np.float64) @ x
    g = lambda x: A @ x - b.astype(np.float64)
    x = torch.full((n,), 0.25, dtype=torch.float32, requires_grad=True)
    T = torch.from_numpy(A.astype(np.float32))
    optimizer = torch.optim.Adam([x], lr=0.03, betas=(0.9, 0.999), eps=1e-8)
    trajectory = []
    for _ in range(40):
        optimizer.zero_grad()
        (0.5 * x @ T @ x - torch.from_numpy(b) @ x).backward()
        optimizer.step()
        trajectory.append(x.detach().tolist())
    free = np.linalg.solve(A, b.astype(np.float64))
    boxed = minimize(f, np.full(n, 0.25), jac=g, method="L-BFGS-B", bounds=[(0, 1)] * n, options=dict(ftol=1e-15, gtol=1e-12, maxiter=1000))
    data = dict(diagonal=diagonal.tolist(), u=u.tolist(), b=b.tolist(), adam=[trajectory[k] for k in (0, 1, 9, 39)], adamSteps=[1, 2, 10, 40],
                free=free.tolist(), boxed=boxed.x.tolist(), freeLoss=f(free), boxedLoss=float(boxed.fun))
    write("Tests/NeuralNetTests/Golden/optimizers.json", data)


resampler()
optimizers()
