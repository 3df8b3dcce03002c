import Media
import Testing

@Suite struct DecodeTimesTests {
    /// Three chunks with B-frames: each is an IDR, then frames out of order by up to two.
    @Test func decodeTimesRiseThroughChunks() {
        var times = DecodeTimes(reorderDelay: 2, standardDuration: 40)
        let order = [0, 4, 2, 1, 3, 5, 9, 7, 6, 8, 10, 11]
        let pts: [Int64] = (0..<12).map { (index: Int64) in 1000 + 40 * index + index % 3 }
        for value in pts { times.append(pts: value, duration: 37) }
        let stamps = order.map { times.next(frame: Int($0)) }
        #expect(stamps.map { $0?.pts } == order.map { pts[$0] })
        let decode = stamps.compactMap { $0?.dts }
        let expected: [Int64] = [918, 959] + pts[0..<10]
        #expect(decode == expected)
        #expect(stamps.first == DecodeTimes.Times(pts: 1000, dts: 918, duration: 41))
        #expect(stamps.last??.duration == 37)
    }

    @Test func aSingleFrameLastsAsTheSourceSays() {
        var times = DecodeTimes(reorderDelay: 2, standardDuration: 40)
        times.append(pts: 5, duration: 30)
        #expect(times.next(frame: 0) == DecodeTimes.Times(pts: 5, dts: -55, duration: 30))
        var silent = DecodeTimes(reorderDelay: 0, standardDuration: 40)
        silent.append(pts: 5, duration: nil)
        #expect(silent.next(frame: 0) == DecodeTimes.Times(pts: 5, dts: 5, duration: 40))
    }

    @Test func tooMuchReorderingIsTold() {
        var times = DecodeTimes(reorderDelay: 0, standardDuration: 1)
        for pts in 0..<4 { times.append(pts: Int64(pts), duration: 1) }
        #expect(times.next(frame: 3)?.dts == 0)
        #expect(times.next(frame: 0) == nil)
        #expect(times.next(frame: 9) == nil)
    }

    /// The window of remembered time stamps does not lose any that is needed.
    @Test func longStreams() {
        var times = DecodeTimes(reorderDelay: 2, standardDuration: 1)
        for frame in 0..<5000 {
            times.append(pts: Int64(3 * frame), duration: 3)
            guard frame >= 300 else { continue }
            let shown = Int64(frame - 300)
            let expected = DecodeTimes.Times(pts: 3 * shown, dts: 3 * (shown - 2), duration: 3)
            #expect(times.next(frame: frame - 300) == expected)
        }
    }
}

@Suite struct TimestampRepairTests {
    private func repaired(_ stamps: [Int64?]) -> (values: [Int64], repairs: Int) {
        var repair = TimestampRepair(timeBase: Rational(1, 1000), frameRate: Rational(25, 1))
        let values = stamps.map { repair.next($0) }
        return (values, repair.repairs)
    }

    @Test func goodTimeStampsAreLeftAlone() {
        let good: [Int64] = [-20, 0, 1, 40, 5000, 5001]
        #expect(repaired(good).values == good)
        #expect(repaired(good).repairs == 0)
    }

    @Test func missingOnesAreMadeUp() {
        let result = repaired([nil, nil, 80, nil])
        #expect(result.values == [0, 40, 80, 120])
        #expect(result.repairs == 3)
    }

    @Test func repeatedOnesRise() {
        #expect(repaired([0, 40, 40, 80]).values == [0, 40, 41, 80])
    }

    @Test func aClockThatStartsAgainGoesOn() {
        #expect(repaired([90_000, 90_040, 0, 40, 80]).values == [90_000, 90_040, 90_080, 90_120, 90_160])
    }

    /// Every pair moves the clock on by 2^52 ticks.
    @Test func aClockThatJumpsAgainAndAgainOverflowsNothing() {
        let far: Int64 = (1 << 52) - 1
        let (values, repairs) = repaired((0..<10_000).map { $0 % 2 == 0 ? far : -far })
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
        #expect(repairs >= 5000)
        var repair = TimestampRepair(timeBase: Rational(1, .max), frameRate: Rational(1, .max))
        let stamps = (0..<1_000_000).map { _ in repair.next(nil) }
        #expect(zip(stamps, stamps.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func absurdOnesCountAsMissing() {
        #expect(repaired([0, .max, .min, 1 << 60, 200]).values == [0, 40, 80, 120, 200])
    }
}
