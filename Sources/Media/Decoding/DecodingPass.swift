import CFFmpeg
import Tensors

/// One run through a file's main video stream, from its start or from a key frame.
final class DecodingPass {
    /// A frame with its time stamp in the stream's ticks, as the file has it except for repairs.
    struct Decoded {
        let handle: FrameHandle
        let pts: Int64
        let duration: Int64?
    }

    let input: InputFormatHandle
    let stream: UnsafeMutablePointer<AVStream>
    let info: MediaInfo
    let codecID: AVCodecID
    private(set) var damagedPackets = 0
    private(set) var framesDecoded = 0
    /// Frames that an earlier run decoded; they count for the limit.
    var framesBefore = 0
    var repairs: Int { timestamps.repairs }
    /// Where the last frame ended, in ticks.
    private(set) var end: Int64?
    /// The decoding time of the last packet read, in ticks.
    private(set) var lastPacketDts: Int64?
    /// The end of the latest packet of any stream that was read, in seconds of the file's clock.
    private(set) var latestEnd = 0.0
    /// Whether decoding began with the file.
    var isFromStart: Bool { !skipsUntilKey }
    /// Packets that the file itself marks as not to be shown.
    private(set) var discardedPackets = 0

    private let decoder: VideoDecoder
    private let packet: PacketHandle
    private let maximumDamagedPackets: Int
    private let maximumFrames: Int
    private var timestamps: TimestampRepair
    private var firstKey: Int64?
    private var skipsUntilKey = false
    private var isDrained = false

    /// Opens the file and its decoder; nothing is decoded yet.
    init(path: String, options: VideoReadOptions) throws {
        input = try InputFormatHandle(path: path)
        try StreamProbe.run(input, maximumPixels: options.maximumPixels)
        stream = try StreamProbe.mainVideo(of: input)
        info = StreamProbe.info(of: input, stream: stream)
        try SourceChecks.run(info, maximumPixels: options.maximumPixels)
        if options.segment == nil, let promised = info.video.estimatedFrameCount {
            try SourceChecks.checkClaim(
                "its header promises", of: promised, path: info.path, maximumFrames: options.maximumFrames)
        }
        decoder = try VideoDecoder(
            stream, path: path, threads: options.threads, maximumPixels: options.maximumPixels)
        codecID = decoder.codecID
        packet = try PacketHandle()
        maximumDamagedPackets = options.maximumDamagedPackets
        maximumFrames = options.maximumFrames
        timestamps = TimestampRepair(timeBase: info.video.timeBase, frameRate: info.video.frameRate)
        if hasIndex {
            // The demuxer jumps over the samples of other streams; elsewhere their times tell a truncated file.
            for index in 0..<input.streamCount where index != info.video.index {
                input.stream(index)?.pointee.discard = AVDISCARD_ALL
            }
        }
    }

    /// Whether every sample is listed in the header (mp4, mov).
    var hasIndex: Bool { info.containerName.split(separator: ",").contains("mov") }

    /// Whether jumping to a key frame is exact.
    var canSeek: Bool { hasIndex || info.containerName.split(separator: ",").contains("matroska") }

    /// Jumps to the last key frame at or before `pts`.
    ///
    /// - Returns: false where the file cannot be jumped in; the pass is of no use then.
    func seek(to pts: Int64) -> Bool {
        skipsUntilKey = true
        return av_seek_frame(input.pointer, Int32(info.video.index), pts, AVSEEK_FLAG_BACKWARD) >= 0
    }

    /// The key frame that decoding started from after `seek`; nil before the first packet.
    var startKey: Int64? { firstKey }

    /// The next frame in presentation order, or nil when the stream is drained.
    func next() throws -> Decoded? {
        while true {
            switch try decoder.receive() {
            case .frame(let handle):
                if let frame = try accept(handle) { return frame }
            case .end:
                return nil
            case .damaged(let function, let code):
                try countDamage(function, code)
            case .needsPacket:
                // After the end a decoder has frames or the end to give, never a wish for packets.
                if isDrained { return nil }
                try feed()
            }
        }
    }

    /// Sends the decoder one packet of the stream, or the end.
    private func feed() throws {
        while true {
            LibavLog.clear()
            av_packet_unref(packet.pointer)
            let code = av_read_frame(input.pointer, packet.pointer)
            try input.checkReading()
            if code == bf_averror_eof() || (code < 0 && avio_feof(input.pointer.pointee.pb) != 0) {
                isDrained = true
                _ = decoder.send(nil)
                return
            }
            guard code >= 0 else {
                try countDamage("av_read_frame", code)
                continue
            }
            noteTimes()
            guard packet.pointer.pointee.stream_index == Int32(info.video.index) else { continue }
            if skipsUntilKey, firstKey == nil {
                guard packet.pointer.pointee.flags & AV_PKT_FLAG_KEY != 0 else { continue }
                let pts = packet.pointer.pointee.pts
                firstKey = pts == bf_nopts_value() ? packet.pointer.pointee.dts : pts
            }
            if packet.pointer.pointee.flags & AV_PKT_FLAG_DISCARD != 0 { discardedPackets += 1 }
            if case .damaged(let function, let code) = decoder.send(packet) { try countDamage(function, code) }
            return
        }
    }

    /// Remembers how far the file's packets reach.
    private func noteTimes() {
        let value = packet.pointer.pointee
        let missing = bf_nopts_value()
        if value.stream_index == Int32(info.video.index), value.dts != missing { lastPacketDts = value.dts }
        let start = value.pts != missing ? value.pts : value.dts
        guard start != missing, let timeBase = input.stream(Int(value.stream_index))?.pointee.time_base else { return }
        let seconds = (Double(start) + Double(max(value.duration, 0))) * av_q2d(timeBase)
        if seconds.isFinite { latestEnd = max(latestEnd, seconds) }
    }

    /// Checks a decoded frame and gives it its time stamp; nil for pictures before the key frame that was jumped to.
    private func accept(_ handle: FrameHandle) throws -> Decoded? {
        let frame = handle.pointer.pointee
        framesDecoded += 1
        try SourceChecks.checkCount(framesBefore + framesDecoded, path: info.path, maximumFrames: maximumFrames)
        try SourceChecks.run(frame, at: framesDecoded - 1, info)
        let stamp = frame.best_effort_timestamp
        if let firstKey, stamp != bf_nopts_value(), stamp < firstKey { return nil }
        let pts = timestamps.next(stamp == bf_nopts_value() ? nil : stamp)
        let duration = (1..<(1 << 40)).contains(frame.pkt_duration) ? frame.pkt_duration : nil
        end = pts + (duration ?? 0)
        return Decoded(handle: handle, pts: pts, duration: duration)
    }

    private func countDamage(_ function: String, _ code: Int32) throws {
        damagedPackets += 1
        guard damagedPackets > maximumDamagedPackets else { return }
        let seconds = Double(end ?? info.video.startPts) * info.video.timeBase.value
        let place = "at frame \(framesDecoded) (\(SourceChecks.format(seconds)) s)"
        let failure = LibavError.failure(
            .content, "\(info.path): cannot decode video stream \(info.video.index) \(place)", function: function,
            code: code)
        let count = damagedPackets == 1 ? "1 damaged packet is" : "\(damagedPackets) damaged packets are"
        throw BrushflowError(
            .content,
            "\(failure.message); \(count) over the limit of \(maximumDamagedPackets); raise 'limits.damagedPackets' to "
                + "skip more")
    }
}
