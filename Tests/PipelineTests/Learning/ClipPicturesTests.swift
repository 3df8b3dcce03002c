import Foundation
import Pipeline
import Tensors
import Testing
import Training

@Suite struct ClipPicturesTests {
    private let clip = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../Fixtures/clip/clip.mp4")
        .standardized.path

    /// A clip that is short for the number of frames is read once, every 2ⁿ-th frame kept; of another, frames are sought.
    @Test(arguments: [(16, 15), (1, 1)]) func framesAreSampledOverTheWholeClip(most: Int, count: Int) throws {
        let pictures = try ClipPictures.sample(clip: clip, count: most, threads: 1)
        #expect(pictures.count == count)
        let again = try ClipPictures.sample(clip: clip, count: most, threads: 2)
        for index in 0..<count {
            let picture = pictures.picture(at: index)
            #expect(picture.width == 256 && picture.height == 144 && picture == again.picture(at: index))
        }
        #expect(count == 1 || pictures.picture(at: 0) != pictures.picture(at: count - 1))
    }

    @Test func whatIsNoClipIsRefused() {
        #expect(throws: BrushflowError.self) {
            _ = try ClipPictures.sample(clip: #filePath, count: 4, threads: 1)
        }
    }
}
