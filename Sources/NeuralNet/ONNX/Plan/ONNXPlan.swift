import Tensors

/// A graph at one frame size: every shape known, what does not depend on the frame's pixels computed, neighbours fused,
/// and every tensor let go of after its last use.
package struct ONNXPlan: Sendable {
    /// `[1, C, H, W]` of the frame.
    package let inputShape: Shape
    /// The shape of the graph's first output.
    package let outputShape: Shape
    /// The greatest number of bytes of activations that are held at once.
    package let peakBytes: Int
    /// Multiply-adds of the convolutions.
    package let multiplyAdds: Int
    let steps: [ONNXStep]
    /// The shapes of all values, by the graph's names.
    let shapes: [String: Shape]
    private let output: ONNXStep.Source

    /// Plans `model` for a frame of `height` rows and `width` columns, both at least 1.
    ///
    /// A graph that declares one frame size is planned for that first: what is written for it (sizes, crops counted from
    /// the front) is carried over to another frame size.
    init(_ model: ONNXModel, height: Int, width: Int) throws(ONNXFault) {
        let faults = model.faults
        guard faults.isEmpty else { throw ONNXFault(faults.joined(separator: "; ")) }
        let input = try Self.image(model)
        var declared: [String: Shape]?
        if let size = Self.declaredSize(model), size != (height, width) {
            declared = try ONNXPlan(model, height: size.height, width: size.width).shapes
        }
        var compiler = ONNXCompiler(model, declaredShapes: declared)
        inputShape = [1, input.channels, height, width]
        try compiler.compile(input: input.name, shape: inputShape)
        let name = model.graph.outputs[0].name
        let result = try compiler.output(name)
        guard let shape = compiler.shapes[name] else {
            throw ONNXFault("the output \(quoted(name)) is made by no node")
        }
        outputShape = shape
        shapes = compiler.shapes
        let arranged = ONNXLayouts(compiler.steps, input: inputShape, output: result)
        output = arranged.output
        (steps, peakBytes) = Self.released(arranged.steps, input: inputShape, output: output)
        let (pixels, limits) = (height * width, model.limits)
        let (mostBytes, mostAdds) = (limits.activationBytes(pixels: pixels), limits.multiplyAdds(pixels: pixels))
        guard peakBytes <= mostBytes else {
            // What a frame's size allows is no setting.
            let remedy = mostBytes == limits.activationBytes ? TensorBytesLimit.remedy : ""
            throw ONNXFault(
                "at \(width)×\(height) it holds \(peakBytes >> 20) MiB at once, more than \(mostBytes >> 20)\(remedy)")
        }
        multiplyAdds = Self.sum(steps.map(\.operation.multiplyAdds))
        guard multiplyAdds <= mostAdds else {
            throw ONNXFault(
                "at \(width)×\(height) it needs \(multiplyAdds) multiply-adds, more than \(mostAdds)")
        }
        let visits = Self.sum(steps.map(\.operation.visits))
        guard visits <= mostAdds / 8 else {
            throw ONNXFault("at \(width)×\(height) it reads \(visits) elements, more than \(mostAdds / 8)")
        }
    }

    /// The sum, at most `Int.max`.
    private static func sum(_ terms: [Int]) -> Int {
        terms.reduce(0) { sum, term in
            let (total, overflow) = sum.addingReportingOverflow(term)
            return overflow ? Int.max : total
        }
    }

    /// The frame size that the file declares, where it does.
    static func declaredSize(_ model: ONNXModel) -> (height: Int, width: Int)? {
        guard let extents = model.graph.inputs.first?.extents, extents.count == 4, let height = extents[2],
            let width = extents[3]
        else { return nil }
        return (height, width)
    }

    private static func image(_ model: ONNXModel) throws(ONNXFault) -> (name: String, channels: Int) {
        let inputs = model.graph.inputs
        guard let input = inputs.first, inputs.count == 1 else {
            let names = inputs.prefix(8).map { quoted($0.name) }.joined(separator: ", ")
            throw ONNXFault("it has \(inputs.count) inputs (\(names)), not one image")
        }
        guard let extents = input.extents, extents.count == 4 else {
            throw ONNXFault("its input \(quoted(input.name)) is no [1, channels, height, width]")
        }
        guard extents[0] ?? 1 == 1 else {
            throw ONNXFault("its input \(quoted(input.name)) takes \(extents[0] ?? 0) images at once, not one")
        }
        return (input.name, extents[1] ?? 3)
    }

    /// Finds the last use of every slot and the peak of what is held.
    private static func released(
        _ steps: [ONNXStep], input: Shape, output: ONNXStep.Source
    ) -> (steps: [ONNXStep], peakBytes: Int) {
        var steps = steps
        var held: Set<Int> = []
        if case .slot(let slot) = output { held.insert(slot) }
        for index in steps.indices.reversed() {
            for case .slot(let slot) in steps[index].sources where held.insert(slot).inserted {
                steps[index].releases.append(slot)
            }
        }
        var sizes: [Int: Int] = [0: input.count * 4]
        var shapes: [Int: Shape] = [0: input]
        var (current, peak) = (input.count * 4, input.count * 4)
        for step in steps {
            let isInPlace = isInPlace(step, shapes: shapes)
            sizes[step.slot] = step.bytes
            shapes[step.slot] = step.operation.outputShape
            current += isInPlace ? 0 : step.bytes
            peak = max(peak, current + step.operation.scratchBytes)
            current -= step.releases.reduce(isInPlace ? -step.bytes : 0) { $0 + (sizes[$1] ?? 0) }
        }
        return (steps, peak)
    }

    /// Whether a step surely writes its result over an input: whichever of those that have its shape it takes, nobody else
    /// holds it.
    private static func isInPlace(_ step: ONNXStep, shapes: [Int: Shape]) -> Bool {
        guard step.operation.overwritesInput else { return false }
        var slots: Set<Int> = []
        for source in step.sources {
            switch source {
            case .constant(let constant):
                if constant.shape == step.operation.outputShape { return false }
            case .slot(let slot):
                guard shapes[slot] == step.operation.outputShape else { continue }
                // The image belongs to the caller; a slot that is read twice is shared.
                guard slot > 0, step.releases.contains(slot), slots.insert(slot).inserted else { return false }
            }
        }
        return !slots.isEmpty
    }

    /// Runs the plan on `[1, C, H, W]` of `inputShape`, in the graph's own channel order and range.
    package func run(_ image: Tensor, in workspace: Workspace) -> Tensor {
        precondition(image.shape == inputShape, "image \(image.shape) for a plan of \(inputShape)")
        var slots: [Int: ONNXActivation] = [0: ONNXActivation(image)]
        for step in steps {
            var inputs: [ONNXActivation] = []
            for source in step.sources {
                switch source {
                case .slot(let slot):
                    guard let tensor = slots[slot] else { preconditionFailure("\(step.label) reads an empty slot") }
                    inputs.append(tensor)
                case .constant(let constant): inputs.append(ONNXActivation(constant.tensor))
                }
            }
            for slot in step.releases { slots[slot] = nil }
            slots[step.slot] = step.operation.run(&inputs, in: workspace)
        }
        switch output {
        case .constant(let constant): return constant.tensor
        case .slot(let slot):
            guard var value = slots.removeValue(forKey: slot) else { preconditionFailure("the plan has no result") }
            return value.takePlanes()
        }
    }
}

extension ONNXModel {
    /// Plans the network for a frame of `height` rows and `width` columns.
    ///
    /// - Throws: `BrushflowError`, `.content`, that names the node that cannot be run, or all unsupported operators.
    package func plan(height: Int, width: Int) throws -> ONNXPlan {
        do throws(ONNXFault) {
            guard min(height, width) >= 1, max(height, width) <= ONNXNodeContext.greatestExtent else {
                throw ONNXFault("a frame of \(width)×\(height) pixels")
            }
            return try ONNXPlan(self, height: height, width: width)
        } catch {
            throw BrushflowError(.content, "\(name): cannot use the network: \(error.message)")
        }
    }

    /// The frame size that the file declares, where it does; a guide, not a limit.
    package var declaredSize: (height: Int, width: Int)? { ONNXPlan.declaredSize(self) }
}
