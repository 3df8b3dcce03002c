import CFFmpeg

/// The time stamp that counts as second 0 of a source, the same for its video and for everything beside it.
///
/// Time stamps are kept as they are (a stream that starts late stays late), except in formats whose clocks start
/// anywhere (MPEG-TS, MPEG-PS): there the earliest stream's start is subtracted from all streams.
enum TimelineOrigin {
    /// The origin in microseconds; call after `avformat_find_stream_info`.
    static func microseconds(of input: InputFormatHandle) -> Int64 {
        let context = input.pointer.pointee
        guard let format = context.iformat, format.pointee.flags & AVFMT_TS_DISCONT != 0 else { return 0 }
        return context.start_time == bf_nopts_value() ? 0 : context.start_time
    }

    /// The origin in ticks of `timeBase`, rounded to nearest.
    static func ticks(of input: InputFormatHandle, timeBase: Rational) -> Int64 {
        av_rescale_q(microseconds(of: input), AVRational(num: 1, den: AV_TIME_BASE), timeBase.libav)
    }
}
