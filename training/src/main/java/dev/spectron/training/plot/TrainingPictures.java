package dev.spectron.training.plot;

import dev.spectron.training.Development;
import dev.spectron.training.LossHistory;
import dev.spectron.training.Trainer;
import dev.spectron.training.TrainingRun;
import java.nio.file.Path;
import java.util.List;

/**
 * Draws {@code loss.png} and {@code spectrogram.png} into the folder of a run at each checkpoint.
 *
 * @param folder of the run
 */
public record TrainingPictures(Path folder) implements TrainingRun.Listener {
  @Override
  public void stepped(Trainer.Progress progress, long stepsInAll, Trainer.StepReport report) {}

  @Override
  public void saved(Trainer.Progress progress, Development development, LossHistory history) {
    LossCurve.write(folder.resolve("loss.png"), history);
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
