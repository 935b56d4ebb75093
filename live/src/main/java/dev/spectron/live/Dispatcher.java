package dev.spectron.live;

/** Who cuts the sound of a microphone into blocks. */
public enum Dispatcher {
  /** This module. */
  OWN,
  /** TarsosDSP, which is GPL-3 and is not inherited: who wants it puts it on the class path. */
  TARSOS
}
