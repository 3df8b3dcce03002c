import CKernels

/// The instruction sets that our kernels use.
package enum KernelLevel {
    /// `reference`, `avx2`, `avx512` or `amx`: the last bits of what is computed depend on it.
    package static var name: String {
        switch bf_kernels_current().pointee.level {
        case BF_CPU_AVX2: "avx2"
        case BF_CPU_AVX512: "avx512"
        case BF_CPU_AMX: "amx"
        default: "reference"
        }
    }
}
