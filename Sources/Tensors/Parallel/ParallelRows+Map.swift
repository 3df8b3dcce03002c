extension ParallelRows {
    /// What `body` makes of every element, in their order; a thread takes one element after the other.
    package func map<Element: Sendable, Value: Sendable>(
        _ elements: [Element], _ body: @Sendable (Element) -> Value
    ) -> [Value] {
        var values = [Value?](repeating: nil, count: elements.count)
        values.withUnsafeMutableBufferPointer { values in
            nonisolated(unsafe) let slots = values
            run(rows: elements.count, grain: 1) { index, _ in slots[index] = body(elements[index]) }
        }
        return values.compactMap(\.self)
    }
}
