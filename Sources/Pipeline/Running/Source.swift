/// The first step of a pipeline.
package protocol Source<Output>: AnyObject {
    /// What it yields.
    associatedtype Output: Sendable

    /// One word, for progress and messages.
    var name: String { get }

    /// The next value, or nil at the end; not called again after nil.
    func next() throws -> Output?
}
