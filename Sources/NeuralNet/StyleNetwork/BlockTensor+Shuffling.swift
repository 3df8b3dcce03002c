import CKernels
import Tensors

extension BlockTensor {
    /// Writes `factor`×`factor` pixels of planes `[C, H, W]` as C · factor² channels of one pixel, from a block on: channel
    /// c · factor² + y · factor + x, as PyTorch's pixel_unshuffle; lanes beyond them are 0.
    ///
    /// The planes are continued by reflection, or by zeros, to the size that is held; rows are those of the result.
    mutating func unshuffle(
        _ planes: Tensor, by factor: Int, firstBlock: Int = 0, padding: Padding = .reflection, in workspace: Workspace
    ) {
        let width = planes.shape[2]
        let (lanes, columns, held) = (planes.shape[0] * factor * factor, self.width, rows)
        let blocksOfThis = Self.blockCount(lanes)
        precondition(
            firstBlock + blocksOfThis <= blockCount, "\(lanes) channels from block \(firstBlock) of \(blockCount)")
        precondition(factor == 2 || factor == 4, "\(factor)×\(factor) pixels")
        let blockStride = blockStride
        let columnTable = (0..<columns * factor).map { padding.index($0, width) ?? -1 }
        // Pixels that need no table.
        let plain = min(columns, width / factor)
        let kernel = bf_kernels_current().pointee.style.unshuffle
        blocks.withMutableFloats { target in
            nonisolated(unsafe) let target = target.baseAddress.map { $0 + firstBlock * blockStride }
            workspace.rows.run(rows: held.count, grain: Self.grain(width: columns)) { _, range in
                planes.withFloats { source in
                    guard let target, let source = source.baseAddress else { return }
                    for row in range {
                        for block in 0..<blocksOfThis {
                            let to = target + block * blockStride + row * columns * 16
                            let lines = ShuffledPlanes.lines(
                                of: block, row: held.lowerBound + row, factor: factor, shape: planes.shape,
                                padding: padding, in: source)
                            lines.withUnsafeBufferPointer { kernel?($0.baseAddress, CInt(factor), plain, to) }
                            for x in plain..<columns {
                                for lane in 0..<16 {
                                    let column = columnTable[x * factor + lane % factor]
                                    to[x * 16 + lane] = column < 0 ? 0 : lines[lane / factor]?[column] ?? 0
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The transpose of `unshuffle` with reflection, of all rows: adds every channel to the pixel of planes `[C, H, W]` that
    /// it would be read from. By one thread.
    func addUnshuffled(to planes: inout Tensor, by factor: Int) {
        let (height, width, area) = (planes.shape[1], planes.shape[2], factor * factor)
        precondition(
            channels == planes.shape[0] * area && rows == 0..<fullHeight, "\(channels) channels for \(planes.shape)")
        let columnTable = (0..<self.width * factor).map { Padding.reflection.index($0, width) ?? 0 }
        planes.withMutableFloats { planes in
            blocks.withFloats { blocks in
                for channel in 0..<channels {
                    let (plane, part) = (channel / area * height * width, channel % area)
                    let from = channel / 16 * blockStride + channel % 16
                    for y in 0..<fullHeight {
                        let row = Padding.reflection.index(y * factor + part / factor, height) ?? 0
                        let (to, line) = (plane + row * width, from + y * self.width * 16)
                        for x in 0..<self.width {
                            planes[to + columnTable[x * factor + part % factor]] += blocks[line + x * 16]
                        }
                    }
                }
            }
        }
    }

    /// Writes 12 channels of a pixel as 2×2 pixels of three planes `[3, H, W]`, 1 / (1 + e⁻ˣ) of them; those beyond the
    /// planes are left out.
    ///
    /// - Parameter finish: is given every line of the planes that was written, counted through all of them.
    func shuffle(
        into planes: inout Tensor, in workspace: Workspace,
        finish: @Sendable (_ line: UnsafeMutablePointer<Float>, _ number: Int) -> Void = { _, _ in }
    ) {
        let (height, width) = (planes.shape[1], planes.shape[2])
        let (held, columns) = (rows, self.width)
        precondition(channels == 12 && 2 * columns >= width, "\(channels) channels, \(columns) columns for \(width)")
        planes.withMutableFloats { target in
            nonisolated(unsafe) let target = target.baseAddress
            workspace.rows.run(rows: held.count, grain: Self.grain(width: columns)) { _, range in
                blocks.withFloats { source in
                    guard let target, let source = source.baseAddress else { return }
                    for row in range {
                        let numbers = (0..<6).map { line -> Int? in
                            let y = 2 * (held.lowerBound + row) + line % 2
                            return y < height ? line / 2 * height + y : nil
                        }
                        let lines = numbers.map { number in number.map { target + $0 * width } }
                        lines.withUnsafeBufferPointer {
                            bf_kernels_current().pointee.style.shuffle(
                                source + row * columns * 16, width, $0.baseAddress)
                        }
                        for (line, number) in zip(lines, numbers) {
                            if let line, let number { finish(line, number) }
                        }
                    }
                }
            }
        }
    }

    /// Room for another activation of the same extents.
    func like(in workspace: Workspace) -> BlockTensor {
        BlockTensor(channels: channels, rows: rows, fullHeight: fullHeight, width: width, pool: workspace.pool)
    }
}

extension ChannelReading {
    /// The same for the channels it has, and for those behind them what is there, for at least 0.
    func continued(to channels: Int) -> ChannelReading {
        let rest = BlockTensor.blockCount(channels) * 16 - scales.count
        return ChannelReading(
            scales: scales + [Float](repeating: 1, count: rest), offsets: offsets + [Float](repeating: 0, count: rest),
            rectified: rectified)
    }
}
