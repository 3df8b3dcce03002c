import CKernels
import OpticalFlow
import Tensors
import Testing

/// The kernels on padded planes, each level against the reference, with every row but their own guarded.
@Suite struct PlaneKernelTests {
    private static let sizes = [(1, 1), (2, 9), (7, 7), (8, 30), (16, 23), (33, 40), (61, 25)]

    private func pyramid(_ seed: UInt64, _ width: Int, _ height: Int, shift: Double = 0) -> PaddedPlane {
        let picture = Texture(seed: seed).picture(width: width, height: height) { ($0 + shift, $1) }
        return GreyPyramid(picture, levels: 1, rows: ParallelRows(threads: 1)).levels[0]
    }

    @Test(arguments: sizes) func searchAndDensify(width: Int, height: Int) {
        let from = pyramid(50, width, height)
        let into = pyramid(50, width, height, shift: 0.7)
        let step = 3
        let columns = (max(0, width - 8) + step - 1) / step + 1
        let rows = (max(0, height - 8) + step - 1) / step + 1
        let (first, last) = (height / 3, height - height / 4)
        func run(_ kernels: bf_flow_kernels) -> (patches: [Float], dense: [Float]) {
            var patches = [Float](repeating: 0.1, count: 2 * columns * rows + 16)
            let planes = (0..<3).map { GuardedPlane(width: width, height: height, seed: UInt64($0)) }
            patches.withUnsafeMutableBufferPointer { pointer in
                guard let base = pointer.baseAddress else { return }
                var job = bf_flow_search(
                    width: Int32(width), height: Int32(height), stride: from.stride, from: from.origin,
                    into: into.origin, columns: Int32(columns), rows: Int32(rows), step: Int32(step),
                    iterations: 8, reach: 4, u: base + 8, v: base + 8 + columns * rows, other_u: nil, other_v: nil)
                kernels.search(&job, 0, Int32(rows))
                for i in 0..<columns * rows { base[8 + i] = (base[8 + i] * 64).rounded() / 64 }
                kernels.densify(
                    &job, Int32(first), Int32(last), planes[0].origin, planes[1].origin, planes[2].origin)
            }
            #expect(patches.prefix(8).allSatisfy { $0 == 0.1 } && patches.suffix(8).allSatisfy { $0 == 0.1 })
            for plane in planes { #expect(plane.isIntact(except: first..<last)) }
            return (
                Array(patches.dropFirst(8).dropLast(8)), planes[0].pixels(first..<last) + planes[1].pixels(first..<last)
            )
        }
        let expected = run(referenceKernels())
        for kernels in acceleratedKernels() {
            let result = run(kernels)
            // A descent stops by comparing costs, which rounding may turn: it then ends a short step apart.
            let apart = zip(result.patches, expected.patches).filter { abs($0 - $1) > 0.05 }.count
            #expect(apart * 50 <= expected.patches.count)
            #expect(zip(result.dense, expected.dense).filter { abs($0 - $1) > 0.05 }.count * 20 <= expected.dense.count)
        }
    }

    /// The planes of a refinement with seeded contents.
    private struct Refinement {
        let planes: [GuardedPlane]
        var job = bf_flow_refinement()

        init(from: PaddedPlane, into: PaddedPlane) {
            let (width, height) = (from.width, from.height)
            planes = (0..<16).map { GuardedPlane(width: width, height: height, in: 0.2...2, seed: UInt64($0)) }
            let p = planes.map(\.origin)
            job.width = Int32(width)
            job.height = Int32(height)
            job.stride = from.stride
            (job.alpha, job.delta, job.gamma) = (20, 5, 10)
            (job.from, job.into) = (UnsafePointer(from.origin), UnsafePointer(into.origin))
            (job.u, job.v, job.next_u, job.next_v) = (p[0], p[1], p[2], p[3])
            (job.mean, job.difference, job.inside) = (p[4], p[5], p[6])
            job.data = (p[7], p[8], p[9], p[10], p[11], p[12], p[13], p[14], p[15])
        }
    }

    private typealias Pass = (bf_flow_kernels, UnsafePointer<bf_flow_refinement>, Int32, Int32) -> Void

    private func compare(_ pass: Pass, writes: [Int], _ width: Int, _ height: Int, tolerance: Float) {
        let from = pyramid(51, width, height)
        let into = pyramid(52, width, height)
        let (first, last) = (height / 3, height - height / 4)
        func run(_ kernels: bf_flow_kernels) -> [Float] {
            var refinement = Refinement(from: from, into: into)
            pass(kernels, &refinement.job, Int32(first), Int32(last))
            for (i, plane) in refinement.planes.enumerated() {
                let own = writes.contains(i) ? first..<last : 0..<0
                #expect(plane.isIntact(except: own), "plane \(i) of \(width)×\(height)")
            }
            return writes.flatMap { refinement.planes[$0].pixels(first..<last) }
        }
        let expected = run(referenceKernels())
        #expect(expected.allSatisfy { $0.isFinite })
        for kernels in acceleratedKernels() {
            #expect(agree(run(kernels), expected, tolerance), "\(width)×\(height)")
        }
    }

    @Test(arguments: sizes) func refinementPasses(width: Int, height: Int) {
        compare({ $0.refine_warp($1, $2, $3) }, writes: [4, 5, 6], width, height, tolerance: 2e-5)
        compare({ $0.refine_linearise($1, $2, $3) }, writes: Array(7...15), width, height, tolerance: 1e-3)
        compare(
            { kernels, job, first, last in
                let count = 9 * (2 * 3 + 3) * job.pointee.stride
                var scratch = [Float](repeating: .nan, count: count + 64)
                scratch.withUnsafeMutableBufferPointer { pointer in
                    kernels.refine_solve(job, 3, first, last, pointer.baseAddress)
                }
                #expect(scratch.suffix(64).allSatisfy { $0.isNaN })
            }, writes: [2, 3], width, height, tolerance: 1e-3)
    }

    /// Stripes with their halos give the bits of one sweep over the whole frame.
    @Test func stripesSolveAsTheWholeFrame() {
        let (width, height) = (45, 67)
        let plane = pyramid(53, width, height)
        for kernels in [referenceKernels()] + acceleratedKernels() {
            func run(stripe: Int) -> [Float] {
                var refinement = Refinement(from: plane, into: plane)
                var scratch = [Float](repeating: .nan, count: 9 * (2 * 5 + 3) * plane.stride)
                for first in Swift.stride(from: 0, to: height, by: stripe) {
                    kernels.refine_solve(
                        &refinement.job, 5, Int32(first), Int32(min(first + stripe, height)), &scratch)
                }
                return refinement.planes[2].pixels(0..<height) + refinement.planes[3].pixels(0..<height)
            }
            #expect(run(stripe: 7) == run(stripe: height))
        }
    }
}
