import CKernels
import Tensors

/// The sums that the stripes of one layer gather, before they are combined.
///
/// `@unchecked Sendable`: every stripe has slots of its own, and is worked at by one thread.
final class MomentStripes: @unchecked Sendable {
    /// One block's sums in one stripe, and over how many pixels. The rest keeps those of the next stripe, which another
    /// thread writes at the same time, off its cache lines.
    private struct Slot {
        var sums = bf_moments()
        var count = 0
        var rest = (0, 0, 0, 0, 0, 0, 0)
    }

    private let blockCount: Int
    private let slots: UnsafeMutableBufferPointer<Slot>

    /// Makes room for a number of stripes.
    init(stripes: Int, blockCount: Int) {
        self.blockCount = blockCount
        slots = .allocate(capacity: stripes * blockCount)
        slots.initialize(repeating: Slot())
    }

    deinit { slots.deallocate() }

    /// Adds `count` pixels of one block to the sums of a stripe; the first one becomes their shift.
    func add(_ pixels: UnsafePointer<Float>, count: Int, block: Int, stripe: Int) {
        guard let base = slots.baseAddress, count > 0 else { return }
        let slot = base + stripe * blockCount + block
        if slot.pointee.count == 0 {
            withUnsafeMutableBytes(of: &slot.pointee.sums.shift) { shift in
                shift.copyMemory(from: UnsafeRawBufferPointer(start: pixels, count: shift.count))
            }
        }
        bf_kernels_current().pointee.blocks.moments(pixels, count, &slot.pointee.sums)
        slot.pointee.count += count
    }

    /// Adds all stripes, in their order, to `moments`.
    func combine(into moments: inout ChannelMoments) {
        for first in stride(from: 0, to: slots.count, by: blockCount) {
            moments.add(slots[first..<first + blockCount].map(\.sums), count: slots[first].count)
        }
    }
}
