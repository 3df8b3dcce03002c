import Synchronization

/// Keeps freed tensor blocks for reuse, so that a steady pipeline allocates nothing per frame.
///
/// Blocks are reused only for exactly their own size. The pool holds at most `capacity` bytes of idle
/// blocks; what comes back beyond that is freed.
public final class TensorPool: Sendable {
    private struct Idle {
        var blocks: [Int: [UInt]] = [:]
        var bytes = 0
    }

    private let idle = Mutex(Idle())
    private let capacity: Int

    /// Makes an empty pool that keeps at most `capacity` bytes of idle blocks.
    public init(capacity: Int = 256 << 20) {
        self.capacity = capacity
    }

    deinit {
        idle.withLock { idle in
            for (count, addresses) in idle.blocks {
                for address in addresses {
                    TensorStorage.free(Self.block(at: address, count: count))
                }
            }
        }
    }

    /// The bytes of idle blocks held now.
    public var idleBytes: Int { idle.withLock { $0.bytes } }

    func take(count: Int) -> UnsafeMutableBufferPointer<Float> {
        let address = idle.withLock { idle -> UInt? in
            guard let address = idle.blocks[count]?.popLast() else { return nil }
            idle.bytes -= count * MemoryLayout<Float>.stride
            return address
        }
        guard let address else { return TensorStorage.allocate(count: count) }
        return Self.block(at: address, count: count)
    }

    func give(_ block: UnsafeMutableBufferPointer<Float>) {
        let bytes = block.count * MemoryLayout<Float>.stride
        let address = UInt(bitPattern: block.baseAddress)
        let kept = idle.withLock { idle -> Bool in
            guard idle.bytes + bytes <= capacity else { return false }
            idle.bytes += bytes
            idle.blocks[block.count, default: []].append(address)
            return true
        }
        if !kept { TensorStorage.free(block) }
    }

    private static func block(at address: UInt, count: Int) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: UnsafeMutablePointer(bitPattern: address), count: count)
    }
}
