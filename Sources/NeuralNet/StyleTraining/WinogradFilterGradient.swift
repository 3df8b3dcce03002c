import CKernels
import Tensors

/// The gradient of the filters of one 3×3 convolution with stride 1, taken where Winograd's F(4×4, 3×3) multiplies: the
/// transformed input and the transformed gradient of the output are multiplied and summed over tiles, 36 products a tile
/// where the plain sum takes 144, and the sums are transformed back. By one thread.
struct WinogradFilterGradient {
    let rows: ReadAxis
    let columns: ReadAxis
    let reading: ChannelReading?

    /// Tiles that are transformed before they are multiplied: a share of a second-level cache.
    private static let chunk = 56
    private static let gap = 16

    /// Adds the gradient, `[outputs, inputs, 3, 3]`, to `sums`.
    ///
    /// - Parameters:
    ///   - input: what was convolved, whole.
    ///   - gradient: of the convolution's output, whole.
    func add(
        input: BlockTensor, gradient: BlockTensor, to sums: UnsafeMutablePointer<Float>, in workspace: Workspace
    ) {
        let grid = WinogradGrid(rows: 0..<gradient.fullHeight, width: gradient.width, side: 4)
        let rowTable = grid.rowTable(rows, held: input.rows)
        let columnTable = columns.table(0..<grid.across * 4 + 2)
        let (inputBlocks, outputBlocks) = (input.blockCount, gradient.blockCount)
        let size = min(Self.chunk, grid.count)
        let inputStride = inputBlocks * size * 16 + Self.gap
        let gradientStride = outputBlocks * size * 16 + Self.gap
        let positionStride = inputBlocks * outputBlocks * 256
        var scratch = Tensor(
            uninitialized: [36 * (inputStride + gradientStride + positionStride)], pool: workspace.pool)
        let kernels = bf_kernels_current().pointee
        scratch.withMutableFloats { scratch in
            guard let transformed = scratch.baseAddress else { return }
            let pulls = transformed + 36 * inputStride
            let products = pulls + 36 * gradientStride
            withSource(input, rowTable, columnTable, across: grid.across) { source in
                gradient.blocks.withFloats { given in
                    guard let given = given.baseAddress else { return }
                    for first in stride(from: 0, to: grid.count, by: size) {
                        let count = min(size, grid.count - first)
                        for block in 0..<inputBlocks {
                            kernels.blocks.winograd_input(
                                source, block, first, count, transformed + block * size * 16, inputStride)
                        }
                        for block in 0..<outputBlocks {
                            kernels.style.winograd_gradient(
                                given + block * gradient.blockStride, gradient.width, gradient.fullHeight, grid.across,
                                first, count, pulls + block * size * 16, gradientStride)
                        }
                        for position in 0..<36 {
                            for block in 0..<inputBlocks {
                                kernels.blocks.outer(
                                    transformed + position * inputStride + block * size * 16, 16,
                                    pulls + position * gradientStride, size * 16, outputBlocks, count,
                                    first == 0 ? 1 : 0,
                                    products + position * positionStride + block * outputBlocks * 256)
                            }
                        }
                    }
                }
            }
            let (inputs, outputs) = (input.channels, gradient.channels)
            withUnsafeTemporaryAllocation(of: Float.self, capacity: 144) { taps in
                guard let taps = taps.baseAddress else { return }
                for input in 0..<inputs {
                    for block in 0..<outputBlocks {
                        let from = (input / 16 * outputBlocks + block) * 256 + input % 16 * 16
                        kernels.style.winograd_taps(products + from, positionStride, taps)
                        for lane in 0..<min(16, outputs - block * 16) {
                            let to = sums + ((block * 16 + lane) * inputs + input) * 9
                            for tap in 0..<9 { to[tap] += taps[tap * 16 + lane] }
                        }
                    }
                }
            }
        }
    }

    private func withSource(
        _ input: BlockTensor, _ rowTable: [Int32], _ columnTable: [Int32], across: Int,
        _ body: (UnsafePointer<bf_winograd_source>) -> Void
    ) {
        let (scales, offsets) = (reading?.scales ?? [], reading?.offsets ?? [])
        input.blocks.withFloats { pixels in
            scales.withUnsafeBufferPointer { scales in
                offsets.withUnsafeBufferPointer { offsets in
                    rowTable.withUnsafeBufferPointer { rowTable in
                        columnTable.withUnsafeBufferPointer { columnTable in
                            var source = bf_winograd_source(
                                pixels: pixels.baseAddress, width: input.width, block_stride: input.blockStride,
                                side: 4, tiles_across: across, rows: rowTable.baseAddress,
                                columns: columnTable.baseAddress,
                                scales: reading == nil ? nil : scales.baseAddress,
                                offsets: reading == nil ? nil : offsets.baseAddress,
                                rectify: reading?.rectified == true ? 1 : 0)
                            body(&source)
                        }
                    }
                }
            }
        }
    }
}
