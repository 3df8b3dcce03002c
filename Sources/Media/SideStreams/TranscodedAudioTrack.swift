import CFFmpeg
import Tensors

/// Audio encoded again because the output's container does not hold its codec.
final class TranscodedAudioTrack: SideTrack {
    let sourceIndex: Int
    let isSparse = false
    private let source: UnsafeMutablePointer<AVStream>
    private let label: String
    private let transcoder: AudioTranscoder
    private let writer = TrackWriter()

    init(
        source: UnsafeMutablePointer<AVStream>, encoderName: String, container: OutputContainer, label: String
    ) throws {
        sourceIndex = Int(source.pointee.index)
        self.source = source
        self.label = label
        // All four containers keep codec headers apart from packets.
        transcoder = try AudioTranscoder(source: source, encoderName: encoderName, globalHeader: true, label: label)
    }

    func declare(in output: OutputFormatHandle) throws {
        let stream = try output.addStream()
        guard avcodec_parameters_from_context(stream.pointee.codecpar, transcoder.encoder.pointer) >= 0 else {
            throw LibavError.outOfMemory("avcodec_parameters_from_context")
        }
        stream.pointee.time_base = transcoder.encoder.pointer.pointee.time_base
        try SideTags.copyStream(from: source, to: stream, container: output.container)
        writer.attach(stream)
    }

    func take(_ packet: PacketHandle, clock: SideClock, to output: OutputFormatHandle) throws {
        try transcoder.take(packet, clock: clock) { try write($0, to: output) }
    }

    func finish(clock: SideClock, to output: OutputFormatHandle) throws {
        try transcoder.take(nil, clock: clock) { try write($0, to: output) }
    }

    var note: String? {
        let count = transcoder.damaged + writer.refused
        return count > 0 ? "\(label): \(count) damaged packets could not be converted; they are silent" : nil
    }

    private func write(_ packet: PacketHandle, to output: OutputFormatHandle) throws {
        guard let target = writer.stream?.pointee.time_base else { return }
        av_packet_rescale_ts(packet.pointer, transcoder.encoder.pointer.pointee.time_base, target)
        try writer.write(packet, to: output)
    }
}
