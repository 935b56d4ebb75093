package dev.spectron.cli;

import dev.spectron.core.signal.Waveform;
import dev.spectron.sdk.Answer;
import dev.spectron.sdk.Spectrogram;
import dev.spectron.sdk.Spectron;
import dev.spectron.training.plot.SpectrogramImage;
import dev.spectron.training.plot.SpectrogramPanel;
import java.nio.file.Path;
import java.util.List;

/** Draws question and answer above each other. */
final class AnswerPlot {
  private AnswerPlot() {}

  static void write(Path png, Spectron spectron, Waveform question, Answer answer) {
    Spectrogram heard = spectron.spectrogram(question.samples(), question.sampleRate());
    SpectrogramImage.write(
        png,
        List.of(
            panel("question", answer.transcript(), heard),
            panel("answer", answer.text(), answer.spectrogram())));
  }

  private static SpectrogramPanel panel(String label, String text, Spectrogram spectrogram) {
    return new SpectrogramPanel(
        label,
        text,
        spectrogram.values(),
        spectrogram.bins(),
        spectrogram.secondsPerFrame(),
        spectrogram.lowestFrequency(),
        spectrogram.highestFrequency());
  }
}
