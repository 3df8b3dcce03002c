import Foundation
import Media
import OpticalFlow
import Pipeline
import Stylization
import Tensors
import Testing

/// A camera that goes along a picture, sixteen columns a frame.
@Suite struct ComingIntoViewTests {
    private static let (height, width, step, frames) = (176, 320, 16, 6)
    private let rows = ParallelRows(threads: 2)

    private func frame(_ picture: Tensor, _ index: Int) -> PlanarImage {
        let (rows, columns) = (picture.shape[1], picture.shape[2])
        let values = picture.values
        return PlanarImage(
            Tensor(
                [3, Self.height, Self.width],
                (0..<3 * Self.height * Self.width).map { place in
                    let (channel, y, x) = (
                        place / (Self.height * Self.width), place / Self.width % Self.height, place % Self.width
                    )
                    return values[(channel * rows + y) * columns + x + Self.step * index]
                }))
    }

    /// The standard deviation of green where the camera had not been in the first frame.
    private func contrast(_ painted: PlanarImage) -> Double {
        let values = painted.tensor.values
        let green = (0..<Self.height * Self.width).filter {
            $0 % Self.width >= Self.width - Self.step * (Self.frames - 1)
        }
        .map { Double(values[Self.height * Self.width + $0]) }
        let mean = green.reduce(0, +) / Double(green.count)
        return (green.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(green.count)).squareRoot()
    }

    /// Losses are means over a frame, so a network may leave what comes into view grey unless it is asked not to.
    @Test(arguments: StyleCatalogue.entries.filter { $0.kind == .learned }.map(\.name))
    func isPaintedWithTheContrastOfAFirstFrame(name: String) throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Fixtures/preview/bay.jpg").path
        let picture = try ImageFile.read(path: path).tensor
        let style = try LoadedStyle(StyleMixture(name), Configuration(), rows: rows)
        func painter() throws -> any Painter {
            try style.painter(
                StylizationConfiguration(), seed: 0, rows: rows, pool: TensorPool(), token: CancellationToken())
        }
        let plane = Self.height * Self.width
        let motion = FlowedImage.Motion(
            flow: FlowField(
                Tensor([2, Self.height, Self.width], (0..<2 * plane).map { $0 < plane ? Float(Self.step) : 0 })),
            mask: ReliabilityMask(
                Tensor(
                    [1, Self.height, Self.width],
                    (0..<plane).map { $0 % Self.width < Self.width - Self.step - 2 ? 1 : 0 })))
        let moving = try painter()
        var last: PlanarImage?
        for index in 0..<Self.frames {
            last = try moving.paint(.init(image: frame(picture, index), motion: index == 0 ? nil : motion))
        }
        let alone = try painter().paint(.init(image: frame(picture, Self.frames - 1), motion: nil))
        let ratio = contrast(try #require(last)) / contrast(alone)
        #expect(ratio > 0.85)
    }
}
