import Tensors

/// The graph of a model: nodes in an order in which each reads only what is there, weights, and the one image
/// input and output.
struct ONNXGraph: Sendable {
    /// A declared input or output. Extents that the file leaves open are nil.
    struct Value: Sendable {
        let name: String
        /// Nil where the file declares no shape.
        let extents: [Int?]?
        /// Whether elements are whole numbers by type.
        let isInteger: Bool
    }

    /// In topological order; nodes that no output needs are left out.
    let nodes: [ONNXNode]
    /// Weights by name.
    let initializers: [String: ONNXConstant]
    /// The inputs that are no weights.
    let inputs: [Value]
    let outputs: [Value]
    /// Numbers in the weights that nodes read.
    let parameters: Int

    /// Checks and sorts a graph.
    init(_ proto: Onnx_GraphProto, limits: ONNXLimits) throws(ONNXFault) {
        guard proto.node.count <= limits.nodes else {
            throw ONNXFault("the graph has \(proto.node.count) nodes, more than \(limits.nodes)")
        }
        guard proto.sparseInitializer.isEmpty else {
            throw ONNXFault("the graph has sparse weights, which are not supported")
        }
        var initializers: [String: ONNXConstant] = [:]
        for tensor in proto.initializer {
            let constant = try ONNXConstant(tensor, label: "the weight \(quoted(tensor.name))", limits: limits)
            guard initializers.updateValue(constant, forKey: tensor.name) == nil else {
                throw ONNXFault("the weight \(quoted(tensor.name)) is there twice")
            }
        }
        var nodes: [ONNXNode] = []
        for (index, node) in proto.node.enumerated() { nodes.append(try ONNXNode(node, index: index, limits: limits)) }
        inputs = try Self.values(proto.input.filter { initializers[$0.name] == nil }, limits: limits)
        outputs = try Self.values(proto.output, limits: limits)
        guard let output = outputs.first else { throw ONNXFault("the graph has no output") }
        let known = Set(inputs.map(\.name)).union(initializers.keys)
        let producers = try Self.producers(nodes, known: known)
        self.nodes = try Self.sorted(nodes, producers: producers, known: known, output: output.name)
        let read = Set(self.nodes.flatMap(\.inputs))
        parameters = initializers.filter { read.contains($0.key) && !$0.value.isInteger }.values.reduce(0) {
            $0 + $1.shape.count
        }
        self.initializers = initializers
    }

    private static func values(_ protos: [Onnx_ValueInfoProto], limits: ONNXLimits) throws(ONNXFault) -> [Value] {
        var values: [Value] = []
        for proto in protos {
            let tensor = proto.type.tensorType
            guard tensor.shape.dim.count <= limits.rank else {
                throw ONNXFault(
                    "the value \(quoted(proto.name)) has rank \(tensor.shape.dim.count), more than \(limits.rank)")
            }
            var extents: [Int?] = []
            for dim in tensor.shape.dim {
                guard case .dimValue(let extent)? = dim.value, extent != 0, extent != -1 else {
                    extents.append(nil)
                    continue
                }
                guard extent > 0, extent <= 1 << 24 else {
                    throw ONNXFault("the value \(quoted(proto.name)) has an extent of \(extent)")
                }
                extents.append(Int(extent))
            }
            let type = ONNXElementType(rawValue: tensor.elemType)
            values.append(
                Value(name: proto.name, extents: tensor.hasShape ? extents : nil, isInteger: type?.isInteger ?? false))
        }
        return values
    }

    private static func producers(_ nodes: [ONNXNode], known: Set<String>) throws(ONNXFault) -> [String: Int] {
        var producers: [String: Int] = [:]
        for (index, node) in nodes.enumerated() {
            for output in node.outputs where !output.isEmpty {
                guard !known.contains(output), producers.updateValue(index, forKey: output) == nil else {
                    throw ONNXFault("\(node.label) makes \(quoted(output)), which is there already")
                }
            }
        }
        return producers
    }

    /// Depth-first from the output, without recursion: a hostile graph may be as deep as it has nodes.
    private static func sorted(
        _ nodes: [ONNXNode], producers: [String: Int], known: Set<String>, output: String
    ) throws(ONNXFault) -> [ONNXNode] {
        enum State { case new, open, done }
        var states = [State](repeating: .new, count: nodes.count)
        var order: [ONNXNode] = []
        var stack: [(node: Int, input: Int)] = []
        guard let root = producers[output] else {
            throw ONNXFault("the output \(quoted(output)) is made by no node")
        }
        stack.append((root, 0))
        states[root] = .open
        while let (index, input) = stack.last {
            let node = nodes[index]
            guard input < node.inputs.count else {
                states[index] = .done
                order.append(node)
                stack.removeLast()
                continue
            }
            stack[stack.count - 1].input += 1
            let name = node.inputs[input]
            if name.isEmpty || known.contains(name) { continue }
            guard let producer = producers[name] else {
                throw ONNXFault("\(node.label) reads \(quoted(name)), which is no input, no weight and made by no node")
            }
            switch states[producer] {
            case .done: continue
            case .open:
                throw ONNXFault("the graph has a cycle: \(node.label) reads \(quoted(name)), which depends on it")
            case .new:
                states[producer] = .open
                stack.append((producer, 0))
            }
        }
        return order
    }
}
