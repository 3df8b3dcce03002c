import CFFmpeg
import Tensors

/// Encodes pictures in chunks: each is encoded by an encoder of its own, so that what its pictures decode to depends on
/// nothing outside it.
final class ChunkEncoder {
    /// How pictures are changed to fit.
    let geometry: OutputGeometry
    /// The parameter sets, the same for every chunk.
    let parameterSets: [UInt8]
    /// The frames by which packets may be out of presentation order.
    let reorderDelay: Int
    /// The pictures of the present chunk.
    private(set) var framesInChunk = 0

    private let path: String
    private let given: OutputVideoDescription
    private let settings: EncoderSettings
    private let rows: ParallelRows
    private let converter = FrameConverter()
    /// The encoder of the present chunk; nil between chunks, so that there are never two.
    private var encoder: VideoEncoder?

    /// Opens the encoder of the first chunk.
    ///
    /// - Throws: `.content` where the codec refuses the pictures; `.usage` where it is missing.
    init(path: String, description: OutputVideoDescription, settings: EncoderSettings, rows: ParallelRows) throws {
        self.path = path
        self.settings = settings
        self.rows = rows
        given = description
        geometry = try OutputGeometry(description, settings: settings, path: path)
        let encoder = try VideoEncoder(geometry.description, settings: settings, path: path)
        self.encoder = encoder
        parameterSets = encoder.parameterSets
        reorderDelay = EncoderOptions.reorderDelay(
            settings.codec, hasBFrames: encoder.context.pointer.pointee.has_b_frames)
    }

    /// Adds the video stream to an output; before the first picture.
    func declare(
        in output: OutputFormatHandle, metadataFrom: String?
    ) throws -> UnsafeMutablePointer<AVStream> {
        try OutputVideoStream.add(
            to: output, encoder: openEncoder(), description: geometry.description, metadataFrom: metadataFrom)
    }

    /// Encodes one picture of the description's size and hands every packet that comes out to `emit`: its pts is the
    /// number of its frame within the chunk.
    func encode(_ image: PlanarImage, emit: (PacketHandle) throws -> Void) throws {
        precondition(
            image.width == given.width && image.height == given.height,
            "a picture of \(image.width)×\(image.height) for an output of \(given.width)×\(given.height)")
        let encoder = try openEncoder()
        let frame = try encoder.makeFrame()
        let upright = geometry.rotation.apply(to: image, rows: rows)
        do {
            try converter.fill(frame, from: upright, color: geometry.description.color, rows: rows)
        } catch let error as BrushflowError {
            throw BrushflowError(error.kind, "\(path): \(error.message)")
        }
        framesInChunk += 1
        try encoder.send(frame, emit: emit)
    }

    /// Hands over what is left of the chunk. Nothing where the chunk is empty.
    func endChunk(emit: (PacketHandle) throws -> Void) throws {
        guard framesInChunk > 0 else { return }
        try encoder?.send(nil, emit: emit)
        close()
    }

    /// Lets go of the encoder, and of what is left of the chunk.
    func close() {
        encoder = nil
        framesInChunk = 0
    }

    /// The encoder of the present chunk, opened where the chunk is just beginning.
    private func openEncoder() throws -> VideoEncoder {
        if let encoder { return encoder }
        let opened = try VideoEncoder(geometry.description, settings: settings, path: path)
        guard opened.parameterSets == parameterSets else {
            throw BrushflowError(
                .internal, "\(path): \(settings.codec.encoderName) changed its parameter sets between two chunks")
        }
        encoder = opened
        return opened
    }
}
