import Tensors

/// A loss and its gradient at one point.
package struct Evaluation {
    /// The loss.
    package var loss: Double
    /// ∂loss/∂parameters, of the parameters' shape.
    package var gradient: Tensor

    /// Pairs a loss with its gradient.
    package init(loss: Double, gradient: Tensor) {
        self.loss = loss
        self.gradient = gradient
    }
}
