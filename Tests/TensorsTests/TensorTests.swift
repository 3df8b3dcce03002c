import Tensors
import Testing

@Suite struct TensorTests {
    @Test func writingACopyLeavesTheOriginalAlone() {
        let original = Tensor([2, 2], [1, 2, 3, 4])
        var copy = original
        copy.withMutableFloats { $0[0] = 9 }
        #expect(original.values == [1, 2, 3, 4])
        #expect(copy.values == [9, 2, 3, 4])
    }

    @Test func reshapingSharesTheElements() {
        let tensor = Tensor([2, 3], [1, 2, 3, 4, 5, 6])
        #expect(tensor.reshaped(to: [6]).values == [1, 2, 3, 4, 5, 6])
        #expect(tensor.reshaped(to: [3, 2]).shape == [3, 2])
    }

    @Test func poolReusesBlocksAndKeepsToItsCapacity() {
        let pool = TensorPool(capacity: 4 * 100)
        func addressOfShortLived(count: Int) -> UnsafeRawPointer? {
            Tensor([count], filledWith: 1, pool: pool).withFloats { UnsafeRawPointer($0.baseAddress) }
        }
        let first = addressOfShortLived(count: 60)
        #expect(pool.idleBytes == 240)
        #expect(addressOfShortLived(count: 60) == first)
        _ = addressOfShortLived(count: 50)
        #expect(pool.idleBytes == 240, "a smaller tensor takes a block that is at most twice as large")
        _ = addressOfShortLived(count: 20)
        #expect(pool.idleBytes == 320, "one that is larger stays idle")
        _ = addressOfShortLived(count: 90)
        #expect(pool.idleBytes == 320, "a block that would exceed the capacity is freed")
        pool.trim()
        #expect(pool.idleBytes == 0)
    }

    @Test func poolLetsGoOfSizesThatAreNoLongerUsed() {
        let pool = TensorPool(capacity: 1 << 20)
        // One tensor at a time: never more than twice the largest is held.
        for count in [100, 300, 900, 2700] { _ = Tensor([count], filledWith: 1, pool: pool) }
        #expect(pool.idleBytes == 4 * (2700 + 900 + 300 + 100))
        for count in [1000, 400, 45] {
            let small = Tensor([count], filledWith: 1, pool: pool)
            #expect(small.withFloats { $0.count } == count)
        }
        #expect(pool.idleBytes <= 2 * 4 * 2700)
    }
}
