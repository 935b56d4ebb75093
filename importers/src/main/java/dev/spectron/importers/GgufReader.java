package dev.spectron.importers;

import dev.spectron.core.error.BundleException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the values of a GGUF header one after the other, within the file. */
final class GgufReader {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int MAX_TEXT = 1 << 16;
  private static final int KEPT = 64;
  private static final int TEXT = 8;
  private static final int LIST = 9;

  private final String name;
  private final MemorySegment file;
  private long position;

  GgufReader(String name, MemorySegment file) {
    this.name = name;
    this.file = file;
  }

  long position() {
    return position;
  }

  int int32(String what) {
    return file.get(INT, take(what, Integer.BYTES));
  }

  long int64(String what) {
    return file.get(LONG, take(what, Long.BYTES));
  }

  /** A number from 0 to a limit. */
  long count(String what, long most) {
    long at = position;
    long count = int64(what);
    if (count < 0 || count > most) {
      throw wrong(at, what + " of 0 to " + most, Long.toUnsignedString(count));
    }
    return count;
  }

  /** A text of at most 65,536 bytes; longer ones are passed over. */
  String text(String what) {
    long length = count(what + " length", file.byteSize());
    long at = take(what, length);
    if (length > MAX_TEXT) {
      return "";
    }
    byte[] bytes = file.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** A value with its type before it. */
  Object value() {
    return value(int32("value type"), true);
  }

  private Object value(int type, boolean mayBeList) {
    long at = position;
    return switch (type) {
      case 0 -> file.get(ValueLayout.JAVA_BYTE, take("value", 1)) & 0xFF;
      case 1 -> (int) file.get(ValueLayout.JAVA_BYTE, take("value", 1));
      case 2 -> file.get(SHORT, take("value", 2)) & 0xFFFF;
      case 3 -> (int) file.get(SHORT, take("value", 2));
      case 4, 5 -> int32("value");
      case 6 -> (double) Float.intBitsToFloat(int32("value"));
      case 7 -> file.get(ValueLayout.JAVA_BYTE, take("value", 1)) != 0;
      case TEXT -> text("value");
      case LIST -> {
        if (!mayBeList) {
          throw wrong(at, "no list within a list", "one");
        }
        yield list();
      }
      case 10, 11 -> whole(int64("value"));
      case 12 -> Double.longBitsToDouble(int64("value"));
      default -> throw wrong(at, "a value type of 0 to 12", type);
    };
  }

  private static Object whole(long value) {
    if (value == (int) value) {
      return (int) value;
    }
    return value;
  }

  /** The first values; those behind them are passed over, each at least a byte of the file. */
  private List<Object> list() {
    int type = int32("list type");
    long length = count("list length", file.byteSize());
    List<Object> kept = new ArrayList<>();
    for (long i = 0; i < length; i++) {
      Object value = value(type, false);
      if (kept.size() < KEPT) {
        kept.add(value);
      }
    }
    return kept;
  }

  private long take(String what, long bytes) {
    if (bytes > file.byteSize() - position) {
      throw wrong(
          position,
          what + " of " + bytes + " bytes",
          "the end of the file after " + (file.byteSize() - position));
    }
    long at = position;
    position += bytes;
    return at;
  }

  BundleException wrong(long at, String expected, Object found) {
    return new BundleException(
        "%s: byte %d: expected %s, found %s".formatted(name, at, expected, found));
  }

  BundleException wrongTensor(String tensor, String expected, Object found) {
    String shown = tensor.length() > 100 ? tensor.substring(0, 100) : tensor;
    return new BundleException(
        "%s: %s: expected %s, found %s".formatted(name, shown, expected, found));
  }
}
