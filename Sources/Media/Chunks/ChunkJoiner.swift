import Tensors

/// Joins the files of chunks to a video without encoding anything again, together with a source's side streams.
package final class ChunkJoiner {
    /// What a user should know of the output, a sentence each; complete after `finish`.
    package var notes: [String] { encoder.geometry.notes + muxer.notes }
    /// The frames joined so far.
    package var framesWritten: Int { muxer.framesWritten }

    private let encoder: ChunkEncoder
    private let muxer: VideoMuxer
    private let pending: PendingFile
    private var lastPts: Int64?

    /// Opens the output under its temporary name and writes its header.
    ///
    /// - Parameters:
    ///   - pending: the output.
    ///   - description: the one that the chunks were encoded for, as are the settings.
    /// - Throws: as `VideoWriter`.
    package init(
        _ pending: PendingFile, description: OutputVideoDescription, settings: EncoderSettings,
        sideStreams: SideStreams?
    ) throws {
        self.pending = pending
        encoder = try ChunkEncoder(
            path: pending.target, description: description, settings: settings, rows: ParallelRows(threads: 1))
        muxer = try VideoMuxer(
            path: pending.target, temporaryPath: pending.temporaryPath, encoder: encoder, settings: settings,
            sideStreams: sideStreams, metadataFrom: nil)
        encoder.close()
    }

    /// Appends a chunk's file, which is taken over; `name` is what messages call it.
    ///
    /// - Throws: `.content` where its frames are not those of `contents`, or do not come after those before; `.output`
    ///   where the output cannot be written.
    package func append(descriptor: Int32, name: String, contents: ChunkContents) throws {
        var reader = try ChunkReader(
            descriptor: descriptor, name: name, contents: contents, parameterSets: encoder.parameterSets)
        let start = muxer.framesWritten
        var packets = 0
        while let item = try reader.next() {
            switch item {
            case .frame(let pts, let duration):
                guard lastPts.map({ $0 < pts }) ?? true else {
                    throw BrushflowError(
                        .content, "\(name): is damaged: its time stamps do not rise; give --restart to begin anew")
                }
                lastPts = pts
                muxer.append(pts: pts, duration: duration)
            case .packet(let packet, let frame):
                packets += 1
                muxer.take(packet, frame: start + frame)
            }
            try muxer.release()
        }
        guard muxer.framesWritten - start == contents.frames, packets == contents.frames, lastPts == contents.lastPts
        else {
            throw BrushflowError(
                .content,
                "\(name): is damaged: it holds \(packets) packets and \(muxer.framesWritten - start) frames, expected "
                    + "\(contents.frames); give --restart to begin anew")
        }
    }

    /// Completes the file and gives it its name.
    ///
    /// - Parameter announce: gets the path of the complete file before that.
    /// - Throws: `.output` where it cannot be written or, without overwriting, exists by now.
    package func finish(announce: (String) throws -> Void) throws {
        try muxer.finish()
        try announce(pending.temporaryPath)
        try pending.commit()
    }

    /// Closes and removes the file; nothing after `finish`.
    package func abandon() {
        muxer.abandon()
        pending.abandon()
    }
}
