import CKernels
import Tensors

/// Planes whose pixels stand for channels behind those of an activation, as `BlockTensor.unshuffle` would write them.
struct ShuffledPlanes: Sendable {
    /// `[C, H, W]`, extents multiples of `factor`.
    let planes: Tensor
    /// 2 or 4: rows and columns of pixels that are channels of one.
    let factor: Int
    /// The first block of channels that they stand for.
    let firstBlock: Int

    /// Describes planes.
    init(_ planes: Tensor, by factor: Int, firstBlock: Int = 0) {
        precondition(
            (factor == 2 || factor == 4) && planes.shape[1] % factor == 0 && planes.shape[2] % factor == 0,
            "\(factor)×\(factor) pixels of \(planes.shape)")
        (self.planes, self.factor, self.firstBlock) = (planes, factor, firstBlock)
    }

    /// Whether no pair of blocks that is rounded together reads both an activation and these.
    var areWholePairs: Bool { firstBlock % 2 == 0 }

    /// Rounds two blocks of a row of the activation to bfloat16, as `round_lines` does.
    ///
    /// - Parameters:
    ///   - blocks: counted as the activation's.
    ///   - columns: of each block, `count` of them.
    func round(
        row: Int, blocks: (Int, Int), columns: (UnsafePointer<Int32>, UnsafePointer<Int32>), count: Int,
        into target: UnsafeMutablePointer<UInt16>
    ) {
        planes.withFloats { planes in
            guard let planes = planes.baseAddress else { return }
            let lines = [blocks.0, blocks.1].flatMap {
                Self.lines(
                    of: $0 - firstBlock, row: row, factor: factor, shape: self.planes.shape, padding: .reflection,
                    in: planes)
            }
            lines.withUnsafeBufferPointer { lines in
                var job = bf_rounded_lines(
                    lines: lines.baseAddress, columns: (columns.0, columns.1), factor: CInt(factor), count: count,
                    target: target)
                bf_kernels_current().pointee.blocks.round_lines(&job)
            }
        }
    }

    /// Where the lines of planes `[C, H, W]` begin that a row of a block of channels reads, nil for zeros.
    ///
    /// - Parameters:
    ///   - block: counted from the planes' first.
    ///   - padding: what stands for lines beyond the last.
    static func lines(
        of block: Int, row: Int, factor: Int, shape: Shape, padding: Padding, in base: UnsafePointer<Float>
    ) -> [UnsafePointer<Float>?] {
        let (channels, height, width) = (shape[0], shape[1], shape[2])
        return (block * 16 / factor..<(block + 1) * 16 / factor).map { line in
            guard line < channels * factor, let y = padding.index(row * factor + line % factor, height) else {
                return nil
            }
            return base + (line / factor * height + y) * width
        }
    }
}
