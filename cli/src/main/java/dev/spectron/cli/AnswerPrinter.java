package dev.spectron.cli;

import dev.spectron.core.signal.Waveform;
import dev.spectron.sdk.Answer;
import dev.spectron.sdk.Spectron;
import dev.spectron.sdk.Timings;
import java.util.Locale;

/** Prints answers, for people or for programs. */
sealed interface AnswerPrinter {
  /** What comes before the first answer. */
  void begin(Spectron spectron);

  /** One answer. */
  void print(AnswerFiles.Item item, Waveform question, Answer answer, Spectron spectron);

  /** A few lines an answer. */
  record Human(Console console) implements AnswerPrinter {
    @Override
    public void begin(Spectron spectron) {
      line("%s on back end %s", spectron.model(), spectron.backend());
    }

    @Override
    public void print(AnswerFiles.Item item, Waveform question, Answer answer, Spectron spectron) {
      Timings t = answer.timings();
      console.line("");
      line("question  %s, %.2f s", item.question(), question.seconds());
      line("heard     %s", answer.transcript());
      line("answer    %s", answer.text());
      line(
          "speech    %.2f s%s%s",
          answer.speech().seconds(),
          answer.ended() ? "" : ", cut off at the limit of frames",
          item.speech().isEmpty() ? "" : ", in " + item.speech().getFirst());
      item.plot().forEach(png -> line("plot      %s", png));
      line(
          "time      %.0f ms: features %.0f, encode %.0f, prefill %.0f, text %.0f, frames %.0f,"
              + " vocoder %.0f",
          t.total(), t.features(), t.encode(), t.prefill(), t.text(), t.frames(), t.vocoder());
      line(
          "          first audio after %.0f ms, real-time factor %.2f; the model was loaded in %.0f ms",
          t.firstAudio(), t.realTimeFactor(), t.load());
    }

    private void line(String format, Object... values) {
      console.line(Failures.oneLine(String.format(Locale.ROOT, format, values)));
    }
  }

  /** One JSON object a line. */
  record Json(Console console) implements AnswerPrinter {
    @Override
    public void begin(Spectron spectron) {}

    @Override
    public void print(AnswerFiles.Item item, Waveform question, Answer answer, Spectron spectron) {
      console.line(AnswerJson.line(item, question, answer, spectron));
    }
  }
}
