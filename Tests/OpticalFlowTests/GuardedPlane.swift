import CKernels
import OpticalFlow

/// A padded plane for kernel tests, full of seeded values, with guard words before and after it.
final class GuardedPlane {
    let width: Int
    let height: Int
    let stride: Int
    private let count: Int
    private let memory: UnsafeMutablePointer<Float>
    private let before: [UInt32]

    private static let guardCount = 64
    private static let guardWord: UInt32 = 0xDEAD_BEEF

    init(width: Int, height: Int, in range: ClosedRange<Float> = 0...1, seed: UInt64) {
        self.width = width
        self.height = height
        stride = PaddedPlane.stride(width: width)
        count = (height + 2 * PaddedPlane.padding) * stride
        memory = .allocate(capacity: count + 2 * Self.guardCount)
        memory.initialize(repeating: Float(bitPattern: Self.guardWord), count: count + 2 * Self.guardCount)
        var random = SeededGenerator(seed: seed)
        let values = random.floats(count, in: range)
        for i in 0..<count { memory[Self.guardCount + i] = values[i] }
        before = values.map(\.bitPattern)
    }

    deinit { memory.deallocate() }

    var origin: UnsafeMutablePointer<Float> {
        memory + Self.guardCount + PaddedPlane.padding * stride + PaddedPlane.padding
    }

    /// The pixels of rows `rows`.
    func pixels(_ rows: Range<Int>) -> [Float] {
        rows.flatMap { y in (0..<width).map { origin[y * stride + $0] } }
    }

    /// Whether the guard words, and all rows but `rows` with their padding, are as they were.
    func isIntact(except rows: Range<Int>) -> Bool {
        let guards = (0..<Self.guardCount).allSatisfy {
            memory[$0].bitPattern == Self.guardWord
                && memory[Self.guardCount + count + $0].bitPattern == Self.guardWord
        }
        return guards
            && (0..<count).allSatisfy { i in
                rows.contains(i / stride - PaddedPlane.padding)
                    || memory[Self.guardCount + i].bitPattern == before[i]
            }
    }
}

/// The kernels of each level of this processor above the reference.
func acceleratedKernels() -> [bf_flow_kernels] {
    [BF_CPU_AVX2, BF_CPU_AVX512].compactMap { bf_kernels_at($0)?.pointee.flow }
}

/// The reference kernels.
func referenceKernels() -> bf_flow_kernels { bf_kernels_at(BF_CPU_REFERENCE).pointee.flow }

/// Whether two arrays agree within `tolerance` of the larger magnitude, or of 1.
func agree(_ a: [Float], _ b: [Float], _ tolerance: Float) -> Bool {
    a.count == b.count
        && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($0), abs($1)) }
}
