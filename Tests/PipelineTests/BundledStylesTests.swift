import Foundation
import NeuralNet
import Pipeline
import Stylization
import Tensors
import Testing

/// The learned styles that ship; nothing here depends on what the network has learned.
@Suite struct BundledStylesTests {
    @Test func everyStyleHasANameACreditAndStatistics() throws {
        let file = try BundledStyles.file()
        let learned = StyleCatalogue.entries.filter { $0.kind == .learned }
        #expect(
            learned.map(\.name) == [
                "starry-night", "great-wave", "the-scream", "composition-vii", "woman-with-a-hat",
                "san-giorgio-maggiore",
                "udnie", "shipwreck-of-the-minotaur", "bedroom-in-arles", "starry-night-over-the-rhone", "dance-foyer",
                "metzinger",
            ])
        #expect(learned.allSatisfy { $0.credit != nil && $0.credit?.text == $0.summary })
        #expect(learned[1].credit == StyleCredit("Katsushika Hokusai, The Great Wave off Kanagawa, about 1831"))
        #expect(Set(StyleCatalogue.entries.map(\.name)).count == StyleCatalogue.entries.count)
        let network = try StyleNetwork.load(file)
        #expect(network.styles.count == learned.count && network.layout.inputChannels == 7)
        let encoder = try PerceptualEncoder.slim()
        let targets = try learned.indices.map {
            try StyleTarget(file, style: $0, styles: learned.count, encoder: encoder)
        }
        for (index, target) in targets.enumerated() {
            #expect(target.distance(to: target) == 0)
            let nearest = targets.indices.min { target.distance(to: targets[$0]) < target.distance(to: targets[$1]) }
            #expect(nearest == index)
        }
    }

    /// What was learned for a run paints, whether or not a network was asked for; the optimiser does where it is.
    @Test(arguments: [(nil, true), (.network, true), (.optimize, false)] as [(PaintingEngine?, Bool)])
    func anImageThatWasLearnedIsPaintedByItsNetwork(engine: PaintingEngine?, expected: Bool) throws {
        var configuration = Configuration()
        (configuration.engine, configuration.learnedStyle) = (engine, "starry-night")
        let rows = ParallelRows(threads: 1)
        let style = try LoadedStyle(StyleMixture("swirl"), configuration, rows: rows)
        #expect(style.isNetwork == expected)
        #expect(style.isRecurrent == expected)
        configuration.learnedStyle = nil
        if engine == nil { #expect(try !LoadedStyle(StyleMixture("swirl"), configuration, rows: rows).isNetwork) }
    }

    @Test func theNetworkTakesLessThanTwoMebibytes() throws {
        let file = try BundledStyles.file()
        let bytes = try SafetensorsFile.bytes(
            tensors: Dictionary(uniqueKeysWithValues: file.names.map { ($0, try file.tensor(named: $0)) }),
            metadata: file.metadata, halves: true, exact: Set(file.names.filter { $0.hasPrefix("gram.") }))
        #expect(bytes.count < 2 << 20)
    }

    @Test(arguments: StyleCatalogue.entries.filter { $0.kind == .learned }.map(\.name))
    func everyStylePaintsFinitePictures(name: String) throws {
        let rows = ParallelRows(threads: 2)
        let style = try LoadedStyle(StyleMixture(name), Configuration(), rows: rows)
        #expect(style.isNetwork)
        let painter = try style.painter(
            StylizationConfiguration(), seed: 0, rows: rows, pool: TensorPool(), token: CancellationToken())
        var random = SplitMix64(seed: 7)
        let frame = PlanarImage(Tensor([3, 40, 52], (0..<3 * 40 * 52).map { _ in random.unit() }))
        let painted = try painter.paint(.init(image: frame, motion: nil))
        #expect(painted.tensor.shape == frame.tensor.shape)
        #expect(painted.tensor.values.allSatisfy { (0...1).contains($0) })
    }
}
