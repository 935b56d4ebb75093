package dev.spectron.server.realtime;

import java.util.Arrays;

/** Coded sound that is no item yet, as long as it may be. Not safe for several threads. */
final class InputBuffer {
  private byte[] bytes = new byte[0];
  private int size;

  /** Place of {@code bytes[0]} in all that was ever appended. */
  private long start;

  int size() {
    return size;
  }

  long start() {
    return start;
  }

  long end() {
    return start + size;
  }

  void append(byte[] more) {
    if (size + more.length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more.length, bytes.length * 3 / 2));
    }
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
  }

  /** What lies before a place; it is forgotten. */
  byte[] takeUntil(long place) {
    int count = Math.clamp(place - start, 0, size);
    byte[] taken = Arrays.copyOf(bytes, count);
    bytes = Arrays.copyOfRange(bytes, count, size);
    size -= count;
    start += count;
    return taken;
  }

  /** All of it; nothing is left. */
  byte[] takeAll() {
    return takeUntil(end());
  }
}
