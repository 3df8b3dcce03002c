import Synchronization

/// Keeps freed tensor blocks for reuse, so that a steady pipeline allocates nothing per frame.
///
/// A tensor gets the smallest idle block that holds it and is at most twice as large. The pool holds at most `capacity`
/// bytes of idle blocks; what comes back beyond that is freed. Where no idle block fits, those that have been idle longest
/// are freed, so far that tensors and idle blocks together take at most twice what the tensors did at their peak:
/// work that goes through many sizes would otherwise hold the sum of them all.
public final class TensorPool: Sendable {
    private struct Block {
        let address: UInt
        /// The higher, the later it came back.
        let stamp: UInt64
    }

    private struct State {
        /// Idle blocks by their number of floats, each list in the order in which they came back.
        var blocks: [Int: [Block]] = [:]
        var idleBytes = 0
        /// Bytes of tensors in use, now and at most.
        var usedBytes = 0
        var mostUsedBytes = 0
        var stamp: UInt64 = 0

        mutating func use(_ bytes: Int) {
            usedBytes += bytes
            mostUsedBytes = max(mostUsedBytes, usedBytes)
        }

        /// Takes out a block of the smallest of the sizes that are there; of those, the one that came back last.
        mutating func removeSmallest(_ counts: ClosedRange<Int>) -> UnsafeMutableBufferPointer<Float>? {
            let count =
                blocks[counts.lowerBound] == nil ? blocks.keys.filter(counts.contains).min() : counts.lowerBound
            return count.flatMap { remove($0, oldest: false) }
        }

        /// Takes out the block that has been idle longest.
        mutating func removeOldest() -> UnsafeMutableBufferPointer<Float>? {
            let oldest = blocks.min { ($0.value.first?.stamp ?? .max) < ($1.value.first?.stamp ?? .max) }
            return oldest.flatMap { remove($0.key, oldest: true) }
        }

        /// Takes out a block of a size that is there: the one that came back first, or last.
        private mutating func remove(_ count: Int, oldest: Bool) -> UnsafeMutableBufferPointer<Float>? {
            guard let block = oldest ? blocks[count]?.removeFirst() : blocks[count]?.popLast() else { return nil }
            if blocks[count]?.isEmpty == true { blocks[count] = nil }
            idleBytes -= count * MemoryLayout<Float>.stride
            return UnsafeMutableBufferPointer(start: UnsafeMutablePointer(bitPattern: block.address), count: count)
        }
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// Makes an empty pool that keeps at most `capacity` bytes of idle blocks.
    public init(capacity: Int = 256 << 20) {
        self.capacity = capacity
    }

    deinit { trim() }

    /// The bytes of idle blocks held now.
    public var idleBytes: Int { state.withLock { $0.idleBytes } }

    /// Frees all idle blocks: for where one kind of work ends and another begins that will not ask for their sizes.
    package func trim() {
        state.withLock { state in
            while let block = state.removeOldest() { TensorStorage.free(block) }
        }
    }

    /// A block of at least `count` floats; its contents are undefined.
    func take(count: Int) -> UnsafeMutableBufferPointer<Float> {
        let found = state.withLock { state -> UnsafeMutableBufferPointer<Float>? in
            if let block = state.removeSmallest(count...2 * count) {
                state.use(block.count * MemoryLayout<Float>.stride)
                return block
            }
            state.use(count * MemoryLayout<Float>.stride)
            let most = 2 * state.mostUsedBytes
            while state.usedBytes + state.idleBytes > most, let block = state.removeOldest() {
                TensorStorage.free(block)
            }
            return nil
        }
        return found ?? TensorStorage.allocate(count: count)
    }

    /// Takes back a block that `take` gave.
    func give(_ block: UnsafeMutableBufferPointer<Float>) {
        let bytes = block.count * MemoryLayout<Float>.stride
        let address = UInt(bitPattern: block.baseAddress)
        let kept = state.withLock { state -> Bool in
            state.usedBytes -= bytes
            guard state.idleBytes + bytes <= capacity else { return false }
            state.idleBytes += bytes
            state.stamp += 1
            state.blocks[block.count, default: []].append(Block(address: address, stamp: state.stamp))
            return true
        }
        if !kept { TensorStorage.free(block) }
    }
}
