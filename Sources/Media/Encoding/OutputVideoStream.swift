import CFFmpeg
import Foundation
import Tensors

/// Declares the video stream of an output.
enum OutputVideoStream {
    /// Adds stream 0: the encoder's parameters, the size's meaning, the rotation and the source's tags.
    static func add(
        to output: OutputFormatHandle, encoder: VideoEncoder, description: OutputVideoDescription, metadataFrom: String?
    ) throws -> UnsafeMutablePointer<AVStream> {
        let stream = try output.addStream()
        guard avcodec_parameters_from_context(stream.pointee.codecpar, encoder.context.pointer) >= 0 else {
            throw LibavError.outOfMemory("avcodec_parameters_from_context")
        }
        stream.pointee.time_base = description.timeBase.libav
        if let rate = description.frameRate, rate.isPositive { stream.pointee.avg_frame_rate = rate.libav }
        stream.pointee.sample_aspect_ratio = description.sampleAspectRatio.libav
        if output.container.isQuickTimeFamily, encoder.context.pointer.pointee.codec_id == AV_CODEC_ID_HEVC {
            // Parameter sets are stored apart from the packets, which QuickTime's players ask for by this name.
            stream.pointee.codecpar.pointee.codec_tag = 0x3163_7668  // 'hvc1', least significant byte first
        }
        if let matrix = description.displayMatrix { try setDisplayMatrix(matrix, of: stream) }
        return stream
    }

    private static func setDisplayMatrix(_ matrix: [Int32], of stream: UnsafeMutablePointer<AVStream>) throws {
        let size = 9 * MemoryLayout<Int32>.size
        guard let data = av_stream_new_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, size) else {
            throw LibavError.outOfMemory("av_stream_new_side_data")
        }
        matrix.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            memcpy(data, base, min(size, bytes.count))
        }
    }
}
