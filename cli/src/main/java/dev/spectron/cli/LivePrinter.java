package dev.spectron.cli;

import dev.spectron.live.LiveEvent;
import dev.spectron.sdk.AnswerEvent;
import java.util.Locale;
import java.util.function.Consumer;

/** A conversation for a person to read: a line as its words come. */
final class LivePrinter implements Consumer<LiveEvent> {
  private final Console console;
  private boolean inLine;
  private boolean inText;

  LivePrinter(Console console) {
    this.console = console;
  }

  @Override
  public void accept(LiveEvent event) {
    switch (event) {
      case LiveEvent.Asked asked -> {
        endLine();
        words("%6.1f s  ".formatted(asked.at()));
        inText = false;
      }
      case LiveEvent.Answering answering -> news(answering.news());
      case LiveEvent.Interrupted cut ->
          note(String.format(Locale.ROOT, "interrupted after %.1f s", cut.playedSeconds()));
      case LiveEvent.PlaybackFinished end -> {
        if (end.gaps() > 0) {
          note(end.gaps() + " gaps: the model is slower than its speech");
        }
        endLine();
      }
      case LiveEvent.AnswerFailed failed -> note(failed.message());
      case LiveEvent.SpeechBegan _,
          LiveEvent.NoiseIgnored _,
          LiveEvent.SpeechConfirmed _,
          LiveEvent.PlaybackBegan _ -> {}
    }
  }

  private void news(AnswerEvent news) {
    switch (news) {
      case AnswerEvent.TranscriptDelta delta -> words(delta.words());
      case AnswerEvent.TextDelta delta -> {
        words((inText ? "" : "?") + delta.words());
        inText = true;
      }
      case AnswerEvent.Done _ -> words(".");
      case AnswerEvent.AudioChunk _, AnswerEvent.StageTiming _, AnswerEvent.Failed _ -> {}
    }
  }

  private void words(String words) {
    console.out().print(words);
    console.out().flush();
    inLine = true;
  }

  private void note(String text) {
    words(" [" + Failures.oneLine(text) + "]");
    endLine();
  }

  private void endLine() {
    if (inLine) {
      console.line("");
      inLine = false;
    }
  }
}
