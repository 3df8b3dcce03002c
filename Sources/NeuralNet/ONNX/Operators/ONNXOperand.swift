import Tensors

/// What a node reads at a frame size: a value known beforehand, or one that depends on the frame's pixels.
enum ONNXOperand: Sendable {
    case constant(ONNXConstant)
    /// The shape; elements are floats, whatever type the graph gives them.
    case frame(Shape)

    var shape: Shape {
        switch self {
        case .constant(let constant): constant.shape
        case .frame(let shape): shape
        }
    }
}
