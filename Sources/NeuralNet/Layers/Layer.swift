import Tensors

/// A differentiable function from one `[C, H, W]` tensor to another. Immutable: what a gradient needs of the
/// forward pass is handed back in.
///
/// Gradients to a layer's own parameters will stand beside `inputGradient` with the same three tensors, so a
/// layer keeps no state of a pass.
package protocol Layer: Sendable {
    /// The layer's output for `input`.
    func forward(_ input: Tensor, in workspace: Workspace) -> Tensor

    /// dL/d`input` from dL/d`output`, `output` being what `forward` gave for `input`.
    func inputGradient(outputGradient: Tensor, input: Tensor, output: Tensor, in workspace: Workspace) -> Tensor
}
