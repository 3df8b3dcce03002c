import Tensors
import Testing
import Training

@Suite struct PicturesTests {
    private let rows = ParallelRows(threads: 1)

    @Test func aPictureIsBroughtDown() {
        func size(_ height: Int, _ width: Int) -> [Int] {
            let image = PlanarImage(Tensor([3, height, width], filledWith: 0.5))
            let picture = TrainingPicture(image, shortSide: 32, rows: rows)
            return [picture.height, picture.width]
        }
        #expect(size(64, 96) == [32, 48])
        #expect(size(20, 24) == [20, 24])
        #expect(size(40, 2000) == [3, 128])
    }

    @Test func coloursAreRoundedAndOddValuesAreTaken() {
        let values: [Float] = [.nan, -1, 2, 0.5, 0.2, .infinity]
        let picture = TrainingPicture(PlanarImage(Tensor([3, 1, 2], values)), shortSide: 480, rows: rows)
        #expect(picture.pixels == [SIMD4(0, 255, 51, 0), SIMD4(0, 128, 255, 0)])
    }

    /// Pictures of one pixel, and strips, can be cut from as well.
    @Test(arguments: [(1, 1), (1, 300), (300, 2)]) func tinyPicturesGiveFrames(width: Int, height: Int) throws {
        let pictures = PictureSet([DrawnRamp.waves(width: width, height: height)])
        let pair = try PairSequence(pictures: pictures, side: 16, batch: 1, seed: 0).batch(0)[0]
        #expect(pair.later.values.allSatisfy { (0...1).contains($0) })
    }

    @Test func joinedCollectionsCountOn() throws {
        let (one, two) = (DrawnRamp.picture(side: 8), DrawnRamp.picture(side: 9))
        let joined = JoinedPictures([PictureSet([one]), PictureSet([two, one])])
        #expect(joined.count == 3)
        #expect(try (0..<3).map { try joined.picture(at: $0).width } == [8, 9, 8])
    }

    @Test func theCacheKeepsWhatWasAskedForLast() {
        let picture = DrawnRamp.picture(side: 8)
        let cache = PictureCache(capacity: 2 * picture.byteCount)
        var made: [Int] = []
        for index in [0, 1, 0, 2, 0, 1] {
            _ = cache.picture(at: index) {
                made.append(index)
                return picture
            }
        }
        #expect(made == [0, 1, 2, 1])
        #expect(cache.byteCount == 2 * picture.byteCount)
    }

    /// Drawn pictures have light and dark, colour and fine structure, and differ.
    @Test func drawnPicturesAreRich() {
        let drawn = DrawnPictures(count: 4, side: 96, seed: 1)
        #expect(drawn.picture(at: 2) == DrawnPictures(count: 9, side: 96, seed: 1).picture(at: 2))
        #expect(drawn.picture(at: 0) != drawn.picture(at: 1))
        for index in 0..<4 {
            let pixels = drawn.picture(at: index).pixels.map { SIMD4<Float>($0) }
            let grey = pixels.map { ($0.x + $0.y + $0.z) / 3 }
            let mean = grey.reduce(0, +) / Float(grey.count)
            let spread = (grey.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(grey.count)).squareRoot()
            let colour = pixels.reduce(0) { $0 + abs($1.x - $1.z) } / Float(grey.count)
            let steps = zip(grey, grey.dropFirst()).filter { abs($0 - $1) > 16 }.count
            #expect((20...235).contains(mean) && spread > 15 && colour > 2)
            #expect(steps > grey.count / 100 && steps < grey.count / 3)
        }
    }
}
