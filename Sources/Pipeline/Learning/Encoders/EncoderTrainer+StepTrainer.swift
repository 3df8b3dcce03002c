import Training

extension EncoderTrainer: StepTrainer {}
