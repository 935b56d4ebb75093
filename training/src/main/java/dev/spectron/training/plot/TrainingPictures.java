package dev.spectron.training.plot;

import dev.spectron.training.Development;
import dev.spectron.training.Measurement;
import dev.spectron.training.Trainer;
import dev.spectron.training.TrainingRun;
import dev.spectron.training.run.MetricsLog;
import java.nio.file.Path;
import java.util.List;

/**
 * Draws {@code loss.png} and {@code spectrogram.png} into the folder of a run at each checkpoint.
 *
 * @param folder of the run
 */
public record TrainingPictures(Path folder) implements TrainingRun.Listener {
  private static final List<LossCurve.Part<Measurement>> PARTS =
      List.of(
          new LossCurve.Part<>("text", line -> line.losses().text()),
          new LossCurve.Part<>("reconstruction", line -> line.losses().reconstruction()),
          new LossCurve.Part<>("stop", line -> line.losses().stop()),
          new LossCurve.Part<>("CTC", line -> line.losses().ctc()));

  @Override
  public void stepped(Trainer.Progress progress, long stepsInAll, Trainer.StepReport report) {}

  @Override
  public void saved(
      Trainer.Progress progress, Development development, MetricsLog<Measurement> log) {
    LossCurve.write(folder.resolve("loss.png"), log, PARTS);
    SpectrogramImage.write(
        folder.resolve("spectrogram.png"),
        List.of(
            SpectrogramPanel.of(
                "predicted",
                "step " + progress.total() + ", fed the truth",
                development.predicted()),
            SpectrogramPanel.of("target", "", development.target())));
  }
}
