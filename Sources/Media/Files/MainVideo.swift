import CFFmpeg

/// Which stream of a source is the video: one choice for whoever decodes it and whoever copies the rest.
enum MainVideo {
    /// The stream's index, or nil where there is only cover art or nothing.
    static func index(in input: InputFormatHandle) -> Int? {
        let best = av_find_best_stream(input.pointer, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0)
        if best >= 0, isMovingPicture(input.stream(Int(best))) { return Int(best) }
        return (0..<input.streamCount).first { isMovingPicture(input.stream($0)) }
    }

    private static func isMovingPicture(_ stream: UnsafeMutablePointer<AVStream>?) -> Bool {
        guard let stream = stream?.pointee, let parameters = stream.codecpar else { return false }
        let still = AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS
        return parameters.pointee.codec_type == AVMEDIA_TYPE_VIDEO && stream.disposition & still == 0
    }
}

extension InputFormatHandle {
    /// The number of streams found so far.
    var streamCount: Int { Int(pointer.pointee.nb_streams) }

    /// A stream by index.
    func stream(_ index: Int) -> UnsafeMutablePointer<AVStream>? {
        guard index >= 0, index < streamCount else { return nil }
        return pointer.pointee.streams[index]
    }
}
