/// The extents of a dense, row-major array, outermost first: `[C, H, W]` for an image.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// The extents, each at least 0.
    public let dimensions: [Int]

    /// Makes a shape from its extents, outermost first.
    public init(_ dimensions: [Int]) {
        precondition(dimensions.allSatisfy { $0 >= 0 }, "negative extent in shape \(dimensions)")
        self.dimensions = dimensions
    }

    /// Makes a shape from a literal such as `[3, 360, 640]`.
    public init(arrayLiteral elements: Int...) {
        self.init(elements)
    }

    /// The number of extents.
    public var rank: Int { dimensions.count }

    /// The number of elements: the product of the extents.
    public var count: Int { dimensions.reduce(1, *) }

    /// The extent of one axis.
    public subscript(axis: Int) -> Int { dimensions[axis] }

    /// As it is written in messages: `[3, 360, 640]`.
    public var description: String { "\(dimensions)" }
}
