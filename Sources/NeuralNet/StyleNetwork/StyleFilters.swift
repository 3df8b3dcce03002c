import CKernels
import Tensors

/// The filters of one convolution of a style network, packed for the way in which they are multiplied.
enum StyleFilters: Sendable {
    case float(WinogradFilters)
    /// Of pixels that are read at twice their size.
    case enlarging([WinogradPhase])
    case rounded(RoundedFilters)

    /// Packs `weight`, `[outputs, inputs, 3, 3]`.
    ///
    /// - Parameter enlargement: how many times each pixel is read, across and down.
    init(weight: Tensor, enlargement: Int, precision: NetworkPrecision) {
        let rounds = precision == .auto
        if rounds && bf_kernels_current().pointee.blocks.splits != 0 {
            self = .rounded(RoundedFilters(weight: weight, enlargement: enlargement))
        } else if enlargement == 2, let phases = WinogradPhase.enlarging(weight, rounds: rounds) {
            self = .enlarging(phases)
        } else {
            self = .float(WinogradFilters(painting: weight, rounds: rounds))
        }
    }

    /// Whether a pass reads pixels where they are; else they are to be unshuffled into its input.
    func reads(_ pixels: ShuffledPlanes) -> Bool {
        switch self {
        case .float, .enlarging: false
        case .rounded: pixels.areWholePairs
        }
    }

    /// The convolution with these filters.
    ///
    /// - Parameters:
    ///   - bias: one per output channel, whole blocks, nil for zeros.
    ///   - pixels: the frame's own, which stand for a part of its input.
    func pass(
        bias: [Float]?, rows: ReadAxis, columns: ReadAxis, reading: ChannelReading?, pixels: ShuffledPlanes?
    ) -> any ConvolutionPass {
        switch self {
        case .float(let filters):
            WinogradPass(
                filters: filters, bias: bias ?? Self.zeros(filters.outputBlocks), rows: rows, columns: columns,
                reading: reading, rectified: false)
        case .enlarging(let phases):
            WinogradPass(
                enlarging: phases, bias: bias ?? Self.zeros(phases[0].filters.outputBlocks), rows: rows,
                columns: columns, reading: reading)
        case .rounded(let filters):
            RoundedPass(
                filters: filters, bias: bias ?? Self.zeros(filters.outputBlocks), rows: rows, columns: columns,
                reading: reading, pixels: pixels.flatMap { reads($0) ? $0 : nil })
        }
    }

    private static func zeros(_ blocks: Int) -> [Float] { [Float](repeating: 0, count: blocks * 16) }
}
