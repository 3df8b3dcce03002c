import OpticalFlow
import Tensors
import Testing
import Training

@Suite struct PairSequenceTests {
    private let side = 96
    private let rows = ParallelRows(threads: 1)

    private func drawn() -> DrawnPictures { DrawnPictures(count: 3, side: 160, seed: 5) }

    private func quiet() -> PairRanges {
        var ranges = PairRanges()
        ranges.noise = 0
        ranges.exposure = 0
        ranges.dark = 0
        return ranges
    }

    /// The mean square of what the moved earlier frame differs by, where the mask is 1.
    private func error(_ pair: TrainingPair, shiftedBy offset: Float = 0) -> Double {
        let flow = Tensor(pair.flow.tensor.shape, pair.flow.tensor.values.map { $0 + offset })
        let moved = BackwardWarp.warp(pair.earlier, by: FlowField(flow), .bicubic, rows: rows).values
        let (later, mask) = (pair.later.values, pair.reliability.tensor.values)
        let plane = mask.count
        var (sum, count) = (0.0, 1.0)
        for index in later.indices where mask[index % plane] == 1 {
            let difference = Double(moved[index] - later[index])
            sum += difference * difference
            count += 1
        }
        return sum / count
    }

    /// The warped earlier frame is the later one but for what a cubic warp of fine detail costs; a flow that is a quarter of
    /// a pixel off is far worse.
    @Test(arguments: [true, false]) func theFlowTakesTheEarlierFrameToTheLaterOne(fine: Bool) throws {
        let smooth = PictureSet([DrawnRamp.waves(width: 160, height: 140), DrawnRamp.waves(width: 200, height: 130)])
        let pictures: any PictureCollection = fine ? drawn() : smooth
        let sequence = PairSequence(pictures: pictures, ranges: quiet(), side: side, batch: 1, seed: 3)
        var (true0, off) = (0.0, 0.0)
        for number in 0..<12 {
            let pair = try sequence.batch(number)[0]
            let one = error(pair)
            #expect(one < (fine ? 2e-3 : 2e-5), "batch \(number)")
            true0 += one
            off += error(pair, shiftedBy: 0.25)
        }
        #expect(true0 < (fine ? 0.2 : 0.03) * off, "\(true0) against \(off)")
    }

    /// Where the camera stands still and nothing else moves, both frames are the same bits.
    @Test func withoutMotionNothingDiffers() throws {
        let sequence = PairSequence(pictures: drawn(), ranges: .none, side: side, batch: 2, seed: 1)
        for pair in try sequence.batch(0) {
            #expect(pair.earlier == pair.later)
            #expect(pair.flow.tensor.values.allSatisfy { $0 == 0 })
            // A cubic warp reads one pixel before and two after.
            let mask = pair.reliability.tensor.values
            for place in mask.indices {
                let (x, y) = (place % side, place / side)
                let inside = (1..<side - 2).contains(x) && (1..<side - 2).contains(y)
                #expect(mask[place] == (inside ? 1 : 0))
            }
        }
    }

    /// The colours of a ramp tell where each pixel lies in the picture, so the flow can be read off the two frames: an
    /// independent reckoning of it.
    @Test func theFlowIsWhatTheColoursTell() throws {
        var ranges = quiet()
        (ranges.layers, ranges.still, ranges.shift) = (0, 0, 0.05)
        let sequence = PairSequence(
            pictures: PictureSet([DrawnRamp.picture()]), ranges: ranges, side: side, batch: 1, seed: 11)
        var checked = 0
        for number in 0..<6 {
            let pair = try sequence.batch(number)[0]
            let (earlier, later) = (pair.earlier.values, pair.later.values)
            let (flow, mask) = (pair.flow.tensor.values, pair.reliability.tensor.values)
            let plane = side * side
            // Columns and rows a pixel, from the middle of the earlier frame.
            let middle = side / 2 * side + side / 2
            let right = earlier[middle + 8] - earlier[middle - 8]
            let down = earlier[plane + middle + 8 * side] - earlier[plane + middle - 8 * side]
            // Beyond the picture's border the ramp turns back: away from it by the flow and the filter.
            for y in 14..<side - 14 {
                for x in 14..<side - 14 where mask[y * side + x] == 1 {
                    let place = y * side + x
                    let u = (later[place] - earlier[place]) * 16 / right
                    let v = (later[plane + place] - earlier[plane + place]) * 16 / down
                    #expect(abs(u - flow[place]) < 2e-3 && abs(v - flow[plane + place]) < 2e-3)
                    checked += 1
                }
            }
        }
        #expect(checked > 20_000)
    }

    /// A layer of another colour before the picture: where the earlier frame showed it and the later one does not, nothing
    /// is reliable; nor at its edge.
    @Test func disoccludedPixelsAndEdgesAreNotReliable() throws {
        var random = SplitMix64(seed: 2)
        let view = PairLayer.View(center: SIMD2(30, 30), spacing: SIMD2(0.5, 0.5))
        let shape = LayerShape(center: SIMD2(0, 0), radius: 20, softness: 2, random: &random)
        let aside = Homography(.init(shift: SIMD2(6, 0)))
        let scene = PairScene(
            layers: [
                PairLayer(picture: DrawnRamp.picture(), view: view, motion: .identity, shape: nil),
                PairLayer(picture: DrawnRamp.picture(blue: 1), view: view, motion: aside, shape: shape),
            ], side: side)
        let pair = scene.pair(pool: nil)
        let plane = side * side
        let (earlier, later) = (pair.earlier.values, pair.later.values)
        let (flow, mask) = (pair.flow.tensor.values, pair.reliability.tensor.values)
        var (covered, uncovered, edges) = (0, 0, 0)
        for place in 0..<plane {
            let (before, now) = (earlier[2 * plane + place], later[2 * plane + place])
            if before > 0.01, now < 0.01 {
                #expect(mask[place] == 0)
                uncovered += 1
            }
            if now > 0.01, now < 0.99 {
                #expect(mask[place] == 0)
                edges += 1
            }
            if now > 0.99 {
                #expect(flow[place] == 6 && flow[plane + place] == 0)
                covered += Int(mask[place])
            }
        }
        #expect(uncovered > 100 && edges > 50 && covered > 300)
        #expect(mask.reduce(0, +) > Float(plane) / 2)
    }

    @Test func theSeedAndTheNumberDecideEveryBit() throws {
        func batch(_ number: Int, seed: UInt64) throws -> [TrainingPair] {
            try PairSequence(pictures: drawn(), side: 48, batch: 2, seed: seed).batch(number)
        }
        let first = try batch(7, seed: 1)
        // Asked for out of order, from pictures drawn anew.
        let again = try batch(7, seed: 1)
        for (a, b) in zip(first, again) {
            #expect(a.earlier == b.earlier && a.later == b.later)
            #expect(a.flow == b.flow && a.reliability == b.reliability)
        }
        #expect(first[0].earlier != first[1].earlier)
        #expect(try batch(8, seed: 1)[0].earlier != first[0].earlier)
        #expect(try batch(7, seed: 2)[0].earlier != first[0].earlier)
    }

    /// No vector is longer than the ranges add up to, and motions of all kinds come up.
    @Test func motionStaysWithinItsRanges() throws {
        var ranges = quiet()
        ranges.layers = 0
        let sequence = PairSequence(
            pictures: PictureSet([DrawnRamp.picture()]), ranges: ranges, side: 32, batch: 40, seed: 4)
        let reach = 32 * 0.5 * 2.0.squareRoot()
        let turned: Double = ranges.zoom + ranges.rotation + 2 * ranges.perspective
        let most: Double = 32 * ranges.shift * 2.0.squareRoot() + reach * turned
        var (still, longest) = (0, 0.0)
        for pair in try sequence.batch(0) {
            let flow = pair.flow.tensor.values
            let plane = flow.count / 2
            var length = 0.0
            for place in 0..<plane {
                let (u, v) = (Double(flow[place]), Double(flow[plane + place]))
                length = max(length, u * u + v * v)
            }
            #expect(length.squareRoot() < 1.1 * most)
            if length == 0 { still += 1 }
            longest = max(longest, length.squareRoot())
        }
        #expect((2...16).contains(still) && longest > 0.3 * most)
    }

    /// On its way to a pair, the camera of so many goes sideways or up and down alone, twice as often sideways; the rest go
    /// both ways at once.
    @Test func someCamerasGoStraight() throws {
        func counts(straight: Double) throws -> (sideways: Int, upright: Int, slanted: Int) {
            var ranges = quiet()
            (ranges.straight, ranges.layers) = (straight, 0)
            let pictures = PictureSet([DrawnRamp.picture()])
            let pairs = try PairSequence(pictures: pictures, ranges: ranges, side: 16, batch: 60, seed: 2).batch(0)
            var counts = (sideways: 0, upright: 0, slanted: 0)
            for pair in pairs {
                let ways = Set(pair.approach.map { [$0.shift.x == 0, $0.shift.y == 0] })
                #expect(ways.count == 1, "a camera changes its way")
                if ways == [[false, true]] { counts.sideways += 1 }
                if ways == [[true, false]] { counts.upright += 1 }
                if ways == [[false, false]] { counts.slanted += 1 }
            }
            return counts
        }
        #expect(try counts(straight: 0) == (0, 0, 60))
        let all = try counts(straight: 1)
        #expect((30...50).contains(all.sideways) && all.sideways + all.upright == 60)
        let some = try counts(straight: PairRanges().straight)
        #expect((26...46).contains(some.slanted) && some.sideways > 6 && some.upright > 2)
    }

    @Test func noiseAndLightChangeTheLaterFrameAlone() throws {
        var ranges = PairRanges.none
        (ranges.noise, ranges.exposure) = (0.02, 0.06)
        let pictures = PictureSet([DrawnRamp.waves(width: 80, height: 80)])
        let lit = try PairSequence(pictures: pictures, ranges: ranges, side: 32, batch: 24, seed: 9).batch(0)
        let plain = try PairSequence(pictures: pictures, ranges: .none, side: 32, batch: 24, seed: 9).batch(0)
        var (same, brighter, darker) = (0, 0, 0)
        for (a, b) in zip(lit, plain) {
            #expect(a.earlier == b.earlier)
            let differences = zip(a.later.values, b.later.values).map { $0 - $1 }
            #expect(differences.allSatisfy { abs($0) < 0.06 + 0.03 + 0.08 })
            let mean = differences.reduce(0, +) / Float(differences.count)
            if differences.allSatisfy({ $0 == 0 }) { same += 1 }
            if mean > 0.003 { brighter += 1 }
            if mean < -0.003 { darker += 1 }
        }
        #expect((1...12).contains(same) && brighter > 1 && darker > 1)
    }

    /// One light for all frames of a pair, and the share of dark pairs that is asked for.
    @Test func someScenesAreSeenInLittleLight() throws {
        var ranges = quiet()
        (ranges.dark, ranges.darkest) = (0.5, 0.25)
        let pictures = PictureSet([DrawnRamp.waves(width: 80, height: 80)])
        let dark = try PairSequence(pictures: pictures, ranges: ranges, side: 32, batch: 40, seed: 9).batch(0)
        let bright = try PairSequence(pictures: pictures, ranges: quiet(), side: 32, batch: 40, seed: 9).batch(0)
        var gains: [Float] = []
        for (a, b) in zip(dark, bright) {
            #expect(a.flow == b.flow && a.reliability == b.reliability && a.approach.count == 3)
            let gain = a.earlier.values.reduce(0, +) / b.earlier.values.reduce(0, +)
            var frames = [(a.earlier, b.earlier), (a.later, b.later)]
            frames += zip(a.approach, b.approach).map { ($0.frame, $1.frame) }
            for (lit, plain) in frames {
                #expect(zip(lit.values, plain.values).allSatisfy { abs($0 - gain * $1) < 1e-5 })
            }
            gains.append(gain)
        }
        #expect(gains.allSatisfy { (0.249...1.001).contains($0) } && gains.contains { $0 < 0.4 })
        #expect((10...30).contains(gains.filter { $0 > 0.999 }.count))
    }

    /// The frames before the earlier one show the same, a constant step farther aside each.
    @Test func theCameraComesFromAside() throws {
        var ranges = quiet()
        (ranges.still, ranges.layers) = (0, 0)
        let pictures = PictureSet([DrawnRamp.waves(width: 160, height: 140)])
        for pair in try PairSequence(pictures: pictures, ranges: ranges, side: side, batch: 3, seed: 6).batch(0) {
            #expect(pair.approach.count == 3)
            let step = pair.approach[0].shift
            #expect(abs(step.x) <= 0.015 * Float(side) && abs(step.y) <= 0.015 * Float(side) && step != .zero)
            for (index, view) in pair.approach.enumerated() {
                #expect((view.shift - Float(index + 1) * step).max() < 1e-5)
                let plane = side * side
                let flow = Tensor([2, side, side], (0..<2 * plane).map { $0 < plane ? view.shift.x : view.shift.y })
                let moved = BackwardWarp.warp(pair.earlier, by: FlowField(flow), .bicubic, rows: rows)
                for place in 0..<3 * plane where (8..<side - 8).contains(place % side) {
                    guard (8..<side - 8).contains(place / side % side) else { continue }
                    #expect(abs(moved.values[place] - view.frame.values[place]) < 0.02)
                }
            }
        }
    }
}
