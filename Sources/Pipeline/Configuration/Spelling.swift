/// Finds what a misspelled word was probably meant to be.
package enum Spelling {
    /// The candidate nearest to `word` by edit distance, or nil where none is within a quarter of its length
    /// (two at the least: one letter and one swap).
    package static func nearest(to word: String, among candidates: [String]) -> String? {
        let limit = max(2, word.count / 4)
        return
            candidates
            .map { (candidate: $0, distance: distance(Array(word.lowercased()), Array($0.lowercased()))) }
            .filter { $0.distance <= limit }
            .min { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }?
            .candidate
    }

    /// Levenshtein's distance: single-character insertions, deletions and substitutions.
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let substituted = diagonal + (x == y ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
            }
        }
        return row[b.count]
    }
}
