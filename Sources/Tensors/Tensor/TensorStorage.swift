import Synchronization

/// A block of 64-byte-aligned floats that returns to its pool when the last tensor lets go of it.
///
/// `@unchecked Sendable`: the block is written only through `Tensor`, which copies it first unless it is
/// the only owner.
package final class TensorStorage: @unchecked Sendable {
    package let base: UnsafeMutableBufferPointer<Float>
    /// `base` and what more its block holds.
    private let block: UnsafeMutableBufferPointer<Float>
    private let pool: TensorPool?

    /// Takes a block of `count` floats from the pool, or from the system where there is none. The contents
    /// are undefined.
    init(count: Int, pool: TensorPool?) {
        self.pool = pool
        block = pool?.take(count: count) ?? Self.allocate(count: count)
        base = UnsafeMutableBufferPointer(rebasing: block[..<count])
    }

    deinit {
        if let pool {
            pool.give(block)
        } else {
            Self.free(block)
        }
    }

    static func allocate(count: Int) -> UnsafeMutableBufferPointer<Float> {
        let raw = UnsafeMutableRawPointer.allocate(
            byteCount: max(count, 1) * MemoryLayout<Float>.stride,
            alignment: 64
        )
        return UnsafeMutableBufferPointer(start: raw.bindMemory(to: Float.self, capacity: count), count: count)
    }

    static func free(_ block: UnsafeMutableBufferPointer<Float>) {
        UnsafeMutableRawPointer(block.baseAddress)?.deallocate()
    }
}
