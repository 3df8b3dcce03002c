import Foundation
import NeuralNet
import Pipeline
import Stylization
import Tensors
import Testing

@Suite struct StyleMixtureTests {
    @Test func argumentsAreStylesWithWeights() throws {
        let two = try StyleMixture(arguments: ["starry-night:0.7", "a/b:c/d.png:3"])
        #expect(two.parts.map(\.style) == ["starry-night", "a/b:c/d.png"])
        #expect(two.parts.map(\.weight) == [0.7, 3])
        #expect(two.description == "starry-night:0.7 a/b:c/d.png:3")
        let one = try StyleMixture(arguments: ["odd:name/x.png"])
        #expect(one.single == "odd:name/x.png" && one.parts[0].weight == 1)
    }

    @Test(arguments: ["x:", "x:-1", "x:nan", "x:inf", "x:1e7", "x:half"]) func badWeightsAreSaid(argument: String) {
        #expect(
            throws: BrushflowError(
                .usage,
                "--style \(argument): after the colon stands the style's weight, a number from 0 to 1000000, such as x:0.5"
            )
        ) { try StyleMixture(arguments: ["swirl", argument]) }
    }

    @Test func somethingHasToHaveAWeight() {
        #expect(throws: BrushflowError(.usage, "--style: the weights of all styles are 0; give one of them more")) {
            try StyleMixture(arguments: ["udnie:0", "metzinger:0"])
        }
    }

    private func vector(_ words: [String], _ blend: StyleBlend = .linear) throws -> StyleVector {
        var configuration = Configuration()
        configuration.network.blend = blend
        let style = try LoadedStyle(
            StyleMixture(arguments: words), configuration, rows: ParallelRows(threads: 1))
        guard case .network(.style(_, let vector)) = style else { throw BrushflowError(.internal, "no network") }
        return vector
    }

    /// A style with itself is itself, bit for bit; weights are normalised; an end of a blend is a style.
    @Test(arguments: StyleBlend.allCases) func blendsMeetTheirEnds(blend: StyleBlend) throws {
        let (wave, night) = (try vector(["great-wave"]), try vector(["starry-night"]))
        #expect(try vector(["great-wave:0.7", "great-wave:0.3"], blend) == wave)
        #expect(try vector(["great-wave:0.2", "starry-night:0"], blend) == wave)
        #expect(try vector(["great-wave:0", "starry-night:5"], blend) == night)
        #expect(
            try vector(["great-wave:1", "starry-night:3"], blend) == vector(["great-wave:2", "starry-night:6"], blend))
        let distances = try [0.2, 0.4, 0.6, 0.8].map { share in
            let mixed = try vector(["great-wave:\(1 - share)", "starry-night:\(share)"], blend)
            return zip(mixed.gains.joined(), wave.gains.joined()).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        #expect(distances == distances.sorted() && distances[0] > 0)
    }

    @Test func whatCannotBeBlended() throws {
        #expect(
            throws: BrushflowError(
                .usage,
                "--style swirl: only learned styles can be blended; learn it beside the others by `brushflow learn`")
        ) { try vector(["great-wave:1", "swirl:1"]) }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("brushflow-mix-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("other.safetensors").path
        try StyleNetworkParameters(seeded: .shipped(styles: 2), names: ["a", "b"], seed: 3).write(path: path)
        #expect(
            throws: BrushflowError(
                .usage,
                "--style udnie and \(path): are styles of different networks, which cannot be blended; learn them together "
                    + "by `brushflow learn`")
        ) { try vector(["udnie:1", path]) }
        #expect(
            throws: BrushflowError(.usage, "\(path)#c: there is no style 'c'; the network has a, b")
        ) { try vector(["\(path)#c"]) }
        #expect(try vector(["\(path)#a", "\(path)#b:0"]) == vector([path]))
    }

    @Test func enginesThatDoNotGoWithAStyle() throws {
        func load(_ style: String, _ change: (inout Configuration) -> Void) throws {
            var configuration = Configuration()
            change(&configuration)
            _ = try LoadedStyle(StyleMixture(style), configuration, rows: ParallelRows(threads: 1))
        }
        try load("udnie") { $0.engine = .optimize }
        #expect(
            throws: BrushflowError(
                .usage,
                "style.scale=0.5: 'udnie' is known by its Gram matrices at one size; leave the setting out, or give the "
                    + "painting itself")
        ) {
            try load("udnie") {
                $0.engine = .optimize
                $0.stylization.styleScale = 0.5
            }
        }
        #expect(
            throws: BrushflowError(
                .usage,
                "net.onnx: is a network that does not say what its painting was like; give the painting itself")
        ) { try load("net.onnx") { $0.engine = .optimize } }
        #expect(
            throws: BrushflowError(.usage, "network.style is 3, but --style udnie is one style; leave it out")
        ) { try load("udnie") { $0.network.style = 3 } }
    }
}
