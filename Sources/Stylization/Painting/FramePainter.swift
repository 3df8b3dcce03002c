import NeuralNet
import OpticalFlow
import Tensors

/// Paints the frames of a clip one after the other, each tied to the painted frame before it.
///
/// The painted frame is kept in Float32, never rounded, and warped by the motion of the next frame. A frame
/// without motion begins a shot: nothing of what was painted before has any part in it, so a shot painted by
/// itself has the same bits as in a whole run.
package final class FramePainter: Painter {
    /// Pixels painted beyond every border, on the mirrored frame, and cut off: what optimisation leaves along
    /// the border of its canvas would show as a frame around the picture.
    private static let margin = 16

    private let style: StyleReference
    private let encoder: PerceptualEncoder
    private let configuration: StylizationConfiguration
    private let seed: UInt64
    private let rows: ParallelRows
    private let pool: TensorPool?
    private let isCancelled: @Sendable () -> Bool
    package var memory: Tensor?
    private var styles: [PyramidLevel: StyleTarget] = [:]

    /// Makes a painter at the beginning of a shot.
    ///
    /// - Parameters:
    ///   - style: the painting, or its Gram matrices by this encoder.
    ///   - seed: decides the noise that shots start from, where they do.
    ///   - isCancelled: asked before every step.
    /// - Throws: `BrushflowError` of kind `usage` where a setting is outside its range.
    package init(
        style: StyleReference,
        encoder: PerceptualEncoder,
        configuration: StylizationConfiguration,
        seed: UInt64,
        rows: ParallelRows,
        pool: TensorPool? = nil,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws {
        try configuration.validate()
        self.style = style
        self.encoder = encoder
        self.configuration = configuration
        self.seed = seed
        self.rows = rows
        self.pool = pool
        self.isCancelled = isCancelled
    }

    package func reset() {
        memory = nil
    }

    /// Paints the next frame of the clip.
    ///
    /// - Returns: the painted frame, 0…1, of the frame's size.
    /// - Throws: `BrushflowError` of kind `content` where the frame is smaller than the encoder can look at;
    ///   `CancellationError`.
    package func paint(_ frame: FlowedImage) throws -> PlanarImage {
        if configuration.isIdentity { return frame.image }
        let (height, width) = (frame.image.height, frame.image.width)
        guard min(height, width) >= encoder.minimumSide else {
            throw BrushflowError(
                .content,
                "cannot stylize a frame of \(width)×\(height) pixels: the encoder needs at least "
                    + "\(encoder.minimumSide) a side; enlarge the clip")
        }
        let tie = PaintingTie(memory, to: frame, configuration.interpolation, rows: rows, pool: pool)
        let margin = min(Self.margin, min(height, width) / 8)
        var content = frame.image.tensor
        content.clamp(to: 0...1, rows: rows)
        let levels = PyramidLevel.levels(
            height: height + 2 * margin, width: width + 2 * margin,
            steps: tie == nil ? configuration.firstSteps : configuration.nextSteps, minimumSide: encoder.minimumSide)
        let mirrored = { [rows, pool] (tensor: Tensor) in tensor.mirrored(margin: margin, rows: rows, pool: pool) }
        let painted = try PixelOptimizer(encoder: encoder, configuration: configuration, rows: rows, pool: pool)
            .paint(
                mirrored(content), from: mirrored(start(content, tie)),
                tie: tie.map {
                    PaintingTie(
                        warped: mirrored($0.warped), reliability: ReliabilityMask(mirrored($0.reliability.tensor)))
                },
                levels: levels, style: { self.target($0, margin: margin) },
                learningRate: tie == nil ? configuration.learningRate : configuration.nextLearningRate,
                isCancelled: isCancelled
            ).cropped(margin: margin, rows: rows, pool: pool)
        memory = painted
        return PlanarImage(
            painted.applied(configuration.strength, over: content, rows: rows, pool: pool))
    }

    private func start(_ content: Tensor, _ tie: PaintingTie?) -> Tensor {
        guard let tie else {
            guard configuration.firstStart == .noise else { return content }
            var noise = SeededNoise(seed: seed)
            return noise.tensor(content.shape, pool: pool)
        }
        guard configuration.nextStart == .warped else { return content }
        return content.blended(with: tie.warped, by: tie.reliability, rows: rows, pool: pool)
    }

    /// The painting at the size that goes with the level's part inside the margin.
    private func target(_ level: PyramidLevel, margin: Int) -> StyleTarget {
        if let known = styles[level] { return known }
        let (height, width) = (level.height - 2 * margin / level.divisor, level.width - 2 * margin / level.divisor)
        let target = style.target(
            height: height, width: width, scale: configuration.styleScale, statistics: configuration.statistics,
            encoder: encoder, rows: rows, pool: pool)
        styles[level] = target
        return target
    }
}
