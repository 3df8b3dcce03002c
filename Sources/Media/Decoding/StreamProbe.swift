import CFFmpeg
import Tensors

/// Reads what a file's header, and its first packets where the header is not enough, say of its streams.
enum StreamProbe {
    /// Fills in the streams of `input`; no picture over `maximumPixels` is decoded on the way.
    static func run(_ input: InputFormatHandle, maximumPixels: Int) throws {
        let count = Int(input.pointer.pointee.nb_streams)
        var options = [OpaquePointer?](repeating: nil, count: max(count, 1))
        for index in 0..<count { av_dict_set(&options[index], "max_pixels", "\(maximumPixels)", 0) }
        defer { for index in options.indices { av_dict_free(&options[index]) } }
        LibavLog.clear()
        let code = avformat_find_stream_info(input.pointer, &options)
        guard code >= 0 else {
            throw LibavError.failure(
                .content, "\(input.path): cannot read the streams", function: "avformat_find_stream_info", code: code)
        }
    }

    /// Chooses the main video stream.
    ///
    /// - Throws: `.content` where there is none.
    static func mainVideo(of input: InputFormatHandle) throws -> UnsafeMutablePointer<AVStream> {
        if let index = MainVideo.index(in: input), let stream = input.stream(index) { return stream }
        let audio = codecNames(.audio, in: input).count
        let found = audio == 0 ? "" : audio == 1 ? " (only 1 audio stream)" : " (only \(audio) audio streams)"
        throw BrushflowError(.content, "\(input.path): has no video stream\(found)")
    }

    /// A class of stream.
    enum Medium { case audio, subtitle }

    /// libav's codec names of the streams of a class.
    static func codecNames(_ medium: Medium, in input: InputFormatHandle) -> [String] {
        let type = medium == .audio ? AVMEDIA_TYPE_AUDIO : AVMEDIA_TYPE_SUBTITLE
        return (0..<input.streamCount).compactMap { index in
            guard let parameters = input.stream(index)?.pointee.codecpar, parameters.pointee.codec_type == type
            else { return nil }
            return String(cString: avcodec_get_name(parameters.pointee.codec_id))
        }
    }

    /// What the header says of the file and of its video stream.
    static func info(of input: InputFormatHandle, stream: UnsafeMutablePointer<AVStream>) -> MediaInfo {
        let context = input.pointer.pointee
        let container = context.iformat.flatMap { $0.pointee.name }.map { String(cString: $0) } ?? ""
        let stated =
            context.duration > 0 && context.duration_estimation_method != AVFMT_DURATION_FROM_BITRATE
            ? Double(context.duration) / Double(AV_TIME_BASE) : nil
        var video = videoInfo(of: input, stream: stream)
        if video.duration == nil { video.duration = stated }
        return MediaInfo(
            path: input.path, containerName: container, duration: stated, video: video,
            audioCodecNames: codecNames(.audio, in: input), subtitleStreamCount: codecNames(.subtitle, in: input).count)
    }

    private static func videoInfo(of input: InputFormatHandle, stream: UnsafeMutablePointer<AVStream>)
        -> VideoStreamInfo
    {
        let value = stream.pointee
        let parameters = value.codecpar.pointee
        let timeBase = Rational(value.time_base)
        let average = Rational(value.avg_frame_rate)
        let guessed = Rational(av_guess_frame_rate(input.pointer, stream, nil))
        let aspect = Rational(av_guess_sample_aspect_ratio(input.pointer, stream, nil))
        let matrix = displayMatrix(of: stream)
        let format = AVPixelFormat(parameters.format)
        let description = av_pix_fmt_desc_get(format)
        let start = abs(max(value.start_time, -Int64.max)) < 1 << 52 ? value.start_time : 0
        return VideoStreamInfo(
            index: Int(value.index),
            codecName: String(cString: avcodec_get_name(parameters.codec_id)),
            width: Int(parameters.width),
            height: Int(parameters.height),
            timeBase: timeBase,
            frameRate: average.isPositive ? average : guessed.isPositive ? guessed : nil,
            baseFrameRate: guessed.isPositive ? guessed : nil,
            isConstantFrameRate: average.isPositive && average == Rational(value.r_frame_rate),
            sampleAspectRatio: aspect.isPositive ? aspect : Rational(0, 1),
            frameCount: (1..<1 << 40).contains(value.nb_frames) ? Int(value.nb_frames) : nil,
            duration: value.duration > 0 ? Double(value.duration) * timeBase.value : nil,
            startPts: start - TimelineOrigin.ticks(of: input, timeBase: timeBase),
            color: FrameColor.description(of: parameters),
            displayMatrix: matrix,
            rotation: matrix.map(rotation) ?? 0,
            isInterlaced: ![AV_FIELD_UNKNOWN, AV_FIELD_PROGRESSIVE].contains(parameters.field_order),
            bitDepth: description.map { Int($0.pointee.comp.0.depth) } ?? 8,
            pixelFormatName: av_get_pix_fmt_name(format).map { String(cString: $0) } ?? "unknown")
    }

    /// The display matrix, or nil where there is none or it changes nothing.
    private static func displayMatrix(of stream: UnsafeMutablePointer<AVStream>) -> [Int32]? {
        var size = 0
        guard let data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size), size >= 36 else {
            return nil
        }
        let matrix = (0..<9).map { UnsafeRawPointer(data).loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self) }
        let identity: [Int32] = [1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30]
        return matrix == identity ? nil : matrix
    }

    private static func rotation(_ matrix: [Int32]) -> Int {
        let counterclockwise = av_display_rotation_get(matrix)
        guard counterclockwise.isFinite else { return 0 }
        return ((Int(-counterclockwise.rounded()) % 360) + 360) % 360
    }
}
