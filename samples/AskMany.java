/// Asks every WAV file of a folder and writes the spoken answers to another:
/// `AskMany.java samples/questions answers`

import dev.spectron.sdk.Answer;
import dev.spectron.sdk.Spectron;
import dev.spectron.sdk.SpectronOptions;

void main(String[] args) throws IOException {
  Path answers = Files.createDirectories(Path.of(args[1]));
  SpectronOptions options = SpectronOptions.builder().maxSpeechFrames(800).build();
  try (Spectron spectron = Spectron.open(options);
      Stream<Path> files = Files.list(Path.of(args[0]))) {
    IO.println("%s on the %s back end".formatted(spectron.model(), spectron.backend()));
    files.filter(file -> file.toString().endsWith(".wav")).sorted()
        .forEach(file -> ask(spectron, file, answers));
  }
}

void ask(Spectron spectron, Path question, Path answers) {
  try {
    Answer answer = spectron.answer(question);
    answer.speech().writeWav(answers.resolve(question.getFileName()));
    IO.println("%5.0f ms  %s? %s.".formatted(
        answer.timings().total(), answer.transcript(), answer.text()));
  } catch (RuntimeException e) {
    IO.println(e.getMessage()); // says which file, what is wrong with it and what to do
  }
}
