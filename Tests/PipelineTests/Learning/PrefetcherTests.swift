import Pipeline
import Synchronization
import Testing

@Suite struct PrefetcherTests {
    private struct Fault: Error, Equatable {}

    @Test(arguments: [1, 3]) func valuesComeInOrder(depth: Int) throws {
        let prefetcher = Prefetcher(numbers: 5..<25, depth: depth) { $0 * $0 }
        for number in 5..<25 { #expect(try prefetcher.next() == number * number) }
        #expect(try prefetcher.next() == nil)
    }

    /// It may come before values that are ready.
    @Test func anErrorArrives() throws {
        let prefetcher = Prefetcher(numbers: 0..<9, depth: 2) { number in
            if number == 2 { throw Fault() }
            return number
        }
        #expect(throws: Fault()) { while try prefetcher.next() != nil {} }
    }

    /// Whoever lets go early waits for the value under way, and no other is made.
    @Test func noMoreIsMadeThanWasAskedFor() throws {
        let made = Mutex(0)
        do {
            let prefetcher = Prefetcher(numbers: 0..<1000, depth: 2) { number in
                made.withLock { $0 += 1 }
                return number
            }
            _ = try prefetcher.next()
        }
        let count = made.withLock { $0 }
        #expect(count <= 5)
    }
}
