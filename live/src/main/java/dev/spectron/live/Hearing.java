package dev.spectron.live;

import dev.spectron.audio.EndPointer;
import dev.spectron.audio.EndPointing;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds questions in what is heard, 10 ms at a time, and tells them from coughs: speech is
 * confirmed when so many frames of it came with gaps of at most 120 ms.
 */
final class Hearing {
  /** Rate of everything that is heard, Hz. */
  static final int RATE = 16_000;

  /** Samples of a block: one frame of the detector. */
  static final int BLOCK = RATE / 100;

  private static final int BLOCK_MS = 10;
  private static final int BEGIN_MS = 30;
  private static final int GAP_MS = 120;
  private static final int RELEASE_MS = 200;
  private static final int KEPT_SILENCE_MS = 150;

  /** Frames that a sound is heard for too long: the window and the smoothing reach beyond it. */
  private static final int SMEAR = 3;

  private final LiveOptions options;
  private final EndPointer endPointer;
  private final int framesToConfirm;
  private float[] kept = new float[4 * RATE];
  private int count;
  private long heard;
  private long began;
  private int voiced;
  private int gap;
  private boolean confirmed;

  /** What was found. */
  sealed interface Found {
    /** Somebody seems to speak. */
    record Began() implements Found {}

    /** It is speech. */
    record Confirmed() implements Found {}

    /** It was none. */
    record Noise(double seconds) implements Found {}

    /** It is over. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Question(float[] samples) implements Found {}
  }

  Hearing(LiveOptions options) {
    this.options = options;
    this.endPointer =
        new EndPointer(new EndPointing(options.threshold(), BEGIN_MS, options.silence()), RATE);
    this.framesToConfirm = options.confirm() / BLOCK_MS + SMEAR;
  }

  /** Whether somebody seems to speak, or did up to 200 ms ago. */
  boolean isVoice() {
    return endPointer.isSpeaking() && gap * BLOCK_MS <= RELEASE_MS;
  }

  /** Whether an utterance is under way. */
  boolean isSpeaking() {
    return endPointer.isSpeaking();
  }

  /** Takes {@link #BLOCK} samples. */
  List<Found> hear(float[] block) {
    keep(block);
    List<EndPointer.Edge> edges = endPointer.hear(block);
    count(endPointer.run() > 0);
    return Stream.concat(edges.stream().flatMap(edge -> turn(edge).stream()), confirm().stream())
        .toList();
  }

  /** Forgets all but the noise; what comes next follows nothing. */
  void forget() {
    endPointer.reset();
    count = 0;
    silent();
  }

  private void silent() {
    voiced = 0;
    gap = 0;
    confirmed = false;
  }

  private void keep(float[] block) {
    if (!endPointer.isSpeaking()) {
      forgetUntil(heard - samples(options.preRoll() + 2 * GAP_MS));
    }
    if (count + block.length > kept.length) {
      kept = Arrays.copyOf(kept, 2 * kept.length);
    }
    System.arraycopy(block, 0, kept, count, block.length);
    count += block.length;
    heard += block.length;
  }

  private void count(boolean isSpeech) {
    gap = isSpeech ? 0 : gap + 1;
    voiced = gap * BLOCK_MS > GAP_MS ? 0 : voiced + (isSpeech ? 1 : 0);
  }

  private List<Found> turn(EndPointer.Edge edge) {
    if (edge.begins()) {
      began = edge.sample();
      confirmed = false;
      forgetUntil(began - samples(options.preRoll()));
      return List.of(new Found.Began());
    }
    return List.of(over());
  }

  private List<Found> confirm() {
    if (!endPointer.isSpeaking()) {
      return List.of();
    }
    if (heard - began >= samples(options.longestQuestion())) {
      endPointer.reset();
      return List.of(over());
    }
    if (!confirmed && voiced >= framesToConfirm) {
      confirmed = true;
      return List.of(new Found.Confirmed());
    }
    return List.of();
  }

  private Found over() {
    int silence = Math.min(gap * BLOCK_MS, options.silence());
    int end = count - samples(Math.max(0, silence - KEPT_SILENCE_MS));
    double seconds = (heard - began - samples(silence)) / (double) RATE;
    Found found =
        confirmed
            ? new Found.Question(Arrays.copyOf(kept, Math.max(BLOCK, end)))
            : new Found.Noise(Math.max(0, seconds));
    silent();
    return found;
  }

  /** Drops what was heard before a sample. */
  private void forgetUntil(long sample) {
    int dropped = Math.clamp(sample - (heard - count), 0, count);
    System.arraycopy(kept, dropped, kept, 0, count - dropped);
    count -= dropped;
  }

  private static int samples(int milliseconds) {
    return milliseconds * (RATE / 1000);
  }
}
