//JAVA 25+
//REPOS mavenlocal,mavencentral
//DEPS dev.spectron:spectron-sdk:0.1.0-SNAPSHOT
//RUNTIME_OPTIONS --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED
import dev.spectron.sdk.*;

void main(String[] args) {
  try (Spectron spectron = Spectron.openDefault()) {
    Answer answer = spectron.answer(Path.of(args[0]));
    IO.println(answer.transcript() + "? " + answer.text() + ".");
    answer.speech().writeWav(Path.of("answer.wav"));
  }
}
