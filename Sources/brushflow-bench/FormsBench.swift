import ArgumentParser
import Foundation
import NeuralNet
import Tensors

/// Times forms of the style network with seeded weights, taken in turns.
struct FormsBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forms",
        abstract: "Times forms of the style network in turns; prints medians of wall and of processor time.",
        discussion: """
            A form is its name, widths, residual blocks and, where not float, precision: johnson:16,32,64:5, shuffle:32,48:4 or \
            shuffle:32,48:4:auto.
            """
    )

    @Option(help: "Columns of the frame.") var width = 640
    @Option(help: "Rows of the frame.") var height = 360
    @Option(help: "Timed frames, after two that are not.") var runs = 9
    @Option(help: "Threads.") var threads = 2
    @Argument(help: "Forms.") var forms: [String] = ["johnson:16,32,64:5", "shuffle:32,48:4"]

    func run() throws {
        let workspace = Workspace(rows: ParallelRows(threads: threads), pool: TensorPool(capacity: 1 << 30))
        let networks = try forms.map(Self.seeded)
        let shape: Shape = [7, height, width]
        let frame = Tensor(shape, (0..<shape.count).map { Float($0 * 7919 % 1009) / 1009 })
        var walls = networks.map { _ in [Double]() }
        var processors = walls
        for run in 0..<runs + 2 {
            for (index, network) in networks.enumerated() {
                let before = clock()
                let elapsed = ContinuousClock().measure {
                    _ = network.paint(frame, style: network.styles[0], in: workspace)
                }
                guard run >= 2 else { continue }
                let (seconds, attoseconds) = elapsed.components
                walls[index].append(Double(seconds) * 1e3 + Double(attoseconds) * 1e-15)
                processors[index].append(Double(clock() - before) * 1e3 / Double(CLOCKS_PER_SEC))
            }
        }
        for (index, network) in networks.enumerated() {
            let work = network.layout.multiplyAdds(height: height, width: width) / 1e9
            print(
                forms[index],
                String(
                    format: "%.1f ms wall, %.1f ms processor, %.2f GMAC", walls[index].sorted()[runs / 2],
                    processors[index].sorted()[runs / 2], work))
        }
    }

    private static func seeded(_ word: String) throws -> StyleNetwork {
        let parts = word.split(separator: ":").map(String.init)
        guard 3...4 ~= parts.count, let form = StyleNetworkLayout.Form(rawValue: parts[0]), let blocks = Int(parts[2]),
            let precision = NetworkPrecision(rawValue: parts.count == 4 ? parts[3] : "float")
        else {
            throw ValidationError("'\(word)' is no form like shuffle:32,48:4")
        }
        let widths = parts[1].split(separator: ",").compactMap { Int($0) }
        guard widths.count == (form == .johnson ? 3 : 2), widths.allSatisfy({ $0 > 0 && $0 % 16 == 0 }) else {
            throw ValidationError("'\(word)': widths are multiples of 16, three of johnson and two of shuffle")
        }
        let layout = StyleNetworkLayout(form: form, inputChannels: 7, widths: widths, residualBlocks: blocks)
        guard form == .shuffle else { return StyleNetwork(seeded: layout) }
        return StyleNetwork(StyleNetworkParameters(seeded: layout, names: ["seeded"]), precision: precision)
    }
}
