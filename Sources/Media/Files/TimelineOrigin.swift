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
        return (-greatest...greatest).contains(context.start_time) ? context.start_time : 0
    }

    /// A start beyond this many microseconds or ticks is damage (or absent): it counts as 0, so that sums of a few
    /// time stamps stay far from overflow.
    private static let greatest: Int64 = 1 << 52

    /// The origin in ticks of `timeBase`, rounded to nearest.
    static func ticks(of input: InputFormatHandle, timeBase: Rational) -> Int64 {
        let ticks = av_rescale_q(microseconds(of: input), AVRational(num: 1, den: AV_TIME_BASE), timeBase.libav)
        return (-greatest...greatest).contains(ticks) ? ticks : 0
    }
}
