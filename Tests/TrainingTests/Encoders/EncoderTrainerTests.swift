import Foundation
import NeuralNet
import Stylization
import Tensors
import Testing
import Training

@Suite struct EncoderTrainerTests {
    /// A VGG-19 of random numbers.
    private static let teacher = Result { try teacher(scale: 1) }

    /// One whose first filters are so many times as large.
    private static func teacher(scale: Float) throws -> EncoderTeacher {
        var random = SplitMix64(seed: 17)
        var tensors: [String: Tensor] = [:]
        var inputs = 3
        for (number, outputs) in [
            (0, 64), (2, 64), (5, 128), (7, 128), (10, 256), (12, 256), (14, 256), (16, 256), (19, 512), (21, 512),
        ] {
            let spread = (6 / Float(9 * inputs)).squareRoot() * (number == 0 ? scale : 1)
            let shape: Shape = [outputs, inputs, 3, 3]
            tensors["features.\(number).weight"] = Tensor(
                shape, (0..<shape.count).map { _ in (2 * random.unit() - 1) * spread })
            tensors["features.\(number).bias"] = Tensor([outputs], (0..<outputs).map { _ in 0.2 * random.unit() })
            inputs = outputs
        }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("brushflow-vgg-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: path) }
        try SafetensorsFile.bytes(tensors: tensors).write(to: path)
        return try EncoderTeacher(
            try PerceptualEncoder.load(path: path.path), path: "vgg.safetensors", photographs: photographs,
            rows: ParallelRows(threads: 2), pool: TensorPool())
    }

    private static let photographs = (0..<3).map { NetworkTrainerTests.pair(seed: UInt64($0)).earlier }

    private static let painter = StyleNetworkParameters(
        seeded: StyleNetworkLayout(form: .shuffle, inputChannels: 7, widths: [16, 16], residualBlocks: 1, styles: 2),
        names: ["a", "b"])

    private static func batches() throws -> EncoderBatches {
        let drawn = DrawnPictures(count: 4, side: 48, seed: 6)
        let pictures = EncoderPictures(
            photographs: PictureRange(drawn, 0..<2), paintings: PictureRange(drawn, 2..<4),
            painter: StyleNetwork(painter),
            side: 32)
        return EncoderBatches(pictures, batch: 4, seed: 3)
    }

    private static func trainer(threads: Int = 2) throws -> EncoderTrainer {
        EncoderTrainer(
            try SlimEncoderParameters.bundled(), teacher: try teacher.get(), decay: CosineDecay(start: 1e-4, steps: 12),
            painter: painter, slots: try batches().slots, side: 32, rows: ParallelRows(threads: threads),
            pool: TensorPool())
    }

    /// All channels of a tap are divided by one number, after which their mean square is 1; the variance is that of all of them.
    @Test func theTeachersFeaturesAreDivided() throws {
        let teacher = try Self.teacher.get()
        let workspace = Workspace(rows: ParallelRows(threads: 1), pool: TensorPool())
        let features = Self.photographs.map { teacher.features(of: $0, in: workspace) }
        for tap in 0..<4 {
            let all = features.map { $0[tap] }
            #expect(all[0].shape == [64 << tap, 1024 >> (2 * tap)])
            let raw = Self.photographs.compactMap { photograph in
                teacher.encoder.evaluate(photograph, taps: [tap], rows: workspace.rows, pool: nil).features[tap]?
                    .planar(in: workspace)
            }
            let root = Self.meanSquare(raw).squareRoot()
            for (divided, raw) in zip(all, raw) {
                for (value, expected) in zip(divided.values, raw.values) {
                    #expect(abs(Double(value) - Double(expected) / root) < 1e-5 * (1 + Double(value)))
                }
            }
            let values = all.flatMap { $0.values.map(Double.init) }
            let mean: Double = values.reduce(0, +) / Double(values.count)
            let distances: [Double] = values.map { ($0 - mean) * ($0 - mean) }
            let variance = distances.reduce(0, +) / Double(values.count)
            #expect(abs(teacher.variances[tap] - variance) < 1e-3 * variance)
        }
    }

    /// Weights that are finite, but make features that are not.
    @Test func aTeacherWithoutMeasureIsRefused() throws {
        let error = #expect(throws: BrushflowError.self) { try Self.teacher(scale: 1e37) }
        let message = try #require(error).message
        #expect(message.hasPrefix("vgg.safetensors: its features of photographs at relu1_1 have a mean square of "))
        #expect(message.hasSuffix("; give VGG-19 with torchvision's weights"))
    }

    /// Maps to features of which each channel was divided by its own root mean square become maps to the teacher's; others stay.
    @Test func mapsOfAnotherScaleAreRescaled() throws {
        let teacher = try Self.teacher.get()
        let workspace = Workspace(rows: ParallelRows(threads: 1), pool: TensorPool())
        let features = Self.photographs.map { teacher.features(of: $0, in: workspace) }
        let other = SlimEncoderParameters(values: SlimEncoderParameters(seed: 3).values, mapScale: .channel)
        let rescaled = teacher.rescaled(other)
        #expect(rescaled.mapScale == .tap && teacher.rescaled(rescaled) == rescaled)
        let (before, after) = (other.values.values, rescaled.values.values)
        let maps = SlimEncoderParameters.map(at: 0).first
        #expect(before[..<maps] == after[..<maps])
        for tap in 0..<4 {
            let (map, first) = SlimEncoderParameters.map(at: tap)
            let positions = features[0][tap].shape[1]
            for channel in 0..<map[0] {
                let channels = features.map { features in
                    Tensor(
                        [positions], Array(features[tap].values[channel * positions..<(channel + 1) * positions]))
                }
                let root = Float(Self.meanSquare(channels).squareRoot())
                for index in first + channel * map[1]..<first + (channel + 1) * map[1] {
                    #expect(abs(after[index] - root * before[index]) < 2e-3 * (1 + root) * abs(before[index]))
                }
            }
        }
    }

    private static func meanSquare(_ tensors: [Tensor]) -> Double {
        let values = tensors.flatMap(\.values)
        return values.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(values.count)
    }

    @Test func lossesFallAndThreadsChangeNothing() throws {
        let batches = try Self.batches()
        var trainers = try [1, 2, 3].map { try Self.trainer(threads: $0) }
        var ofPhotographs: [Float] = []
        for step in 0..<9 {
            // The same batch again, but for whose turn it is.
            let batch = try batches.batch(step % 3, pool: nil)
            let losses = trainers.indices.map { trainers[$0].step(step, batch: batch) }
            #expect(losses[0] == losses[1] && losses[0] == losses[2])
            #expect(losses[0].count == trainers[0].lossNames.count && losses[0][0] > 0)
            let parts = losses[0]
            // Two pictures a step are a network's, now and then one of them that which ships.
            let painted = Float(batch.painted.count)
            #expect(painted == (step % 3 == 0 ? 1 : 0) && batch.rival.count == (step % 3 == 0 ? 1 : 2))
            #expect((parts[2] > 0) == (painted > 0) && parts[3] > 0)
            let mean = (parts[1] + painted * parts[2] + (2 - painted) * parts[3] + parts[4]) / 4
            #expect(abs(parts[0] - mean) < 1e-4 * mean)
            ofPhotographs.append(parts[1])
        }
        #expect(trainers[0].parameters == trainers[1].parameters)
        #expect(trainers[0].parameters == trainers[2].parameters)
        let (first, last) = (ofPhotographs[..<3].reduce(0, +), ofPhotographs[6...].reduce(0, +))
        #expect(last < first)
    }

    @Test func goesOnFromItsStateAsIfItHadNotStopped() throws {
        let batches = try Self.batches()
        var whole = try Self.trainer()
        for step in 0..<6 { _ = whole.step(step, batch: try batches.batch(step, pool: nil)) }
        var first = try Self.trainer()
        for step in 0..<2 { _ = first.step(step, batch: try batches.batch(step, pool: nil)) }
        var second = try Self.trainer()
        second.state = first.state
        #expect(second.state == first.state)
        for step in 2..<6 { _ = second.step(step, batch: try batches.batch(step, pool: nil)) }
        #expect(second.state == whole.state)
    }

    /// Batches are the same whenever they are made; a picture is replaced after its time and not before.
    @Test func batchesDependOnTheirNumberAlone() throws {
        let batches = try Self.batches()
        let (one, two) = (try batches.batch(5, pool: nil), try batches.batch(5, pool: TensorPool()))
        #expect(one.photographs == two.photographs && one.painted == two.painted && one.rival == two.rival)
        #expect(one.lesson.painting == two.lesson.painting)
        #expect(one.photographs != (try batches.batch(6, pool: nil)).photographs)
        #expect(
            one.photographs.count == 1 && one.painted.count + one.rival.count == 2
                && one.optimized.map(\.slot) == [2])
        let values = (one.photographs + one.painted).flatMap(\.values)
        #expect(values.allSatisfy { (0...1).contains($0) })
        let fresh = try (0..<90).filter { try batches.batch(3 * $0, pool: nil).optimized[0].fresh != nil }
        #expect(fresh.first == 0 && fresh.count >= 3)
        let lives = zip(fresh.dropFirst(2), fresh.dropFirst()).map { $0 - $1 }
        #expect(Set(lives).count == 1 && lives.allSatisfy { (8..<30).contains($0) })
    }

    @Test func theLearningRateRisesFirst() {
        let decay = CosineDecay(start: 1, steps: 100, rise: 4)
        #expect(abs(decay.rate(after: 0) - 0.2) < 1e-3)
        #expect(decay.rate(after: 3) < decay.rate(after: 4))
        #expect(abs(decay.rate(after: 50) - 0.5025) < 1e-9)
    }
}
