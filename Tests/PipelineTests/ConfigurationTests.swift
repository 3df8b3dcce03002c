import Foundation
import Pipeline
import Tensors
import Testing

@Suite struct ConfigurationTests {
    private func fault(_ yaml: String) -> String? {
        var configuration = Configuration()
        do {
            try ConfigurationReader.apply(yaml: yaml, from: "fast.yml", to: &configuration)
            return nil
        } catch let error as BrushflowError {
            #expect(error.kind == .usage)
            return error.message
        } catch {
            return "\(error)"
        }
    }

    @Test func readsEveryKeyThatItWrites() throws {
        // Every key's present value, written out and read back, changes nothing; so no key is parsed and ignored
        // or written in a form that is refused.
        let original = try Configuration.named("best")
        var copy = Configuration()
        for setting in original.settings { try copy.apply(assignment: "\(setting.name)=\(setting.value)") }
        #expect(copy == original)
        #expect(Set(original.settings.map(\.name)).count == original.settings.count)
    }

    @Test func everyKeyChangesTheConfiguration() throws {
        let candidates = ["0", "1", "3", "0.5", "2", "7,5", "10", "vp9", "lbfgs", "noise", "content", "moments"]
        let words =
            candidates + [
                "2048", "bilinear", "inline", "fast", "some.safetensors", "ultrafast", "0..1", "network", "spherical",
                "float",
            ]
        for setting in Configuration().settings {
            let changed = words.contains { word in
                var configuration = Configuration()
                try? configuration.apply(assignment: "\(setting.name)=\(word)")
                return configuration != Configuration()
            }
            #expect(changed, "\(setting.name) changes nothing")
        }
    }

    @Test func unknownKeysAreRefusedWithASuggestion() {
        #expect(
            fault("temporal:\n  wieght: 3")
                == "fast.yml: unknown key 'temporal.wieght'. Did you mean 'temporal.weight'?")
        #expect(fault("colour:\n  x: 3") == "fast.yml: unknown key 'colour.x'")
    }

    @Test func allFaultsAreToldAtOnce() {
        #expect(
            fault("encode:\n  crf: 99\nstyle:\n  statistics: gramm")
                == "fast.yml: 'encode.crf' is 99, expected auto | 0…63; 'style.statistics' is gramm, expected "
                + "gram | moments | covariance")
    }

    @Test func structureIsChecked() {
        #expect(fault("- 1") == "fast.yml: must be a mapping of sections, such as 'stylize:'")
        #expect(fault("encode: 3") == "fast.yml: 'encode' must be a section of keys")
        #expect(fault("encode:\n  crf: {a: 1}") == "fast.yml: 'encode.crf' must be a single value or a list of values")
        #expect(fault("encode:\n  crf: 1\n  crf: 2") == "fast.yml: is not valid YAML: key 'crf' is given twice")
        #expect(fault("a: [") != nil)
        #expect(fault("") == nil)
    }

    @Test func listsAndCommasAreTheSame() throws {
        var list = Configuration()
        var commas = Configuration()
        try ConfigurationReader.apply(yaml: "stylize:\n  steps: [9, 4]", from: "a.yml", to: &list)
        try commas.apply(assignment: "stylize.steps=9,4")
        #expect(list == commas)
        #expect(list.settings.first { $0.name == "stylize.steps" }?.value == "9,4")
    }

    @Test func namesAndFilesThatAreNotThere() {
        #expect(
            throws: BrushflowError(
                .usage,
                "unknown pipeline 'balansed': it is neither a .yml file nor one of draft, balanced, best. "
                    + "Did you mean 'balanced'?")
        ) { try Configuration.named("balansed") }
        #expect(throws: BrushflowError(.input, "/nowhere/x.yml: No such file or directory")) {
            try Configuration.named("/nowhere/x.yml")
        }
    }

    @Test func wordsOfSetAreChecked() {
        var configuration = Configuration()
        #expect(throws: BrushflowError(.usage, "--set stylize.steps: expected KEY=VALUE")) {
            try configuration.apply(assignment: "stylize.steps")
        }
        #expect(
            throws: BrushflowError(
                .usage,
                "--set stylize.steps=-1: 'stylize.steps' is -1, expected 1 to 6 numbers 0…10000, separated by commas")
        ) { try configuration.apply(assignment: "stylize.steps=-1") }
        #expect(throws: BrushflowError(.usage, "--crf 70: 'encode.crf' is 70, expected auto | 0…63")) {
            try configuration.apply("70", for: "encode.crf", flag: "--crf")
        }
    }

    @Test func largeAndBinaryFilesAreRefused() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("brushflow-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let large = directory.appendingPathComponent("large.yml")
        try Data(repeating: 32, count: 70_000).write(to: large)
        #expect(
            throws: BrushflowError(
                .usage, "\(large.path): is larger than 65536 bytes, so it is no configuration file")
        ) { try Configuration.named(large.path) }
        let binary = directory.appendingPathComponent("binary.yml")
        try Data([0xff, 0xfe, 0x80]).write(to: binary)
        #expect(throws: BrushflowError(.usage, "\(binary.path): is not UTF-8 text")) {
            try Configuration.named(binary.path)
        }
    }
}
