package dev.spectron.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import javax.sound.sampled.AudioFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Java Sound's side, on devices that a provider of the tests makes. */
class SoundDevicesTest {
  @Test
  void devicesAreListedWithTheFormatThatWouldBeOpened() {
    assertThat(SoundDevices.list())
        .contains(
            new SoundDevice(
                "Toy headset",
                "both ways",
                true,
                true,
                "48000 Hz, 24 bits, 2 channels",
                "44100 Hz, 16 bits, 2 channels"));
  }

  @ParameterizedTest
  @EnumSource(Dispatcher.class)
  void aMicrophoneIsHeardInItsOwnFormatUntilItStops(Dispatcher dispatcher) {
    List<Float> heard = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    try (SoundInput microphone = SoundDevices.openInput("toy head", dispatcher)) {
      assertThat(microphone.rate()).isEqualTo(48_000);
      SoundInput.Receiver receiver =
          new SoundInput.Receiver() {
            @Override
            public boolean take(float[] block) {
              sizes.add(block.length);
              for (float sample : block) {
                heard.add(sample);
              }
              return true;
            }

            @Override
            public boolean isIdle() {
              return true;
            }
          };
      assertThatThrownBy(() -> microphone.run(receiver))
          .isInstanceOf(AudioException.class)
          .hasMessage(
              "microphone: expected sound, found that the device has stopped; connect it again")
          .extracting(ErrorCode::of)
          .isEqualTo(ErrorCode.AUDIO_DEVICE);
    }
    assertThat(sizes).hasSize(50).containsOnly(480);
    for (int i = 0; i < heard.size(); i++) {
      // the mean of both channels, modulo 24 bits
      double left = (byte) ((3 * i) >> 8) * 65_536.0 + ((3 * i) & 0xFF) * 256.0;
      double right = (byte) (-i >> 8) * 65_536.0 + (-i & 0xFF) * 256.0;
      assertThat((double) heard.get(i)).isCloseTo((left + right) / 2 / (1 << 23), within(4e-5));
    }
  }

  @ParameterizedTest
  @EnumSource(Dispatcher.class)
  void aMicrophoneIsHeardUntilEnoughWasHeard(Dispatcher dispatcher) {
    List<float[]> blocks = new ArrayList<>();
    SoundInput microphone = SoundDevices.openInput("toy headset", dispatcher);
    microphone.run(
        new SoundInput.Receiver() {
          @Override
          public boolean take(float[] block) {
            blocks.add(block);
            return blocks.size() < 7;
          }

          @Override
          public boolean isIdle() {
            return true;
          }
        });
    assertThat(blocks).hasSize(7);
    microphone.close();
    microphone.close();
  }

  @Test
  void aLoudspeakerKnowsWhatIsQueued() {
    try (SoundOutput loudspeaker = SoundDevices.openOutput("Toy")) {
      assertThat(loudspeaker.rate()).isEqualTo(44_100);
      int room = loudspeaker.room();
      assertThat(room).isEqualTo((int) (0.15 * 44_100));
      loudspeaker.write(new float[1000]);
      assertThat(loudspeaker.queued()).isEqualTo(1000);
      assertThat(loudspeaker.room()).isEqualTo(room - 1000);
      assertThat(loudspeaker.drop()).isEqualTo(1000);
      assertThat(loudspeaker.queued()).isZero();
    }
  }

  @Test
  void aDeviceThatIsMissingOrInUseIsToldWithARemedy() {
    assertThatThrownBy(() -> SoundDevices.openInput("violin", Dispatcher.OWN))
        .isInstanceOf(AudioException.class)
        .hasMessageMatching(
            "microphone violin: expected a part of one of \\[.*Toy headset, Toy taken.*], found none"
                + " like it; choose one of them");
    assertThatThrownBy(() -> SoundDevices.openOutput("taken"))
        .isInstanceOf(AudioException.class)
        .hasMessage(
            "loudspeaker Toy taken: expected a device that can be opened, found none (line is in"
                + " use); close what else uses it, or choose another")
        .extracting(ErrorCode::of)
        .isEqualTo(ErrorCode.AUDIO_DEVICE);
  }

  @Test
  void theBestFormatComesFirst() {
    AudioFormat anyRate = new AudioFormat(-1, 16, 2, true, false);
    AudioFormat eightBits = new AudioFormat(48_000, 8, 1, true, false);
    AudioFormat wide = new AudioFormat(48_000, 32, 1, true, false);
    AudioFormat slow = new AudioFormat(4000, 16, 1, true, false);
    AudioFormat unsigned = new AudioFormat(48_000, 16, 1, false, false);
    assertThat(SoundDevices.best(List.of(slow, unsigned, eightBits, wide, anyRate)))
        .extracting(
            f ->
                "%.0f/%d/%d".formatted(f.getSampleRate(), f.getSampleSizeInBits(), f.getChannels()))
        .containsExactly("48000/16/2", "48000/32/1", "48000/8/1", "44100/16/2", "16000/16/2");
  }

  @ParameterizedTest
  @CsvSource({"8,1", "8,2", "16,1", "16,3", "24,2", "32,2"})
  void bytesAreSamplesAgain(int bits, int channels) {
    float[] samples = {0, 0.25f, -0.5f, 0.984375f, -1, -0.0078125f};
    for (boolean bigEndian : new boolean[] {false, true}) {
      PcmBytes coding = new PcmBytes(new AudioFormat(16_000, bits, channels, true, bigEndian));
      byte[] bytes = coding.encode(samples);
      assertThat(bytes).hasSize(samples.length * channels * bits / 8);
      assertThat(coding.decode(bytes, bytes.length)).isEqualTo(samples);
      assertThat(coding.decode(coding.encode(new float[] {3, -3}), 2 * coding.frameBytes()))
          .usingComparatorWithPrecision(0.01f)
          .containsExactly(1, -1);
    }
  }
}
