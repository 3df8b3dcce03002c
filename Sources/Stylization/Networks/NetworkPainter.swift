import NeuralNet
import OpticalFlow
import Tensors

/// Paints the frames of a clip with a feed-forward network, each tied to the painted frame before it: a recurrent network
/// looks at that frame itself, any other is steadied afterwards by `TemporalStabilizer`.
///
/// The painted frame is kept in Float32 and warped by the motion of the next one. A frame without motion begins a
/// shot, so a shot painted by itself has the same bits as in a whole run.
package final class NetworkPainter: Painter {
    /// λ of the stabiliser for a temporal weight of 1: the default weight of 200 gives λ = 0.1, which on a
    /// published network left a quarter of the flicker and nine tenths of the sharpness.
    private static let strengthPerWeight = 0.0005
    /// Below this λ nothing is tied: 10⁻⁸ of a difference is no step of any picture.
    private static let leastStrength = 1e-8

    private let network: PaintingNetwork
    private let interpolation: StylizationConfiguration.Interpolation
    private let stabilizer: TemporalStabilizer?
    private let isTied: Bool
    private let strength: Double
    private let rows: ParallelRows
    private let pool: TensorPool?
    private let isCancelled: @Sendable () -> Bool
    package var memory: Tensor?
    private var complaint: String?

    /// Makes a painter at the beginning of a shot.
    ///
    /// - Parameters:
    ///   - configuration: the weight of the temporal term (0 paints every frame by itself; a recurrent network knows only 0 and
    ///     more than 0), how the previous painted frame is sampled, and the strength; the rest is for optimisation.
    ///   - isCancelled: asked before every frame.
    /// - Throws: `BrushflowError` of kind `usage` where a setting is outside its range.
    package init(
        network: PaintingNetwork, configuration: StylizationConfiguration, rows: ParallelRows, pool: TensorPool? = nil,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws {
        try configuration.validate()
        self.network = network
        interpolation = configuration.interpolation
        strength = configuration.strength
        let tie = configuration.temporalWeight * Self.strengthPerWeight
        isTied = tie > Self.leastStrength
        stabilizer = isTied && !network.isRecurrent ? TemporalStabilizer(strength: Float(tie)) : nil
        self.rows = rows
        self.pool = pool
        self.isCancelled = isCancelled
    }

    package func reset() {
        memory = nil
    }

    package func paint(_ frame: FlowedImage) throws -> PlanarImage {
        if isCancelled() { throw CancellationError() }
        var tie = PaintingTie(isTied ? memory : nil, to: frame, interpolation, rows: rows, pool: pool)
        let beginsShot = tie == nil
        let seen = network.isRecurrent ? tie.take() : nil
        var painted = try network.paint(frame.image, tie: seen, rows: rows, pool: pool)
        if beginsShot, complaint == nil, case .image(let model) = network {
            complaint = model.complaint(about: PlanarImage(painted), from: frame.image)
        }
        if let tie, let stabilizer {
            painted = stabilizer.steady(
                painted, towards: tie.warped, where: tie.reliability, rows: rows, pool: pool)
        }
        memory = painted
        return PlanarImage(painted.applied(strength, over: frame.image.tensor, rows: rows, pool: pool))
    }

    /// Whether the range of the network's numbers seems to be wrong.
    package var notes: [String] { complaint.map { [$0] } ?? [] }
}
