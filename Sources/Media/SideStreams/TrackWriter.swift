import CFFmpeg
import Tensors

/// Writes one output stream's packets with time stamps that muxers accept: in the stream's time base and rising.
final class TrackWriter {
    /// The output stream; set when it is declared.
    private(set) var stream: UnsafeMutablePointer<AVStream>?
    /// Packets that the muxer refused because of what they hold.
    private(set) var refused = 0
    private var last: Int64?
    /// Added to every time stamp, in ticks of the stream.
    private var delay: Int64?

    /// The packets that may be refused before the run is given up.
    private static let refusalLimit = 1000

    /// Takes the stream to write to.
    func attach(_ stream: UnsafeMutablePointer<AVStream>) { self.stream = stream }

    /// Opus in Matroska counts from the first sample decoded, priming included, and readers subtract the stored codec
    /// delay; libav's muxer (5.1) stores the delay without adding it.
    private static func codecDelay(
        of stream: UnsafeMutablePointer<AVStream>, container: OutputContainer
    ) -> Int64 {
        guard !container.isQuickTimeFamily, let parameters = stream.pointee.codecpar?.pointee,
            parameters.codec_id == AV_CODEC_ID_OPUS, parameters.initial_padding > 0, parameters.sample_rate > 0
        else { return 0 }
        let rate = AVRational(num: 1, den: parameters.sample_rate)
        return av_rescale_q(Int64(parameters.initial_padding), rate, stream.pointee.time_base)
    }

    /// Writes a packet whose time stamps are on the output's timeline in ticks of the stream's time base.
    func write(_ packet: PacketHandle, to output: OutputFormatHandle) throws {
        guard let stream else { preconditionFailure("a packet for a stream that was not declared") }
        let nothing = bf_nopts_value()
        let p = packet.pointer
        let delay = self.delay ?? Self.codecDelay(of: stream, container: output.container)
        self.delay = delay
        if p.pointee.dts == nothing { p.pointee.dts = p.pointee.pts }
        if p.pointee.dts == nothing { p.pointee.dts = (last ?? -1) + 1 - delay }
        if p.pointee.pts == nothing { p.pointee.pts = p.pointee.dts }
        p.pointee.pts += delay
        p.pointee.dts += delay
        if let last, p.pointee.dts <= last {
            p.pointee.dts = last + 1
        }
        p.pointee.pts = max(p.pointee.pts, p.pointee.dts)
        last = p.pointee.dts
        p.pointee.stream_index = stream.pointee.index
        p.pointee.pos = -1
        do {
            try output.write(packet)
        } catch {
            // A packet's own fault leaves the file's state sound; a fault of the file does not.
            av_packet_unref(p)
            guard output.isSound, refused < Self.refusalLimit else { throw error }
            refused += 1
        }
    }
}
