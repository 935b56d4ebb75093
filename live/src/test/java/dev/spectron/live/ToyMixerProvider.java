package dev.spectron.live;

import javax.sound.sampled.Mixer;
import javax.sound.sampled.spi.MixerProvider;

/** Gives Java Sound two devices that need no machine: one that works and one that is in use. */
public final class ToyMixerProvider extends MixerProvider {
  static final Mixer.Info WORKS = new Name("Toy headset", "both ways");
  static final Mixer.Info IN_USE = new Name("Toy taken", "somebody else has it");

  private static final class Name extends Mixer.Info {
    Name(String name, String description) {
      super(name, "nobody", description, "1");
    }
  }

  @Override
  public Mixer.Info[] getMixerInfo() {
    return new Mixer.Info[] {WORKS, IN_USE};
  }

  @Override
  public Mixer getMixer(Mixer.Info info) {
    if (!info.equals(WORKS) && !info.equals(IN_USE)) {
      throw new IllegalArgumentException("mixer: expected one of two, found " + info);
    }
    return new ToyMixer(info);
  }
}
