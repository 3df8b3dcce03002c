import Testing

/// Runs `brushflow` in a workplace and expects one error line, a code, and no new file.
func expect(
    _ words: [String], in place: Workplace, code: Int32, _ message: String,
    _ location: SourceLocation = #_sourceLocation
) throws {
    let before = place.names
    let run = try CommandRun.run(CommandRun.brushflow, words, in: place.url)
    #expect(run.status == code, sourceLocation: location)
    #expect(run.errors == "brushflow: error: \(message)\n", sourceLocation: location)
    #expect(place.names == before, sourceLocation: location)
}
