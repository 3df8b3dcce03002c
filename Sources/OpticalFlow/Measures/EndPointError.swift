import Tensors

/// The mean distance between flow and ground truth, in pixels, over the pixels where the truth is known.
package struct EndPointError: Sendable, Equatable {
    /// Mean of |flow − truth| over `counted` pixels; 0 where there are none.
    package let mean: Double
    /// Pixels that entered the mean.
    package let counted: Int
    /// Pixels left out because the truth is unknown (a component that is not finite or beyond ±1e9, Middlebury's
    /// marker).
    package let unknown: Int
    /// Pixels of known truth left out because the mask is not above ½ there.
    package let masked: Int

    /// Compares `flow` with `truth`.
    ///
    /// - Parameter mask: `[1, H, W]` or `[H, W]`; above ½ = counted. All pixels where it is nil.
    package static func compute(flow: FlowField, truth: FlowField, mask: Tensor? = nil) -> EndPointError {
        precondition(
            flow.tensor.shape == truth.tensor.shape, "flow \(flow.tensor.shape), truth \(truth.tensor.shape)")
        let count = flow.width * flow.height
        precondition(mask.map { $0.count == count } ?? true, "a mask of another size than \(flow.tensor.shape)")
        let weights = mask?.values
        return flow.tensor.withFloats { f in
            truth.tensor.withFloats { t in
                var sum = 0.0
                var counted = 0
                var unknown = 0
                var masked = 0
                for i in 0..<count {
                    guard abs(t[i]) <= 1e9 && abs(t[count + i]) <= 1e9 else {
                        unknown += 1
                        continue
                    }
                    if let weights, !(weights[i] > 0.5) {
                        masked += 1
                        continue
                    }
                    let du = Double(f[i]) - Double(t[i])
                    let dv = Double(f[count + i]) - Double(t[count + i])
                    sum += (du * du + dv * dv).squareRoot()
                    counted += 1
                }
                return EndPointError(
                    mean: counted > 0 ? sum / Double(counted) : 0, counted: counted, unknown: unknown,
                    masked: masked)
            }
        }
    }
}
