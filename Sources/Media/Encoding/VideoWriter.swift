import CFFmpeg
import Tensors

/// Encodes pictures into a file, together with a source's side streams; the file appears under its name when it is
/// complete.
///
/// Every time stamp is written as given, in mp4 and mov exactly and in mkv and webm to the millisecond. Chunks (see
/// `beginChunk`) are encoded independently of each other.
package final class VideoWriter {
    /// What a user should know of the output, a sentence each; complete after `finish`.
    package var notes: [String] { geometry.notes + sideNotes }
    /// The pictures written so far.
    package var framesWritten: Int { times.frameCount }

    private let path: String
    private let given: OutputVideoDescription
    private let settings: EncoderSettings
    private let geometry: OutputGeometry
    private let pending: PendingFile
    private let sideStreams: SideStreams?
    private let rows: ParallelRows
    private let converter = FrameConverter()
    private let parameterSets: [UInt8]
    private let streamTimeBase: AVRational
    private var output: OutputFormatHandle?
    /// The encoder of the present chunk; nil between chunks, so that there are never two.
    private var encoder: VideoEncoder?
    private var times: DecodeTimes
    /// The number of the first frame of the current chunk.
    private var chunkStart = 0
    /// Packets in decoding order whose frame's duration is not known yet, with that frame's number.
    private var held: [(packet: PacketHandle, frame: Int)] = []
    private var sideNotes: [String] = []

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
        self.settings = settings
        self.sideStreams = sideStreams
        self.rows = rows
        given = description
        geometry = try OutputGeometry(description, settings: settings, path: path)
        pending = try PendingFile(target: path, overwrite: overwrite)
        let fitted = geometry.description
        let encoder = try VideoEncoder(fitted, settings: settings, path: path)
        self.encoder = encoder
        parameterSets = encoder.parameterSets
        let delay = EncoderOptions.reorderDelay(
            settings.codec, hasBFrames: encoder.context.pointer.pointee.has_b_frames)
        let ticks = 1 / (fitted.timeBase.value * (fitted.frameRate?.value ?? 25))
        times = DecodeTimes(
            reorderDelay: delay, standardDuration: ticks.isFinite ? Int64(min(max(ticks.rounded(), 1), 1e12)) : 1)
        let output = try OutputFormatHandle(
            path: pending.temporaryPath, container: settings.container, name: path)
        let stream = try OutputVideoStream.add(
            to: output, encoder: encoder, description: fitted, metadataFrom: metadataFrom)
        try sideStreams?.declare(in: output)
        try output.writeHeader(options: settings.container.isQuickTimeFamily ? ["movflags": "+faststart"] : [:])
        streamTimeBase = stream.pointee.time_base
        self.output = output
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
        precondition(output != nil, "\(path): a picture after finish or abandon")
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
        times.append(pts: pts, duration: duration)
        try encoder.send(frame) { hold($0) }
        try release()
    }

    /// Ends a run of pictures that depend on each other: the next picture is an IDR of a fresh encoder, and what it
    /// and its followers decode to depends on no earlier picture. Nothing where the chunk is empty.
    package func beginChunk() throws {
        precondition(output != nil, "\(path): a chunk after finish or abandon")
        guard times.frameCount > chunkStart else { return }
        try encoder?.send(nil) { hold($0) }
        try release()
        encoder = nil
        chunkStart = times.frameCount
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

    /// Writes everything that is held back and gives the file its name.
    ///
    /// - Throws: `.output` where the file cannot be written or, without `overwrite`, exists by now.
    package func finish() throws {
        guard let output else { preconditionFailure("\(path): finish after finish or abandon") }
        if times.frameCount > chunkStart { try encoder?.send(nil) { hold($0) } }
        try release(all: true)
        guard times.packetCount == times.frameCount else {
            throw BrushflowError(
                .internal,
                "\(path): \(settings.codec.encoderName) made \(times.packetCount) packets of \(times.frameCount) frames"
            )
        }
        try sideStreams?.finish(to: output)
        sideNotes = sideStreams?.notes ?? []
        try output.writeTrailer()
        try output.close()
        self.output = nil
        try pending.commit()
    }

    /// Removes the temporary file; nothing after `finish`.
    package func abandon() {
        output = nil
        held = []
        pending.abandon()
    }

    private func hold(_ packet: PacketHandle) {
        held.append((packet, chunkStart + Int(packet.pointer.pointee.pts)))
    }

    /// Writes held packets in order up to the first whose duration is unknown, or all of them.
    private func release(all: Bool = false) throws {
        guard let output else { return }
        var released = 0
        defer { held.removeFirst(released) }
        for (packet, frame) in held {
            guard all || times.isDurationKnown(frame: frame) else { return }
            guard let stamp = times.next(frame: frame) else {
                throw BrushflowError(
                    .internal,
                    "\(path): \(settings.codec.encoderName) gave frame \(frame) as packet \(times.packetCount), out of "
                        + "order by more than \(times.reorderDelay)")
            }
            packet.pointer.pointee.pts = stamp.pts
            packet.pointer.pointee.dts = stamp.dts
            packet.pointer.pointee.duration = stamp.duration
            packet.pointer.pointee.stream_index = 0
            try sideStreams?.write(
                upTo: Double(stamp.dts) * geometry.description.timeBase.value, to: output)
            av_packet_rescale_ts(packet.pointer, geometry.description.timeBase.libav, streamTimeBase)
            try output.write(packet)
            released += 1
        }
    }
}
