import CFFmpeg
import Tensors

/// Encodes pictures into files of chunks, for `ChunkJoiner`.
package final class ChunkWriter {
    private let name: String
    private let encoder: ChunkEncoder
    private var file: DescriptorWriter?
    private var firstPts: Int64?
    private var lastPts: Int64 = 0

    /// Opens the encoder.
    ///
    /// - Parameters:
    ///   - path: the video that the chunks are to become, for messages.
    ///   - description: of the pictures that will be given to `write`.
    /// - Throws: as `VideoWriter`.
    package init(
        path: String, description: OutputVideoDescription, settings: EncoderSettings, rows: ParallelRows
    ) throws {
        name = path
        encoder = try ChunkEncoder(path: path, description: description, settings: settings, rows: rows)
    }

    /// Begins a chunk in an empty file, which is taken over.
    ///
    /// - Throws: `.output` where it cannot be written.
    package func begin(descriptor: Int32) throws {
        let file = DescriptorWriter(descriptor: descriptor, name: name)
        self.file = file
        firstPts = nil
        try ChunkFormat.magic.withUnsafeBytes { try file.append($0) }
        try file.append(UInt32(encoder.parameterSets.count))
        try encoder.parameterSets.withUnsafeBytes { try file.append($0) }
    }

    /// Encodes one picture.
    ///
    /// - Parameters:
    ///   - pts: in ticks of the description's time base, greater than the one before.
    ///   - duration: ticks; counts for the video's last picture.
    /// - Throws: `.output` where the file cannot be written.
    package func write(_ image: PlanarImage, pts: Int64, duration: Int64?) throws {
        guard let file else { preconditionFailure("\(name): a picture outside a chunk") }
        if firstPts == nil { firstPts = pts }
        lastPts = pts
        try file.append(ChunkFormat.Record.frame.rawValue)
        try file.append(pts)
        try file.append(duration ?? -1)
        try encoder.encode(image) { try Self.append($0, to: file) }
    }

    /// Ends the chunk; its file is on the disk then, and closed.
    ///
    /// - Throws: `.output`.
    package func end() throws -> ChunkContents {
        guard let file, let firstPts else { preconditionFailure("\(name): the end of an empty chunk") }
        let frames = encoder.framesInChunk
        try encoder.endChunk { try Self.append($0, to: file) }
        try file.append(ChunkFormat.Record.end.rawValue)
        try file.append(UInt32(frames))
        try file.finish()
        self.file = nil
        return ChunkContents(
            frames: frames, firstPts: firstPts, lastPts: lastPts, bytes: file.count, digest: file.digest.text)
    }

    /// Lets go of the chunk that was begun.
    package func abandon() {
        file = nil
        encoder.close()
    }

    private static func append(_ packet: PacketHandle, to file: DescriptorWriter) throws {
        let value = packet.pointer.pointee
        try file.append(ChunkFormat.Record.packet.rawValue)
        try file.append(UInt32(clamping: value.pts))
        try file.append(UInt32(bitPattern: value.flags))
        try file.append(UInt32(clamping: value.size))
        try file.append(UnsafeRawBufferPointer(start: value.data, count: Int(max(value.size, 0))))
    }
}
