import Pipeline
import Testing

@Suite struct ChunkRuleTests {
    /// A chunk begins with a shot, with the first frame, and after as many frames as it may have.
    @Test func chunksEndAtShotsAndAtTheirLength() {
        var rule = ChunkRule(length: 3)
        let shots = [true, false, true, false, false, false, true, true]
        let places = shots.map { rule.place(startsShot: $0) }
        #expect(places.map(\.begins) == [true, false, true, false, false, true, true, true])
        #expect(places.map(\.ends) == [false, false, false, false, true, false, false, false])
    }

    /// A rule that begins anew after the end of a chunk goes on as the one before would: this is what resuming rests on.
    @Test func aFreshRuleGoesOnAfterTheEndOfAChunk() {
        var whole = ChunkRule(length: 2)
        let shots = [true, false, false, false, true, false, false]
        let places = shots.map { whole.place(startsShot: $0) }
        for end in places.indices where places[end].ends {
            var rest = ChunkRule(length: 2)
            #expect(shots[(end + 1)...].map { rest.place(startsShot: $0) } == Array(places[(end + 1)...]))
        }
    }
}
