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
        #expect(pool.idleBytes == 240, "a block that would exceed the capacity is freed")
    }
}
