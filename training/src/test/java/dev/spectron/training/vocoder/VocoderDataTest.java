package dev.spectron.training.vocoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.audio.LogMelExtractor;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.core.signal.Waveform;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.Split;
import dev.spectron.training.corpus.ToneCorpus;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocoderDataTest {
  @TempDir private Path folder;
  private Corpus corpus;

  @BeforeEach
  void render() {
    corpus = ToneCorpus.render(folder.resolve("corpus"), 3);
  }

  @AfterEach
  void close() {
    corpus.close();
  }

  @Test
  void theFramesOfACropAreThoseOfItsClip() {
    VocoderData data = ToyVocoder.data(corpus);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 50; i++) {
      VocoderData.Crop crop = data.crop(ToyVocoder.CROP_FRAMES, random);
      assertThat(crop.samples()).hasSize(200 * ToyVocoder.CROP_FRAMES);
      assertThat(crop.logMel().time()).isEqualTo(ToyVocoder.CROP_FRAMES);
      // Frames whose window lies within the crop are the crop's own.
      LogMel own =
          new LogMelExtractor(ToyVocoder.features())
              .extract(new Waveform(crop.samples(), Corpus.SAMPLE_RATE));
      assertThat(crop.logMel().slice(2, 10).frames()).isEqualTo(own.slice(2, 10).frames());
    }
  }

  @Test
  void wholeClipsKeepTheirFrames() {
    VocoderData.Crop clip = ToyVocoder.data(corpus).clips(1).getFirst();
    LogMel whole =
        new LogMelExtractor(ToyVocoder.features())
            .extract(new Waveform(clip.samples(), Corpus.SAMPLE_RATE));
    assertThat(clip.logMel().slice(0, 10).frames()).isEqualTo(whole.slice(0, 10).frames());
    assertThat(clip.samples()).hasSize(200 * clip.logMel().time());
  }

  @Test
  void cropsLongerThanEveryClipAreRefused() {
    assertThatThrownBy(() -> new VocoderData(corpus, Split.TRAIN, ToyVocoder.features(), 5000))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "corpus: expected an answer or an undisturbed question of at least 5000 frames, found none; render a larger corpus or shorten crop_frames");
  }

  @Test
  void anotherSampleRateIsRefused() {
    FeatureSpec spec =
        new FeatureSpec(8000, 512, 400, 200, 20, 20, 4000, 1e-3, Normalisation.none());
    assertThatThrownBy(() -> new VocoderData(corpus, Split.TRAIN, spec, 2))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "recipe: wavefit.features.sample_rate: expected the corpus's 16000 Hz, found 8000 Hz");
  }
}
