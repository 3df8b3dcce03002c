/// A dense, row-major array of Float32 with value semantics: a copy shares its block until one of the two
/// is written.
public struct Tensor: Sendable {
    /// The extents, outermost first.
    public let shape: Shape
    private var storage: TensorStorage
    private let pool: TensorPool?

    /// Makes a tensor with undefined contents, for code that writes every element.
    package init(uninitialized shape: Shape, pool: TensorPool? = nil) {
        self.shape = shape
        self.pool = pool
        storage = TensorStorage(count: shape.count, pool: pool)
    }

    /// Makes a tensor whose elements are all `value`.
    public init(_ shape: Shape, filledWith value: Float = 0, pool: TensorPool? = nil) {
        self.init(uninitialized: shape, pool: pool)
        storage.base.initialize(repeating: value)
    }

    /// Makes a tensor from its elements in row-major order; their number must be the shape's.
    public init(_ shape: Shape, _ values: [Float], pool: TensorPool? = nil) {
        precondition(values.count == shape.count, "\(values.count) values for shape \(shape)")
        self.init(uninitialized: shape, pool: pool)
        _ = storage.base.initialize(from: values)
    }

    /// The number of elements.
    public var count: Int { shape.count }

    /// A copy of the elements in row-major order.
    public var values: [Float] { Array(storage.base) }

    /// The same elements under another shape of the same count.
    public func reshaped(to shape: Shape) -> Tensor {
        precondition(shape.count == count, "cannot view \(self.shape) as \(shape)")
        return Tensor(shape: shape, storage: storage, pool: pool)
    }

    /// Lends the elements for reading, for the length of the call.
    package func withFloats<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(storage) {} }
        return try body(UnsafeBufferPointer(storage.base))
    }

    /// Lends the elements for writing, for the length of the call; copies them first where they are shared.
    package mutating func withMutableFloats<Result, Failure: Error>(
        _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if !isKnownUniquelyReferenced(&storage) {
            let copy = TensorStorage(count: shape.count, pool: pool)
            _ = copy.base.initialize(from: storage.base)
            storage = copy
        }
        return try body(storage.base)
    }

    private init(shape: Shape, storage: TensorStorage, pool: TensorPool?) {
        self.shape = shape
        self.storage = storage
        self.pool = pool
    }
}

extension Tensor: Equatable {
    /// Whether shape and elements are the same, bit pattern for bit pattern except that 0 equals -0.
    public static func == (a: Tensor, b: Tensor) -> Bool {
        a.shape == b.shape && a.withFloats { x in b.withFloats { y in x.elementsEqual(y) } }
    }
}
