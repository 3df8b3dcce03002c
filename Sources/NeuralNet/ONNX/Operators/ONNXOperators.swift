/// The operators that are supported, by type.
enum ONNXOperators {
    /// Turns a node at a frame size into one result for each of its outputs.
    typealias Builder = @Sendable (ONNXNodeContext) throws(ONNXFault) -> [ONNXResult]

    /// The versions of ONNX's operator set that graphs may be written for.
    static let versions = 7...21

    /// By the operator's type, as in `ONNXNode.type`.
    static let builders: [String: Builder] = [
        "Abs": unary(.abs), "Ceil": unary(.ceil), "Exp": unary(.exp), "Floor": unary(.floor), "Log": unary(.log),
        "Neg": unary(.affine(-1, 0)), "Reciprocal": unary(.reciprocal), "Relu": unary(.relu), "Round": unary(.round),
        "Sigmoid": unary(.sigmoid), "Softplus": unary(.softplus), "Sqrt": unary(.sqrt), "Tanh": unary(.tanh),
        "Clip": clip, "Elu": elu, "HardSigmoid": hardSigmoid, "LeakyRelu": leakyRelu, "Affine": affine,
        "Add": binary(.add), "Sub": binary(.subtract), "Mul": binary(.multiply), "Div": binary(.divide),
        "Pow": binary(.power), "PRelu": binary(.parametricRelu), "Max": folded(.maximum), "Min": folded(.minimum),
        "Sum": folded(.add),
        "Conv": convolution, "ConvTranspose": transposedConvolution, "AveragePool": averagePool, "MaxPool": maxPool,
        "GlobalAveragePool": globalPool(.mean), "GlobalMaxPool": globalPool(.maximum),
        "InstanceNormalization": instanceNormalization, "BatchNormalization": batchNormalization,
        "ImageScaler": imageScaler,
        "ReduceMean": reduce(.mean), "ReduceSum": reduce(.sum), "ReduceMax": reduce(.maximum),
        "ReduceMin": reduce(.minimum),
        "Pad": pad, "Crop": crop, "Slice": slice, "Split": split, "Gather": gather, "Concat": concat, "Expand": expand,
        "Transpose": transpose, "Reshape": reshape, "Flatten": flatten, "Squeeze": squeeze, "Unsqueeze": unsqueeze,
        "DepthToSpace": depthToSpace, "Upsample": upsample, "Resize": resize,
        "Constant": constant, "ConstantOfShape": constantOfShape, "Shape": shape, "Cast": cast, "Identity": identity,
        "Dropout": identity,
    ]
}
