import NeuralNet
import Tensors

/// Paintings' statistics in the file of a style network: tensors `gram.relu1_1` … `[styles, C (C + 1) / 2]`, the upper
/// triangles of the Gram matrices that the slim encoder gives, row by row.
extension StyleTarget {
    /// The tensors of some paintings, measured as Gram matrices by one encoder.
    package static func tensors(of targets: [StyleTarget], encoder: PerceptualEncoder) -> [String: Tensor] {
        guard let first = targets.first else { return [:] }
        return first.losses.indices.reduce(into: [:]) { tensors, layer in
            let triangles = targets.flatMap { target in
                let statistics = target.losses[layer].loss.target
                return triangle(statistics.channels).map { Float(statistics.matrix[$0]) }
            }
            tensors[key(encoder.layers[first.losses[layer].tap])] =
                Tensor([targets.count, triangles.count / targets.count], triangles)
        }
    }

    /// Whether a file has paintings' statistics.
    package static func isMeasured(in file: SafetensorsFile) -> Bool {
        file.names.contains { $0.hasPrefix(StyleNetworkParameters.statisticsPrefix) }
    }

    /// Reads those of the painting at `style`.
    ///
    /// - Parameter encoder: the slim one.
    /// - Throws: `BrushflowError`, `.content` with all its faults where the file does not have them.
    package init(_ file: SafetensorsFile, style: Int, styles: Int, encoder: PerceptualEncoder) throws {
        precondition((0..<styles).contains(style), "style \(style) of \(styles)")
        var loader = StrictLoader(file)
        losses = encoder.styleTaps.map { tap in
            let layer = encoder.layers[tap]
            let indices = Self.triangle(layer.channels)
            let triangles = loader.take(Self.key(layer), shape: [styles, indices.count])
            var matrix = [Double](repeating: 0, count: layer.channels * layer.channels)
            triangles.withFloats { values in
                for (value, index) in zip(values[(style * indices.count)...], indices) {
                    let (row, column) = (index / layer.channels, index % layer.channels)
                    matrix[index] = Double(value)
                    matrix[column * layer.channels + row] = Double(value)
                }
            }
            return Layer(
                tap: tap,
                loss: StyleLoss(
                    target: FeatureStatistics(gram: matrix, channels: layer.channels),
                    metric: FeatureMetric(layer.metric, channels: layer.channels)))
        }
        loader.ignore { !$0.hasPrefix(StyleNetworkParameters.statisticsPrefix) }
        try loader.finish()
    }

    /// Σ over the layers of how far another painting's statistics are, relative to this one's energy.
    package func distance(to other: StyleTarget) -> Double {
        zip(losses, other.losses).reduce(0) { $0 + $1.0.loss.value(of: $1.1.loss.target) }
    }

    private static func key(_ layer: EncoderTap) -> String { StyleNetworkParameters.statisticsPrefix + layer.name }

    /// The indices of a matrix's upper triangle.
    private static func triangle(_ channels: Int) -> [Int] {
        (0..<channels).flatMap { row in (row..<channels).map { row * channels + $0 } }
    }
}
