import Synchronization
import Tensors
import Testing

@Suite struct ParallelRowsTests {
    @Test(arguments: [1, 2, 7]) func everyRowIsVisitedOnceInStripesThatDoNotDependOnThreads(threads: Int) {
        let seen = Mutex<[Int: Range<Int>]>([:])
        ParallelRows(threads: threads).run(rows: 10, grain: 4) { stripe, rows in
            seen.withLock { $0[stripe] = rows }
        }
        #expect(seen.withLock { $0 } == [0: 0..<4, 1: 4..<8, 2: 8..<10])
    }
}
