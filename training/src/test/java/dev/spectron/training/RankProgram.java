package dev.spectron.training;

import dev.spectron.training.TrainingRecipe.Stage;
import dev.spectron.training.TrainingRecipe.Task;
import dev.spectron.training.exchange.GradientExchange;
import dev.spectron.training.exchange.OpenMpi;
import dev.spectron.training.run.MetricsLog;
import java.io.IOException;
import java.nio.file.Path;

/** One rank of a training of the toy, with checkpoints every second. */
final class RankProgram {
  static final int STEPS = 30;

  private RankProgram() {}

  /**
   * Trains to the end, or until it is killed.
   *
   * @param arguments corpus, folder of the run, and "killed" if rank 0 is to be killed three steps
   *     after a checkpoint
   */
  public static void main(String[] arguments) {
    boolean killed = arguments.length > 2;
    TrainingRun.Listener listener =
        new TrainingRun.Listener() {
          private long saved = Long.MAX_VALUE;

          @Override
          public void stepped(Trainer.Progress progress, long all, Trainer.StepReport report) {
            if (killed && progress.total() == saved + 3) {
              kill();
            }
          }

          @Override
          public void saved(
              Trainer.Progress progress, Development development, MetricsLog<Measurement> log) {
            saved = Math.min(saved, progress.total());
          }
        };
    TrainingRecipe toy = ToyRecipe.of(new Stage(Task.JOINT, STEPS, 6, 1, 1e-3, 5, 0.1, 2));
    try (GradientExchange exchange = OpenMpi.join()) {
      new TrainingRun(toy.withCheckpointSeconds(1), Path.of(arguments[1]), listener, exchange)
          .run(Path.of(arguments[0]));
    }
  }

  /** As the system ends a process that takes too much memory. */
  private static void kill() {
    try {
      new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid()))
          .start()
          .waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("kill", e);
    }
  }
}
