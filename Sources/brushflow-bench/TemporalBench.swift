import ArgumentParser
import Foundation
import Measurement
import Media
import OpticalFlow
import Stylization
import Tensors

/// Paints a clip frame by frame in several ways and prints how steady, how stylized and how sharp each is.
///
/// - `independent`: every frame by itself, from its content.
/// - `tied`: the temporal term on, the same start from content and the same steps on every frame.
/// - `product`: the default way, from the previous painted frame warped.
struct TemporalBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "temporal",
        abstract: "Measures flicker: E_warp of independent, tied and default painting, beside style and sharpness."
    )

    /// A way to paint a clip.
    enum Way: String, ExpressibleByArgument, CaseIterable {
        case independent, tied, product
    }

    @Argument(help: "A video.")
    var clip: String
    @Option(help: "The painting, an image.") var style: String
    @Option(help: "A folder with backward/NNN.png, KITTI's 16-bit form; without one, our own flow.") var flow: String?
    @Option(help: "A folder for the painted frames.") var out: String?
    @Option(help: "A second encoder to judge style by; the slim one is the first.") var judge: String?
    @Option(help: "Ways to paint.") var ways: [Way] = Way.allCases
    @Option(help: "Frames at most.") var frames = Int.max
    @Option(help: "Threads.") var threads = 2
    @OptionGroup var settings: StylizationOptions

    private struct Frame {
        let source: PlanarImage
        let motion: FlowedImage.Motion?
    }

    func run() throws {
        let rows = ParallelRows(threads: threads)
        let pool = TensorPool(capacity: 1 << 30)
        let encoder = try PerceptualEncoder.slim()
        let painting = try ImageFile.read(path: style)
        let clip = try load(rows: rows, pool: pool)
        guard let first = clip.first?.source else { throw BrushflowError(.input, "\(self.clip): no frames") }
        let judges = try [encoder] + (judge.map { [try PerceptualEncoder.load(path: $0)] } ?? [])
        let distances = judges.map {
            StyleDistance(
                .painting(painting), height: first.height, width: first.width, scale: settings.styleScale, encoder: $0,
                rows: rows, pool: pool)
        }
        let judgement = Judgement(styles: distances, contents: judges.map { ContentDistance(encoder: $0) })
        let floor = report("source", clip.map(\.source), clip, judgement, rows, pool)
        var reference: Figures?
        for way in ways {
            let clock = ContinuousClock()
            let begin = clock.now
            let painted = try paint(clip, way: way, painting: painting, encoder: encoder, rows: rows, pool: pool)
            let seconds = (clock.now - begin) / .seconds(1) / Double(painted.count)
            let figures = report(way.rawValue, painted, clip, judgement, rows, pool)
            if way == .independent { reference = figures }
            let excess = figures.warping - floor.warping
            let ratio = reference.map { excess / ($0.warping - floor.warping) }
            print(
                "    excess \(Self.text(excess)), of independent \(ratio.map(Self.text) ?? "-"), "
                    + "style of independent \(reference.map { Self.list(zip(figures.styles, $0.styles).map(/)) } ?? "-"), "
                    + "\(Self.text(seconds)) s a frame")
            if let out { try write(painted, to: "\(out)/\(way.rawValue)") }
        }
    }

    /// Distances by each judge's encoder.
    private struct Judgement {
        let styles: [StyleDistance]
        let contents: [ContentDistance]
    }

    private struct Figures {
        let warping: Double
        /// One style distance a judge.
        let styles: [Double]
        let sharpness: Double
    }

    private func report(
        _ name: String, _ painted: [PlanarImage], _ clip: [Frame], _ judgement: Judgement, _ rows: ParallelRows,
        _ pool: TensorPool
    ) -> Figures {
        var warping: [Double] = []
        for index in painted.indices.dropFirst() {
            guard let motion = clip[index].motion else { continue }
            warping.append(
                WarpError.compute(
                    current: painted[index], previous: painted[index - 1], flow: motion.flow, mask: motion.mask,
                    rows: rows
                ).mean)
        }
        let looked = stride(from: 0, to: painted.count, by: max(1, painted.count / 6))
        let sharp = painted.map { PictureFigures.sharpness($0, rows: rows) }
        let bright = zip(painted, clip).map { PictureFigures.brightness($0) - PictureFigures.brightness($1.source) }
        let figures = Figures(
            warping: mean(warping),
            styles: judgement.styles.map { distance in
                mean(looked.map { distance.style(of: painted[$0], rows: rows, pool: pool) })
            },
            sharpness: mean(sharp))
        let contents = judgement.contents.map { distance in
            mean(looked.map { distance.content(of: painted[$0], from: clip[$0].source, rows: rows, pool: pool) })
        }
        print(
            "\(name): E_warp \(Self.text(figures.warping)), style \(Self.list(figures.styles)), content "
                + "\(Self.list(contents)), sharpness \(Self.text(figures.sharpness)) "
                + "(first \(Self.text(sharp.first ?? 0)), last \(Self.text(sharp.last ?? 0))), brightness over source "
                + "first \(Self.text(bright.first ?? 0)), last \(Self.text(bright.last ?? 0))")
        return figures
    }

    private func paint(
        _ clip: [Frame], way: Way, painting: PlanarImage, encoder: PerceptualEncoder, rows: ParallelRows,
        pool: TensorPool
    ) throws -> [PlanarImage] {
        var configuration = settings.configuration
        if way != .product {
            configuration.nextStart = .content
            configuration.nextSteps = configuration.firstSteps
            configuration.nextLearningRate = configuration.learningRate
        }
        let painter = try FramePainter(
            style: .painting(painting), encoder: encoder, configuration: configuration, seed: 1, rows: rows, pool: pool)
        return try clip.map { frame in
            try painter.paint(
                FlowedImage(image: frame.source, motion: way == .independent ? nil : frame.motion))
        }
    }

    private func load(rows: ParallelRows, pool: TensorPool) throws -> [Frame] {
        let reader = try VideoReader(path: clip)
        let converter = FrameConverter()
        let estimator = FlowEstimator(rows: rows, pool: pool)
        var frames: [Frame] = []
        while frames.count < self.frames, let decoded = try reader.next() {
            let source = try converter.image(from: decoded, rows: rows, pool: pool)
            let motion: FlowedImage.Motion?
            if let flow {
                motion = try drawn(in: flow, index: frames.count)
            } else {
                motion = estimator.process(source).motion
            }
            frames.append(Frame(source: source, motion: motion))
        }
        return frames
    }

    /// The drawn flow and mask of a frame in KITTI's form; nil where the frame has none, on the first of a shot.
    private func drawn(in folder: String, index: Int) throws -> FlowedImage.Motion? {
        let number = String(1000 + index).dropFirst()
        let path = "\(folder)/backward/\(number).png"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let motion = KITTIFlow.motion(in: try ImageFile.read(path: path)) else {
            throw BrushflowError(.content, "\(path): is an 8-bit picture")
        }
        return FlowedImage.Motion(flow: motion.flow, mask: motion.mask)
    }

    private func write(_ painted: [PlanarImage], to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (index, picture) in painted.enumerated() {
            let number = String(10000 + index).dropFirst()
            try ImageFile.write(picture, path: "\(folder)/\(number).png", overwrite: true)
        }
    }

    private func mean(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }

    private static func list(_ values: [Double]) -> String { values.map(text).joined(separator: " / ") }

    private static func text(_ value: Double) -> String { String(format: "%.4g", value) }
}
