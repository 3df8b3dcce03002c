import ArgumentParser
import Foundation
import NeuralNet
import Tensors

/// Times forms of the style network with seeded weights, taken in turns.
struct FormsBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forms", abstract: "Times forms of the style network; prints medians of wall and processor time.")

    @Option(help: "Columns of the frame.") var width = 640
    @Option(help: "Rows of the frame.") var height = 360
    @Option(help: "Timed frames, after two that are not.") var runs = 9
    @Option(help: "Threads.") var threads = 2
    @Argument(help: "Forms: johnson:16,32,64:5 or shuffle:32,64:4.") var forms: [String]

    func run() throws {
        let workspace = Workspace(rows: ParallelRows(threads: threads), pool: TensorPool(capacity: 1 << 30))
        let networks = forms.map { word -> StyleNetwork in
            let parts = word.split(separator: ":").map(String.init)
            let layout = StyleNetworkLayout(
                form: .init(rawValue: parts[0]) ?? .johnson, inputChannels: 7,
                widths: parts[1].split(separator: ",").compactMap { Int($0) }, residualBlocks: Int(parts[2]) ?? 5)
            guard layout.form == .shuffle else { return StyleNetwork(seeded: layout) }
            return StyleNetwork(StyleNetworkParameters(seeded: layout, names: ["x"]))
        }
        let shape: Shape = [7, height, width]
        let frame = Tensor(shape, (0..<shape.count).map { Float($0 * 7919 % 1009) / 1009 })
        var times = networks.map { _ in [(wall: Double, processor: Double)]() }
        for run in 0..<runs + 2 {
            for (index, network) in networks.enumerated() {
                let before = clock()
                let elapsed = ContinuousClock().measure {
                    _ = network.paint(frame, style: network.styles[0], in: workspace)
                }
                if run < 2 { continue }
                times[index].append(
                    (
                        Double(elapsed.components.seconds) * 1e3 + Double(elapsed.components.attoseconds) * 1e-15,
                        Double(clock() - before) * 1e3 / Double(CLOCKS_PER_SEC)
                    ))
            }
        }
        for (word, times) in zip(forms, times) {
            let network = networks[forms.firstIndex(of: word) ?? 0]
            print(
                word,
                String(
                    format: "%.1f ms wall, %.1f ms processor, %.2f GMAC", times.map(\.wall).sorted()[runs / 2],
                    times.map(\.processor).sorted()[runs / 2],
                    network.layout.multiplyAdds(height: height, width: width) / 1e9))
        }
    }
}
