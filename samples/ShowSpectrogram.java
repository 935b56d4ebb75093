/// Draws the answer's spectrogram in the terminal, time from left to right, low sounds at the
/// bottom: `ShowSpectrogram.java question.wav`

import dev.spectron.sdk.Answer;
import dev.spectron.sdk.Spectrogram;
import dev.spectron.sdk.Spectron;

final String shades = " .:-=+*#%@";
final int rows = 20;
final int columns = 100;

void main(String[] args) {
  try (Spectron spectron = Spectron.openDefault()) {
    Answer answer = spectron.answer(Path.of(args[0]));
    IO.println(answer.text() + ".");
    draw(answer.spectrogram());
  }
}

void draw(Spectrogram spectrogram) {
  float[] values = spectrogram.values();
  double loudest = IntStream.range(0, values.length).mapToDouble(i -> values[i]).max().orElse(0);
  int width = Math.min(columns, spectrogram.frames());
  for (int row = rows - 1; row >= 0; row--) {
    int bin = row * spectrogram.bins() / rows;
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < width; column++) {
      int frame = column * spectrogram.frames() / width;
      double below = loudest - values[frame * spectrogram.bins() + bin]; // natural logarithm
      int shade = (int) ((1 - below / 6) * shades.length());
      line.append(shades.charAt(Math.clamp(shade, 0, shades.length() - 1)));
    }
    IO.println(line);
  }
  IO.println("%.1f s".formatted(spectrogram.frames() * spectrogram.secondsPerFrame()));
}
