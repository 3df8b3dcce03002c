import Media
import Pipeline
import Tensors
import Testing

/// What the stages make and keep of a frame.
@Suite struct FrameStagesTests {
    private let image = PlanarImage(Tensor([3, 1, 2], [0, 0.25, 0.5, 0.75, 1, 0]))
    private let painting = PlanarImage(Tensor([3, 1, 2], [1, 1, 0, 0, 0.5, 0.5]))
    private let label = FrameLabel(pts: -3, duration: 2, isWarmUp: true, stem: "a")
    private let rows = ParallelRows(threads: 1)

    private func expectLabel(_ found: FrameLabel?) {
        #expect(found?.pts == -3 && found?.duration == 2 && found?.isWarmUp == true && found?.stem == "a")
    }

    @Test func aPictureIsPassedOnAsItIs() throws {
        let stage = PictureStage(name: "flow", rows: rows, pool: TensorPool())
        var frames: [SourceFrame] = []
        try stage.process(DecodedFrame(.image(image), label: label)) { frames.append($0) }
        #expect(frames.map { $0.image.tensor.values } == [image.tensor.values])
        expectLabel(frames.first?.label)
        #expect(stage.name == "flow")
    }

    @Test func anUnpaintedFrameIsItsOwnSource() throws {
        var frames: [PaintedFrame] = []
        try PassThroughStage().process(SourceFrame(image: image, label: label)) { frames.append($0) }
        #expect(frames.map { $0.image.tensor.values } == [image.tensor.values])
        #expect(frames.first?.source?.tensor.values == image.tensor.values)
        expectLabel(frames.first?.label)
    }

    @Test func aComparisonShowsTheSourceAtTheLeftAndLetsGoOfIt() throws {
        var frames: [PaintedFrame] = []
        let painted = PaintedFrame(label: label, image: painting, source: image, startsShot: true)
        try CompareStage(rotation: .identity, rows: rows).process(painted) { frames.append($0) }
        #expect(frames.first?.image.width == 4 && frames.first?.startsShot == true)
        #expect(frames.first?.image.tensor.values == [0, 0.25, 1, 1, 0.5, 0.75, 0, 0, 1, 0, 0.5, 0.5])
        #expect(frames.first.map { $0.source == nil } == true)
        expectLabel(frames.first?.label)
    }
}
