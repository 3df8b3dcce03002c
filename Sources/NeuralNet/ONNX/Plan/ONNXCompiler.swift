import Tensors

/// Turns a graph's nodes into steps, in order: infers shapes, computes what is known beforehand, fuses neighbours.
struct ONNXCompiler {
    private(set) var steps: [ONNXStep] = []
    /// The shapes of all values by name.
    private(set) var shapes: [String: Shape] = [:]

    private enum Value {
        case constant(ONNXConstant)
        case slot(Int)
    }

    private let model: ONNXModel
    private let declaredShapes: [String: Shape]?
    private var values: [String: Value] = [:]
    private var uses: [String: Int] = [:]
    /// The step that makes a value, where its result is used once: a step that may still change.
    private var fusible: [Int: Int] = [:]
    private var nextSlot = 1
    private var constantBytes = 0
    private var keptBytes = 0

    /// What constants are computed with: one thread, since they are small.
    private let workspace = Workspace(rows: ParallelRows(threads: 1), pool: TensorPool(capacity: 0))

    init(_ model: ONNXModel, declaredShapes: [String: Shape]?) {
        self.model = model
        self.declaredShapes = declaredShapes
        for node in model.graph.nodes { for input in node.inputs { uses[input, default: 0] += 1 } }
        uses[model.graph.outputs[0].name, default: 0] += 1
    }

    mutating func compile(input: String, shape: Shape) throws(ONNXFault) {
        values = model.graph.initializers.mapValues { .constant($0) }
        shapes = model.graph.initializers.mapValues(\.shape)
        values[input] = .slot(0)
        shapes[input] = shape
        for node in model.graph.nodes { try compile(node) }
    }

    /// Where an output of the graph is found.
    func output(_ name: String) throws(ONNXFault) -> ONNXStep.Source {
        switch values[name] {
        case .constant(let constant): return .constant(constant)
        case .slot(let slot): return .slot(slot)
        case nil: throw ONNXFault("the output \(quoted(name)) is made by no node")
        }
    }

    private mutating func compile(_ node: ONNXNode) throws(ONNXFault) {
        guard let builder = ONNXOperators.builders[node.type] else { throw ONNXFault("\(node.label) is not supported") }
        let context = ONNXNodeContext(
            node: node, opset: model.opset, operands: node.inputs.map(operand),
            declaredShapes: declaredShapes.map { shapes in node.inputs.map { shapes[$0] } }, limits: model.limits)
        let results = try builder(context)
        let wanted = node.outputs.enumerated().filter { !$0.element.isEmpty && uses[$0.element] != nil }
        guard let last = wanted.last, last.offset < results.count || wanted.count == 0 else {
            if wanted.isEmpty { return }
            throw context.fault("its output \(wanted.last?.offset ?? 0) is not supported")
        }
        for (place, name) in wanted {
            switch results[place] {
            case .constant(let constant): try set(name, constant, context)
            case .operation(let operation, let reading):
                try append(operation, reading: reading, name: name, context)
            }
        }
    }

    private func operand(_ name: String) -> ONNXOperand? {
        switch values[name] {
        case .constant(let constant): .constant(constant)
        case .slot: shapes[name].map { .frame($0) }
        case nil: nil
        }
    }

    private mutating func set(_ name: String, _ constant: ONNXConstant, _ context: ONNXNodeContext) throws(ONNXFault) {
        constantBytes += constant.bytes
        guard constantBytes <= model.limits.activationBytes else {
            throw context.fault(
                "the constants up to here take more than \(model.limits.activationBytes) bytes\(TensorBytesLimit.remedy)"
            )
        }
        values[name] = .constant(constant)
        shapes[name] = constant.shape
    }

    private mutating func append(
        _ operation: any ONNXOperation, reading: [Int], name: String, _ context: ONNXNodeContext
    ) throws(ONNXFault) {
        var sources: [ONNXStep.Source] = []
        var constants: [ONNXConstant] = []
        for index in reading {
            switch values[context.node.inputs[index]] {
            case .constant(let constant):
                constants.append(constant)
                sources.append(.constant(constant))
            case .slot(let slot): sources.append(.slot(slot))
            case nil: throw context.fault("input \(index) is missing")
            }
        }
        if constants.count == sources.count {
            return try set(name, try folded(operation, constants, context), context)
        }
        keptBytes += operation.keptBytes
        guard keptBytes <= model.limits.keptBytes else {
            throw context.fault(
                "filters and index tables up to here take more than \(model.limits.keptBytes) bytes\(TensorBytesLimit.remedy)"
            )
        }
        guard operation.outputShape.count > 0 else {
            throw context.fault("makes an empty tensor, \(operation.outputShape)")
        }
        shapes[name] = operation.outputShape
        let step = fused(ONNXStep(operation: operation, sources: sources, slot: nextSlot, label: context.node.label))
        nextSlot += 1
        values[name] = .slot(step.slot)
        if uses[name] == 1 { fusible[step.slot] = steps.count }
        steps.append(step)
    }

    /// Takes the steps before into this one, as far as that goes and nobody else reads their results.
    private mutating func fused(_ step: ONNXStep) -> ONNXStep {
        var step = step
        while case .slot(let slot)? = step.sources.first, step.sources.count == 1, let index = fusible[slot],
            index == steps.count - 1, let operation = ONNXFusion.fused(steps[index].operation, step.operation)
        {
            if steps[index].operation.multiplyAdds > step.operation.multiplyAdds { step.label = steps[index].label }
            step.operation = operation
            step.sources = steps[index].sources
            steps.removeLast()
            fusible[slot] = nil
        }
        return step
    }

    private func folded(
        _ operation: any ONNXOperation, _ constants: [ONNXConstant], _ context: ONNXNodeContext
    ) throws(ONNXFault) -> ONNXConstant {
        let count = operation.outputShape.count + constants.reduce(0) { $0 + $1.shape.count }
        guard operation.multiplyAdds <= model.limits.multiplyAdds / 1000, count <= model.limits.activationBytes / 8
        else {
            throw context.fault("computes a constant of shape \(operation.outputShape), too much to do beforehand")
        }
        guard constants.allSatisfy(\.isInteger) else {
            var tensors = constants.map(\.tensor)
            return ONNXConstant(operation.run(&tensors, in: workspace))
        }
        guard count < 1 << 24 else { throw context.fault("computes \(count) whole numbers beforehand, too many") }
        guard operation.isMovement else {
            var tensors = constants.map(\.tensor)
            let result = ONNXConstant(operation.run(&tensors, in: workspace))
            return ONNXConstant(result.shape, integers: result.integers)
        }
        // Moves positions, which are whole in Float32, and then looks up what stands there.
        var elements: [Int] = []
        var positions: [Tensor] = []
        for constant in constants {
            let start = elements.count
            elements += constant.integers
            positions.append(Tensor(constant.shape, (start..<elements.count).map { Float($0) }))
        }
        let moved = operation.run(&positions, in: workspace)
        return ONNXConstant(moved.shape, integers: moved.values.map { elements[Int($0)] })
    }
}
