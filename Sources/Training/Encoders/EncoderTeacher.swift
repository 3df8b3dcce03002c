import Foundation
import NeuralNet
import Stylization
import Tensors

/// The encoder whose features another one learns to carry: VGG-19. All channels of a tap are divided by one number, the root
/// mean square of them all over photographs, so that each counts for as much as it does in VGG-19's own distances.
package struct EncoderTeacher: Sendable {
    /// The encoder.
    package let encoder: PerceptualEncoder
    /// The variance of the divided features at each tap, over all channels and places of the photographs.
    package let variances: [Double]
    /// The root mean square of every channel over that of its tap, by tap.
    private let proportions: [[Float]]
    /// One over every tap's root mean square.
    private let scales: [Float]

    /// Added to a channel's root mean square, as those did who divided each channel by its own.
    private static let floor = 1e-3

    /// The taps, those of `SlimEncoderParameters.map`: the first of an encoder's style taps.
    private static let taps = 0..<SlimEncoderParameters.taps

    /// Mean squares of a tap's features that can be reckoned with; VGG-19's are between 1e2 and 1e6.
    private static let meanSquares = 1e-12...1e24

    /// Measures the features of photographs, `[3, H, W]` each, a thread each.
    ///
    /// - Parameters:
    ///   - encoder: VGG-19.
    ///   - path: where it was read from, for errors.
    /// - Throws: `.content` where its features are zero everywhere or no finite numbers.
    package init(
        _ encoder: PerceptualEncoder, path: String, photographs: [Tensor], rows: ParallelRows, pool: TensorPool
    ) throws {
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
        var (proportions, scales, variances): ([[Float]], [Float], [Double]) = ([], [], [])
        for tap in Self.taps {
            let channels = encoder.layers[tap].channels
            func mean(_ value: (ChannelMoments, Int) -> Double) -> [Double] {
                (0..<channels).map { channel in
                    moments.reduce(0) { $0 + value($1[tap], channel) } / Double(moments.count)
                }
            }
            let squares = mean { $0.variances[$1] + $0.means[$1] * $0.means[$1] }
            let square = squares.reduce(0, +) / Double(channels)
            guard Self.meanSquares.contains(square) else {
                throw BrushflowError(
                    .content,
                    "\(path): its features of photographs at \(encoder.layers[tap].name) have a mean square of \(square); "
                        + "give VGG-19 with torchvision's weights")
            }
            let plain = mean { $0.means[$1] }.reduce(0, +) / Double(channels)
            proportions.append(squares.map { Float(($0.squareRoot() + Self.floor) / square.squareRoot()) })
            scales.append(Float(1 / square.squareRoot()))
            variances.append(max(1 - plain * plain / square, 1e-12))
        }
        self.proportions = proportions
        self.scales = scales
        self.variances = variances
    }

    /// The parameters with maps that lead to features as these are scaled.
    package func rescaled(_ parameters: SlimEncoderParameters) -> SlimEncoderParameters {
        guard parameters.mapScale == .channel else { return parameters }
        var values = parameters.values
        values.withMutableFloats { values in
            for tap in Self.taps {
                let (map, first) = SlimEncoderParameters.map(at: tap)
                for (channel, proportion) in proportions[tap].enumerated() {
                    let row = first + channel * map[1]
                    for index in row..<row + map[1] { values[index] *= proportion }
                }
            }
        }
        return SlimEncoderParameters(values: values)
    }

    /// The divided features of a picture, `[3, H, W]`, at each tap: `[C, h · w]`.
    package func features(of picture: Tensor, in workspace: Workspace) -> [Tensor] {
        Self.raw(encoder, picture, in: workspace).enumerated().map { tap, features in
            var planes = features.planar(in: workspace).reshaped(
                to: [features.channels, features.rows.count * features.width])
            planes.multiply(by: scales[tap], rows: workspace.rows)
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
