/// A chunk's file: packets as the encoder gave them, before any container, so that joining chunks gives the same bytes
/// as writing them at once.
///
/// Little-endian throughout. `magic`, the parameter sets (UInt32 length, bytes), then records, each beginning with its
/// kind: a frame (pts Int64, duration Int64 or -1, ticks of the video's time base) before the packets that came out when it
/// was encoded; a packet (its frame's number in the chunk UInt32, libav's flags UInt32, UInt32 length, bytes); the end
/// (frames UInt32).
enum ChunkFormat {
    static let magic = Array("BFchunk1".utf8)

    enum Record: UInt8 {
        case frame = 0x66
        case packet = 0x70
        case end = 0x65
    }

    /// A packet that says it is larger is damage.
    static let greatestPacket = 1 << 30
}
