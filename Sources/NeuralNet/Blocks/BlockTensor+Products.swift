import CKernels
import Tensors

extension BlockTensor {
    /// Positions of a stripe of the products: its channels take half a second-level cache.
    private static func stripe(blocks: Int) -> Int { max(128, (128 << 10) / (blocks * 16) / 128 * 128) }

    /// F Fᵀ, `[C, C]` row-major, F the channels by all positions held: Float32 sums of every stripe of positions, added
    /// up in Double in their order. Only one half is computed; the other mirrors it.
    package func outerProduct(in workspace: Workspace) -> [Double] {
        let (count, blockCount, blockStride) = (rows.count * width, blockCount, blockStride)
        // Block b with blocks b, b + 1, …
        let firsts = (0...blockCount).map { $0 * blockCount - $0 * ($0 - 1) / 2 }
        let size = firsts[blockCount] * 256
        let grain = Self.stripe(blocks: blockCount)
        let stripes = ParallelRows.stripeCount(rows: count, grain: grain)
        var partials = Tensor(uninitialized: [stripes, size], pool: workspace.pool)
        let outer = bf_kernels_current().pointee.blocks.outer
        blocks.withFloats { source in
            partials.withMutableFloats { partials in
                nonisolated(unsafe) let (source, partials) = (source.baseAddress, partials.baseAddress)
                workspace.rows.run(rows: count, grain: grain) { stripe, range in
                    guard let source, let partials else { return }
                    for block in 0..<blockCount {
                        let left = source + block * blockStride + range.lowerBound * 16
                        outer?(
                            left, 16, left, blockStride, blockCount - block, range.count, 1,
                            partials + stripe * size + firsts[block] * 256)
                    }
                }
            }
        }
        return Self.square(partials, firsts: firsts, channels: channels, in: workspace)
    }

    /// Adds up the partial sums `[stripes, pairs · 256]` and spreads them over the whole square.
    private static func square(
        _ partials: Tensor, firsts: [Int], channels: Int, in workspace: Workspace
    ) -> [Double] {
        let (stripes, size) = (partials.shape[0], partials.shape[1])
        var square = [Double](repeating: 0, count: channels * channels)
        square.withUnsafeMutableBufferPointer { square in
            partials.withFloats { partials in
                nonisolated(unsafe) let (square, partials) = (square, partials)
                workspace.rows.run(rows: firsts.count - 1, grain: 1) { block, _ in
                    for index in firsts[block] * 256..<firsts[block + 1] * 256 {
                        let row = block * 16 + index / 16 % 16
                        let column = (block + index / 256 - firsts[block]) * 16 + index % 16
                        guard row < channels, column < channels, row <= column else { continue }
                        var sum = 0.0
                        for stripe in 0..<stripes { sum += Double(partials[stripe * size + index]) }
                        square[row * channels + column] = sum
                        square[column * channels + row] = sum
                    }
                }
            }
        }
        return square
    }

    /// factor · matrix · F, for a matrix `[C, C]` row-major.
    package func multiplied(by matrix: [Float], factor: Float = 1, in workspace: Workspace) -> BlockTensor {
        precondition(matrix.count == channels * channels, "matrix of \(matrix.count) for \(channels) channels")
        var result = BlockTensor(
            channels: channels, rows: rows, fullHeight: fullHeight, width: width, pool: workspace.pool)
        let (count, blockCount, blockStride) = (rows.count * width, blockCount, blockStride)
        let depth = blockCount * 16
        let packed = packed(matrix, factor: factor)
        let product = bf_kernels_current().pointee.blocks.product
        let grain = Self.stripe(blocks: blockCount)
        blocks.withFloats { source in
            result.blocks.withMutableFloats { target in
                packed.withFloats { packed in
                    nonisolated(unsafe) let (source, target) = (source.baseAddress, target.baseAddress)
                    nonisolated(unsafe) let packed = packed.baseAddress
                    workspace.rows.run(rows: count, grain: grain) { _, range in
                        guard let source, let target, let packed else { return }
                        let segments = (0..<blockCount).map {
                            Optional(source + $0 * blockStride + range.lowerBound * 16)
                        }
                        product?(
                            segments, blockCount, 16, 16, packed, depth * 16, nil, target + range.lowerBound * 16,
                            blockStride, blockCount, range.count)
                    }
                }
            }
        }
        return result
    }

    /// The matrix as the micro-kernel reads filters, `[blocks][C, whole blocks][16]`.
    private func packed(_ matrix: [Float], factor: Float) -> Tensor {
        var packed = Tensor([blockCount, blockCount * 16, 16])
        let (channels, depth) = (channels, blockCount * 16)
        packed.withMutableFloats { packed in
            for row in 0..<channels {
                for column in 0..<channels {
                    packed[(row / 16 * depth + column) * 16 + row % 16] = factor * matrix[row * channels + column]
                }
            }
        }
        return packed
    }
}
