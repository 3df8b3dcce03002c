import Foundation
import Synchronization
import Tensors
import Testing

@Suite struct CrewTests {
    /// Who ran the stripes of a job.
    private final class Record: Sendable {
        private let threads = Mutex<[Int: ObjectIdentifier]>([:])

        /// Notes that the calling thread runs a stripe.
        func note(_ stripe: Int) {
            threads.withLock { $0[stripe] = ObjectIdentifier(Thread.current) }
        }

        var byStripe: [Int: ObjectIdentifier] { threads.withLock { $0 } }
        var threadCount: Int { Set(byStripe.values).count }
    }

    /// A thread that computes, in a crew's eyes, until it is told to stop.
    private struct Rival {
        private let over = DispatchSemaphore(value: 0)

        /// Begins to compute, and then to wait where `waits`.
        init(_ crew: Crew, waits: Bool = false) {
            let begun = DispatchSemaphore(value: 0)
            Thread.detachNewThread { [over] in
                func rest() {
                    begun.signal()
                    over.wait()
                }
                crew.compute { if waits { crew.wait(rest) } else { rest() } }
            }
            begun.wait()
        }

        func stop() { over.signal() }
    }

    @Test func helpersComeWhereCoresAreFree() {
        #expect(threadsThatMeet(3, Crew(cores: 3)) == 3)
    }

    @Test func noMoreHelpersComeThanAreAskedFor() {
        let now = Atomic(0)
        let most = Mutex(0)
        ParallelRows(threads: 3).run(rows: 3000, grain: 1, crew: Crew(cores: 16)) { _, _ in
            let count = now.wrappingAdd(1, ordering: .relaxed).newValue
            most.withLock { $0 = max($0, count) }
            now.wrappingSubtract(1, ordering: .relaxed)
        }
        #expect((1...3).contains(most.withLock { $0 }))
    }

    @Test func noHelperComesWhereEveryCoreIsInUse() {
        let crew = Crew(cores: 2)
        let rival = Rival(crew)
        let record = Record()
        ParallelRows(threads: 8).run(rows: 1000, grain: 1, crew: crew) { stripe, _ in record.note(stripe) }
        rival.stop()
        #expect(record.byStripe.count == 1000)
        #expect(Set(record.byStripe.values) == [ObjectIdentifier(Thread.current)])
    }

    @Test func aHelperComesWhileAnotherThatComputesWaits() {
        let crew = Crew(cores: 2)
        let rival = Rival(crew, waits: true)
        #expect(threadsThatMeet(2, crew) == 2)
        rival.stop()
    }

    @Test func aHelperComesToAJobUnderWayWhenACoreBecomesFree() {
        let crew = Crew(cores: 2)
        let rival = Rival(crew)
        let caller = ObjectIdentifier(Thread.current)
        let helped = DispatchSemaphore(value: 0)
        let record = Record()
        ParallelRows(threads: 2).run(rows: 2, grain: 1, crew: crew) { stripe, _ in
            record.note(stripe)
            if ObjectIdentifier(Thread.current) == caller {
                rival.stop()
                _ = helped.wait(timeout: .now() + Self.longest)
            } else {
                helped.signal()
            }
        }
        #expect(record.threadCount == 2)
    }

    @Test func aHelperLeavesAfterItsStripeWhereAnotherBegins() {
        let crew = Crew(cores: 2)
        let caller = ObjectIdentifier(Thread.current)
        let record = Record()
        let rival = Mutex<Rival?>(nil)
        let helped = DispatchSemaphore(value: 0)
        // The caller's first stripe lasts until the helper is at one, and the helper's until another thread computes.
        let isFirst = Atomic(true)
        ParallelRows(threads: 2).run(rows: 500, grain: 1, crew: crew) { stripe, _ in
            record.note(stripe)
            if ObjectIdentifier(Thread.current) != caller {
                rival.withLock { $0 = Rival(crew) }
                helped.signal()
            } else if isFirst.exchange(false, ordering: .relaxed) {
                _ = helped.wait(timeout: .now() + Self.longest)
            }
        }
        rival.withLock { $0?.stop() }
        #expect(record.byStripe.count == 500)
        #expect(record.byStripe.values.count { $0 != caller } == 1)
    }

    @Test func manyCallersAndJobsInsideJobsRunEveryStripeOnce() {
        let crew = Crew(cores: 3)
        let rows = ParallelRows(threads: 4)
        let sums = Mutex([Int](repeating: 0, count: 8))
        DispatchQueue.concurrentPerform(iterations: 8) { caller in
            for _ in 0..<50 {
                rows.run(rows: 20, grain: 3, crew: crew) { _, range in
                    rows.run(rows: range.count, grain: 1, crew: crew) { inner, _ in
                        sums.withLock { $0[caller] += range.lowerBound + inner + 1 }
                    }
                }
            }
        }
        #expect(sums.withLock { $0 } == Array(repeating: 50 * 210, count: 8))
    }

    /// Seconds after which a helper that has not come will not come.
    private static let longest = 60.0

    /// The threads that run a job of `count` stripes, each of which lasts until all have begun.
    private func threadsThatMeet(_ count: Int, _ crew: Crew) -> Int {
        let record = Record()
        let begun = Mutex(0)
        let all = DispatchSemaphore(value: 0)
        ParallelRows(threads: count).run(rows: count, grain: 1, crew: crew) { stripe, _ in
            record.note(stripe)
            let isLast = begun.withLock { begun in
                begun += 1
                return begun == count
            }
            if isLast { for _ in 0..<count { all.signal() } }
            _ = all.wait(timeout: .now() + Self.longest)
        }
        return record.threadCount
    }
}
