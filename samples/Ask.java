/// Asks one recorded question: `Ask.java question.wav`

import dev.spectron.sdk.Answer;
import dev.spectron.sdk.Spectron;

void main(String[] args) {
  try (Spectron spectron = Spectron.openDefault()) {
    Answer answer = spectron.answer(Path.of(args[0]));
    IO.println(answer.transcript() + "?");
    IO.println(answer.text() + ".");
    answer.speech().writeWav(Path.of("answer.wav"));
  }
}
