/// One axis of what a convolution reads: padding, and nearest enlargement where the picture is to be read at twice its
/// size, neither of which then exists in memory.
package struct ReadAxis: Sendable {
    /// Pixels there are.
    let extent: Int
    /// Pixels that the convolution takes the axis to have, before enlargement: more than `extent` where a picture is
    /// continued, by the same padding, to a multiple that a network needs.
    let continued: Int
    /// How many times each pixel is read.
    let enlargement: Int
    /// What is read outside.
    let padding: Padding
    /// Pixels of padding before the first.
    let before: Int
    /// Positions from one output to the next.
    let stride: Int
    /// Positions from one tap of a filter to the next.
    let dilation: Int

    /// Describes an axis.
    package init(
        extent: Int, continued: Int? = nil, enlargement: Int = 1, padding: Padding, before: Int, stride: Int = 1,
        dilation: Int = 1
    ) {
        self.extent = extent
        self.continued = continued ?? extent
        self.enlargement = enlargement
        self.padding = padding
        self.before = before
        self.stride = stride
        self.dilation = dilation
    }

    /// The pixel that position p of the padded axis reads, nil for zero.
    func index(_ position: Int) -> Int? {
        padding.index(position - before, continued * enlargement).flatMap {
            padding.index($0 / enlargement, extent)
        }
    }

    /// The pixels that positions `range` read, relative to `first`, −1 for zero.
    func table(_ range: Range<Int>, relativeTo first: Int = 0) -> [Int32] {
        range.map { index($0).map { Int32($0 - first) } ?? -1 }
    }

    /// The pixels that outputs `range` read through a filter of `taps`, from the first to the last.
    func reach(_ range: Range<Int>, taps: Int) -> Range<Int> {
        let positions = range.lowerBound * stride..<(range.upperBound - 1) * stride + (taps - 1) * dilation + 1
        let read = positions.compactMap(index)
        guard let least = read.min(), let greatest = read.max() else { return 0..<1 }
        return least..<greatest + 1
    }

    /// The axis of the pixels themselves, of which phases (`EnlargedTaps`) give what a filter of three taps gives on this one,
    /// where it reads them at twice their size; else this one. What is mirrored about the border pixel's second half is its
    /// first half.
    var unenlarged: ReadAxis {
        guard enlargement > 1 else { return self }
        precondition(
            enlargement == 2 && before == 1 && stride == 1 && dilation == 1 && continued == extent,
            "an axis of \(extent) pixels that phases cannot read")
        return ReadAxis(extent: extent, padding: padding == .reflection ? .edge : padding, before: 1)
    }
}
