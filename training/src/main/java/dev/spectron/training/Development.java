package dev.spectron.training;

import dev.spectron.core.backend.Scope;
import dev.spectron.djl.DjlBackend;
import dev.spectron.spokenlm.TeacherForcedOutput;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.data.SpeechBatch;
import dev.spectron.training.data.SpeechBatches;
import dev.spectron.training.data.SpeechData;
import dev.spectron.training.loss.TextLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * A quick look at the development set, fed the truth; {@code spectron eval} measures answers for
 * real.
 *
 * @param losses means over the batches
 * @param tokenAccuracy share of tokens predicted right
 * @param predicted frames of the first item, row-major {@code [time, n_mels]}, normalised
 * @param target its true frames
 */
public record Development(Losses losses, double tokenAccuracy, float[] predicted, float[] target) {
  private static final int BATCH = 16;

  static Development measure(
      DjlBackend backend, TrainingModel model, SpeechBatches batches, SpeechData data, int items) {
    List<CorpusItem> sample = new ArrayList<>(data.items());
    Collections.shuffle(sample, new Random(2));
    sample = sample.subList(0, Math.min(items, sample.size()));
    double[] sums = new double[6];
    float[][] first = new float[2][0];
    int count = 0;
    try (DjlBackend.Evaluation _ = backend.evaluate()) {
      for (int from = 0; from < sample.size(); from += BATCH) {
        SpeechBatch batch =
            batches.of(sample.subList(from, Math.min(from + BATCH, sample.size())), 0);
        try (Scope _ = backend.openScope()) {
          Losses losses = model.joint(batch, new SplittableRandom(0)).losses();
          TeacherForcedOutput out = model.predict(batch, new SplittableRandom(0));
          add(sums, losses, TextLoss.accuracy(backend.array(out.textLogits()), batch.text()));
          if (from == 0) {
            int values = Math.multiplyExact(batch.steps().of(0), batch.framesShape().size(2));
            first[0] = Arrays.copyOf(backend.download(out.frames()), values);
            first[1] = Arrays.copyOf(batch.frames(), values);
          }
        }
        count++;
      }
    }
    double n = Math.max(1, count);
    Losses mean = new Losses(sums[0] / n, sums[1] / n, sums[2] / n, sums[3] / n, sums[4] / n);
    return new Development(mean, sums[5] / n, first[0], first[1]);
  }

  private static void add(double[] sums, Losses losses, double accuracy) {
    sums[0] += losses.total();
    sums[1] += losses.text();
    sums[2] += losses.reconstruction();
    sums[3] += losses.stop();
    sums[4] += losses.ctc();
    sums[5] += accuracy;
  }
}
