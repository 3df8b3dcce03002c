import CFFmpeg
import Tensors

/// Writes the packets of chunks into a file, with times made from those of their frames, together with a source's side
/// streams.
final class VideoMuxer {
    /// The pictures announced so far.
    var framesWritten: Int { times.frameCount }
    /// What became of the side streams, a sentence each; complete after `finish`.
    private(set) var notes: [String] = []

    private let path: String
    private let codecName: String
    private let timeBase: Rational
    private let streamTimeBase: AVRational
    private let sideStreams: SideStreams?
    private var output: OutputFormatHandle?
    private var times: DecodeTimes
    /// Packets in decoding order whose frame's duration is not known yet, with that frame's number.
    private var held: [(packet: PacketHandle, frame: Int)] = []

    /// Opens the file `temporaryPath`, which becomes `path`, and writes its header.
    ///
    /// - Throws: `.output` where it cannot be written.
    init(
        path: String, temporaryPath: String, encoder: ChunkEncoder, settings: EncoderSettings,
        sideStreams: SideStreams?, metadataFrom: String?
    ) throws {
        self.path = path
        self.sideStreams = sideStreams
        codecName = settings.codec.encoderName
        let description = encoder.geometry.description
        timeBase = description.timeBase
        let ticks = 1 / (description.timeBase.value * (description.frameRate?.value ?? 25))
        times = DecodeTimes(
            reorderDelay: encoder.reorderDelay,
            standardDuration: ticks.isFinite ? Int64(min(max(ticks.rounded(), 1), 1e12)) : 1)
        let output = try OutputFormatHandle(path: temporaryPath, container: settings.container, name: path)
        let stream = try encoder.declare(in: output, metadataFrom: metadataFrom)
        try sideStreams?.declare(in: output)
        try output.writeHeader(options: settings.container.isQuickTimeFamily ? ["movflags": "+faststart"] : [:])
        streamTimeBase = stream.pointee.time_base
        self.output = output
    }

    /// Announces the next frame: its time stamp in ticks of the description's time base, greater than the one before,
    /// and its duration, which counts for the last frame.
    func append(pts: Int64, duration: Int64?) { times.append(pts: pts, duration: duration) }

    /// Takes the next packet in decoding order, which holds frame `frame` of the whole video.
    func take(_ packet: PacketHandle, frame: Int) { held.append((packet, frame)) }

    /// Writes what was taken, as far as its durations are known, or all of it.
    func release(all: Bool = false) throws {
        guard let output else { preconditionFailure("\(path): a packet after finish or abandon") }
        var released = 0
        defer { held.removeFirst(released) }
        for (packet, frame) in held {
            guard all || times.isDurationKnown(frame: frame) else { return }
            guard let stamp = times.next(frame: frame) else {
                throw BrushflowError(
                    .internal,
                    "\(path): \(codecName) gave frame \(frame) as packet \(times.packetCount), out of order by more "
                        + "than \(times.reorderDelay)")
            }
            packet.pointer.pointee.pts = stamp.pts
            packet.pointer.pointee.dts = stamp.dts
            packet.pointer.pointee.duration = stamp.duration
            packet.pointer.pointee.stream_index = 0
            try sideStreams?.write(upTo: Double(stamp.dts) * timeBase.value, to: output)
            av_packet_rescale_ts(packet.pointer, timeBase.libav, streamTimeBase)
            try output.write(packet)
            released += 1
        }
    }

    /// Writes everything that is held back, the rest of the side streams and the trailer, and closes the file.
    func finish() throws {
        guard let output else { preconditionFailure("\(path): finish after finish or abandon") }
        try release(all: true)
        guard times.packetCount == times.frameCount else {
            throw BrushflowError(
                .internal, "\(path): \(codecName) made \(times.packetCount) packets of \(times.frameCount) frames")
        }
        try sideStreams?.finish(to: output)
        notes = sideStreams?.notes ?? []
        try output.writeTrailer()
        try output.close()
        self.output = nil
    }

    /// Closes the file as it is.
    func abandon() {
        output = nil
        held = []
    }
}
