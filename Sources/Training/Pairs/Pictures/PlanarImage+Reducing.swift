import Tensors

extension PlanarImage {
    /// The picture brought down to a short side of at most `shortSide`, and of at most four times that on the long side, so
    /// that a strip of any length stays small.
    package func reduced(toShortSide shortSide: Int, rows: ParallelRows) -> PlanarImage {
        let (short, long) = (Double(min(width, height)), Double(max(width, height)))
        let ratio = min(1, Double(shortSide) / short, 4 * Double(shortSide) / long)
        guard ratio < 1 else { return self }
        func scaled(_ side: Int) -> Int { max(1, Int((Double(side) * ratio).rounded())) }
        let resampler = Resampler(
            inputHeight: height, inputWidth: width, height: scaled(height), width: scaled(width), filter: .area)
        return PlanarImage(resampler.resample(tensor, rows: rows))
    }
}
