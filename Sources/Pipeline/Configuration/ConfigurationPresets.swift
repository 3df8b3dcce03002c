import CEmbedded
import Tensors

extension Configuration {
    /// The pipelines that ship, by name.
    public static let presetNames = ["draft", "balanced", "best"]

    /// The settings of a pipeline that ships, or of a YAML file. What a file leaves out is as in `balanced`.
    ///
    /// - Throws: `.usage` for a name that is neither, or where a key or value is wrong; `.input` where the file
    ///   cannot be read.
    public static func named(_ name: String) throws -> Configuration {
        var configuration = Configuration()
        try configuration.applyPreset("balanced", bf_pipeline_balanced())
        switch name {
        case "balanced": break
        case "draft": try configuration.applyPreset(name, bf_pipeline_draft())
        case "best": try configuration.applyPreset(name, bf_pipeline_best())
        case _ where name.hasSuffix(".yml") || name.hasSuffix(".yaml") || name.contains("/"):
            try ConfigurationReader.apply(file: name, to: &configuration)
        default:
            let guess = Spelling.nearest(to: name, among: presetNames).map { " Did you mean '\($0)'?" } ?? ""
            throw BrushflowError(
                .usage,
                "unknown pipeline '\(name)': it is neither a .yml file nor one of "
                    + "\(presetNames.joined(separator: ", ")).\(guess)")
        }
        return configuration
    }

    /// Applies one `key=value` word.
    ///
    /// - Throws: `.usage` where the key is unknown or the value not allowed.
    public mutating func apply(assignment word: String) throws {
        try ConfigurationReader.apply(assignment: word, to: &self)
    }

    /// Sets one key; `flag` names where the value comes from in messages, such as `--crf`.
    ///
    /// - Throws: `.usage` where the value is not allowed.
    public mutating func apply(_ value: String, for key: String, flag: String) throws {
        try ConfigurationReader.apply(value, for: key, flag: flag, to: &self)
    }

    /// Every setting with its present value.
    public var settings: [Setting] {
        ConfigurationKeys.all.map {
            Setting(name: $0.name, value: $0.read(self), allowed: $0.allowed, summary: $0.summary)
        }
    }

    private mutating func applyPreset(_ name: String, _ file: bf_embedded_file) throws {
        let text = String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.count), as: UTF8.self)
        try ConfigurationReader.apply(yaml: text, from: "Pipelines/\(name).yml", to: &self)
    }
}
