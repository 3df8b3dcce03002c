import CKernels
import Tensors

/// A rectangle of what a convolution reads, padding, enlargement and normalisation done, copied so that the
/// micro-kernel never meets a border: `[input blocks][rows][columns][lanes]`.
///
/// `@unchecked Sendable`: it lives within the closure that lends its memory.
struct StagedPatch: @unchecked Sendable {
    /// Channels side by side: 16, or those of a picture of fewer.
    let lanes: Int
    let blockCount: Int
    let rows: Int
    let columns: Int
    let floats: UnsafeMutablePointer<Float>

    /// Where a row of a block begins.
    func row(_ row: Int, block: Int) -> UnsafeMutablePointer<Float> {
        floats + (block * rows + row) * columns * lanes
    }

    /// Copies pixels of an activation; rowTable and columnTable name the held row and the column of every staged one,
    /// −1 for zeros; `firstBlock`: the activation's block that becomes the patch's first.
    func stage(
        _ input: BlockTensor, firstBlock: Int = 0, reading: ChannelReading?, rowTable: ArraySlice<Int32>,
        columnTable: ArraySlice<Int32>
    ) {
        guard let normalize = bf_kernels_current().pointee.blocks.normalize else { return }
        let runs = Self.runs(columnTable)
        input.blocks.withFloats { source in
            guard let source = source.baseAddress else { return }
            for block in 0..<blockCount {
                for (index, held) in rowTable.enumerated() {
                    let target = row(index, block: block)
                    guard held >= 0 else {
                        target.update(repeating: 0, count: columns * 16)
                        continue
                    }
                    let pixels = source + (firstBlock + block) * input.blockStride + Int(held) * input.width * 16
                    for run in runs {
                        let to = target + run.at * 16
                        guard run.from >= 0 else {
                            to.update(repeating: 0, count: run.count * 16)
                            continue
                        }
                        let from = pixels + run.from * 16
                        guard let reading else {
                            to.update(from: from, count: run.count * 16)
                            continue
                        }
                        reading.scales.withUnsafeBufferPointer { scales in
                            reading.offsets.withUnsafeBufferPointer { offsets in
                                normalize(
                                    from, scales.baseAddress.map { $0 + (firstBlock + block) * 16 },
                                    offsets.baseAddress.map { $0 + (firstBlock + block) * 16 },
                                    reading.rectified ? 1 : 0, nil, to,
                                    run.count)
                            }
                        }
                    }
                }
            }
        }
    }

    /// Copies pixels of planes `[lanes, H, W]`.
    func stage(planes: Tensor, rowTable: ArraySlice<Int32>, columnTable: ArraySlice<Int32>) {
        let (height, width) = (planes.shape[1], planes.shape[2])
        let runs = Self.runs(columnTable)
        planes.withFloats { source in
            guard let source = source.baseAddress else { return }
            for (index, held) in rowTable.enumerated() {
                let target = row(index, block: 0)
                for lane in 0..<lanes {
                    let from = source + (lane * height + Int(max(held, 0))) * width
                    for run in runs {
                        let to = target + run.at * lanes + lane
                        if held < 0 || run.from < 0 {
                            for x in 0..<run.count { to[x * lanes] = 0 }
                        } else {
                            let from = from + run.from
                            for x in 0..<run.count { to[x * lanes] = from[x] }
                        }
                    }
                }
            }
        }
    }

    /// A stretch of columns that lie side by side in the source, or of zeros (`from` −1).
    private struct Run {
        var at: Int
        var from: Int
        var count: Int
    }

    private static func runs(_ table: ArraySlice<Int32>) -> [Run] {
        var runs: [Run] = []
        for (at, column) in table.enumerated() {
            if let last = runs.last, column < 0 ? last.from < 0 : last.from >= 0 && last.from + last.count == column {
                runs[runs.count - 1].count += 1
            } else {
                runs.append(Run(at: at, from: Int(column), count: 1))
            }
        }
        return runs
    }
}
