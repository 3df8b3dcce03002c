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
    /// On pictures that were optimised against it.
    public let optimized: [Double]
    /// How far those are from their paintings in VGG-19's judgement: Σ ‖G − A‖² / ‖A‖² over its Gram matrices. What counts in
    /// the end.
    public let styleDistance: Double

    /// `photographs 0.048 0.265 0.501 0.529; painted …; optimized …; style distance 0.512`.
    public var text: String {
        func row(_ name: String, _ values: [Double]) -> String {
            ([name] + values.map { String(format: "%.3f", $0) }).joined(separator: " ")
        }
        return [
            row("photographs", photographs), row("painted", painted), row("optimized", optimized),
            row("style distance", [styleDistance]),
        ].joined(separator: "; ")
    }
}
