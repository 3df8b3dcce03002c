import Foundation
import Tensors

/// What a graph says about the pixels that it takes and gives: in the arithmetic at its head and tail, and in its notes.
struct PixelConvention: Equatable {
    /// Nil where the graph does not say.
    var input: InputRange?
    /// Nil where the graph does not say.
    var output: OutputRange?
    /// Whether channels are blue, green, red; nil where the graph does not say.
    var isBGR: Bool?

    /// ImageNet's means in 0…255, red first: the order in which a graph takes them off is that of its channels.
    private static let means: [Double] = [123.68, 116.779, 103.939]

    init(_ model: ONNXModel) {
        let head = Self.affine(Self.head(model), model)
        let tail = Self.tail(model)
        input = Self.inputRange(head)
        isBGR = Self.order(head?.zeros)
        output = tail.flatMap(Self.outputRange)
        if isBGR == nil { isBGR = Self.order(tail?.offsets.map { $0 > 1.5 ? $0 : $0 * 255 }) }
        switch model.metadata["Image.BitmapPixelFormat"] {
        case "Bgr8": isBGR = true
        case "Rgb8": isBGR = isBGR ?? false
        default: break
        }
        switch model.metadata["Image.NominalPixelRange"] {
        case "NominalRange_0_255": input = .bytes
        case "Normalized_0_1": input = .unit
        default: break
        }
    }

    /// y = scale · x + offset, channel by channel; x is the image, or what a tail begins with.
    private struct Affine {
        var scales: [Double] = [1, 1, 1]
        var offsets: [Double] = [0, 0, 0]
        /// The image's value that becomes 0.
        var zeros: [Double] { zip(scales, offsets).map { $0 == 0 ? 0 : -$1 / $0 } }
        /// What the tail begins with: lowest and highest value, where that is bounded.
        var bounds: ClosedRange<Double>?
    }

    private static func inputRange(_ head: Affine?) -> InputRange? {
        guard let head, let zero = head.zeros.max(), let scale = head.scales.map(abs).max() else { return nil }
        if zero > 1.5 || scale < 0.05 { return .bytes }
        return zero > 0.2 || scale > 100 ? .unit : nil
    }

    /// Blue first where the values fall from the last channel to the first as ImageNet's means do.
    private static func order(_ values: [Double]?) -> Bool? {
        guard let values, values.count == 3 else { return nil }
        let scaled = values.max().map { $0 <= 1.5 } == true ? values.map { $0 * 255 } : values
        func matches(_ means: [Double]) -> Bool { zip(scaled, means).allSatisfy { abs($0 - $1) < 1.5 } }
        if matches(means) { return false }
        return matches(means.reversed()) ? true : nil
    }

    private static func outputRange(_ tail: Affine) -> OutputRange? {
        guard let bounds = tail.bounds else { return tail.scales.contains { $0 >= 100 } ? .bytes : nil }
        let high = (0..<3).map { tail.scales[$0] * bounds.upperBound + tail.offsets[$0] }.max() ?? 0
        let low = (0..<3).map { tail.scales[$0] * bounds.lowerBound + tail.offsets[$0] }.min() ?? 0
        if high > 8 { return .bytes }
        return low < -0.4 ? .signed : .unit
    }

    /// The nodes that do arithmetic on the image before anything else, first to last.
    private static func head(_ model: ONNXModel) -> [ONNXNode] {
        guard var name = model.graph.inputs.first?.name else { return [] }
        let arithmetic: Set = [
            "Add", "Sub", "Mul", "Div", "ImageScaler", "Affine", "BatchNormalization", "Identity", "Cast",
        ]
        var nodes: [ONNXNode] = []
        while nodes.count < 12 {
            let readers = model.graph.nodes.filter { $0.inputs.contains(name) && $0.type != "Shape" }
            guard let node = readers.first, readers.count == 1, arithmetic.contains(node.type),
                let next = node.outputs.first
            else { return nodes }
            nodes.append(node)
            name = next
        }
        return nodes
    }

    /// The arithmetic at the end, and the bounded function that it begins with.
    private static func tail(_ model: ONNXModel) -> Affine? {
        guard var name = model.graph.outputs.first?.name else { return nil }
        var nodes: [ONNXNode] = []
        var bounds: ClosedRange<Double>?
        while nodes.count < 12, bounds == nil {
            guard let node = model.graph.nodes.first(where: { $0.outputs.first == name }) else { break }
            switch node.type {
            case "Tanh": bounds = -1...1
            case "Sigmoid", "HardSigmoid": bounds = 0...1
            case "Clip":
                guard let low = constant(node, input: 1, attribute: "min", model)?.first,
                    let high = constant(node, input: 2, attribute: "max", model)?.first, low <= high
                else { return nodes.isEmpty ? nil : affine(nodes.reversed(), model) }
                bounds = low...high
            case "Add", "Sub", "Mul", "Div", "Affine", "ImageScaler", "Identity", "Cast":
                nodes.append(node)
                let inputs = node.inputs.filter { constantValue($0, model) == nil }
                guard inputs.count == 1 else { return nil }
                name = inputs[0]
                continue
            default: return nodes.isEmpty ? nil : affine(nodes.reversed(), model)
            }
        }
        guard let bounds, var result = affine(nodes.reversed(), model) else { return nil }
        result.bounds = bounds
        return result
    }

    /// What a chain of nodes does; nil where there is none, or one of them is not understood.
    private static func affine(_ nodes: [ONNXNode], _ model: ONNXModel) -> Affine? {
        guard !nodes.isEmpty else { return Affine() }
        var result = Affine()
        for node in nodes {
            let first = node.inputs.first.flatMap { constantValue($0, model) }
            let second = node.inputs.dropFirst().first.flatMap { constantValue($0, model) }
            var (scale, offset) = ([1.0, 1, 1], [0.0, 0, 0])
            switch (node.type, first, second) {
            case ("Add", let value?, nil), ("Add", nil, let value?): offset = value
            case ("Sub", nil, let value?): offset = value.map { -$0 }
            case ("Sub", let value?, nil): (scale, offset) = ([-1, -1, -1], value)
            case ("Mul", let value?, nil), ("Mul", nil, let value?): scale = value
            case ("Div", nil, let value?): scale = value.map { 1 / $0 }
            case ("Affine", _, _):
                scale = [Double](repeating: constant(node, input: nil, attribute: "alpha", model)?.first ?? 1, count: 3)
                offset = [Double](repeating: constant(node, input: nil, attribute: "beta", model)?.first ?? 0, count: 3)
            case ("ImageScaler", _, _):
                scale = [Double](repeating: constant(node, input: nil, attribute: "scale", model)?.first ?? 1, count: 3)
                if case .floats(let bias)? = node.attributes["bias"], bias.count == 3 {
                    offset = bias.map { Double($0) }
                }
            case ("Identity", _, _), ("Cast", _, _): break
            default: return nil
            }
            for channel in 0..<3 {
                result.scales[channel] *= scale[channel]
                result.offsets[channel] = result.offsets[channel] * scale[channel] + offset[channel]
            }
        }
        return result
    }

    /// A constant of one value, or of three along the channels, as three values.
    private static func constantValue(_ name: String, _ model: ONNXModel) -> [Double]? {
        var constant = model.graph.initializers[name]
        if constant == nil, let node = model.graph.nodes.first(where: { $0.outputs.first == name }),
            node.type == "Constant",
            case .tensor(let tensor)? = node.attributes["value"]
        {
            constant = tensor
        }
        guard let constant, constant.shape.count == 1 || constant.shape.count == 3 else { return nil }
        let values = constant.tensor.values.map { Double($0) }
        return values.count == 1 ? [Double](repeating: values[0], count: 3) : values
    }

    private static func constant(_ node: ONNXNode, input: Int?, attribute: String, _ model: ONNXModel) -> [Double]? {
        if case .float(let value)? = node.attributes[attribute] { return [Double(value)] }
        guard let input, node.inputs.indices.contains(input) else { return nil }
        return constantValue(node.inputs[input], model)
    }
}
