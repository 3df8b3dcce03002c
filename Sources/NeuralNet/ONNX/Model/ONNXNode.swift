/// One operator of a graph, with its attributes checked for their kind but not yet for their meaning.
struct ONNXNode: Sendable {
    /// An attribute's value.
    enum Attribute: Sendable {
        case float(Float)
        case int(Int)
        case string(String)
        case tensor(ONNXConstant)
        case floats([Float])
        case ints([Int])
        /// A subgraph or another kind that no supported operator has.
        case other
    }

    /// The operator's type, with its domain where that is not ONNX's own: `Conv`, `com.microsoft.Gelu`.
    let type: String
    /// What the node is called in messages: `'conv1' (Conv)`.
    let label: String
    /// The names of the values that it reads; empty for an optional one that is left out.
    let inputs: [String]
    /// The names of the values that it makes.
    let outputs: [String]
    let attributes: [String: Attribute]

    /// Reads the node at `index` of the graph.
    init(_ proto: Onnx_NodeProto, index: Int, limits: ONNXLimits) throws(ONNXFault) {
        let isOwn = proto.domain.isEmpty || proto.domain == "ai.onnx"
        type = isOwn ? proto.opType : "\(proto.domain).\(proto.opType)"
        let name = proto.name.isEmpty ? "node \(index)" : quoted(proto.name)
        label = "\(name) (\(type.unicodeScalars.prefix(60).map { String($0) }.joined()))"
        inputs = proto.input
        outputs = proto.output
        var attributes: [String: Attribute] = [:]
        for attribute in proto.attribute {
            let value: Attribute
            switch Self.kind(attribute) {
            case .float: value = .float(attribute.f)
            case .int: value = .int(Int(attribute.i))
            case .string: value = .string(String(decoding: attribute.s.prefix(1000), as: UTF8.self))
            case .tensor:
                value = .tensor(
                    try ONNXConstant(
                        attribute.t, label: "\(label): the tensor \(quoted(attribute.name))", limits: limits))
            case .floats: value = .floats(attribute.floats)
            case .ints: value = .ints(attribute.ints.map { Int($0) })
            default: value = .other
            }
            guard attributes.updateValue(value, forKey: attribute.name) == nil else {
                throw ONNXFault("\(label) has attribute \(quoted(attribute.name)) twice")
            }
        }
        self.attributes = attributes
    }

    /// An attribute's kind; early files do not state it.
    private static func kind(_ attribute: Onnx_AttributeProto) -> Onnx_AttributeProto.AttributeType {
        if attribute.hasType { return attribute.type }
        if attribute.hasF { return .float }
        if attribute.hasI { return .int }
        if attribute.hasS { return .string }
        if attribute.hasT { return .tensor }
        if !attribute.floats.isEmpty { return .floats }
        return attribute.ints.isEmpty ? .undefined : .ints
    }
}
