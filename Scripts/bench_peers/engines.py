"""One class a peer: `settings`, `start(network, onnx path, frame)`, and `frame()`, which runs one frame."""
import os, subprocess, time
import numpy as np


class Brushflow:
    settings = 'fp32, its own threads'

    def __init__(self, threads): self.threads = threads

    def start(self, network, model, weights, frame, folder):
        height, width = frame.shape[2:]
        frame_path, output_path = f'{folder}/frame.f32', f'{folder}/output.f32'
        (frame[0] / 255).astype('f4').tofile(frame_path)
        self.process = subprocess.Popen(
            [os.environ['BRUSHFLOW_BENCH'], 'network', weights, '--width', str(width), '--height', str(height),
             '--threads', str(self.threads), '--input', frame_path, '--output', output_path, '--serve'],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.timed()
        self.output = np.fromfile(output_path, 'f4').reshape(1, 3, height, width) * 255

    def timed(self):
        self.process.stdin.write('\n'); self.process.stdin.flush()
        wall, cpu = map(float, self.process.stdout.readline().split())
        return wall, cpu

    def stop(self): self.process.stdin.close(); self.process.wait()


class Peer:
    frames = 1

    def __init__(self, threads): self.threads = threads

    def timed(self):
        wall, cpu = time.perf_counter(), time.process_time()
        self.run()
        return (time.perf_counter() - wall) * 1e3 / self.frames, (time.process_time() - cpu) * 1e3 / self.frames

    def stop(self): pass


class OnnxRuntime(Peer):
    settings = 'CPU provider, all graph optimisations, static shapes, sequential'

    def start(self, network, model, weights, frame, folder):
        import onnxruntime as ort
        options = ort.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = self.threads, 1
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
        self.session = ort.InferenceSession(model, options, providers=['CPUExecutionProvider'])
        self.input = {self.session.get_inputs()[0].name: frame}
        self.run()

    def run(self): self.output = self.session.run(None, self.input)[0]


class OpenVino(Peer):
    precision, hint = 'f32', 'LATENCY'

    @property
    def settings(self): return f'precision {self.precision}, hint {self.hint}, static shapes, {self.frames} frame(s) in flight'

    def start(self, network, model, weights, frame, folder):
        import openvino as ov
        core = ov.Core()
        loaded = core.read_model(model); loaded.reshape(list(frame.shape))
        self.compiled = core.compile_model(loaded, 'CPU', {
            'INFERENCE_PRECISION_HINT': self.precision, 'PERFORMANCE_HINT': self.hint,
            'INFERENCE_NUM_THREADS': self.threads})
        self.input = frame
        self.request = self.compiled.create_infer_request()
        if self.hint == 'THROUGHPUT':
            self.queue = ov.AsyncInferQueue(self.compiled)
            self.frames = 2 * len(self.queue)
        self.run()

    def run(self):
        if self.hint == 'THROUGHPUT':
            for _ in range(self.frames): self.queue.start_async({0: self.input})
            self.queue.wait_all()
        else:
            self.output = self.request.infer({0: self.input})[self.compiled.output(0)]


class OpenVinoThroughput(OpenVino): hint = 'THROUGHPUT'
class OpenVinoBf16(OpenVino): precision = 'bf16'


class PyTorch(Peer):
    channels_last, compiled = False, False

    @property
    def settings(self): return f'fp32, {"channels last" if self.channels_last else "planar"}, {"compiled" if self.compiled else "eager"}, inference mode'

    def start(self, network, model, weights, frame, folder):
        import copy, torch
        torch.set_num_threads(self.threads)
        self.torch, self.network = torch, copy.deepcopy(network)
        self.input = torch.from_numpy(frame)
        if self.channels_last:
            self.network = self.network.to(memory_format=torch.channels_last)
            self.input = self.input.contiguous(memory_format=torch.channels_last)
        if self.compiled: self.network = torch.compile(self.network)
        self.run()

    def run(self):
        with self.torch.inference_mode(): self.output = self.network(self.input).numpy()


class PyTorchChannelsLast(PyTorch): channels_last = True
class PyTorchCompiled(PyTorch): compiled = True
class PyTorchCompiledChannelsLast(PyTorch): channels_last, compiled = True, True


# Peer → the settings that compete for being its best.
PEERS = {
    'openvino_fp32': [OpenVino, OpenVinoThroughput],
    'openvino_bf16': [OpenVinoBf16],
    'onnxruntime': [OnnxRuntime],
    'pytorch': [PyTorch, PyTorchChannelsLast, PyTorchCompiled, PyTorchCompiledChannelsLast],
}
