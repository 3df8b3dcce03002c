import CKernels
import Tensors

/// An activation as the engine computes with it: blocks of 16 channels, the channels of a pixel side by side, those
/// beyond the last one zero. It may hold only some rows of a picture that is taller.
package struct BlockTensor: Sendable {
    /// C.
    package let channels: Int
    /// The rows held.
    package let rows: Range<Int>
    /// Rows of the whole picture.
    package let fullHeight: Int
    /// Columns.
    package let width: Int
    /// `[ceil(C / 16), rows, width, 16]`, in memory that may be larger.
    package var blocks: Tensor

    /// The number of blocks.
    package var blockCount: Int { Self.blockCount(channels) }

    /// Floats from block to block.
    package var blockStride: Int { rows.count * width * 16 }

    /// Whether all of some rows are held.
    func holds(_ some: Range<Int>) -> Bool { rows.clamped(to: some) == some }

    /// Where a row begins in every block, in floats.
    func offset(ofRow row: Int) -> Int { (row - rows.lowerBound) * width * 16 }

    /// The blocks that hold a number of channels.
    package static func blockCount(_ channels: Int) -> Int { (channels + 15) / 16 }

    /// Makes an activation with undefined contents.
    ///
    /// - Parameter capacity: rows to take memory for, if more: so that activations of several heights use the same
    ///   block of the pool in turn.
    package init(
        channels: Int, rows: Range<Int>, fullHeight: Int, width: Int, capacity: Int = 0, pool: TensorPool?
    ) {
        precondition(
            channels > 0 && !rows.isEmpty && width > 0 && rows.lowerBound >= 0 && rows.upperBound <= fullHeight,
            "\(channels) channels of rows \(rows) of \(fullHeight), \(width) columns")
        self.channels = channels
        self.rows = rows
        self.fullHeight = fullHeight
        self.width = width
        blocks = Tensor(
            uninitialized: [Self.blockCount(channels) * max(rows.count, capacity) * width * 16], pool: pool)
    }

    /// Copies planes `[C, H, W]` into blocks.
    package init(planar: Tensor, in workspace: Workspace) {
        precondition(planar.shape.rank == 3, "planes \(planar.shape)")
        self.init(
            channels: planar.shape[0], rows: 0..<planar.shape[1], fullHeight: planar.shape[1], width: planar.shape[2],
            pool: workspace.pool)
        let (channels, width, plane) = (channels, width, planar.shape[1] * planar.shape[2])
        let (blockStride, blockCount) = (blockStride, blockCount)
        let gather = bf_kernels_current().pointee.blocks.gather
        blocks.withMutableFloats { target in
            nonisolated(unsafe) let target = target
            workspace.rows.run(rows: planar.shape[1], grain: Self.grain(width: width)) { _, rows in
                planar.withFloats { source in
                    guard let source = source.baseAddress, let target = target.baseAddress else { return }
                    for block in 0..<blockCount {
                        gather?(
                            source + block * 16 * plane + rows.lowerBound * width, plane,
                            min(16, channels - block * 16),
                            target + block * blockStride + rows.lowerBound * width * 16, rows.count * width)
                    }
                }
            }
        }
    }

    /// The rows held as planes, `[C, rows, width]`.
    package func planar(in workspace: Workspace) -> Tensor {
        let (channels, width, plane) = (channels, width, rows.count * width)
        let (blockStride, blockCount) = (blockStride, blockCount)
        var planes = Tensor(uninitialized: [channels, rows.count, width], pool: workspace.pool)
        let scatter = bf_kernels_current().pointee.blocks.scatter
        planes.withMutableFloats { target in
            nonisolated(unsafe) let target = target
            workspace.rows.run(rows: rows.count, grain: Self.grain(width: width)) { _, rows in
                blocks.withFloats { source in
                    guard let source = source.baseAddress, let target = target.baseAddress else { return }
                    for block in 0..<blockCount {
                        scatter?(
                            source + block * blockStride + rows.lowerBound * width * 16,
                            target + block * 16 * plane + rows.lowerBound * width, plane,
                            min(16, channels - block * 16), rows.count * width)
                    }
                }
            }
        }
        return planes
    }

    /// Rows per stripe, for some 1 Ki pixels each: two threads then end nearly together at the quarter resolution too.
    static func grain(width: Int) -> Int { max(1, 1024 / width) }
}
