import CFFmpeg

/// Owns one `AVPacket`.
final class PacketHandle {
    let pointer: UnsafeMutablePointer<AVPacket>

    /// Allocates an empty packet.
    init() throws {
        guard let packet = av_packet_alloc() else { throw LibavError.outOfMemory("av_packet_alloc") }
        pointer = packet
        HandleCensus.born()
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = pointer
        av_packet_free(&packet)
        HandleCensus.died()
    }
}
