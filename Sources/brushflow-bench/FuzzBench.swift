import ArgumentParser
import Foundation
import NeuralNet
import Stylization
import Tensors

/// Damages networks and weight files in seeded ways, and loads and runs what still can be.
struct FuzzBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuzz",
        abstract: "Reads and runs damaged ONNX and safetensors files; a crash or a hang is a fault.",
        discussion:
            "Prints how many were refused and how many painted, the longest time for one, and the peak of memory."
    )

    @Argument(help: "Files to damage: .onnx, .safetensors, or .cases of the tests.") var files: [String]
    @Option(help: "Damaged files of each kind.") var count = 20_000
    @Option(help: "Seed; one damaged file is found again by its number.") var seed: UInt64 = 1
    @Option(help: "The number of the first damaged file.") var first = 0

    private struct Tally {
        var (refused, painted, nameless) = (0, 0, 0)
        var longest = (seconds: 0.0, number: 0)
    }

    func run() throws {
        let seeds = try files.flatMap(FuzzSeed.read)
        for kind in FuzzSeed.Kind.allCases {
            let some = seeds.filter { $0.kind == kind }
            guard !some.isEmpty else { continue }
            var tally = Tally()
            for number in first..<first + count { attempt(some[number % some.count], number: number, &tally) }
            var usage = rusage()
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            print(
                "\(kind.rawValue): \(count) files, \(tally.refused) refused, \(tally.painted) painted, "
                    + "\(tally.nameless) errors without the file's name, "
                    + String(format: "longest %.2f s (number %d)", tally.longest.seconds, tally.longest.number)
                    + ", peak \(usage.ru_maxrss >> 10) MiB")
        }
    }

    private func attempt(_ source: FuzzSeed, number: Int, _ tally: inout Tally) {
        var damage = FuzzDamage(seed: seed &* 0x1_0000_0000 &+ UInt64(number))
        let bytes = damage.damaged(source.bytes)
        let start = ContinuousClock().now
        do {
            try Self.paint(bytes, kind: source.kind, side: (1 + number % 37, 1 + number % 41))
            tally.painted += 1
        } catch {
            tally.refused += 1
            if !"\(error)".contains("damaged") { tally.nameless += 1 }
        }
        let elapsed = (ContinuousClock().now - start).components
        let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
        if seconds > tally.longest.seconds { tally.longest = (seconds, number) }
        if number % 1000 == 999 { FileHandle.standardError.write(Data("\(source.kind.rawValue) \(number + 1)\n".utf8)) }
    }

    private static func paint(_ bytes: Data, kind: FuzzSeed.Kind, side: (height: Int, width: Int)) throws {
        let workspace = Workspace(rows: ParallelRows(threads: 1), pool: nil)
        switch kind {
        case .onnx:
            let model = try ONNXModel.read(bytes: bytes, name: "damaged.onnx")
            _ = ONNXInspector.describe(model)
            let picture = PlanarImage(Tensor([3, side.height, side.width], filledWith: 0.4))
            // What is no image-to-image network may be a graph all the same.
            let plan = try model.plan(height: side.height, width: side.width)
            _ = plan.run(Tensor(plan.inputShape, filledWith: 0.4), in: workspace)
            let network = try? ImageNetworkModel(model, rows: workspace.rows)
            _ = try network?.paint(picture, rows: workspace.rows, pool: workspace.pool)
        case .styleNetwork:
            let file = try SafetensorsFile.read(bytes: bytes, name: "damaged.safetensors")
            _ = ONNXInspector.describe(file)
            let network = try StyleNetwork.load(file)
            let frame = Tensor([network.layout.inputChannels, side.height, side.width], filledWith: 0.4)
            _ = network.paint(frame, style: network.styles[0], in: workspace)
        case .encoder:
            let path = FileManager.default.temporaryDirectory.appendingPathComponent(
                "damaged-\(getpid()).safetensors")
            defer { try? FileManager.default.removeItem(at: path) }
            try bytes.write(to: path)
            _ = try ONNXInspector.describe(path: path.path)
            _ = try PerceptualEncoder.load(path: path.path)
        }
    }
}
