import Tensors

/// Encodes pictures into a file, together with a source's side streams; the file appears under its name when it is
/// complete.
///
/// Every time stamp is written as given, in mp4 and mov exactly and in mkv and webm to the millisecond. Chunks (see
/// `beginChunk`) are encoded independently of each other.
package final class VideoWriter {
    /// What a user should know of the output, a sentence each; complete after `finish`.
    package var notes: [String] { encoder.geometry.notes + muxer.notes }
    /// The pictures written so far.
    package var framesWritten: Int { muxer.framesWritten }

    private let path: String
    private let pending: PendingFile
    private let encoder: ChunkEncoder
    private let muxer: VideoMuxer
    private var isOpen = true
    /// The number of the first frame of the current chunk.
    private var chunkStart = 0

    /// Opens the output under a temporary name and writes its header.
    ///
    /// - Parameters:
    ///   - description: of the pictures that will be given to `write`.
    ///   - sideStreams: what is taken along of the source.
    ///   - metadataFrom: a file whose tags, and those of its main video stream, are kept; side streams that are not
    ///     audio alone do that by themselves.
    ///   - rows: the threads that turn pictures into samples.
    /// - Throws: `.output` where the target exists and `overwrite` is false or cannot be written; `.content` where the
    ///   codec refuses the pictures.
    package init(
        path: String, description: OutputVideoDescription, settings: EncoderSettings, sideStreams: SideStreams? = nil,
        metadataFrom: String? = nil, overwrite: Bool = false, rows: ParallelRows = ParallelRows(threads: 1)
    ) throws {
        self.path = path
        encoder = try ChunkEncoder(path: path, description: description, settings: settings, rows: rows)
        pending = try PendingFile(target: path, overwrite: overwrite)
        muxer = try VideoMuxer(
            path: path, temporaryPath: pending.temporaryPath, encoder: encoder, settings: settings,
            sideStreams: sideStreams, metadataFrom: metadataFrom)
    }

    deinit { abandon() }

    /// Encodes one picture.
    ///
    /// - Parameters:
    ///   - image: of the description's size.
    ///   - pts: in ticks of the description's time base, greater than the one before.
    ///   - duration: ticks; counts for the last picture, the others last until the next one.
    /// - Throws: `.output` where the file cannot be written.
    package func write(_ image: PlanarImage, pts: Int64, duration: Int64?) throws {
        precondition(isOpen, "\(path): a picture after finish or abandon")
        muxer.append(pts: pts, duration: duration)
        try encoder.encode(image, emit: hold)
        try muxer.release()
    }

    /// Ends a run of pictures that depend on each other: the next picture is an IDR of a fresh encoder, and what it
    /// and its followers decode to depends on no earlier picture. Nothing where the chunk is empty.
    package func beginChunk() throws {
        precondition(isOpen, "\(path): a chunk after finish or abandon")
        try encoder.endChunk(emit: hold)
        try muxer.release()
        chunkStart = muxer.framesWritten
    }

    /// Writes everything that is held back and gives the file its name.
    ///
    /// - Throws: `.output` where the file cannot be written or, without `overwrite`, exists by now.
    package func finish() throws {
        precondition(isOpen, "\(path): finish after finish or abandon")
        try encoder.endChunk(emit: hold)
        try muxer.finish()
        isOpen = false
        try pending.commit()
    }

    /// Removes the temporary file; nothing after `finish`.
    package func abandon() {
        isOpen = false
        muxer.abandon()
        encoder.close()
        pending.abandon()
    }

    private func hold(_ packet: PacketHandle) {
        muxer.take(packet, frame: chunkStart + Int(packet.pointer.pointee.pts))
    }
}
