package dev.spectron.training.vocoder;

import ai.djl.ndarray.NDArray;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.djl.DjlBackend;
import dev.spectron.training.loss.AdversarialLoss;
import dev.spectron.training.loss.StftLoss;
import dev.spectron.training.vocoder.VocoderRecipe.LossWeights;
import java.util.List;

/**
 * The losses of a vocoder and its discriminator, averaged over the waveforms after each iteration.
 * Source: Koizumi et al. 2022, arXiv 2210.01029, equations of section 3.3.
 *
 * @param backend of both
 * @param discriminator the adversary
 * @param stft spectral losses
 * @param weights factors
 */
record VocoderObjective(
    DjlBackend backend, Discriminator discriminator, StftLoss stft, LossWeights weights) {
  /**
   * The vocoder's loss and its parts, each one value.
   *
   * @param total to differentiate
   */
  record Result(
      NDArray total,
      StftLoss.Difference difference,
      NDArray adversarial,
      NDArray featureMatching) {}

  /** Of the vocoder by its spectra alone. */
  Result spectral(Tensor speech, List<Tensor> outputs) {
    StftLoss.Spectra target = stft.spectra(speech);
    StftLoss.Difference mean = difference(target, outputs);
    NDArray none = backend.manager().create(0f);
    return new Result(weighted(mean), mean, none, none);
  }

  /** Of the vocoder by its spectra and the discriminator's verdict. */
  Result adversarial(Tensor speech, List<Tensor> outputs) {
    Result spectral = spectral(speech, outputs);
    List<Discriminator.Verdict> real = discriminator.forward(backend, speech);
    NDArray passing = backend.manager().create(0f);
    NDArray matching = backend.manager().create(0f);
    for (Tensor output : outputs) {
      List<Discriminator.Verdict> made = discriminator.forward(backend, output);
      for (int scale = 0; scale < made.size(); scale++) {
        passing = passing.add(AdversarialLoss.passing(made.get(scale).score()));
        matching = matching.add(distance(made.get(scale), real.get(scale)));
      }
    }
    float share = 1f / (outputs.size() * real.size());
    passing = passing.mul(share);
    matching = matching.mul(share);
    NDArray total =
        spectral
            .total
            .add(passing.mul((float) weights.adversarial()))
            .add(matching.mul((float) weights.featureMatching()));
    return new Result(total, spectral.difference, passing, matching);
  }

  /** Of the discriminator, which sees waveforms and not how they were made. */
  NDArray discriminating(Tensor speech, List<Tensor> outputs) {
    NDArray loss = backend.manager().create(0f);
    for (Discriminator.Verdict verdict : discriminator.forward(backend, speech)) {
      loss = loss.add(AdversarialLoss.real(verdict.score()).mul((float) outputs.size()));
    }
    for (Tensor output : outputs) {
      Tensor seen = backend.stopGradient(output);
      for (Discriminator.Verdict verdict : discriminator.forward(backend, seen)) {
        loss = loss.add(AdversarialLoss.made(verdict.score()));
      }
    }
    return loss.div((float) outputs.size() * discriminator.scales().size());
  }

  private StftLoss.Difference difference(StftLoss.Spectra target, List<Tensor> outputs) {
    StftLoss.Difference sum = stft.between(stft.spectra(outputs.getFirst()), target);
    for (Tensor output : outputs.subList(1, outputs.size())) {
      StftLoss.Difference one = stft.between(stft.spectra(output), target);
      sum =
          new StftLoss.Difference(
              sum.convergence().add(one.convergence()),
              sum.magnitude().add(one.magnitude()),
              sum.logMel().add(one.logMel()));
    }
    float share = 1f / outputs.size();
    return new StftLoss.Difference(
        sum.convergence().mul(share), sum.magnitude().mul(share), sum.logMel().mul(share));
  }

  private NDArray weighted(StftLoss.Difference difference) {
    return difference
        .convergence()
        .mul((float) weights.spectralConvergence())
        .add(difference.magnitude().mul((float) weights.logMagnitude()))
        .add(difference.logMel().mul((float) weights.logMel()));
  }

  private static NDArray distance(Discriminator.Verdict made, Discriminator.Verdict real) {
    NDArray sum = made.features().getFirst().sub(real.features().getFirst()).abs().mean();
    for (int layer = 1; layer < made.features().size(); layer++) {
      sum = sum.add(made.features().get(layer).sub(real.features().get(layer)).abs().mean());
    }
    return sum.div((float) made.features().size());
  }
}
