/// What becomes of two operations, the second reading nothing but the first's result and being its only reader.
enum ONNXFusion {
    /// One operation that does both, or nil where there is none.
    static func fused(_ first: any ONNXOperation, _ second: any ONNXOperation) -> (any ONNXOperation)? {
        if let unary = second as? UnaryOperation { return unary.function == .relu ? first.rectified() : nil }
        if let normalization = second.normalization { return first.normalized(normalization) }
        if let convolution = second as? ConvolutionOperation, let copy = first as? IndexedCopyOperation {
            return convolution.preceded(by: copy)
        }
        if let copy = second as? IndexedCopyOperation, let convolution = first as? TransposedConvolutionOperation {
            return convolution.cut(by: copy)
        }
        return nil
    }
}
