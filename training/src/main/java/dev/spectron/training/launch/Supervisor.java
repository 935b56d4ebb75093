package dev.spectron.training.launch;

import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the ranks of a local job alive: starts them, watches their heartbeat, starts them again
 * from the last checkpoint where one died or went quiet, and gives up after some failures.
 */
public final class Supervisor {
  private static final int CHECK_MILLIS = 200;
  private static final int QUIET = -1;

  private final JobSpec job;
  private final JobPlan plan;
  private final Path log;
  private final Listener listener;

  Supervisor(JobSpec job, JobPlan plan, Path log, Listener listener) {
    this.job = job;
    this.plan = plan;
    this.log = log;
    this.listener = listener;
  }

  /** Hears how the ranks do; called on the thread that supervises. */
  public interface Listener {
    /** They were started, for the first time or again. */
    void started(int attempt);

    /** They told of a step. */
    void heard(Heartbeat beat);

    /** They failed; another attempt follows. */
    void failed(String reason);
  }

  /**
   * How it ended.
   *
   * @param stopped whether it was asked to, before the last step
   * @param attempts how often the ranks were started
   */
  public record Outcome(boolean stopped, int attempts) {}

  Outcome run() {
    for (int attempt = 1; ; attempt++) {
      listener.started(attempt);
      int code = attempt();
      if (code == 0 || code == Launch.STOPPED) {
        return new Outcome(code == Launch.STOPPED, attempt);
      }
      String reason =
          code == QUIET
              ? "no step for %d s".formatted(job.heartbeatSeconds())
              : "ended with exit status " + code;
      if (attempt > job.restarts()) {
        throw new TrainingException(
            "launch: %s: given up after %d attempts; the last one %s; see %s"
                .formatted(job.name(), attempt, reason, log));
      }
      listener.failed(reason);
    }
  }

  private int attempt() {
    Process process = start();
    try {
      long heard = System.currentTimeMillis();
      long last = Heartbeat.of(job.outFolder()).map(Heartbeat::millis).orElse(0L);
      while (!process.waitFor(CHECK_MILLIS, TimeUnit.MILLISECONDS)) {
        Optional<Heartbeat> beat = Heartbeat.of(job.outFolder());
        if (beat.isPresent() && beat.get().millis() != last) {
          heard = System.currentTimeMillis();
          last = beat.get().millis();
          listener.heard(beat.get());
        } else if (System.currentTimeMillis() - heard > job.heartbeatSeconds() * 1000L) {
          return QUIET;
        }
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TrainingException("launch: interrupted", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start() {
    ProcessBuilder builder =
        new ProcessBuilder(plan.command())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(plan.environment());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new TrainingException(
          plan.command().getFirst()
              + ": expected an installed program, found none that starts; install Open MPI (Debian:"
              + " openmpi-bin), or name another command in the job",
          e);
    }
  }
}
