import Tensors

/// A value on its way through a plan: planes, or blocks whose normalisation is left to whoever reads them.
///
/// The accessors take it out, so that its memory can be written over where nobody else holds it.
struct ONNXActivation: Sendable {
    private var planes: Tensor?
    private var blocks: BlockTensor?
    private var reading: ChannelReading?

    /// Planes of any shape.
    init(_ planes: Tensor) { self.planes = planes }

    /// Blocks that stand for what `reading` makes of them.
    init(_ blocks: BlockTensor, reading: ChannelReading? = nil) {
        self.blocks = blocks
        self.reading = reading
    }

    /// Whether it is blocks.
    var isBlocks: Bool { blocks != nil }

    /// Whether ReLU is left to whoever reads it.
    var isReadRectified: Bool { reading?.rectified == true }

    /// Planes; it must be planes.
    mutating func takePlanes() -> Tensor {
        guard let tensor = planes.take() else { preconditionFailure("blocks where planes are read") }
        return tensor
    }

    /// Blocks and what is to become of them; it must be blocks.
    mutating func takeBlocks() -> (blocks: BlockTensor, reading: ChannelReading?) {
        guard let tensor = blocks.take() else { preconditionFailure("planes where blocks are read") }
        return (tensor, reading.take())
    }

    /// Blocks with what was to become of them done; it must be blocks.
    mutating func takeFinishedBlocks(in workspace: Workspace) -> BlockTensor {
        var (tensor, reading) = takeBlocks()
        if let reading = reading.take() { tensor.normalize(reading, in: workspace) }
        return tensor
    }
}
