import Pipeline
import Testing

@Suite struct ChunkRuleTests {
    /// A chunk begins with a shot, with the first frame, and after as many frames as it may have.
    @Test func chunksEndAtShotsAndAtTheirLength() {
        var rule = ChunkRule(work: 6)
        let shots = [true, false, true, false, false, false, true, true]
        let places = shots.map { rule.place(startsShot: $0) }
        #expect(places.map(\.begins) == [true, false, true, false, false, true, true, true])
        #expect(places.map(\.ends) == [false, false, false, false, true, false, false, false])
    }

    /// What waits, what the painter holds and what ends a chunk come on top of the chunk, and all of it stays below what was
    /// asked for.
    @Test func chunksAndWhatIsOnItsWayStayUnderTheWork() {
        #expect([1, 2, 3, 7, 8, 9, 40, 240].map { ChunkRule(work: $0).length } == [1, 1, 2, 4, 4, 5, 36, 236])
    }

    /// A rule that begins anew after the end of a chunk goes on as the one before would: this is what resuming rests on.
    @Test func aFreshRuleGoesOnAfterTheEndOfAChunk() {
        var whole = ChunkRule(work: 4)
        let shots = [true, false, false, false, true, false, false]
        let places = shots.map { whole.place(startsShot: $0) }
        for end in places.indices where places[end].ends {
            var rest = ChunkRule(work: 4)
            #expect(shots[(end + 1)...].map { rest.place(startsShot: $0) } == Array(places[(end + 1)...]))
        }
    }
}
