package dev.spectron.live;

import dev.spectron.audio.ResamplerStream;
import dev.spectron.core.error.AudioException;
import dev.spectron.sdk.AnswerEvent;
import dev.spectron.sdk.Speech;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A spoken conversation: hears a question, has it answered, plays the answer, and gives the answer
 * up when somebody speaks into it.
 *
 * <p>The thread that calls {@link #run} does everything, 10 ms of sound at a time, and calls the
 * listener; {@link #close} may be called by any. As soon as somebody seems to speak, the answer
 * gets quieter; once {@link LiveOptions#confirm()} of speech was heard, it ends; what is shorter
 * gives it its loudness back. In {@link Echo#HALF_DUPLEX} nobody is heard while an answer sounds.
 */
public final class LiveSession implements AutoCloseable {
  private static final double SECONDS_AHEAD = 0.3;

  private final SoundInput input;
  private final SoundOutput output;
  private final Function<Speech, Flow.Publisher<AnswerEvent>> answers;
  private final LiveOptions options;
  private final Consumer<? super LiveEvent> listener;
  private final Hearing hearing;
  private final List<ResamplerStream> resampler;
  private final float[] block = new float[Hearing.BLOCK];
  private int inBlock;
  private long heard;
  private long audible = Long.MIN_VALUE / 2;

  /** The answer being made; empty when it is complete. */
  private List<AnswerFeed> feed = List.of();

  /** The answer being played, from the question on. */
  private List<Playback> playback = List.of();

  private volatile boolean closed;

  /**
   * A session that has not begun.
   *
   * @param input whose clock this runs on; at least 8000 Hz; closed with this
   * @param output closed with this
   * @param answers asked with one question at a time, such as {@link
   *     dev.spectron.sdk.Conversation#answerEvents}
   * @param listener called by the thread that runs; what it throws ends the session
   * @throws AudioException if the input's rate is too low
   */
  public LiveSession(
      SoundInput input,
      SoundOutput output,
      Function<Speech, Flow.Publisher<AnswerEvent>> answers,
      LiveOptions options,
      Consumer<? super LiveEvent> listener) {
    if (input.rate() < Hearing.RATE / 2) {
      throw new AudioException(
          "microphone: expected at least %d Hz, found %d Hz; choose another device or format"
              .formatted(Hearing.RATE / 2, input.rate()));
    }
    this.input = input;
    this.output = output;
    this.answers = answers;
    this.options = options;
    this.listener = listener;
    this.hearing = new Hearing(options);
    this.resampler =
        input.rate() == Hearing.RATE
            ? List.of()
            : List.of(new ResamplerStream(input.rate(), Hearing.RATE));
  }

  /**
   * Runs until the input ends or this is closed.
   *
   * @throws AudioException if a device fails
   */
  public void run() {
    try {
      input.run(
          new SoundInput.Receiver() {
            @Override
            public boolean take(float[] samples) {
              hear(samples);
              return !closed;
            }

            @Override
            public boolean isIdle() {
              return playback.isEmpty() && !hearing.isSpeaking();
            }
          });
    } finally {
      feed.forEach(AnswerFeed::cancel);
    }
  }

  /** Ends {@link #run} and gives up what is under way. */
  @Override
  public void close() {
    closed = true;
    input.close();
    output.close();
  }

  private void hear(float[] samples) {
    for (float sample : resampler.isEmpty() ? samples : resampler.getFirst().next(samples)) {
      block[inBlock++] = sample;
      if (inBlock == block.length) {
        inBlock = 0;
        heard += block.length;
        step();
      }
    }
  }

  /** Seconds heard. */
  private double now() {
    return heard / (double) Hearing.RATE;
  }

  private void tell(LiveEvent event) {
    listener.accept(event);
  }

  private void step() {
    if (isDeaf()) {
      hearing.forget();
    } else {
      hearing.hear(block).forEach(this::found);
    }
    takeNews();
    playback.forEach(this::play);
  }

  /** In half duplex, while an answer sounds or its echo may. */
  private boolean isDeaf() {
    if (output.queued() > 0) {
      audible = heard;
    }
    long tail = (long) options.echoTail() * Hearing.RATE / 1000;
    return options.echo() == Echo.HALF_DUPLEX
        && (heard - audible <= tail || playback.stream().anyMatch(Playback::hasBegun));
  }

  private void found(Hearing.Found found) {
    switch (found) {
      case Hearing.Found.Began _ -> tell(new LiveEvent.SpeechBegan(now()));
      case Hearing.Found.Noise noise -> tell(new LiveEvent.NoiseIgnored(now(), noise.seconds()));
      case Hearing.Found.Confirmed _ -> {
        tell(new LiveEvent.SpeechConfirmed(now()));
        playback.forEach(this::interrupt);
      }
      case Hearing.Found.Question question -> ask(Speech.of(question.samples(), Hearing.RATE));
    }
  }

  private void interrupt(Playback playing) {
    feed.forEach(AnswerFeed::cancel);
    feed = List.of();
    double played = playing.secondsPlayed();
    playing.stop();
    playback = List.of();
    tell(new LiveEvent.Interrupted(now(), played));
  }

  private void ask(Speech question) {
    tell(new LiveEvent.Asked(now(), question));
    AnswerFeed asked = new AnswerFeed();
    feed = List.of(asked);
    playback = List.of(new Playback(output, options.duckDecibels()));
    answers.apply(question).subscribe(asked);
  }

  /** Takes what is there; on a clock that waits, what is needed next and no more. */
  private void takeNews() {
    while (!feed.isEmpty() && !playback.isEmpty()) {
      Optional<AnswerEvent> news = next(feed.getFirst(), playback.getFirst());
      if (news.isEmpty()) {
        return;
      }
      take(news.get(), playback.getFirst());
    }
  }

  private Optional<AnswerEvent> next(AnswerFeed from, Playback to) {
    if (!input.waitsForAnswers()) {
      return from.poll();
    }
    return to.secondsAhead() < SECONDS_AHEAD ? from.await() : Optional.empty();
  }

  private void take(AnswerEvent news, Playback to) {
    tell(new LiveEvent.Answering(now(), news));
    switch (news) {
      case AnswerEvent.AudioChunk chunk -> to.add(chunk.speech());
      case AnswerEvent.Done _ -> complete(to);
      case AnswerEvent.Failed failed -> {
        complete(to);
        String message = Optional.ofNullable(failed.cause().getMessage()).orElse(failed.code());
        tell(new LiveEvent.AnswerFailed(now(), failed.code(), message));
      }
      case AnswerEvent.TranscriptDelta _, AnswerEvent.TextDelta _, AnswerEvent.StageTiming _ -> {}
    }
  }

  private void complete(Playback to) {
    feed = List.of();
    to.complete();
  }

  private void play(Playback playing) {
    playing.duck(hearing.isVoice());
    boolean begun = playing.hasBegun();
    playing.fill();
    if (!begun && playing.hasBegun()) {
      tell(new LiveEvent.PlaybackBegan(now()));
    }
    if (playing.isOver()) {
      playback = List.of();
      if (playing.hasBegun()) {
        tell(new LiveEvent.PlaybackFinished(now(), playing.secondsPlayed(), playing.gaps()));
      }
    }
  }
}
