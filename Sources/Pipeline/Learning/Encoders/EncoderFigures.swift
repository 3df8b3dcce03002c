import Foundation

/// How well a slim encoder carries VGG-19's features: the share of their variance that it leaves unexplained at relu1_1,
/// relu2_1, relu3_1 and relu4_1, on pictures that it was not trained on.
public struct EncoderFigures: Sendable, Equatable {
    /// The places.
    public static let taps = ["relu1_1", "relu2_1", "relu3_1", "relu4_1"]

    /// On photographs.
    public let photographs: [Double]
    /// On what the style network that ships paints.
    public let painted: [Double]
    /// On what a style network paints that was trained against it.
    public let rival: [Double]
    /// On pictures that were optimised against it.
    public let optimized: [Double]
    /// How far the optimised pictures are from their paintings in VGG-19's judgement, the geometric mean of
    /// Σ ‖G − A‖² / ‖A‖² over the Gram matrices at the four places: what counts in the end.
    public let optimizedStyleDistance: Double
    /// The same of what the network paints.
    public let rivalStyleDistance: Double

    /// `photographs 0.048 0.265 0.501 0.529; painted …; rival …; optimized …; style distance 0.512 optimized, 0.8 rival`.
    public var text: String {
        let rows = [
            ("photographs", photographs), ("painted", painted), ("rival", rival), ("optimized", optimized),
        ].map { name, values in ([name] + values.map { String(format: "%.3f", $0) }).joined(separator: " ") }
        let distances = String(
            format: "style distance %.3f optimized, %.3f rival", optimizedStyleDistance, rivalStyleDistance)
        return (rows + [distances]).joined(separator: "; ")
    }
}
