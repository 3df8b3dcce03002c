import CKernels
import Tensors

/// What this machine's cores reach together, measured: the limits that layers are held against.
package struct MachineLimits: Sendable {
    /// GFLOP/s of the micro-kernel on operands that stay in the first-level caches, all threads at once.
    package let gigaflops: Double
    private let rounds: Int

    /// Measures the micro-kernel, the best of `rounds`; some 20 ms a round.
    package init(rounds: Int, in workspace: Workspace) {
        self.rounds = max(rounds, 1)
        gigaflops = (0..<self.rounds).map { _ in Self.products(in: workspace) }.max() ?? 0
    }

    /// GB/s of a loop that moves `bytes` in all, two parts read and one written, all threads at once, the best of the rounds:
    /// the caches' speed where so many bytes fit them, else the memory's.
    func gigabytes(moving bytes: Int, in workspace: Workspace) -> Double {
        var arrays = Arrays(blocks: max(bytes / (3 * 64), 1))
        _ = arrays.pass(in: workspace)
        return (0..<rounds).map { _ in arrays.pass(in: workspace) }.max() ?? 0
    }

    private static func products(in workspace: Workspace) -> Double {
        let (depth, pixels, repetitions) = (64, 28, 4000)
        let operands = Tensor([depth * (pixels + 32)], filledWith: 1)
        let threads = workspace.rows.threads
        let product = bf_kernels_current().pointee.blocks.product
        let seconds = Seconds.taken {
            workspace.rows.run(rows: threads, grain: 1) { _, _ in
                var results = Tensor(uninitialized: [pixels * 32])
                operands.withFloats { operands in
                    results.withMutableFloats { results in
                        let segments = (0..<depth / 16).map { block in
                            operands.baseAddress.map { $0 + block * pixels * 16 }
                        }
                        for _ in 0..<repetitions {
                            product?(
                                segments, depth / 16, 16, 16, operands.baseAddress.map { $0 + depth * pixels },
                                depth * 16, nil, results.baseAddress, pixels * 16, 2, pixels)
                        }
                    }
                }
            }
        }
        return Double(threads * repetitions * 2 * depth * pixels * 32) / seconds * 1e-9
    }

    /// Three arrays of blocks of 16 floats.
    private struct Arrays {
        private let first: Tensor
        private let second: Tensor
        private var sum: Tensor

        init(blocks: Int) {
            first = Tensor([blocks * 16], filledWith: 1)
            second = Tensor([blocks * 16], filledWith: 2)
            sum = Tensor([blocks * 16], filledWith: 0)
        }

        mutating func pass(in workspace: Workspace) -> Double {
            let (count, zeros) = (first.count / 16, [Float](repeating: 0, count: 16))
            let normalize = bf_kernels_current().pointee.blocks.normalize
            let (first, second) = (first, second)
            let seconds = sum.withMutableFloats { sum in
                nonisolated(unsafe) let target = sum.baseAddress
                return Seconds.taken {
                    workspace.rows.run(rows: count, grain: 512) { _, range in
                        first.withFloats { first in
                            second.withFloats { second in
                                let at = range.lowerBound * 16
                                normalize?(
                                    first.baseAddress.map { $0 + at }, zeros, zeros, 0,
                                    second.baseAddress.map { $0 + at }, target.map { $0 + at }, range.count)
                            }
                        }
                    }
                }
            }
            return Double(3 * 4 * first.count) / seconds * 1e-9
        }
    }
}
