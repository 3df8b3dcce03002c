import NeuralNet
import Tensors

extension Tensor {
    /// Planes in blocks of channels.
    var blocks: BlockTensor { BlockTensor(planar: self, in: Workspace(rows: ParallelRows(threads: 1), pool: nil)) }
}

extension BlockTensor {
    /// Blocks of channels as planes.
    var planes: Tensor { planar(in: Workspace(rows: ParallelRows(threads: 1), pool: nil)) }
}
