import CFFmpeg
import Tensors

/// Turns a decoded picture of any of the image decoders' pixel formats into planes of Float32.
enum ImagePixels {
    /// The stored picture, not yet turned upright.
    static func planar(_ frame: FrameHandle, path: String) throws -> PlanarImage {
        let format = AVPixelFormat(rawValue: frame.pointer.pointee.format)
        guard let description = av_pix_fmt_desc_get(format) else {
            throw BrushflowError(.content, "\(path): has an unknown pixel format")
        }
        let flags = Int32(truncatingIfNeeded: description.pointee.flags)
        let isPalette = flags & AV_PIX_FMT_FLAG_PAL != 0
        let isColour = description.pointee.nb_components > 2
        if isColour, flags & AV_PIX_FMT_FLAG_RGB == 0, !isPalette {
            return try fromLuma(frame, description, path: path)
        }
        return fromComponents(frame, description, isPalette: isPalette)
    }

    /// RGB, grey or palette, each with or without alpha, of 1 to 16 bits: read exactly, value / maximum.
    private static func fromComponents(
        _ frame: FrameHandle, _ description: UnsafePointer<AVPixFmtDescriptor>, isPalette: Bool
    ) -> PlanarImage {
        let f = frame.pointer
        let (width, height) = (Int(f.pointee.width), Int(f.pointee.height))
        let components = isPalette ? 4 : Int(description.pointee.nb_components)
        let hasAlpha = isPalette || components == 2 || components == 4
        let depth = isPalette ? 8 : description.pointee.comp.0.depth
        // Black-is-one bitmaps say so by their name alone.
        let inverts = f.pointee.format == AV_PIX_FMT_MONOWHITE.rawValue
        let maximum = Float((1 << depth) - 1)
        var tensor = Tensor(uninitialized: [3, height, width])
        var line = [UInt16](repeating: 0, count: width)
        var alpha = [Float](repeating: 1, count: width)
        var planes = frame.planes
        let strides = frame.strides
        func readLine(_ component: Int, _ y: Int) {
            planes.withUnsafeMutableBufferPointer { pointers in
                av_read_image_line2(
                    &line, pointers.baseAddress, strides, description, 0, Int32(y), Int32(component), Int32(width),
                    isPalette ? 1 : 0, 2)
            }
        }
        tensor.withMutableFloats { out in
            for y in 0..<height {
                if hasAlpha {
                    readLine(components - 1, y)
                    for x in 0..<width { alpha[x] = Float(line[x]) / maximum }
                }
                for plane in 0..<3 {
                    if plane == 0 || components > 2 { readLine(components > 2 ? plane : 0, y) }
                    let row = (plane * height + y) * width
                    for x in 0..<width {
                        let value = Float(line[x]) / maximum
                        let seen = inverts ? 1 - value : value
                        out[row + x] = hasAlpha ? seen * alpha[x] + (1 - alpha[x]) : seen
                    }
                }
            }
        }
        return PlanarImage(tensor)
    }

    /// Luma and chroma (JPEG, lossy WebP, some TIFFs): BT.601, chroma interpolated, alpha laid over white.
    private static func fromLuma(
        _ frame: FrameHandle, _ description: UnsafePointer<AVPixFmtDescriptor>, path: String
    ) throws -> PlanarImage {
        let f = frame.pointer
        let (width, height) = (Int(f.pointee.width), Int(f.pointee.height))
        let flags = SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BILINEAR | SWS_BITEXACT
        let source = AVPixelFormat(rawValue: f.pointee.format)
        guard
            let scaler = sws_getContext(
                f.pointee.width, f.pointee.height, source, f.pointee.width, f.pointee.height, AV_PIX_FMT_GBRAPF32LE,
                flags, nil, nil, nil)
        else { throw BrushflowError(.content, "\(path): its pixel format cannot be converted") }
        defer { sws_freeContext(scaler) }
        let name = description.pointee.name.map { String(cString: $0) } ?? ""
        let isFull = f.pointee.color_range == AVCOL_RANGE_JPEG || name.hasPrefix("yuvj")
        let table = sws_getCoefficients(SWS_CS_ITU601)
        sws_setColorspaceDetails(scaler, table, isFull ? 1 : 0, table, 1, 0, 1 << 16, 1 << 16)
        let count = width * height
        // Green, blue, red, alpha, as libav orders planes.
        var light = Tensor(uninitialized: [4, height, width])
        var tensor = Tensor(uninitialized: [3, height, width])
        let rows = light.withMutableFloats { floats -> Int32 in
            let bytes = UnsafeMutableRawBufferPointer(floats).bindMemory(to: UInt8.self).baseAddress
            var targets: [UnsafeMutablePointer<UInt8>?] = []
            for plane in 0..<4 { targets.append(bytes.map { $0 + plane * count * 4 }) }
            let targetStrides = [Int32](repeating: Int32(width * 4), count: 4)
            return sws_scale(scaler, frame.planes, frame.strides, 0, f.pointee.height, &targets, targetStrides)
        }
        guard rows == f.pointee.height else { throw BrushflowError(.content, "\(path): cannot convert its pixels") }
        let hasAlpha = Int32(truncatingIfNeeded: description.pointee.flags) & AV_PIX_FMT_FLAG_ALPHA != 0
        light.withFloats { from in
            tensor.withMutableFloats { out in
                for (plane, source) in [2, 0, 1].enumerated() {
                    for i in 0..<count {
                        let value = min(max(from[source * count + i], 0), 1)
                        let alpha = hasAlpha ? from[3 * count + i] : 1
                        out[plane * count + i] = value * alpha + (1 - alpha)
                    }
                }
            }
        }
        return PlanarImage(tensor)
    }
}

extension FrameHandle {
    /// The four first planes.
    var planes: [UnsafePointer<UInt8>?] {
        let data = pointer.pointee.data
        return [data.0, data.1, data.2, data.3].map { plane in plane.map { UnsafePointer($0) } }
    }

    /// Their bytes from row to row.
    var strides: [Int32] {
        let lines = pointer.pointee.linesize
        return [lines.0, lines.1, lines.2, lines.3]
    }
}
