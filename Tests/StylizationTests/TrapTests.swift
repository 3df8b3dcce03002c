import OpticalFlow
import Stylization
import Tensors
import Testing

/// The traps of published code, one test each (design, chapter 2).
@Suite struct TrapTests {
    private let rows = ParallelRows(threads: 2)

    /// A mask that only scales the whole loss leaves a gradient where c = 0.
    @Test func trap1GradientIsExactlyZeroWhereTheMaskIsZero() {
        var seeded = SeededValues(11)
        let (image, warped) = (seeded.tensor([3, 9, 11]), seeded.tensor([3, 9, 11]))
        let mask = Tensor([1, 9, 11], (0..<99).map { $0 % 3 == 0 ? 0 : Float($0) / 99 })
        var gradient = Tensor(image.shape)
        _ = TemporalLoss(warped: warped, reliability: ReliabilityMask(mask))
            .evaluate(image, weight: 1000, addingTo: &gradient, rows: rows)
        for index in 0..<297 {
            #expect((gradient.values[index] == 0) == (index % 99 % 3 == 0))
        }
    }

    /// Ours is 1 = reliable: a reliable pixel is pulled to ω and starts from it, an unreliable one is not.
    @Test func trap2OneMeansReliable() throws {
        let (width, height) = (24, 16)
        let reliable = ReliabilityMask(Tensor([1, height, width], (0..<384).map { $0 % width < 12 ? 1 : 0 }))
        let flow = FlowField(Tensor([2, height, width]))
        var settings = StylizationConfiguration(
            contentWeight: 0, styleWeight: 0, totalVariationWeight: 0, temporalWeight: 10, firstSteps: [1],
            nextSteps: [30])
        settings.algorithm = .lbfgs
        for start in StylizationConfiguration.NextStart.allCases {
            settings.nextStart = start
            let painter = try FramePainter(
                style: .painting(PlanarImage(Tensor([3, 16, 16], filledWith: 0.5))), encoder: .slim(),
                configuration: settings,
                seed: 1, rows: rows)
            let grey = { PlanarImage(Tensor([3, height, width], filledWith: $0)) }
            _ = try painter.paint(FlowedImage(image: grey(0.9), motion: nil))
            let next = try painter.paint(
                FlowedImage(image: grey(0.1), motion: FlowedImage.Motion(flow: flow, mask: reliable)))
            #expect(abs(next.tensor.values[3] - 0.9) < 0.03, "\(start)")
            #expect(next.tensor.values[20] == 0.1, "\(start)")
        }
    }

    /// A red gain of the same size as a blue loss does not cancel.
    @Test func trap4ResidualsAreSquaredChannelByChannel() {
        let image = Tensor([3, 1, 2], [0.7, 0.7, 0.5, 0.5, 0.3, 0.3])
        let warped = Tensor([3, 1, 2], filledWith: 0.5)
        let loss = TemporalLoss(warped: warped, reliability: ReliabilityMask(Tensor([1, 1, 2], filledWith: 1)))
        var gradient = Tensor(image.shape)
        let value = loss.evaluate(image, weight: 1, addingTo: &gradient, rows: rows)
        #expect(abs(value - 4 * 0.04 / 6) < 1e-7)
        #expect(gradient.values[0] > 0 && gradient.values[2] == 0 && gradient.values[4] < 0)
    }

    /// The previous frame is kept in Float: an 8-bit one, truncated, loses half a level a frame. Motion is half a
    /// pixel to and fro on a constant picture, whose brightness must stay to the last bits.
    @Test func trap5BrightnessDoesNotDriftAlongAShot() throws {
        let settings = StylizationConfiguration(
            contentWeight: 0, styleWeight: 0, totalVariationWeight: 0, temporalWeight: 1, firstSteps: [1],
            nextSteps: [1])
        let painter = try FramePainter(
            style: .painting(PlanarImage(Tensor([3, 16, 16], filledWith: 0.5))), encoder: .slim(),
            configuration: settings,
            seed: 1, rows: rows)
        let level: Float = 0.3 + 0.4 / 255
        let image = PlanarImage(Tensor([3, 20, 28], filledWith: level))
        let mask = ReliabilityMask(Tensor([1, 20, 28], filledWith: 1))
        var painted = try painter.paint(FlowedImage(image: image, motion: nil))
        for frame in 1...60 {
            let flow = FlowField(Tensor([2, 20, 28], filledWith: frame.isMultiple(of: 2) ? 0.5 : -0.5))
            painted = try painter.paint(
                FlowedImage(image: image, motion: FlowedImage.Motion(flow: flow, mask: mask)))
        }
        #expect(painted.tensor.values.allSatisfy { abs($0 - level) < 1e-4 })
    }

    /// Bilinear warping every frame blurs; bicubic keeps at least twice as much of the gradient energy.
    @Test func trap6BicubicWarpingKeepsSharpnessAlongAChain() throws {
        var seeded = SeededValues(12)
        let image = seeded.picture(height: 40, width: 48)
        var sharpness: [Double] = []
        for interpolation in [StylizationConfiguration.Interpolation.bilinear, .bicubic] {
            var settings = StylizationConfiguration(
                contentWeight: 0, styleWeight: 0, totalVariationWeight: 0, temporalWeight: 0, firstSteps: [1],
                nextSteps: [1])
            settings.interpolation = interpolation
            let painter = try FramePainter(
                style: .painting(image), encoder: .slim(), configuration: settings, seed: 1, rows: rows)
            let mask = ReliabilityMask(Tensor([1, 40, 48], filledWith: 1))
            var painted = try painter.paint(FlowedImage(image: image, motion: nil))
            for frame in 1...8 {
                let flow = FlowField(Tensor([2, 40, 48], filledWith: frame.isMultiple(of: 2) ? 0.3 : -0.3))
                painted = try painter.paint(
                    FlowedImage(image: image, motion: FlowedImage.Motion(flow: flow, mask: mask)))
            }
            sharpness.append(PictureFigures.sharpness(painted, rows: rows))
        }
        #expect(sharpness[1] > 2 * sharpness[0], "\(sharpness)")
    }
}
