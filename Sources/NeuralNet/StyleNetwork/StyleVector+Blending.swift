import Foundation

extension StyleVector {
    /// Blends styles of one network. Equal styles count as one with the sum of their weights; one that is left alone is
    /// itself, bit for bit.
    ///
    /// - Parameter styles: at least one; weights of at least 0, not all 0.
    package static func blend(
        _ styles: [(style: StyleVector, weight: Double)], _ blend: StyleBlend = .linear
    ) -> StyleVector {
        var parts: [(style: StyleVector, weight: Double)] = []
        for part in styles where part.weight > 0 {
            if let index = parts.firstIndex(where: { $0.style == part.style }) {
                parts[index].weight += part.weight
            } else {
                parts.append(part)
            }
        }
        precondition(!parts.isEmpty, "no style has a weight in \(styles.map(\.weight))")
        guard parts.count > 1 else { return parts[0].style }
        switch blend {
        case .linear:
            let total = parts.reduce(0) { $0 + $1.weight }
            return mean(parts.map { ($0.style, Float($0.weight / total)) })
        case .spherical:
            return parts.dropFirst().reduce(parts[0]) { sum, part in
                let weight = sum.weight + part.weight
                return (sum.style.turned(towards: part.style, by: part.weight / weight), weight)
            }.style
        }
    }

    /// Σ weight · style.
    private static func mean(_ parts: [(style: StyleVector, weight: Float)]) -> StyleVector {
        func sum(_ values: (StyleVector) -> [[Float]]) -> [[Float]] {
            values(parts[0].style).indices.map { layer in
                values(parts[0].style)[layer].indices.map { channel in
                    parts.reduce(0) { $0 + $1.weight * values($1.style)[layer][channel] }
                }
            }
        }
        return StyleVector(gains: sum(\.gains), biases: sum(\.biases))
    }

    /// The style at `share` of the way to another one, on great circles.
    private func turned(towards other: StyleVector, by share: Double) -> StyleVector {
        let layers = gains.indices.map { layer in
            Self.turned(gains[layer] + biases[layer], towards: other.gains[layer] + other.biases[layer], by: share)
        }
        return StyleVector(
            gains: zip(layers, gains).map { Array($0.prefix($1.count)) },
            biases: zip(layers, gains).map { Array($0.dropFirst($1.count)) })
    }

    /// Shoemake 1985, for directions; lengths are interpolated linearly. Straight where there is no great circle.
    private static func turned(_ a: [Float], towards b: [Float], by share: Double) -> [Float] {
        func length(_ vector: [Float]) -> Double { vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }
        let (lengthA, lengthB) = (length(a), length(b))
        let product = zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        let angle = acos(max(-1, min(1, product / max(lengthA * lengthB, 1e-30))))
        guard sin(angle) > 1e-4, min(lengthA, lengthB) > 1e-12 else {
            return zip(a, b).map { Float((1 - share) * Double($0) + share * Double($1)) }
        }
        let whole = (1 - share) * lengthA + share * lengthB
        let (partA, partB) = (sin((1 - share) * angle) / sin(angle), sin(share * angle) / sin(angle))
        return zip(a, b).map { Float(whole * (partA * Double($0) / lengthA + partB * Double($1) / lengthB)) }
    }
}
