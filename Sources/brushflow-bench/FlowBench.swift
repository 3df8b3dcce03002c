import ArgumentParser
import Foundation
import Media
import OpticalFlow
import Tensors

/// End-point error and time of the optical flow from one picture into the next.
struct FlowBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flow", abstract: "End-point error and time of dense inverse search.")

    @Argument(help: "The picture whose pixels are sought (P6).") var first: String
    @Argument(help: "The picture in which they are sought (P6).") var second: String
    @Option(help: "The picture before the first one (P6): its motion predicts what is sought.") var before: String?
    @Option(help: "The true flow (.flo).") var truth: String?
    @Option(help: "ultrafast, fast, steady, medium or accurate; may be repeated.") var preset: [String] = ["medium"]
    @Option(help: "What the size is divided by for the search: 1, 2 or 4.") var scale = 1
    @Option(help: "Threads.") var threads = 2
    @Option(help: "Timed runs.") var repeats = 10
    @Option(help: "Where to write the flow of the last preset (.flo).") var output: String?
    @Option(help: "Where to write a colour picture of it (P6).") var picture: String?

    func run() throws {
        guard let halvings = [1: 0, 2: 1, 4: 2][scale] else {
            throw ValidationError("--scale \(scale): give 1, 2 or 4")
        }
        let rows = ParallelRows(threads: threads)
        let pool = TensorPool()
        let a = Self.grey(try ImageFile.read(path: first))
        let b = Self.grey(try ImageFile.read(path: second))
        let before = try self.before.map { Self.grey(try ImageFile.read(path: $0)) }
        let truth = try self.truth.map { try FlowFile.read(path: $0) }
        for name in preset {
            let search = ScaledSearch(
                configuration: try Self.configuration(name), halvings: halvings, rows: rows, pool: pool)
            let levels = search.levels(width: a.shape[1], height: a.shape[0])
            let predicted = before.map { before in
                let pyramids = [before, a].map { GreyPyramid(grey: $0, levels: levels, rows: rows, pool: pool) }
                return PredictedFlow(continuing: search.flow(from: pyramids[0], into: pyramids[1]), .forward)
            }
            var times: [Double] = []
            var processorTimes: [Double] = []
            var flow: FlowField?
            for _ in 0...max(1, repeats) {
                let start = ContinuousClock.now
                let processorStart = clock()
                let from = GreyPyramid(grey: a, levels: levels, rows: rows, pool: pool)
                let into = GreyPyramid(grey: b, levels: levels, rows: rows, pool: pool)
                flow = search.flow(from: from, into: into, predicted: predicted)
                processorTimes.append(Double(clock() - processorStart) * 1e3 / Double(CLOCKS_PER_SEC))
                times.append((ContinuousClock.now - start) / .milliseconds(1))
            }
            guard let flow else { continue }
            let timed = times.dropFirst().sorted()
            let error = truth.map { EndPointError.compute(flow: flow, truth: $0).mean }
            print(
                "\(name) epe \(error.map { String(format: "%.4f", $0) } ?? "-") "
                    + String(
                        format: "ms %.3f best %.3f cpu %.3f", timed[timed.count / 2], timed[0],
                        processorTimes.dropFirst().min() ?? 0))
            if let picture { try ImageFile.write(FlowColorWheel.picture(of: flow), path: picture, overwrite: true) }
            if let output { try FlowFile.write(flow, path: output) }
        }
    }

    /// The preset of a name.
    static func configuration(_ name: String) throws -> DenseInverseSearch.Configuration {
        switch name {
        case "ultrafast": .ultrafast
        case "fast": .fast
        case "steady": .steady
        case "medium": .medium
        case "accurate": .accurate
        default: throw ValidationError("no preset '\(name)': give ultrafast, fast, steady, medium or accurate")
        }
    }

    /// Luma as OpenCV makes it, 0…255.
    static func grey(_ image: PlanarImage) -> Tensor {
        let values = image.tensor.values
        let count = image.width * image.height
        let luma = (0..<count).map { i in
            (0.299 * values[i] + 0.587 * values[count + i] + 0.114 * values[2 * count + i]) * 255
        }
        return Tensor([image.height, image.width], luma)
    }
}
