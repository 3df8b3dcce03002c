import CFFmpeg
import Tensors

/// Turns decoded frames into float pictures and float pictures into frames to encode.
///
/// Planar samples of 8 to 16 bits are read and written by Brushflow's own kernels; every other pixel format is
/// repacked by swscale into one of those first. Chroma is interpolated linearly at its tagged siting. The same bits
/// for any number of threads.
package final class FrameConverter {
    private var scaler: ScalerHandle?

    /// Makes a converter.
    package init() {}

    /// The picture of a decoded frame: `[3, H, W]`, R G B, 0…1, display-referred. Alpha is dropped.
    ///
    /// - Throws: `.content` where the frame's pixel format or colour matrix is one that Brushflow cannot read.
    package func image(
        from frame: VideoFrame, rows: ParallelRows, pool: TensorPool? = nil
    ) throws -> PlanarImage {
        let (planar, layout) = try planar(frame.handle)
        let matrix = layout.isRGB || layout.planes.count == 1 ? [] : try Self.matrix(frame.color).toRGB
        let unpacking = FrameUnpacking(
            layout: layout, color: frame.color, siting: ChromaSiting(frame.handle.pointer.pointee.chroma_location),
            matrix: matrix, width: frame.width, height: frame.height, planes: try Self.planes(of: planar, layout))
        var tensor = Tensor(uninitialized: [3, frame.height, frame.width], pool: pool)
        tensor.withMutableFloats { floats in
            guard let base = floats.baseAddress else { return }
            unpacking.run(into: FloatPlanes(base: base, width: frame.width, height: frame.height), rows: rows)
        }
        withExtendedLifetime((frame, planar)) {}
        return PlanarImage(tensor)
    }

    /// Fills a writable Y'CbCr frame, of the picture's size or smaller, with the samples of a picture; values are
    /// rounded to nearest. `color` is resolved.
    func fill(_ frame: FrameHandle, from image: PlanarImage, color: ColorDescription, rows: ParallelRows) throws {
        let (width, height) = (Int(frame.pointer.pointee.width), Int(frame.pointer.pointee.height))
        precondition(
            width <= image.width && height <= image.height,
            "a frame of \(width)×\(height) cannot be filled from a picture of \(image.width)×\(image.height)")
        guard let layout = PlanarLayout(AVPixelFormat(frame.pointer.pointee.format)), layout.planes.count == 3 else {
            preconditionFailure("frames to encode are planar, not of format \(frame.pointer.pointee.format)")
        }
        let packing = FramePacking(
            layout: layout, color: color, matrix: try Self.matrix(color).fromRGB, width: width, height: height,
            planes: try Self.planes(of: frame, layout))
        image.tensor.withFloats { floats in
            guard let base = floats.baseAddress else { return }
            let source = FloatPlanes(
                base: UnsafeMutablePointer(mutating: base), width: image.width, height: image.height)
            packing.run(from: source, rows: rows)
        }
        withExtendedLifetime(frame) {}
    }

    private static func matrix(_ color: ColorDescription) throws -> ColorMatrix {
        if let matrix = ColorMatrix(code: color.matrix) { return matrix }
        let name = av_color_space_name(AVColorSpace(UInt32(bitPattern: color.matrix))).map { String(cString: $0) }
        throw BrushflowError(
            .content,
            "the frames' colour matrix is \(name ?? "number \(color.matrix)"), which Brushflow cannot convert; "
                + "convert the clip to BT.709 first, for instance with ffmpeg -vf scale=out_color_matrix=bt709")
    }

    private static func planes(of frame: FrameHandle, _ layout: PlanarLayout) throws -> [SamplePlane] {
        let value = frame.pointer.pointee
        let data = [value.data.0, value.data.1, value.data.2, value.data.3]
        let strides = [value.linesize.0, value.linesize.1, value.linesize.2, value.linesize.3]
        return try layout.planes.map { plane in
            guard let base = data[plane] else {
                throw BrushflowError(.internal, "a frame of format \(value.format) has no plane \(plane)")
            }
            return SamplePlane(base: base, stride: Int(strides[plane]))
        }
    }

    /// The frame itself where its samples can be read as they are, else a repacked copy.
    private func planar(_ frame: FrameHandle) throws -> (FrameHandle, PlanarLayout) {
        let format = AVPixelFormat(frame.pointer.pointee.format)
        if let layout = PlanarLayout(format) { return (frame, layout) }
        let name = av_get_pix_fmt_name(format).map { String(cString: $0) } ?? "number \(format.rawValue)"
        guard let target = PlanarLayout.repacked(format), let layout = PlanarLayout(target),
            let scaler = scaler(for: frame, to: target)
        else {
            throw BrushflowError(
                .content,
                "the frames' pixel format is \(name), which Brushflow cannot convert; convert the clip first, "
                    + "for instance with ffmpeg -pix_fmt yuv444p")
        }
        let copy = try FrameHandle()
        copy.pointer.pointee.width = scaler.width
        copy.pointer.pointee.height = scaler.height
        copy.pointer.pointee.format = target.rawValue
        guard av_frame_get_buffer(copy.pointer, 0) >= 0 else { throw LibavError.outOfMemory("av_frame_get_buffer") }
        let code = sws_scale_frame(scaler.pointer, copy.pointer, frame.pointer)
        guard code >= 0 else {
            throw LibavError.failure(
                .content, "cannot convert a frame of pixel format \(name)", function: "sws_scale_frame", code: code)
        }
        return (copy, layout)
    }

    private func scaler(for frame: FrameHandle, to target: AVPixelFormat) -> ScalerHandle? {
        let (width, height) = (frame.pointer.pointee.width, frame.pointer.pointee.height)
        let source = AVPixelFormat(frame.pointer.pointee.format)
        if let scaler, scaler.width == width, scaler.height == height, scaler.source == source {
            return scaler
        }
        scaler = ScalerHandle(width: width, height: height, source: source, target: target)
        return scaler
    }
}
