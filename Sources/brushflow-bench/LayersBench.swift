import ArgumentParser
import CKernels
import Foundation
import NeuralNet
import Tensors

/// Times convolution layers against what the micro-kernel does at its best.
struct LayersBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "layers",
        abstract: "Times the layers of the style networks and encoders, each against its own limit.",
        discussion: """
            Prints wall and processor milliseconds (medians), effective GFLOP/s a core (multiply-adds of the direct \
            convolution, counted twice), and the share of the limit: the time that the products really made would take \
            at the micro-kernel's speed within the first-level cache.
            """
    )

    @Option(help: "One 3×3 layer CINxCOUTxWIDTHxHEIGHT; without one, all layers.") var layer: String?
    @Option(help: "Threads.") var threads = 2
    @Option(help: "Timed runs, after two that are not.") var runs = 9

    /// A layer to time; `products`: multiply-adds really made for one of the direct convolution.
    private struct Entry {
        let name: String
        let inputs: Int
        let outputs: Int
        let width: Int
        let height: Int
        let side: Int
        let stride: Int
        let products: Double
    }

    private static let entries = [
        Entry(name: "9×9 3→32", inputs: 3, outputs: 32, width: 640, height: 360, side: 9, stride: 1, products: 1),
        Entry(name: "9×9 3→16", inputs: 3, outputs: 16, width: 640, height: 360, side: 9, stride: 1, products: 1),
        Entry(name: "3×3 s2 32→64", inputs: 32, outputs: 64, width: 640, height: 360, side: 3, stride: 2, products: 1),
        Entry(
            name: "3×3 s2 64→128", inputs: 64, outputs: 128, width: 320, height: 180, side: 3, stride: 2, products: 1),
        Entry(
            name: "3×3 128→128", inputs: 128, outputs: 128, width: 160, height: 90, side: 3, stride: 1, products: 0.25),
        Entry(name: "3×3 64→64", inputs: 64, outputs: 64, width: 160, height: 90, side: 3, stride: 1, products: 0.25),
        Entry(name: "3×3 64→32", inputs: 64, outputs: 32, width: 640, height: 360, side: 3, stride: 1, products: 0.25),
        Entry(name: "3×3 32→16", inputs: 32, outputs: 16, width: 640, height: 360, side: 3, stride: 1, products: 0.25),
        Entry(
            name: "3×3 256→256", inputs: 256, outputs: 256, width: 160, height: 90, side: 3, stride: 1, products: 0.25),
        Entry(
            name: "3×3 512→512", inputs: 512, outputs: 512, width: 80, height: 45, side: 3, stride: 1, products: 0.25),
        Entry(name: "1×1 64→64", inputs: 64, outputs: 64, width: 320, height: 180, side: 1, stride: 1, products: 1),
    ]

    func run() throws {
        let workspace = Workspace(rows: ParallelRows(threads: threads), pool: TensorPool(capacity: 1 << 30))
        if let layer {
            let numbers = layer.split(separator: "x").compactMap { Int($0) }
            guard numbers.count == 4, numbers.allSatisfy({ $0 > 0 }) else {
                throw ValidationError("--layer is \(layer), expected CINxCOUTxWIDTHxHEIGHT")
            }
            let entry = Entry(
                name: layer, inputs: numbers[0], outputs: numbers[1], width: numbers[2], height: numbers[3], side: 3,
                stride: 1, products: 0.25)
            let time = time(entry, in: workspace)
            print(time.wall, time.processor)
            return
        }
        let limit = Self.limit()
        print("micro-kernel within the first-level cache: \(Int(limit)) GFLOP/s a core")
        for entry in Self.entries {
            let time = time(entry, in: workspace)
            let pixels = (entry.width / entry.stride) * (entry.height / entry.stride)
            let work = Double(2 * entry.inputs * entry.outputs * entry.side * entry.side * pixels) * 1e-6
            let columns = [
                entry.name, "\(entry.width)×\(entry.height)", String(format: "%.2f ms wall", time.wall),
                String(format: "%.2f ms cpu", time.processor), "\(Int(work / time.processor)) GFLOP/s a core",
                "\(Int(100 * work * entry.products / time.processor / limit)) % of the limit",
            ]
            print(columns.joined(separator: "\t"))
        }
    }

    private func time(_ entry: Entry, in workspace: Workspace) -> (wall: Double, processor: Double) {
        func values(_ shape: Shape) -> Tensor {
            Tensor(shape, (0..<shape.count).map { Float($0 * 7919 % 1009) / 1009 - 0.5 })
        }
        let convolution = Convolution(
            weight: values([entry.outputs, entry.inputs, entry.side, entry.side]), bias: values([entry.outputs]),
            stride: .init(entry.stride), pads: .init(entry.side / 2))
        let planes = values([entry.inputs, entry.height, entry.width])
        let blocks = BlockTensor(planar: planes, in: workspace)
        var walls: [Double] = []
        var processors: [Double] = []
        for run in 0..<runs + 2 {
            let before = clock()
            let elapsed = ContinuousClock().measure {
                _ =
                    entry.inputs < 16
                    ? convolution.blocks(planes, in: workspace) : convolution.forward(blocks, in: workspace)
            }
            if run < 2 { continue }
            processors.append(Double(clock() - before) * 1e3 / Double(CLOCKS_PER_SEC))
            walls.append(Double(elapsed.components.seconds) * 1e3 + Double(elapsed.components.attoseconds) * 1e-15)
        }
        return (walls.sorted()[runs / 2], processors.sorted()[runs / 2])
    }

    /// GFLOP/s of the micro-kernel on operands that stay in the first-level cache.
    private static func limit() -> Double {
        let (source, filters) = ([Float](repeating: 1, count: 28 * 64), [Float](repeating: 1, count: 64 * 32))
        var destination = [Float](repeating: 0, count: 28 * 32)
        var best = 0.0
        for _ in 0..<20 {
            let before = clock()
            for _ in 0..<2000 {
                source.withUnsafeBufferPointer { source in
                    let segments = (0..<4).map { block in source.baseAddress.map { $0 + block * 28 * 16 } }
                    destination.withUnsafeMutableBufferPointer {
                        bf_kernels_current().pointee.blocks.product(
                            segments, 4, 16, 16, filters, 64 * 16, nil, $0.baseAddress, 28 * 16, 2, 28)
                    }
                }
            }
            let seconds = Double(clock() - before) / Double(CLOCKS_PER_SEC)
            best = max(best, 2000 * 2 * 28 * 64 * 32 / seconds * 1e-9)
        }
        return best
    }
}
