import CFFmpeg

/// What becomes of one stream beside the main video.
enum SideStreamPlan: Equatable {
    /// Its packets go into the output as they are.
    case copy
    /// It is decoded and encoded again by the named audio encoder.
    case transcodeAudio(encoder: String)
    /// Its texts are written again in another subtitle codec.
    case convertSubtitles(AVCodecID)
    /// It is one picture or file stored beside the tracks.
    case attach
    /// It is left out, and a note says why.
    case leaveOut(String)
    /// It is left out without a note: it carries nothing of its own (a chapter list's text track).
    case ignore

    /// Decides for a stream that is not the main video.
    static func plan(
        for stream: UnsafeMutablePointer<AVStream>, container: OutputContainer, audioOnly: Bool
    ) -> SideStreamPlan {
        guard let parameters = stream.pointee.codecpar else { return .ignore }
        let type = parameters.pointee.codec_type
        if audioOnly, type != AVMEDIA_TYPE_AUDIO { return .ignore }
        switch type {
        case AVMEDIA_TYPE_AUDIO: return audio(stream, container)
        case AVMEDIA_TYPE_SUBTITLE: return subtitles(stream, container)
        case AVMEDIA_TYPE_VIDEO: return video(stream, container)
        case AVMEDIA_TYPE_ATTACHMENT:
            return container == .mkv ? .attach : .leaveOut("\(container.rawValue) holds no attachments")
        case AVMEDIA_TYPE_DATA:
            // The text track behind an mp4's chapters is set aside by the demuxer itself.
            if stream.pointee.discard == AVDISCARD_ALL { return .ignore }
            return .leaveOut("data is not carried over")
        default: return .leaveOut("its kind is unknown")
        }
    }

    private static func audio(_ stream: UnsafeMutablePointer<AVStream>, _ container: OutputContainer) -> SideStreamPlan
    {
        let parameters = stream.pointee.codecpar.pointee
        // Players other than libav's do not know Vorbis in mp4, although its muxer writes it.
        let portable = !(container.isQuickTimeFamily && parameters.codec_id == AV_CODEC_ID_VORBIS)
        // An mp4 that lost the configuration of its AAC: Matroska's muxer accepts the stream and later refuses a packet.
        let isBare =
            parameters.codec_id == AV_CODEC_ID_AAC && parameters.extradata_size == 0
            && parameters.codec_tag == 0x6134_706D  // "mp4a"
        if portable, !isBare, MuxerTrial.holds(stream, container) { return .copy }
        guard avcodec_find_decoder(parameters.codec_id) != nil else {
            return .leaveOut("\(container.rawValue) does not hold it and this libav cannot decode it")
        }
        guard parameters.sample_rate > 0, parameters.ch_layout.nb_channels > 0 else {
            return .leaveOut("its sample rate or channel count is unknown")
        }
        // From far slower samples a packet would become thousands of times its size.
        guard AudioTranscoder.rates.contains(parameters.sample_rate) else {
            return .leaveOut("\(parameters.sample_rate) samples a second are no sound")
        }
        let encoder = container == .webm ? "libopus" : "aac"
        guard avcodec_find_encoder_by_name(encoder) != nil else {
            return .leaveOut("\(container.rawValue) does not hold it and this libav has no encoder \(encoder)")
        }
        return .transcodeAudio(encoder: encoder)
    }

    private static func subtitles(
        _ stream: UnsafeMutablePointer<AVStream>, _ container: OutputContainer
    ) -> SideStreamPlan {
        let codec = stream.pointee.codecpar.pointee.codec_id
        if MuxerTrial.holds(stream, container) { return .copy }
        guard let description = avcodec_descriptor_get(codec), description.pointee.props & AV_CODEC_PROP_TEXT_SUB != 0
        else { return .leaveOut("\(container.rawValue) holds no picture subtitles of this kind") }
        let target: AVCodecID
        switch container {
        case .mp4, .mov: target = AV_CODEC_ID_MOV_TEXT
        case .mkv: target = AV_CODEC_ID_SUBRIP
        case .webm: target = AV_CODEC_ID_WEBVTT
        }
        guard avcodec_find_decoder(codec) != nil, avcodec_find_encoder(target) != nil else {
            return .leaveOut("this libav cannot convert it")
        }
        return .convertSubtitles(target)
    }

    private static func video(_ stream: UnsafeMutablePointer<AVStream>, _ container: OutputContainer) -> SideStreamPlan
    {
        guard stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0 else {
            return .leaveOut("one video stream is kept, the stylized one")
        }
        switch container {
        case .mkv: return .attach
        case .mp4:
            let codec = stream.pointee.codecpar.pointee.codec_id
            let held = [AV_CODEC_ID_MJPEG, AV_CODEC_ID_PNG, AV_CODEC_ID_BMP].contains(codec)
            return held ? .attach : .leaveOut("mp4 holds no cover art of this kind")
        case .mov, .webm: return .leaveOut("\(container.rawValue) holds no cover art")
        }
    }
}
