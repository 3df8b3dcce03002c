import ArgumentParser
import Foundation
import NeuralNet
import Tensors

/// Times a style network on one frame.
struct NetworkBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network",
        abstract: "Times a style network; prints milliseconds of wall and of processor time, medians of --runs.",
        discussion: """
            With --serve, every line on standard input times one frame and prints its milliseconds, so that a script can \
            take turns with peers in one process each.
            """
    )

    @Argument(help: "A weight file (safetensors) or a network (ONNX).") var network: String
    @Option(help: "Columns of the frame.") var width = 640
    @Option(help: "Rows of the frame.") var height = 360
    @Option(help: "Timed frames, after two that are not.") var runs = 9
    @Option(help: "Threads.") var threads = 2
    @Option(help: "Megabytes of activations beyond which the network runs in strips.") var memory = 480
    @Option(help: "A file of [C, H, W] little-endian Float32, 0…1; without one, a pattern.") var input: String?
    @Option(help: "Where to write the output, [3, H, W] little-endian Float32.") var output: String?
    @Flag(help: "Time one frame for each line on standard input.") var serve = false

    func run() throws {
        let workspace = Workspace(rows: ParallelRows(threads: threads), pool: TensorPool(capacity: memory << 20))
        let (frame, paint) = try painter(in: workspace)
        func milliseconds() -> (wall: Double, processor: Double) {
            let before = clock()
            let elapsed = ContinuousClock().measure {
                _ = paint(frame)
            }
            return (
                Double(elapsed.components.seconds) * 1e3 + Double(elapsed.components.attoseconds) * 1e-15,
                Double(clock() - before) * 1e3 / Double(CLOCKS_PER_SEC)
            )
        }
        if let output {
            let bytes = paint(frame).values.withUnsafeBytes { Data($0) }
            try bytes.write(to: URL(fileURLWithPath: output))
        }
        if serve {
            _ = milliseconds()
            while readLine() != nil {
                let time = milliseconds()
                print(time.wall, time.processor)
                fflush(nil)
            }
            return
        }
        guard runs > 0 else { return }
        for _ in 0..<2 { _ = milliseconds() }
        let times = (0..<runs).map { _ in milliseconds() }
        print(times.map(\.wall).sorted()[runs / 2], times.map(\.processor).sorted()[runs / 2])
    }

    /// The frame, and what paints it.
    private func painter(in workspace: Workspace) throws -> (frame: Tensor, paint: (Tensor) -> Tensor) {
        func frame(channels: Int) throws -> Tensor {
            let shape: Shape = [channels, height, width]
            return try input.map { try Self.read($0, shape: shape) } ?? Self.pattern(shape)
        }
        guard !network.hasSuffix(".onnx") else {
            let model = try ImageNetworkModel(try ONNXModel.read(path: network), rows: workspace.rows)
            // The trial shows that this size can be painted; after that it always can.
            let frame = try frame(channels: 3)
            _ = try model.paint(PlanarImage(frame), rows: workspace.rows, pool: workspace.pool)
            return (
                frame,
                {
                    let painted = try? model.paint(PlanarImage($0), rows: workspace.rows, pool: workspace.pool)
                    return painted?.tensor ?? $0
                }
            )
        }
        let (network, budget) = (try StyleNetwork.load(path: network), memory << 20)
        return (
            try frame(channels: network.layout.inputChannels),
            { network.paint($0, style: network.styles[0], memoryBudget: budget, in: workspace) }
        )
    }

    private static func pattern(_ shape: Shape) -> Tensor {
        Tensor(shape, (0..<shape.count).map { Float($0 * 7919 % 1009) / 1009 })
    }

    private static func read(_ path: String, shape: Shape) throws -> Tensor {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        guard data.count == shape.count * 4 else {
            throw ValidationError("\(path) has \(data.count) bytes, \(shape.count * 4) expected")
        }
        let floats = data.withUnsafeBytes { bytes in
            (0..<shape.count).map { Float(bitPattern: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)) }
        }
        return Tensor(shape, floats)
    }
}
