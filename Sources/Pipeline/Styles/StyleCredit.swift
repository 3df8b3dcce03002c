import Foundation

/// Who made a painting, what it is called, and when.
public struct StyleCredit: Sendable, Hashable {
    /// `Vincent van Gogh`.
    public let artist: String
    /// `The Starry Night`.
    public let title: String
    /// `1889`, or `about 1831`.
    public let year: String

    /// Takes the three.
    public init(artist: String, title: String, year: String) {
        self.artist = artist
        self.title = title
        self.year = year
    }

    /// Reads `ARTIST, TITLE, YEAR`: up to the first comma and after the last one; nil where one of the three is empty.
    public init?(_ text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        guard parts.count >= 3, let artist = parts.first, let year = parts.last else { return nil }
        let title = parts.dropFirst().dropLast().joined(separator: ", ")
        guard !artist.isEmpty, !title.isEmpty, !year.isEmpty else { return nil }
        self.init(artist: artist, title: title, year: year)
    }

    /// `Vincent van Gogh, The Starry Night, 1889`.
    public var text: String { "\(artist), \(title), \(year)" }
}
