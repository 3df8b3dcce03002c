import CKernels
import Tensors

/// The sums that the stripes of one layer gather, before they are combined.
///
/// `@unchecked Sendable`: every stripe has slots of its own, and is worked at by one thread.
final class MomentStripes: @unchecked Sendable {
    private let blockCount: Int
    private let sums: UnsafeMutableBufferPointer<bf_moments>
    private let counts: UnsafeMutableBufferPointer<Int>

    /// Makes room for a number of stripes.
    init(stripes: Int, blockCount: Int) {
        self.blockCount = blockCount
        sums = .allocate(capacity: stripes * blockCount)
        sums.initialize(repeating: bf_moments())
        counts = .allocate(capacity: stripes * blockCount)
        counts.initialize(repeating: 0)
    }

    deinit {
        sums.deallocate()
        counts.deallocate()
    }

    /// Adds `count` pixels of one block to the sums of a stripe; the first one becomes their shift.
    func add(_ pixels: UnsafePointer<Float>, count: Int, block: Int, stripe: Int) {
        guard let base = sums.baseAddress, count > 0 else { return }
        let slot = stripe * blockCount + block
        if counts[slot] == 0 {
            withUnsafeMutableBytes(of: &base[slot].shift) { shift in
                shift.copyMemory(from: UnsafeRawBufferPointer(start: pixels, count: shift.count))
            }
        }
        bf_kernels_current().pointee.blocks.moments(pixels, count, base + slot)
        counts[slot] += count
    }

    /// Adds all stripes, in their order, to `moments`.
    func combine(into moments: inout ChannelMoments) {
        for slot in stride(from: 0, to: sums.count, by: blockCount) {
            moments.add(UnsafeBufferPointer(rebasing: sums[slot..<slot + blockCount]), count: counts[slot])
        }
    }
}
