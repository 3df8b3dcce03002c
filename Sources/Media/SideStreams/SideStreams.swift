import CFFmpeg
import Tensors

/// Everything of a source but its main video (audio, subtitles, cover art, chapters, tags), taken into an output
/// by a second demuxer on the same file.
///
/// The output's time 0 is the source's `sourceZero`; the video must be written on the same timeline. Not Sendable:
/// it lives in the writing stage. Memory is bounded by one packet here and by the muxer's interleaving (10 s):
/// the source's packets are read in the file's order, however badly interleaved that is.
package final class SideStreams {
    private let input: InputFormatHandle
    private let audioOnly: Bool
    private let videoIndex: Int?
    private let packet: PacketHandle
    private var clock: SideClock
    private var tracks: [SideTrack] = []
    /// The time on the output's timeline of the packet that `packet` holds back; nil where it holds none.
    private var pendingSeconds: Double?
    private var atEnd = false
    private var readErrors = 0
    /// Source streams of which nothing more is wanted.
    private var finishedTracks: Set<Int> = []

    /// What is left out, converted or damaged, a sentence each; complete after `finish`.
    package private(set) var notes: [String] = []

    /// Reading is given up after this many errors in a row.
    private static let readErrorLimit = 64
    /// Sparse tracks count as over when sound this many seconds past the segment was seen.
    private static let sparseMargin = 10.0

    /// Opens `path` and decides what becomes of each stream.
    ///
    /// - Parameters:
    ///   - segment: the part to take, in seconds from the main video's start; nil for all.
    ///   - audioOnly: leaves out everything but audio, tags included.
    /// - Throws: `.input`, `.content` as `InputFormatHandle`.
    package init(path: String, container: OutputContainer, segment: MediaSegment?, audioOnly: Bool) throws {
        input = try InputFormatHandle(path: path)
        self.audioOnly = audioOnly
        packet = try PacketHandle()
        LibavLog.clear()
        let code = avformat_find_stream_info(input.pointer, nil)
        guard code >= 0 else {
            throw LibavError.failure(
                .content, "\(path): cannot read its streams", function: "avformat_find_stream_info", code: code)
        }
        videoIndex = MainVideo.index(in: input)
        clock = Self.makeClock(input, videoIndex: videoIndex, segment: segment)
        for index in 0..<input.streamCount where index != videoIndex {
            guard let stream = input.stream(index) else { continue }
            try plan(stream, container)
        }
        for index in 0..<input.streamCount where !tracks.contains(where: { $0.sourceIndex == index }) {
            input.stream(index)?.pointee.discard = AVDISCARD_ALL
        }
        seekToSegment()
    }

    /// The source time stamp, in seconds, that becomes 0 in the output: `TimelineOrigin`, or a segment's start.
    /// May be set before the first packet is written, for a segment whose first frame is later than its start.
    package var sourceZero: Double {
        get { Double(clock.zero) / Double(AV_TIME_BASE) }
        set {
            let microseconds = (newValue * Double(AV_TIME_BASE)).rounded()
            // Beyond a hundred years it is damage.
            clock.zero = abs(microseconds) < 0x1p52 ? Int64(microseconds) : 0
        }
    }

    /// Adds the streams, chapters and tags to `output`, and the main video's tags and dispositions to its stream 0;
    /// after the video stream was added, before the header.
    package func declare(in output: OutputFormatHandle) throws {
        if !audioOnly {
            try SideTags.copyFile(from: input, to: output)
            try SideTags.copyChapters(from: input, to: output, clock: clock)
            if let source = videoIndex.flatMap({ input.stream($0) }), output.pointer.pointee.nb_streams > 0,
                let target = output.pointer.pointee.streams[0],
                target.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO
            {
                try SideTags.copyStream(from: source, to: target, container: output.container)
            }
        }
        for track in tracks { try track.declare(in: output) }
    }

    /// Writes every packet that begins before `seconds` of the output's timeline; after the header.
    package func write(upTo seconds: Double, to output: OutputFormatHandle) throws {
        for case let track as AttachedTrack in tracks { try track.writeCover(to: output) }
        while let begins = try nextPacket() {
            guard begins < seconds else { return }
            try deliver(to: output)
        }
    }

    /// Writes the rest; before the trailer.
    package func finish(to output: OutputFormatHandle) throws {
        try write(upTo: .infinity, to: output)
        for track in tracks { try track.finish(clock: clock, to: output) }
        notes += tracks.compactMap(\.note)
        if readErrors > 0 {
            notes.append("\(input.path): audio and subtitles: \(readErrors) read errors were passed over")
        }
    }

    /// Fills `packet` with the next packet of a track and returns its time on the output's timeline; nil at the end.
    private func nextPacket() throws -> Double? {
        if let pendingSeconds { return pendingSeconds }
        var errorsInARow = 0
        while !atEnd, finishedTracks.count < tracks.count {
            av_packet_unref(packet.pointer)
            let code = av_read_frame(input.pointer, packet.pointer)
            if code < 0 { try input.checkReading() }
            if code == bf_averror_eof() { break }
            guard code >= 0 else {
                readErrors += 1
                errorsInARow += 1
                if errorsInARow >= Self.readErrorLimit { break }
                continue
            }
            errorsInARow = 0
            let index = Int(packet.pointer.pointee.stream_index)
            guard let stream = input.stream(index), tracks.contains(where: { $0.sourceIndex == index }) else {
                continue
            }
            let p = packet.pointer.pointee
            let nothing = bf_nopts_value()
            let stamps = [p.dts, p.pts].filter { $0 != nothing }.map { clock.seconds($0, stream.pointee.time_base) }
            // Beyond thirty years a time stamp is damage, and arithmetic on it could overflow.
            guard stamps.allSatisfy({ abs($0) < 1e9 }) else {
                readErrors += 1
                continue
            }
            // Without a time stamp it goes where the packet before it went.
            let begins = stamps.first ?? -.infinity
            noteEnd(of: index, at: begins)
            pendingSeconds = begins
            return begins
        }
        atEnd = true
        return nil
    }

    private func deliver(to output: OutputFormatHandle) throws {
        pendingSeconds = nil
        let index = Int(packet.pointer.pointee.stream_index)
        guard let track = tracks.first(where: { $0.sourceIndex == index }) else { return }
        try track.take(packet, clock: clock, to: output)
    }

    /// Marks tracks that are past the segment, so that the rest of the file is not read for nothing.
    private func noteEnd(of index: Int, at seconds: Double) {
        guard let length = clock.length, seconds >= length else { return }
        guard let track = tracks.first(where: { $0.sourceIndex == index }) else { return }
        finishedTracks.insert(index)
        if !track.isSparse, seconds >= length + Self.sparseMargin {
            finishedTracks.formUnion(tracks.filter(\.isSparse).map(\.sourceIndex))
        }
    }

    private static func makeClock(_ input: InputFormatHandle, videoIndex: Int?, segment: MediaSegment?) -> SideClock {
        let origin = TimelineOrigin.microseconds(of: input)
        guard let segment else { return SideClock(zero: origin, end: nil, cuts: false) }
        var start = origin
        if let video = videoIndex.flatMap({ input.stream($0) })?.pointee, video.start_time != bf_nopts_value() {
            start = av_rescale_q(video.start_time, video.time_base, SideClock.microseconds)
        }
        let scale = Double(AV_TIME_BASE)
        // A thousand years bound what a segment can say.
        func microseconds(_ seconds: Double) -> Int64 { Int64((min(seconds, 3e10) * scale).rounded()) }
        return SideClock(
            zero: start &+ microseconds(segment.from), end: segment.to.map { start &+ microseconds($0) }, cuts: true)
    }

    private func plan(_ stream: UnsafeMutablePointer<AVStream>, _ container: OutputContainer) throws {
        let label = Self.label(stream, path: input.path)
        switch SideStreamPlan.plan(for: stream, container: container, audioOnly: audioOnly) {
        case .copy: tracks.append(CopiedTrack(source: stream, label: label))
        case .transcodeAudio(let encoder):
            do {
                tracks.append(
                    try TranscodedAudioTrack(source: stream, encoderName: encoder, container: container, label: label))
                let name = encoder == "aac" ? "AAC" : "Opus"
                notes.append("\(label) is converted to \(name): \(container.rawValue) does not hold it")
            } catch let error as BrushflowError where error.kind == .content {
                notes.append("\(label) is left out: \(error.message)")
            }
        case .convertSubtitles(let target):
            do {
                tracks.append(try ConvertedSubtitleTrack(source: stream, target: target, label: label))
                let name = avcodec_get_name(target).map { String(cString: $0) } ?? "text"
                notes.append("\(label) is converted to \(name): \(container.rawValue) does not hold it")
            } catch let error as BrushflowError where error.kind == .content {
                notes.append("\(label) is left out: \(error.message)")
            }
        case .attach:
            tracks.append(AttachedTrack(source: stream))
            finishedTracks.insert(Int(stream.pointee.index))
        case .leaveOut(let reason): notes.append("\(label) is left out: \(reason)")
        case .ignore: break
        }
    }

    /// `clip.mkv: subtitle stream 3 (ass, eng)`.
    private static func label(_ stream: UnsafeMutablePointer<AVStream>, path: String) -> String {
        let parameters = stream.pointee.codecpar.pointee
        let isCover = stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0
        let kind = isCover ? "cover art" : av_get_media_type_string(parameters.codec_type).map { String(cString: $0) }
        let codec = avcodec_get_name(parameters.codec_id).map { String(cString: $0) } ?? "unknown"
        let language = SideTags.value("language", in: stream.pointee.metadata)
        let details = language.isEmpty || language == "und" ? codec : "\(codec), \(language)"
        return "\(path): \(kind ?? "unknown") stream \(stream.pointee.index) (\(details))"
    }

    /// Goes near the segment's start where that cannot pass by a packet: mp4's and mov's sample tables find every
    /// stream's packets, while other formats' indexes point at the video's place in the file.
    private func seekToSegment() {
        guard clock.cuts, clock.zero > 0, let format = input.pointer.pointee.iformat,
            String(cString: format.pointee.name).hasPrefix("mov")
        else { return }
        let early: Int64 = tracks.contains(where: \.isSparse) ? 30 : 2
        let target = clock.zero - early * Int64(AV_TIME_BASE)
        guard target > 0 else { return }
        _ = avformat_seek_file(input.pointer, -1, Int64.min, target, target, 0)
    }
}
