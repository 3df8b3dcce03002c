import NeuralNet
import Tensors

/// Times the layers of a style network on this machine, each against its own limit.
public struct BenchJob: Sendable {
    /// The networks that can be timed, with seeded weights: speed does not depend on what they were trained for.
    public enum Network: String, Sendable, CaseIterable {
        /// 16, 32 and 64 channels at the full, half and quarter resolution.
        case half
        /// 32, 64 and 128 channels, as published (Johnson 2016).
        case johnson
    }

    /// One layer.
    public struct Layer: Sendable, Equatable {
        /// Its name in weight files.
        public var name: String
        /// What it does: `3×3 64→64`.
        public var kind: String
        /// Columns of its output.
        public var width: Int
        /// Rows of its output.
        public var height: Int
        /// Wall time in milliseconds, the median.
        public var milliseconds: Double
        /// GFLOP/s, a direct convolution's multiply-adds counted twice; 0 where there are none.
        public var effectiveGigaflops: Double
        /// The least time that this machine could take, in milliseconds.
        public var limit: Double
        /// What sets that limit: `arithmetic` or `memory`.
        public var bound: String
    }

    /// What was measured.
    public struct Outcome: Sendable, Equatable {
        /// What the micro-kernel reaches within the caches, all threads together.
        public var gigaflops: Double
        /// Layers in order; the residual blocks are alike, and one stands for all.
        public var layers: [Layer]
        /// A whole frame in milliseconds, the median.
        public var frameMilliseconds: Double
    }

    private let network: Network
    private let width: Int
    private let height: Int
    private let rounds: Int
    private let rows: ParallelRows

    /// Prepares a measurement.
    ///
    /// - Parameters:
    ///   - size: the frame, 16…8192 a side.
    ///   - rounds: timed runs, 1…1000; medians count.
    /// - Throws: `.usage` where a value is outside its range.
    public init(network: Network, size: (width: Int, height: Int), rounds: Int, threads: Int? = nil) throws {
        guard (16...8192).contains(size.width), (16...8192).contains(size.height) else {
            throw BrushflowError(.usage, "--size \(size.width)x\(size.height): expected 16x16…8192x8192")
        }
        guard (1...1000).contains(rounds) else {
            throw BrushflowError(.usage, "--rounds \(rounds): expected 1…1000")
        }
        self.network = network
        (width, height) = size
        self.rounds = rounds
        rows = ThreadBudget(total: threads).rows
    }

    /// Measures.
    public func run() -> Outcome {
        let workspace = Workspace(rows: rows, pool: TensorPool(capacity: 1 << 30))
        let layout = StyleNetworkLayout(widths: network == .half ? [16, 32, 64] : [32, 64, 128])
        let network = StyleNetwork(seeded: layout)
        let limits = MachineLimits(rounds: 9, in: workspace)
        let profile = StyleNetworkProfile(
            network: network, width: width, height: height, rounds: rounds, limits: limits, in: workspace)
        return Outcome(
            gigaflops: limits.gigaflops, layers: profile.measure().map(Layer.init), frameMilliseconds: profile.frame())
    }
}

extension BenchJob.Layer {
    fileprivate init(_ measured: LayerMeasurement) {
        self.init(
            name: measured.name, kind: measured.kind, width: measured.width, height: measured.height,
            milliseconds: measured.milliseconds, effectiveGigaflops: measured.effectiveGigaflops,
            limit: measured.limit, bound: measured.bound.rawValue)
    }
}
