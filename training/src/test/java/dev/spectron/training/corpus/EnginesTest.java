package dev.spectron.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.audio.WavFile;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnginesTest {
  @TempDir Path folder;

  @Test
  void whatAnEngineWroteIsReadSampleForSample() {
    Path wav = folder.resolve("a.wav");
    WavFile.write(wav, new Waveform(new float[] {0, 0.5f, -1}, 22_050));
    Waveform waveform = Synthesizer.read(wav);
    assertThat(waveform.sampleRate()).isEqualTo(22_050);
    assertThat(waveform.samples()).containsExactly(0f, 0.5f, -1f);
  }

  @Test
  void silenceIsNoSpeech() {
    Path wav = folder.resolve("a.wav");
    WavFile.write(wav, new Waveform(new float[] {0, 0.0005f, -0.0005f}, 16_000));
    assertThatThrownBy(() -> Synthesizer.read(wav))
        .isInstanceOf(AudioException.class)
        .hasMessage("a.wav: expected speech, found silence");
  }

  @Test
  void aSentenceCannotLeaveItsQuotes() {
    FestivalScript script = new FestivalScript();
    Utterance hostile = Utterance.plain(new Voice.FestivalKed(), "\") (system \"ls");
    assertThatThrownBy(() -> script.speakKed(hostile, "0.wav"))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("festival: expected a sentence without quotes");
  }
}
