"""A small image-to-image network that draws: blurred colours, and black lines where the blurred luma changes.

Its weights are written down, not learned. It is what the tests and the README's ONNX commands run.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LUMA = np.array([0.2126, 0.7152, 0.0722])


def draw():
    """The network as the bytes of an ONNX file: [1, 3, H, W] in 0…1 to the same."""
    blur = np.array([1, 4, 6, 4, 1]) / 16
    smooth = np.outer(blur, blur)
    across = np.outer(blur, [-1, -2, 0, 2, 1])
    first = np.zeros((7, 3, 5, 5), np.float32)
    for channel in range(3):
        first[channel, channel] = smooth
        # Four rectified slopes: right, left, down, up.
        for index, slope in enumerate([across, -across, across.T, -across.T]):
            first[3 + index, channel] = slope * LUMA[channel]
    second = np.zeros((3, 7, 1, 1), np.float32)
    for channel in range(3):
        second[channel, channel] = 9
        second[channel, 3:] = -8
    tensors = {"features": first, "mix": second, "level": np.full(3, -4.5, np.float32)}
    nodes = [
        helper.make_node("Pad", ["image", "pads"], ["padded"], mode="reflect"),
        helper.make_node("Conv", ["padded", "features"], ["slopes"], kernel_shape=[5, 5]),
        helper.make_node("Relu", ["slopes"], ["lines"]),
        helper.make_node("Conv", ["lines", "mix", "level"], ["mixed"], kernel_shape=[1, 1]),
        helper.make_node("Sigmoid", ["mixed"], ["painted"]),
    ]
    initializers = [numpy_helper.from_array(value, name) for name, value in tensors.items()]
    initializers.append(numpy_helper.from_array(np.array([0, 0, 2, 2, 0, 0, 2, 2], np.int64), "pads"))
    shape = [1, 3, "height", "width"]
    graph = helper.make_graph(
        nodes,
        "ink",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("painted", TensorProto.FLOAT, shape)],
        initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="Brushflow")
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model.SerializeToString()
