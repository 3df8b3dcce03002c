import CFFmpeg

/// Asks a muxer whether it takes a stream, by writing a header to memory.
enum MuxerTrial {
    /// Whether `container` holds the stream's codec as it is.
    static func holds(_ stream: UnsafeMutablePointer<AVStream>, _ container: OutputContainer) -> Bool {
        let codec = stream.pointee.codecpar.pointee.codec_id
        var made: UnsafeMutablePointer<AVFormatContext>?
        guard avformat_alloc_output_context2(&made, nil, container.muxerName, nil) >= 0, let context = made else {
            return false
        }
        defer { avformat_free_context(context) }
        guard avformat_query_codec(context.pointee.oformat, codec, FF_COMPLIANCE_NORMAL) == 1 else { return false }
        guard avio_open_dyn_buf(&context.pointee.pb) >= 0 else { return false }
        defer {
            var bytes: UnsafeMutablePointer<UInt8>?
            _ = avio_close_dyn_buf(context.pointee.pb, &bytes)
            av_free(bytes)
            context.pointee.pb = nil
        }
        guard let copy = avformat_new_stream(context, nil),
            (try? CopiedTrack.copyParameters(of: stream, to: copy)) != nil
        else { return false }
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        // A moov at the beginning shows what is wrong with a stream's configuration; AC-3's is in its packets.
        if container.isQuickTimeFamily, codec != AV_CODEC_ID_AC3, codec != AV_CODEC_ID_EAC3 {
            av_dict_set(&options, "movflags", "empty_moov", 0)
        }
        return avformat_write_header(context, &options) >= 0
    }
}
