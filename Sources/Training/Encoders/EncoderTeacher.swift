import Foundation
import NeuralNet
import Stylization
import Tensors

/// The encoder whose features another one learns to carry: VGG-19. Each of its channels is divided by its root mean square
/// over photographs, so that all count alike.
package struct EncoderTeacher: Sendable {
    /// The encoder.
    package let encoder: PerceptualEncoder
    /// The variance of the divided features at each tap, over all channels and places of the photographs.
    package let variances: [Double]
    /// One over every channel's root mean square, by tap.
    private let scales: [[Float]]

    /// Added to a root mean square, for channels that are 0 nearly everywhere.
    private static let floor = 1e-3

    /// The taps, those of `SlimEncoderParameters.map`: the first of an encoder's style taps.
    private static let taps = 0..<SlimEncoderParameters.taps

    /// Measures the features of photographs, `[3, H, W]` each, a thread each.
    ///
    /// - Parameter encoder: VGG-19.
    package init(_ encoder: PerceptualEncoder, photographs: [Tensor], rows: ParallelRows, pool: TensorPool) {
        precondition(!photographs.isEmpty, "no photographs")
        precondition(
            Self.taps.allSatisfy {
                encoder.layers[$0].isStyle && encoder.layers[$0].channels == SlimEncoderParameters.map(at: $0).shape[0]
            }, "a teacher called \(encoder.name)")
        self.encoder = encoder
        let moments = rows.map(photographs) { photograph -> [ChannelMoments] in
            let serial = Workspace(rows: ParallelRows(threads: 1), pool: pool)
            let features = Self.raw(encoder, photograph, in: serial)
            return features.map { ChannelMoments(of: $0, in: serial) }
        }
        var (scales, variances): ([[Float]], [Double]) = ([], [])
        for tap in Self.taps {
            let channels = encoder.layers[tap].channels
            func mean(_ value: (ChannelMoments, Int) -> Double) -> [Double] {
                (0..<channels).map { channel in
                    moments.reduce(0) { $0 + value($1[tap], channel) } / Double(moments.count)
                }
            }
            let squares = mean { $0.variances[$1] + $0.means[$1] * $0.means[$1] }
            let factors = squares.map { 1 / ($0.squareRoot() + Self.floor) }
            let square = zip(squares, factors).reduce(0) { $0 + $1.0 * $1.1 * $1.1 } / Double(channels)
            let plain = zip(mean { $0.means[$1] }, factors).reduce(0) { $0 + $1.0 * $1.1 } / Double(channels)
            scales.append(factors.map(Float.init))
            variances.append(max(square - plain * plain, 1e-12))
        }
        self.scales = scales
        self.variances = variances
    }

    /// The divided features of a picture, `[3, H, W]`, at each tap: `[C, h · w]`.
    package func features(of picture: Tensor, in workspace: Workspace) -> [Tensor] {
        Self.raw(encoder, picture, in: workspace).enumerated().map { tap, features in
            let (scales, positions) = (scales[tap], features.rows.count * features.width)
            var planes = features.planar(in: workspace).reshaped(to: [features.channels, positions])
            planes.withMutableFloats { planes in
                for (channel, scale) in scales.enumerated() {
                    for index in channel * positions..<(channel + 1) * positions { planes[index] *= scale }
                }
            }
            return planes
        }
    }

    private static func raw(
        _ encoder: PerceptualEncoder, _ picture: Tensor, in workspace: Workspace
    ) -> [BlockTensor] {
        encoder.evaluate(picture, taps: Set(taps), rows: workspace.rows, pool: workspace.pool).features
            .sorted { $0.key < $1.key }.map(\.value)
    }
}
