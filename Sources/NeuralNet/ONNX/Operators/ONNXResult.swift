/// What a node becomes at a frame size: a value known beforehand, or an operation on some of its inputs.
enum ONNXResult {
    case constant(ONNXConstant)
    /// - reading: the node's inputs, by position, that the operation takes.
    case operation(any ONNXOperation, reading: [Int])
}
