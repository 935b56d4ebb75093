package dev.spectron.training.eval;

import dev.spectron.core.signal.Waveform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the sounds of an evaluation, so that a report can be listened to. Beyond a number of
 * questions it keeps no more.
 */
public final class HeardExamples {
  private static final int MOST = 1_000;

  private final Map<String, Sounds> byItem = new LinkedHashMap<>();

  /**
   * The sounds around a question, as 16-bit numbers.
   *
   * @param asked what was asked
   * @param said what the model said
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  record Sounds(short[] asked, short[] said, int askedRate, int saidRate) {
    Waveform question() {
      return sound(asked, askedRate);
    }

    Waveform answer() {
      return sound(said, saidRate);
    }

    private static Waveform sound(short[] samples, int rate) {
      float[] values = new float[samples.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = samples[i] / 32_768f;
      }
      return new Waveform(values, rate);
    }
  }

  /** Nothing heard yet. */
  public HeardExamples() {}

  /** Keeps the sounds of one item. */
  void keep(String id, Waveform question, Waveform answer) {
    if (byItem.size() < MOST) {
      byItem.put(
          id,
          new Sounds(
              rounded(question.samples()),
              rounded(answer.samples()),
              question.sampleRate(),
              answer.sampleRate()));
    }
  }

  /** An item and its sounds. */
  record Example(EvaluatedItem item, Sounds sounds) {}

  /** Some items of a report that were kept, wrong ones first, about half of them. */
  List<Example> some(List<EvaluatedItem> items, int most) {
    List<Example> wrong = new ArrayList<>();
    List<Example> right = new ArrayList<>();
    for (EvaluatedItem item : items) {
      if (byItem.containsKey(item.id())) {
        (isRight(item) ? right : wrong).add(new Example(item, byItem.get(item.id())));
      }
    }
    int wrongOnes = Math.min(wrong.size(), Math.max(most / 2, most - right.size()));
    List<Example> some = new ArrayList<>(wrong.subList(0, wrongOnes));
    some.addAll(right.subList(0, Math.min(right.size(), most - wrongOnes)));
    return some;
  }

  /** Whether what was said is right, or where nobody listened what was written. */
  static boolean isRight(EvaluatedItem item) {
    return item.isAnsweredBy(
        item.heard().isEmpty() ? item.text() : item.heard().getFirst().answer());
  }

  private static short[] rounded(float[] samples) {
    short[] rounded = new short[samples.length];
    for (int i = 0; i < samples.length; i++) {
      rounded[i] =
          (short) Math.clamp(Math.round(samples[i] * 32_768f), Short.MIN_VALUE, Short.MAX_VALUE);
    }
    return rounded;
  }
}
