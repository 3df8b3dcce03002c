/// The setting `limits.tensorBytes`, which every file of weights is held against.
package enum TensorBytesLimit {
    /// The greatest file that is read where nothing else is said, in bytes.
    package static let usual = 1 << 30
    /// What to do about a file, a tensor or filters beyond the limit, as the end of a sentence.
    static let remedy = "; raise 'limits.tensorBytes' where memory allows"
}
