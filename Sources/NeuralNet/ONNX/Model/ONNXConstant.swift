import Tensors

/// A value of a graph that is known before a frame is seen: floats, or whole numbers (shapes, indices, Booleans).
struct ONNXConstant: Sendable {
    /// The elements, row-major; both kinds of any rank, scalars of rank 0.
    enum Elements: Sendable {
        case floats(Tensor)
        case integers([Int])
    }

    let shape: Shape
    let elements: Elements

    /// Floats of the tensor's shape.
    init(_ tensor: Tensor) {
        shape = tensor.shape
        elements = .floats(tensor)
    }

    /// Whole numbers; their count must be the shape's.
    init(_ shape: Shape, integers: [Int]) {
        precondition(shape.count == integers.count, "\(integers.count) integers for shape \(shape)")
        self.shape = shape
        elements = .integers(integers)
    }

    /// The elements as floats.
    var tensor: Tensor {
        switch elements {
        case .floats(let tensor): tensor
        case .integers(let values): Tensor(shape, values.map { Float($0) })
        }
    }

    /// The elements as whole numbers, cut towards zero and clamped to ±2⁶²; not a number becomes 0.
    var integers: [Int] {
        switch elements {
        case .floats(let tensor): tensor.values.map(Self.truncated)
        case .integers(let values): values
        }
    }

    /// Whether the elements are whole numbers by type.
    var isInteger: Bool {
        if case .integers = elements { true } else { false }
    }

    /// Bytes in memory.
    var bytes: Int { shape.count * (isInteger ? 8 : 4) }

    /// The same elements under another shape of the same count.
    func reshaped(to shape: Shape) -> ONNXConstant {
        switch elements {
        case .floats(let tensor): ONNXConstant(tensor.reshaped(to: shape))
        case .integers(let values): ONNXConstant(shape, integers: values)
        }
    }

    private static func truncated(_ value: Float) -> Int {
        if value.isNaN { return 0 }
        let bound = Float(1 << 62)
        return Int(min(max(value, -bound), bound))
    }
}
