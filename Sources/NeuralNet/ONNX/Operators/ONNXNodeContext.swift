import Tensors

/// A node with its operands at a frame size, as its operator's builder reads it: every accessor checks what comes
/// from the file and names the node in what it throws.
struct ONNXNodeContext {
    let node: ONNXNode
    let opset: Int
    /// Nil for an optional input that is left out.
    let operands: [ONNXOperand?]
    /// The operands' shapes at the frame size that the file declares, where it declares one and this is another.
    let declaredShapes: [Shape?]?
    let limits: ONNXLimits

    /// The greatest extent, stride, dilation and padding.
    static let greatestExtent = 1 << 24

    func fault(_ message: String) -> ONNXFault { ONNXFault("\(node.label): \(message)") }

    // MARK: Operands

    func has(_ index: Int) -> Bool { index < operands.count && operands[index] != nil }

    func operand(_ index: Int) throws(ONNXFault) -> ONNXOperand {
        guard index < operands.count, let operand = operands[index] else { throw fault("input \(index) is missing") }
        return operand
    }

    func shape(_ index: Int) throws(ONNXFault) -> Shape { try operand(index).shape }

    /// The shape of an image or of features: rank 4, one image.
    func imageShape(_ index: Int) throws(ONNXFault) -> Shape {
        let shape = try shape(index)
        guard shape.rank == 4, shape[0] == 1 else { throw fault("reads \(shape), not [1, channels, height, width]") }
        return shape
    }

    func constant(_ index: Int, _ what: String) throws(ONNXFault) -> ONNXConstant {
        guard case .constant(let constant) = try operand(index) else {
            throw fault("its \(what) cannot depend on the frame's pixels")
        }
        return constant
    }

    func integers(_ index: Int, _ what: String) throws(ONNXFault) -> [Int] {
        let constant = try constant(index, what)
        guard constant.shape.count <= 1 << 16 else { throw fault("its \(what) has \(constant.shape.count) elements") }
        return constant.integers
    }

    func floats(_ index: Int, _ what: String) throws(ONNXFault) -> [Float] {
        let constant = try constant(index, what)
        guard constant.shape.count <= 1 << 20 else { throw fault("its \(what) has \(constant.shape.count) elements") }
        return constant.tensor.values
    }

    /// One value for each of `channels`.
    func channelValues(_ index: Int, _ what: String, channels: Int) throws(ONNXFault) -> [Float] {
        let values = try floats(index, what)
        guard values.count == channels else {
            throw fault("its \(what) has \(values.count) values for \(channels) channels")
        }
        return values
    }

    // MARK: Attributes

    func int(_ name: String, default value: Int) throws(ONNXFault) -> Int {
        switch node.attributes[name] {
        case nil: return value
        case .int(let int): return int
        default: throw fault("attribute '\(name)' is no whole number")
        }
    }

    func float(_ name: String, default value: Float) throws(ONNXFault) -> Float {
        switch node.attributes[name] {
        case nil: return value
        case .float(let float): return float
        default: throw fault("attribute '\(name)' is no number")
        }
    }

    func string(_ name: String, default value: String) throws(ONNXFault) -> String {
        switch node.attributes[name] {
        case nil: return value
        case .string(let string): return string
        default: throw fault("attribute '\(name)' is no text")
        }
    }

    func ints(_ name: String) throws(ONNXFault) -> [Int]? {
        switch node.attributes[name] {
        case nil: return nil
        case .ints(let ints): return ints
        default: throw fault("attribute '\(name)' is no list of whole numbers")
        }
    }

    func floats(_ name: String) throws(ONNXFault) -> [Float]? {
        switch node.attributes[name] {
        case nil: return nil
        case .floats(let floats): return floats
        default: throw fault("attribute '\(name)' is no list of numbers")
        }
    }

    /// Two numbers, for rows and columns, each 1…`greatestExtent`.
    func pair(_ name: String, default value: (y: Int, x: Int)) throws(ONNXFault) -> (y: Int, x: Int) {
        guard let values = try ints(name), !values.isEmpty else { return value }
        guard values.count == 2, values.allSatisfy({ (1...Self.greatestExtent).contains($0) }) else {
            throw fault("attribute '\(name)' is \(Self.abbreviated(values)), not two numbers of at least 1")
        }
        return (values[0], values[1])
    }

    // MARK: Checks

    /// An axis counted from the front, from one that may be counted from the back.
    func axis(_ axis: Int, rank: Int) throws(ONNXFault) -> Int {
        guard axis >= -rank, axis < rank else { throw fault("axis \(axis) is outside a shape of rank \(rank)") }
        return axis < 0 ? axis + rank : axis
    }

    /// The axes of an attribute or, in later operator sets, of an input; nil where neither is there.
    func axes(input index: Int, rank: Int) throws(ONNXFault) -> [Int]? {
        var axes: [Int] = []
        guard let stated = has(index) ? try integers(index, "axes") : try ints("axes") else { return nil }
        for axis in stated { axes.append(try self.axis(axis, rank: rank)) }
        guard Set(axes).count == axes.count else { throw fault("its axes \(Self.abbreviated(stated)) name one twice") }
        return axes
    }

    /// A shape that can be held: rank and extents within the limits.
    func checked(_ extents: [Int], allowsZero: Bool = false) throws(ONNXFault) -> Shape {
        guard extents.count <= limits.rank else {
            throw fault("makes a tensor of rank \(extents.count), more than \(limits.rank)")
        }
        guard extents.allSatisfy({ $0 >= (allowsZero ? 0 : 1) && $0 <= Self.greatestExtent }) else {
            throw fault("makes a tensor of shape \(Self.abbreviated(extents))")
        }
        var bytes = 4
        for extent in extents where extent > 0 {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
            guard !overflow, product <= limits.activationBytes else {
                throw fault(
                    "makes a tensor of shape \(extents), more than \(limits.activationBytes) bytes\(TensorBytesLimit.remedy)"
                )
            }
            bytes = product
        }
        return Shape(extents)
    }

    static func abbreviated(_ values: [Int]) -> String {
        values.count <= 8 ? "\(values)" : "[\(values.prefix(8).map(String.init).joined(separator: ", ")), …]"
    }
}
