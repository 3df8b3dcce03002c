import OpticalFlow
import Tensors

/// Steadies a picture that was painted without knowledge of the frame before it.
///
/// Minimises over x ∫ |∇x − ∇s|² + λ c |x − ω|² + ε |x − s|², s the painted picture, ω the previous result in the place it
/// has moved to, c the reliability of that motion: the strokes of s, the colours of ω (Bonneel et al. 2015). Where c is 0
/// everywhere the result is s; ε lets the result follow a fade.
package struct TemporalStabilizer: Sendable {
    /// V-cycles from the start c ω + (1 − c) s.
    private static let cycles = 2
    /// ε / λ: what the network now paints elsewhere takes over within some five frames. At 0.01, colours of strokes that are
    /// gone stayed as a haze, for a tenth less flicker.
    private static let release: Float = 0.2

    /// λ, ≥ 0: 1 keeps the colours of the previous result over distances of a pixel, 0.01 over ten pixels.
    private let strength: Float

    /// Makes a stabiliser of strength λ.
    package init(strength: Float) {
        precondition(strength > 0, "strength \(strength)")
        self.strength = strength
    }

    /// Steadies `painted`.
    ///
    /// - Parameters:
    ///   - painted: s, `[C, H, W]`, 0…1.
    ///   - warped: ω, `[C, H, W]`, 0…1.
    /// - Returns: x, `[C, H, W]`, clipped to 0…1.
    package func steady(
        _ painted: Tensor, towards warped: Tensor, where reliability: ReliabilityMask, rows: ParallelRows,
        pool: TensorPool? = nil
    ) -> Tensor {
        precondition(
            painted.shape == warped.shape && painted.shape[1] == reliability.height
                && painted.shape[2] == reliability.width,
            "\(painted.shape), \(warped.shape), \(reliability.tensor.shape)")
        var screen = Tensor(uninitialized: reliability.tensor.shape, pool: pool)
        // The unknown is x − s: its right side is λ c (ω − s), and c (ω − s) is where it starts.
        var right = Tensor(uninitialized: painted.shape, pool: pool)
        var start = Tensor(uninitialized: painted.shape, pool: pool)
        let (height, width) = (reliability.height, reliability.width)
        screen.withMutableFloats { screen in
            reliability.tensor.withFloats { mask in
                nonisolated(unsafe) let (screen, mask) = (screen, mask)
                rows.run(rows: height, grain: 64) { [strength] _, range in
                    for index in range.lowerBound * width..<range.upperBound * width {
                        screen[index] = strength * (mask[index] + Self.release)
                    }
                }
            }
        }
        right.withMutableFloats { right in
            start.withMutableFloats { start in
                painted.withFloats { painted in
                    warped.withFloats { warped in
                        reliability.tensor.withFloats { mask in
                            nonisolated(unsafe) let (right, start, painted, warped, mask) = (
                                right, start, painted, warped, mask
                            )
                            rows.run(rows: painted.count / width, grain: 64) { [strength] _, range in
                                for row in range {
                                    let shift = (row % height) * width - row * width
                                    for index in row * width..<(row + 1) * width {
                                        let difference = mask[index + shift] * (warped[index] - painted[index])
                                        start[index] = difference
                                        right[index] = strength * difference
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        var result = ScreenedPoisson.solve(
            screen: screen, right: right, start: start, cycles: Self.cycles, rows: rows, pool: pool)
        result.withMutableFloats { result in
            painted.withFloats { painted in
                nonisolated(unsafe) let (result, painted) = (result, painted)
                rows.run(rows: result.count, grain: 1 << 14) { _, range in
                    for index in range { result[index] = min(max(painted[index] + result[index], 0), 1) }
                }
            }
        }
        return result
    }
}
