import OpticalFlow
import Stylization
import Synchronization
import Tensors
import Testing

@Suite struct FramePainterTests {
    private static let settings = StylizationConfiguration(firstSteps: [4, 3], nextSteps: [0, 2])

    /// A clip of a picture that moves a pixel to the left with every frame, and a painting.
    private struct Material {
        let painting: PlanarImage
        let frames: [FlowedImage]

        init(frames count: Int, seed: UInt64 = 21) {
            var seeded = SeededValues(seed)
            painting = seeded.picture(height: 30, width: 38)
            let wide = seeded.picture(height: 33, width: 61).tensor.values
            frames = (0..<count).map { frame in
                var values: [Float] = []
                for row in 0..<99 { values += wide[row * 61 + frame..<row * 61 + frame + 41] }
                var flow = Tensor([2, 33, 41])
                flow.withMutableFloats { for index in 0..<33 * 41 { $0[index] = 1 } }
                let mask = ReliabilityMask(Tensor([1, 33, 41], (0..<33 * 41).map { $0 % 41 < 40 ? 1 : 0 }))
                return FlowedImage(
                    image: PlanarImage(Tensor([3, 33, 41], values)),
                    motion: frame == 0 ? nil : FlowedImage.Motion(flow: FlowField(flow), mask: mask))
            }
        }
    }

    private func painter(
        _ material: Material, _ settings: StylizationConfiguration = settings, threads: Int = 2, seed: UInt64 = 5
    ) throws -> FramePainter {
        try FramePainter(
            style: .painting(material.painting), encoder: .slim(), configuration: settings, seed: seed,
            rows: ParallelRows(threads: threads), pool: TensorPool())
    }

    @Test(arguments: StylizationConfiguration.Algorithm.allCases, StylizationConfiguration.FirstStart.allCases)
    func oneAndTwoThreadsGiveTheSameBits(
        algorithm: StylizationConfiguration.Algorithm, start: StylizationConfiguration.FirstStart
    ) throws {
        let material = Material(frames: 3)
        var settings = Self.settings
        settings.algorithm = algorithm
        settings.firstStart = start
        let (one, two) = (
            try painter(material, settings, threads: 1), try painter(material, settings, threads: 2)
        )
        for frame in material.frames { #expect(try one.paint(frame) == two.paint(frame)) }
    }

    /// Shot 2 painted by itself has the bits that it has in the whole run, noise included.
    @Test(arguments: StylizationConfiguration.FirstStart.allCases) func aShotDoesNotDependOnTheOneBefore(
        start: StylizationConfiguration.FirstStart
    ) throws {
        var settings = Self.settings
        settings.firstStart = start
        let (before, shot) = (Material(frames: 3, seed: 31), Material(frames: 3, seed: 21))
        let (whole, alone) = (try painter(shot, settings), try painter(shot, settings))
        for frame in before.frames { _ = try whole.paint(frame) }
        for frame in shot.frames { #expect(try whole.paint(frame) == alone.paint(frame)) }
    }

    @Test func resetBeginsAShotWhateverTheMotion() throws {
        let material = Material(frames: 2)
        let (painter, fresh) = (try painter(material), try painter(material))
        _ = try painter.paint(material.frames[0])
        painter.reset()
        #expect(
            try painter.paint(material.frames[1])
                == fresh.paint(FlowedImage(image: material.frames[1].image, motion: nil)))
    }

    @Test func noStepsPassTheFrameUnchanged() throws {
        let material = Material(frames: 2)
        let painter = try painter(material, StylizationConfiguration(firstSteps: [0, 0], nextSteps: [0]))
        for frame in material.frames { #expect(try painter.paint(frame) == frame.image) }
    }

    @Test(arguments: StylizationConfiguration.Algorithm.allCases) func paintingNearsTheStyle(
        algorithm: StylizationConfiguration.Algorithm
    ) throws {
        let material = Material(frames: 1)
        var settings = StylizationConfiguration(firstSteps: [20, 20])
        settings.algorithm = algorithm
        let painted = try painter(material, settings).paint(material.frames[0])
        let rows = ParallelRows(threads: 2)
        let distance = StyleDistance(
            .painting(material.painting), height: 33, width: 41, encoder: try .slim(), rows: rows)
        #expect(
            distance.style(of: painted, rows: rows) < 0.5 * distance.style(of: material.frames[0].image, rows: rows))
        #expect(painted.tensor.values.allSatisfy { (0...1).contains($0) })
    }

    @Test func theTemporalTermSteadiesTheClip() throws {
        let material = Material(frames: 4)
        let rows = ParallelRows(threads: 2)
        var errors: [Double] = []
        for weight in [0.0, 100] {
            var settings = StylizationConfiguration(nextLearningRate: 0.03, firstSteps: [40], nextSteps: [40])
            settings.temporalWeight = weight
            settings.nextStart = .content
            let painter = try painter(material, settings)
            let painted = try material.frames.map { try painter.paint($0) }
            var error = 0.0
            for index in 1..<4 {
                let motion = try #require(material.frames[index].motion)
                error +=
                    WarpError.compute(
                        current: painted[index], previous: painted[index - 1], flow: motion.flow, mask: motion.mask,
                        rows: rows
                    ).mean
            }
            errors.append(error)
        }
        #expect(errors[1] < errors[0] / 3, "\(errors)")
    }

    @Test func anotherSeedIsAnotherNoise() throws {
        let material = Material(frames: 1)
        var settings = Self.settings
        settings.firstStart = .noise
        let first = try painter(material, settings, seed: 5).paint(material.frames[0])
        #expect(try painter(material, settings, seed: 6).paint(material.frames[0]) != first)
    }

    @Test func cancellationIsQuick() throws {
        let material = Material(frames: 1)
        let asked = Atomic(0)
        try withExtendedLifetime(asked) {
            let painter = try FramePainter(
                style: .painting(material.painting), encoder: .slim(),
                configuration: StylizationConfiguration(firstSteps: [10000]), seed: 1,
                rows: ParallelRows(threads: 1),
                isCancelled: { asked.wrappingAdd(1, ordering: .relaxed).newValue > 3 })
            #expect(throws: CancellationError.self) { try painter.paint(material.frames[0]) }
        }
    }

    @Test func aFrameTooSmallForTheEncoderIsRefused() throws {
        let material = Material(frames: 1)
        let painter = try painter(material)
        let tiny = FlowedImage(image: PlanarImage(Tensor([3, 4, 40], filledWith: 0.5)), motion: nil)
        #expect(
            throws: BrushflowError(
                .content,
                "cannot stylize a frame of 40×4 pixels: the encoder needs at least 8 a side; enlarge the clip")
        ) { try painter.paint(tiny) }
    }

    @Test func theSmallestFrameIsPainted() throws {
        let material = Material(frames: 1)
        let small = FlowedImage(image: PlanarImage(Tensor([3, 8, 8], filledWith: 0.5)), motion: nil)
        #expect(try painter(material).paint(small).tensor.shape == [3, 8, 8])
    }

    @Test func settingsOutsideTheirRangeAreRefused() {
        var settings = StylizationConfiguration()
        settings.styleScale = 9
        #expect(
            throws: BrushflowError(
                .usage, "stylization settings: styleScale is 9, give a value from 0.1 to 4")
        ) { try settings.validate() }
        settings = StylizationConfiguration(nextSteps: [3, -1])
        #expect(
            throws: BrushflowError(.usage, "stylization settings: nextSteps is -1, give a value from 0 to 10000")
        ) { try settings.validate() }
        settings = StylizationConfiguration(temporalWeight: .nan)
        #expect(throws: BrushflowError.self) { try settings.validate() }
    }
}
