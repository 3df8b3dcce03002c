import CKernels
import Tensors

/// A convolution with stride 1 and at most four output channels, straight to planes: a vector of 16 output channels
/// would be mostly empty, so its lanes hold the columns of the filters, which are added up afterwards.
struct FoldedPass: Sendable {
    private let direct: DirectPass
    private let outputs: Int
    private let taps: Int

    /// The axes are those of an output whose columns are still to be folded: their padding is the whole filter's.
    init(filters: FoldedFilters, rows: ReadAxis, columns: ReadAxis) {
        outputs = filters.outputs
        taps = filters.taps
        direct = DirectPass(
            filters: filters.unfolded, bias: filters.bias, rows: rows, columns: columns, rectified: false)
    }

    /// Writes output rows `outputRows` of `width` columns into `planes`, `[outputs, H, width]`.
    func run(
        _ input: BlockTensor, reading: ChannelReading?, outputRows: Range<Int>, into planes: inout Tensor,
        in workspace: Workspace
    ) {
        let (height, width) = (planes.shape[1], planes.shape[2])
        precondition(
            planes.shape[0] == outputs && outputRows.upperBound <= height, "rows \(outputRows) of \(planes.shape)")
        let geometry = direct.geometry(outputRows: outputRows.count, outputWidth: width, taps: taps)
        let productStride = geometry.patchColumns * 16
        let productFloats = productStride * direct.filters.outputBlocks + 16
        planes.withMutableFloats { planes in
            nonisolated(unsafe) let target = planes.baseAddress
            direct.forEachPatch(
                .blocks(input, reading), geometry, outputRows: outputRows, outputWidth: width, in: workspace
            ) { patch, place in
                var products = Tensor(uninitialized: [productFloats], pool: workspace.pool)
                products.withMutableFloats { products in
                    guard let products = products.baseAddress, let target else { return }
                    (products + productFloats - 16).update(repeating: 0, count: 16)
                    for y in place.rows {
                        direct.multiply(
                            patch, row: y - place.rows.lowerBound, bias: nil, destination: products,
                            destinationStride: productStride, count: patch.columns)
                        direct.bias.withUnsafeBufferPointer { bias in
                            bf_kernels_current().pointee.blocks.fold(
                                products, productStride, taps, outputs, bias.baseAddress,
                                target + y * width + place.columns.lowerBound, height * width, place.columns.count)
                        }
                    }
                }
            }
        }
    }
}
