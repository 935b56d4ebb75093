package dev.spectron.training.plot;

import dev.spectron.training.Development;
import dev.spectron.training.Losses;
import dev.spectron.training.Measurement;
import dev.spectron.training.Trainer;
import dev.spectron.training.TrainingRun;
import dev.spectron.training.run.MetricsLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Draws {@code loss.png} and {@code spectrogram.png} into the folder of a run at each checkpoint.
 *
 * @param folder of the run
 */
public record TrainingPictures(Path folder) implements TrainingRun.Listener {
  private static final List<Part> PARTS =
      List.of(
          new Part("text", Losses::text),
          new Part("reconstruction", Losses::reconstruction),
          new Part("stop", Losses::stop),
          new Part("CTC", Losses::ctc));

  private record Part(String name, ToDoubleFunction<Losses> of) {}

  @Override
  public void stepped(Trainer.Progress progress, long stepsInAll, Trainer.StepReport report) {}

  @Override
  public void saved(
      Trainer.Progress progress, Development development, MetricsLog<Measurement> log) {
    LossCurve.write(folder.resolve("loss.png"), series(log));
    SpectrogramImage.write(
        folder.resolve("spectrogram.png"),
        List.of(
            SpectrogramPanel.of(
                "predicted",
                "step " + progress.total() + ", fed the truth",
                development.predicted()),
            SpectrogramPanel.of("target", "", development.target())));
  }

  private static List<LossCurve.Series<Measurement>> series(MetricsLog<Measurement> log) {
    List<Measurement> train = of("train", log);
    List<Measurement> development = of("development", log);
    List<LossCurve.Series<Measurement>> series = new ArrayList<>();
    for (Part part : PARTS) {
      ToDoubleFunction<Measurement> value = line -> part.of.applyAsDouble(line.losses());
      series.add(new LossCurve.Series<>(part.name, train, value, false));
      series.add(new LossCurve.Series<>(part.name + ", development", development, value, true));
    }
    return series;
  }

  private static List<Measurement> of(String set, MetricsLog<Measurement> log) {
    return log.entries().stream().filter(line -> line.set().equals(set)).toList();
  }
}
