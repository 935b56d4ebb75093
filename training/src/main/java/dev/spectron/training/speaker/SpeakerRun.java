package dev.spectron.training.speaker;

import dev.spectron.core.error.TrainingException;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.Split;
import dev.spectron.training.process.FileTree;
import dev.spectron.training.run.Checkpoint;
import dev.spectron.training.run.MetricsLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A speaker encoder's training run in a folder: {@code metrics.jsonl}, checkpoints, and at the end
 * the encoder in {@code encoder}. Run again on the same folder, it goes on from the newest
 * checkpoint.
 */
public final class SpeakerRun {
  private static final int REPORT_STEPS = 10;
  private static final String ENCODER = "encoder";

  private final SpeakerRecipe recipe;
  private final Path folder;
  private final Listener listener;

  /** Hears how a run goes; called on the training thread. */
  public interface Listener {
    /** A step was taken. */
    void stepped(SpeakerState state, double loss, double accuracy);

    /** A checkpoint was written. */
    void saved(SpeakerState state, MetricsLog<SpeakerMeasurement> log);
  }

  /**
   * A run.
   *
   * @param folder made if missing; holds at most one run
   */
  public SpeakerRun(SpeakerRecipe recipe, Path folder, Listener listener) {
    this.recipe = recipe;
    this.folder = folder;
    this.listener = listener;
  }

  /**
   * Trains to the end of the recipe.
   *
   * @param corpus a rendered corpus
   * @param recordings further sets by speaker; may be empty
   */
  public void run(Path corpus, List<Path> recordings) {
    try (Corpus opened = Corpus.open(corpus)) {
      List<SpeakerClip> train = new ArrayList<>(SpeakerClips.of(opened, Split.TRAIN));
      List<SpeakerClip> heldOut = new ArrayList<>();
      for (Path set : recordings) {
        HeldOut parts = HeldOut.of(SpeakerClips.of(set));
        train.addAll(parts.training());
        heldOut.addAll(parts.otherSpeakers());
      }
      List<SpeakerBatch> development = development(heldOut);
      try (SpeakerTrainer trainer = open(new SpeakerData(recipe, train))) {
        loop(trainer, development);
      }
    }
    export();
  }

  /** Batches of speakers that training never hears. */
  private List<SpeakerBatch> development(List<SpeakerClip> clips) {
    if (clips.stream().map(SpeakerClip::speaker).distinct().count() < 2) {
      return List.of();
    }
    SpeakerData data = new SpeakerData(recipe, clips);
    SplittableRandom random = new SplittableRandom(2);
    List<SpeakerBatch> batches = new ArrayList<>();
    for (int i = 0; i < recipe.developmentBatches(); i++) {
      batches.add(data.batch(random));
    }
    return batches;
  }

  private SpeakerTrainer open(SpeakerData data) {
    Optional<Path> latest = Checkpoint.latest(folder);
    if (latest.isEmpty()) {
      return SpeakerTrainer.start(recipe, data);
    }
    try (Checkpoint checkpoint = Checkpoint.open(latest.orElseThrow())) {
      SpeakerState state = checkpoint.state(SpeakerState.class);
      return SpeakerTrainer.resume(recipe, data, state, checkpoint.weights(), checkpoint.moments());
    }
  }

  private void loop(SpeakerTrainer trainer, List<SpeakerBatch> development) {
    makeFolder();
    MetricsLog<SpeakerMeasurement> log =
        MetricsLog.open(
            folder.resolve("metrics.jsonl"), SpeakerMeasurement.class, trainer.state().steps());
    double loss = 0;
    double accuracy = 0;
    int count = 0;
    long start = System.nanoTime();
    long saved = start;
    while (!trainer.isDone()) {
      SpeakerTrainer.StepReport report = trainer.step();
      loss += report.loss();
      accuracy += report.accuracy();
      count++;
      SpeakerState state = trainer.state();
      listener.stepped(state, report.loss(), report.accuracy());
      boolean due = System.nanoTime() - saved > recipe.checkpointSeconds() * 1_000_000_000L;
      if (state.steps() % REPORT_STEPS == 0 || due || trainer.isDone()) {
        double norm = Double.isFinite(report.gradientNorm()) ? report.gradientNorm() : -1;
        log.add(
            new SpeakerMeasurement(
                state.steps(),
                "train",
                report.rate(),
                norm,
                loss / count,
                accuracy / count,
                seconds(start)));
        loss = 0;
        accuracy = 0;
        count = 0;
      }
      if (due || trainer.isDone()) {
        save(trainer, development, log, start);
        saved = System.nanoTime();
      }
    }
  }

  private void save(
      SpeakerTrainer trainer,
      List<SpeakerBatch> development,
      MetricsLog<SpeakerMeasurement> log,
      long start) {
    SpeakerState state = trainer.state();
    Checkpoint.write(folder, state.steps(), state, trainer.parameters(), trainer.moments());
    if (!development.isEmpty()) {
      double loss = 0;
      double accuracy = 0;
      for (SpeakerBatch batch : development) {
        SpeakerTrainer.StepReport report = trainer.measure(batch);
        loss += report.loss() / development.size();
        accuracy += report.accuracy() / development.size();
      }
      log.add(
          new SpeakerMeasurement(
              state.steps(), "development", 0, 0, loss, accuracy, seconds(start)));
    }
    listener.saved(state, log);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private void export() {
    try {
      FileTree.delete(folder.resolve(ENCODER));
    } catch (IOException e) {
      throw new TrainingException(folder.resolve(ENCODER) + ": cannot be replaced: " + e, e);
    }
    SpeakerExport.write(folder, folder.resolve(ENCODER));
  }

  private void makeFolder() {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new TrainingException(folder + ": cannot be made: " + e.getMessage(), e);
    }
  }
}
