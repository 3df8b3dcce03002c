import Tensors

/// Decides how every value of a plan lies in memory, and puts conversions where operations do not agree.
struct ONNXLayouts {
    private(set) var steps: [ONNXStep] = []
    private(set) var output: ONNXStep.Source
    private var layouts: [Int: ONNXLayout] = [0: .planes]
    private var shapes: [Int: Shape]
    /// The slot that holds a value in the layout that it was not made in.
    private var converted: [Int: Int] = [:]
    private var nextSlot: Int

    /// Arranges `steps`, which read an image of shape `input` from slot 0; the result is planes.
    init(_ planned: [ONNXStep], input: Shape, output: ONNXStep.Source) {
        self.output = output
        shapes = [0: input]
        nextSlot = (planned.map(\.slot).max() ?? 0) + 1
        for var step in planned {
            let (wanted, layout) = step.operation.layout(of: step.sources.map(self.layout))
            step.sources = zip(step.sources, wanted).map { self.source($0, in: $1) }
            append(step, layout: layout)
        }
        self.output = source(output, in: .planes)
    }

    private func layout(of source: ONNXStep.Source) -> ONNXLayout {
        guard case .slot(let slot) = source else { return .planes }
        return layouts[slot] ?? .planes
    }

    private mutating func append(_ step: ONNXStep, layout: ONNXLayout) {
        var step = step
        let shape = step.operation.outputShape
        step.bytes = 4 * (layout == .planes ? shape.count : shape.count / shape[1] * ((shape[1] + 15) / 16 * 16))
        shapes[step.slot] = shape
        layouts[step.slot] = layout
        steps.append(step)
    }

    /// A value in a layout, converted where it lies otherwise.
    private mutating func source(_ source: ONNXStep.Source, in wanted: ONNXLayout) -> ONNXStep.Source {
        guard layout(of: source) != wanted else { return source }
        let shape: Shape
        switch source {
        case .constant(let constant): shape = constant.shape
        case .slot(let slot):
            if let there = converted[slot] { return .slot(there) }
            guard let made = shapes[slot] else { return source }
            converted[slot] = nextSlot
            shape = made
        }
        let operation = LayoutOperation(outputShape: shape, target: wanted)
        append(ONNXStep(operation: operation, sources: [source], slot: nextSlot, label: "layout"), layout: wanted)
        nextSlot += 1
        return .slot(nextSlot - 1)
    }
}
