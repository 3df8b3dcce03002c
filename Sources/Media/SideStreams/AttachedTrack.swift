import CFFmpeg
import Tensors

/// Cover art or an attached file: one block of bytes beside the tracks, written at the start.
final class AttachedTrack: SideTrack {
    let sourceIndex: Int
    let isSparse = true
    let note: String? = nil
    private let source: UnsafeMutablePointer<AVStream>
    private let writer = TrackWriter()
    private var coverIsDue = false

    init(source: UnsafeMutablePointer<AVStream>) {
        sourceIndex = Int(source.pointee.index)
        self.source = source
    }

    func declare(in output: OutputFormatHandle) throws {
        let stream = try output.addStream()
        guard avcodec_parameters_copy(stream.pointee.codecpar, source.pointee.codecpar) >= 0 else {
            throw LibavError.outOfMemory("avcodec_parameters_copy")
        }
        stream.pointee.codecpar.pointee.codec_tag = 0
        try SideTags.copyStream(from: source, to: stream, container: output.container)
        guard source.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0 else { return }
        if output.container == .mkv {
            try makeAttachment(stream)
        } else {
            stream.pointee.disposition = AV_DISPOSITION_ATTACHED_PIC
            stream.pointee.time_base = AVRational(num: 1, den: 90_000)
            writer.attach(stream)
            coverIsDue = true
        }
    }

    func take(_ packet: PacketHandle, clock: SideClock, to output: OutputFormatHandle) throws {}

    /// Writes the cover as its stream's only packet; before any other packet.
    func writeCover(to output: OutputFormatHandle) throws {
        guard coverIsDue else { return }
        coverIsDue = false
        let packet = try PacketHandle()
        guard av_packet_ref(packet.pointer, &source.pointee.attached_pic) >= 0 else {
            throw LibavError.outOfMemory("av_packet_ref")
        }
        packet.pointer.pointee.pts = 0
        packet.pointer.pointee.dts = 0
        packet.pointer.pointee.duration = 0
        try writer.write(packet, to: output)
    }

    func finish(clock: SideClock, to output: OutputFormatHandle) throws { try writeCover(to: output) }

    /// Matroska holds a cover as an attached file.
    private func makeAttachment(_ stream: UnsafeMutablePointer<AVStream>) throws {
        let picture = source.pointee.attached_pic
        let size = Int(picture.size)
        guard let bytes = picture.data, size > 0 else { return }
        let padding = Int(AV_INPUT_BUFFER_PADDING_SIZE)
        guard let copy = av_mallocz(size + padding) else { throw LibavError.outOfMemory("av_mallocz") }
        copy.copyMemory(from: bytes, byteCount: size)
        let parameters: UnsafeMutablePointer<AVCodecParameters> = stream.pointee.codecpar
        av_freep(&parameters.pointee.extradata)
        parameters.pointee.extradata = copy.bindMemory(to: UInt8.self, capacity: size + padding)
        parameters.pointee.extradata_size = picture.size
        parameters.pointee.codec_type = AVMEDIA_TYPE_ATTACHMENT
        let (mime, suffix) =
            switch parameters.pointee.codec_id {
            case AV_CODEC_ID_PNG: ("image/png", "png")
            case AV_CODEC_ID_BMP: ("image/bmp", "bmp")
            case AV_CODEC_ID_GIF: ("image/gif", "gif")
            case AV_CODEC_ID_WEBP: ("image/webp", "webp")
            case AV_CODEC_ID_TIFF: ("image/tiff", "tiff")
            default: ("image/jpeg", "jpg")
            }
        for (key, value) in [("mimetype", mime), ("filename", "cover.\(suffix)")]
        where SideTags.value(key, in: stream.pointee.metadata).isEmpty {
            av_dict_set(&stream.pointee.metadata, key, value, 0)
        }
        stream.pointee.disposition = 0
    }
}
