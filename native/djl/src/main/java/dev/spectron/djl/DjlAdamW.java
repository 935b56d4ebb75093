package dev.spectron.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.spectron.core.error.TrainingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * AdamW with the gradients a {@link DjlBackend} holds: θ ← θ − lr·λ·θ − lr·m̂ / (√v̂ + ε). Source:
 * Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2. Parameters in no group stay as they
 * are.
 */
public final class DjlAdamW implements AutoCloseable {
  private final TorchScript script;
  private final HostArrays host;
  private final NDManager manager;
  private final Settings settings;
  private final List<State> groups = new ArrayList<>();
  private long steps;

  /**
   * Starts with zero moments.
   *
   * @param backend opened for training, with the weights loaded
   * @param settings decay rates
   * @param groups parameters that share rate and decay; no path twice
   * @throws TrainingException if a path is unknown or in two groups
   */
  public DjlAdamW(DjlBackend backend, Settings settings, List<Group> groups) {
    this.script = backend.script();
    this.host = backend.host();
    this.settings = settings;
    this.manager = backend.base().newSubManager();
    for (Group group : groups) {
      State state = new State(group, new LinkedHashMap<>());
      for (String path : group.paths()) {
        NDArray parameter = backend.parameters().get(path);
        if (parameter == null) {
          throw new TrainingException(
              "adamw: "
                  + path
                  + ": expected a trainable parameter of the back end, found none of that name");
        }
        if (this.groups.stream().anyMatch(other -> other.slots.containsKey(path))
            || state.slots.containsKey(path)) {
          throw new TrainingException(
              "adamw: " + path + ": expected each parameter in one group, found it twice");
        }
        state.slots.put(
            path,
            new Slot(
                parameter,
                manager.zeros(parameter.getShape()),
                manager.zeros(parameter.getShape())));
      }
      this.groups.add(state);
    }
  }

  /**
   * Decay rates and ε.
   *
   * @param beta1 of the mean, in [0, 1)
   * @param beta2 of the square, in [0, 1)
   * @param epsilon above 0
   */
  public record Settings(double beta1, double beta2, double epsilon) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Settings {
      if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0)) {
        throw new IllegalArgumentException(
            "adamw: expected betas in [0, 1) and epsilon above 0, found %s, %s and %s"
                .formatted(beta1, beta2, epsilon));
      }
    }

    /** 0.9, 0.98 and 1e-8: the usual ones for Transformers. */
    public static Settings usual() {
      return new Settings(0.9, 0.98, 1e-8);
    }
  }

  /**
   * Parameters that share their rate and decay.
   *
   * @param paths names of the parameters
   * @param rateFactor factor on the learning rate of a step, at least 0
   * @param weightDecay λ, at least 0
   */
  public record Group(List<String> paths, double rateFactor, double weightDecay) {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if a number is negative
     */
    public Group {
      if (!(rateFactor >= 0 && weightDecay >= 0)) {
        throw new IllegalArgumentException(
            "adamw: expected a rate factor and a weight decay of at least 0, found %s and %s"
                .formatted(rateFactor, weightDecay));
      }
      paths = List.copyOf(paths);
    }
  }

  /**
   * One parameter's moments, row-major.
   *
   * @param mean m
   * @param square v
   */
  public record Moments(float[] mean, float[] square) {}

  private record Slot(NDArray parameter, NDArray mean, NDArray square) {}

  private record State(Group group, Map<String, Slot> slots) {}

  /** Moves every parameter once along its gradient; the gradients stay. */
  public void step(double learningRate) {
    steps++;
    try (NDArray count = manager.create((float) steps)) {
      for (State state : groups) {
        if (state.slots.isEmpty()) {
          continue;
        }
        List<NDArray> parameters = new ArrayList<>();
        List<NDArray> means = new ArrayList<>();
        List<NDArray> squares = new ArrayList<>();
        for (Slot slot : state.slots.values()) {
          parameters.add(slot.parameter);
          means.add(slot.mean);
          squares.add(slot.square);
        }
        double rate = learningRate * state.group.rateFactor();
        script.run(
            "adamw",
            parameters,
            means,
            squares,
            Collections.nCopies(parameters.size(), count),
            rate,
            settings.beta1(),
            settings.beta2(),
            state.group.weightDecay(),
            settings.epsilon());
      }
    }
  }

  /** Steps taken, counted in the correction of the moments' bias. */
  public long steps() {
    return steps;
  }

  /** Copies of all moments by path, for a checkpoint. */
  public Map<String, Moments> moments() {
    Map<String, Moments> moments = new LinkedHashMap<>();
    for (State state : groups) {
      state.slots.forEach(
          (path, slot) ->
              moments.put(path, new Moments(slot.mean.toFloatArray(), slot.square.toFloatArray())));
    }
    return moments;
  }

  /**
   * Goes on from a checkpoint.
   *
   * @param stepsTaken what {@link #steps()} was
   * @param moments what {@link #moments()} was
   * @throws TrainingException if a parameter's moments are missing or of another size; nothing is
   *     changed then
   */
  public void restore(long stepsTaken, Map<String, Moments> moments) {
    for (State state : groups) {
      state.slots.forEach((path, slot) -> check(path, slot, moments.get(path)));
    }
    for (State state : groups) {
      state.slots.forEach(
          (path, slot) -> {
            overwrite(slot.mean, moments.get(path).mean());
            overwrite(slot.square, moments.get(path).square());
          });
    }
    steps = stepsTaken;
  }

  private void overwrite(NDArray moment, float[] values) {
    try (NDArray stored = host.floats(manager, values, moment.getShape())) {
      script.run("overwrite", moment, stored);
    }
  }

  private static void check(String path, Slot slot, Moments stored) {
    long size = slot.parameter.size();
    if (stored == null) {
      throw new TrainingException(
          "adamw: " + path + ": expected its moments in the checkpoint, found none");
    }
    if (stored.mean().length != size || stored.square().length != size) {
      throw new TrainingException(
          "adamw: %s: expected moments of %d elements, found %d and %d"
              .formatted(path, size, stored.mean().length, stored.square().length));
    }
  }

  /** Frees the moments. */
  @Override
  public void close() {
    manager.close();
  }
}
