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

    @Argument(help: "A weight file (safetensors).") var network: String
    @Option(help: "Columns of the frame.") var width = 640
    @Option(help: "Rows of the frame.") var height = 360
    @Option(help: "Timed frames, after two that are not.") var runs = 9
    @Option(help: "Threads.") var threads = 2
    @Option(help: "Megabytes of activations beyond which the network runs in strips.") var memory = 480
    @Option(help: "A file of [C, H, W] little-endian Float32, 0…1; without one, a pattern.") var input: String?
    @Option(help: "Where to write the output, [3, H, W] little-endian Float32.") var output: String?
    @Flag(help: "Print every layer's time against its own limit.") var profile = false
    @Flag(help: "Time one frame for each line on standard input.") var serve = false

    func run() throws {
        let network = try StyleNetwork.load(path: network)
        let workspace = Workspace(rows: ParallelRows(threads: threads), pool: TensorPool(capacity: memory << 20))
        let shape: Shape = [network.layout.inputChannels, height, width]
        let frame = try input.map { try Self.read($0, shape: shape) } ?? Self.pattern(shape)
        func milliseconds() -> (wall: Double, processor: Double) {
            let before = clock()
            let elapsed = ContinuousClock().measure {
                _ = network.paint(frame, style: network.styles[0], memoryBudget: memory << 20, in: workspace)
            }
            return (
                Double(elapsed.components.seconds) * 1e3 + Double(elapsed.components.attoseconds) * 1e-15,
                Double(clock() - before) * 1e3 / Double(CLOCKS_PER_SEC)
            )
        }
        if let output {
            let painted = network.paint(frame, style: network.styles[0], memoryBudget: memory << 20, in: workspace)
            let bytes = painted.values.withUnsafeBytes { Data($0) }
            try bytes.write(to: URL(fileURLWithPath: output))
        }
        if profile {
            let limits = MachineLimits(rounds: 9, in: workspace)
            print(
                String(
                    format: "micro-kernel %.0f GFLOP/s, memory %.1f GB/s, %d threads", limits.gigaflops,
                    limits.gigabytes, threads))
            let rows = StyleNetworkProfile(
                network: network, width: width, height: height, rounds: max(runs, 1), limits: limits, in: workspace
            ).measure()
            for row in rows { print(Self.line(row)) }
            return
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

    private static func line(_ row: LayerMeasurement) -> String {
        [
            row.name, row.kind, "\(row.width)×\(row.height)", String(format: "%.2f ms", row.milliseconds),
            String(format: "%.0f GFLOP/s", row.effectiveGigaflops),
            String(format: "limit %.2f ms", row.limit) + " (\(row.bound.rawValue))",
            String(format: "%.0f %%", 100 * row.share),
        ].joined(separator: "\t")
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
