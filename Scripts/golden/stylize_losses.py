#!/usr/bin/env python3
"""Golden data for the losses: Gram matrices, moments, covariances, losses and the gradient of the whole, from PyTorch.

Works on the slim encoder of Sources/CEmbedded, in double precision with autograd. Needs numpy, torch, safetensors.

usage: Scripts/golden/stylize_losses.py   (writes Tests/StylizationTests/Golden/losses.json; prints its sha256)
"""
import hashlib
import json
import os

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEIGHTS = {k: v.double() for k, v in load_file(ROOT + "/Sources/CEmbedded/slim_encoder.safetensors").items()}
LAYERS = ["1_1", "1_2", "P", "2_1", "2_2", "P", "3_1", "3_2", "3_3", "P", "4_1"]
HEIGHT, WIDTH = 24, 32
CONTENT, STYLE, VARIATION, TEMPORAL = 1.5, 7.0, 3.0, 40.0


def features(x):
    x = (x[None] - 0.45) / 0.25
    taps = []
    for layer in LAYERS:
        if layer == "P":
            x = F.avg_pool2d(x, 2)
            continue
        x = F.relu(F.conv2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), WEIGHTS[f"conv{layer}.weight"], WEIGHTS[f"conv{layer}.bias"]))
        if layer.endswith("_1"):
            taps.append(x[0])
    return taps


def picture(rng, blur):
    noise = rng.random((3, HEIGHT, WIDTH))
    for _ in range(blur):
        noise = (noise + np.roll(noise, 1, 1) + np.roll(noise, 1, 2)) / 3
    noise = (noise - noise.min()) / (noise.max() - noise.min())
    return np.round(noise * 255).astype(int)


def statistics(f, kind):
    f = f.flatten(1)
    c, n = f.shape
    if kind == "moments":
        return f.mean(1), (f.var(1, unbiased=False) + 1e-8).sqrt()
    g = f - f.mean(1, keepdim=True) if kind == "covariance" else f
    return g @ g.T / (c * n)


def style(a, b, metric, kind):
    def energy(d):
        if kind == "moments":
            return d[0] @ metric @ d[0] + (metric.diagonal() * d[1] ** 2).sum()
        return torch.trace(metric @ d @ metric @ d)
    a, b = statistics(a, kind), statistics(b, kind)
    d = (a[0] - b[0], a[1] - b[1]) if kind == "moments" else a - b
    return energy(d) / energy(b)


def content(a, b, metric):
    d, t = (a - b).flatten(1), b.flatten(1)
    return (d * (metric @ d)).sum() / (t * (metric @ t)).sum()


def main():
    rng = np.random.default_rng(20263)
    pictures = {name: picture(rng, blur) for name, blur in [("image", 1), ("frame", 3), ("painting", 2), ("warped", 2)]}
    mask = np.round(rng.random((HEIGHT, WIDTH)) * 255).astype(int) * (rng.random((HEIGHT, WIDTH)) > 0.3)
    tensors = {name: torch.from_numpy(p / 255.0) for name, p in pictures.items()}
    image = tensors["image"].clone().requires_grad_(True)
    metrics = [WEIGHTS[f"adapter{k + 1}"].T @ WEIGHTS[f"adapter{k + 1}"] for k in range(4)]
    of_image, of_frame, of_painting = features(image), features(tensors["frame"]), features(tensors["painting"])
    data = {name: p.ravel().tolist() for name, p in pictures.items()}
    data.update(mask=mask.ravel().tolist(), height=HEIGHT, width=WIDTH, weights=[CONTENT, STYLE, VARIATION, TEMPORAL])
    data["grams"] = [statistics(f, "gram")[:32].flatten().tolist() for f in of_image]
    d = image.numel()
    data["content"] = content(of_image[3], of_frame[3], metrics[3]).item()
    data["variation"] = (((image[:, :, 1:] - image[:, :, :-1]) ** 2).sum() + ((image[:, 1:] - image[:, :-1]) ** 2).sum()).item() / d
    data["temporal"] = (torch.from_numpy(mask / 255.0) * (image - tensors["warped"]) ** 2).sum().item() / d
    data["style"], data["total"], data["gradient"] = {}, {}, {}
    for kind in ["gram", "moments", "covariance"]:
        parts = [style(a, b, m, kind) for a, b, m in zip(of_image, of_painting, metrics)]
        data["style"][kind] = [p.item() for p in parts]
        total = (CONTENT * content(of_image[3], of_frame[3], metrics[3]) + STYLE * sum(parts)
                 + VARIATION * (((image[:, :, 1:] - image[:, :, :-1]) ** 2).sum() + ((image[:, 1:] - image[:, :-1]) ** 2).sum()) / d
                 + TEMPORAL * (torch.from_numpy(mask / 255.0) * (image - tensors["warped"]) ** 2).sum() / d)
        gradient, = torch.autograd.grad(total, image, retain_graph=True)
        data["total"][kind] = total.item()
        data["gradient"][kind] = gradient.flatten()[::7].tolist()
    path = ROOT + "/Tests/StylizationTests/Golden/losses.json"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(json.dumps(json.loads(json.dumps(data), parse_float=lambda s: float(f"{float(s):.8g}"))) + "\n")
    print(hashlib.sha256(open(path, "rb").read()).hexdigest(), os.path.relpath(path, ROOT), os.path.getsize(path))


main()
