package dev.spectron.sdk;

import dev.spectron.core.signal.Waveform;
import dev.spectron.spokenlm.AnswerListener;
import dev.spectron.spokenlm.AnswerStage;
import java.util.Arrays;

/** Turns what the answer loop tells into events, and sound into chunks of one length. */
final class EventRelay implements AnswerListener {
  private final EventSink sink;
  private final int chunk;
  private final int sampleRate;
  private final long start = System.nanoTime();
  private double firstAudio = Double.POSITIVE_INFINITY;
  private float[] held = new float[0];
  private long position;

  /**
   * For one answer, which starts now.
   *
   * @param chunk samples of a chunk
   */
  EventRelay(EventSink sink, int chunk, int sampleRate) {
    this.sink = sink;
    this.chunk = chunk;
    this.sampleRate = sampleRate;
  }

  /** Milliseconds from the start to the first sample; infinite before. */
  double firstAudio() {
    return firstAudio;
  }

  @Override
  public void transcript(String words) {
    sink.put(new AnswerEvent.TranscriptDelta(words));
  }

  @Override
  public void text(String words) {
    sink.put(new AnswerEvent.TextDelta(words));
  }

  @Override
  public void stage(AnswerStage stage, double milliseconds) {
    if (stage == AnswerStage.VOCODER && held.length > 0) {
      put(held);
    }
    sink.put(new AnswerEvent.StageTiming(Stage.valueOf(stage.name()), milliseconds));
  }

  @Override
  public void speech(long at, float[] samples, int rate) {
    firstAudio = Math.min(firstAudio, (System.nanoTime() - start) / 1e6);
    float[] all = Arrays.copyOf(held, held.length + samples.length);
    System.arraycopy(samples, 0, all, held.length, samples.length);
    int from = 0;
    for (; all.length - from >= chunk; from += chunk) {
      put(Arrays.copyOfRange(all, from, from + chunk));
    }
    held = Arrays.copyOfRange(all, from, all.length);
  }

  private void put(float[] samples) {
    Speech speech = Speech.ofAnswer(new Waveform(samples, sampleRate));
    sink.put(new AnswerEvent.AudioChunk(position, speech));
    position += samples.length;
  }
}
