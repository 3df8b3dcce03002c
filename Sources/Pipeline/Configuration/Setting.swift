/// One setting as a user sees it.
public struct Setting: Sendable, Equatable {
    /// `section.key`.
    public let name: String
    /// The present value, as a file would have it.
    public let value: String
    /// The values that it takes, in words.
    public let allowed: String
    /// What it does.
    public let summary: String
}
