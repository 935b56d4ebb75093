package dev.spectron.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;

/** Scratch memory of one thread; what it holds is gone with the next use of the same part. */
final class Workspace {
  /** Depth up to which a strip of bf16 panels is unpacked at a time; even. */
  static final int UNPACKED_DEPTH = 256;

  /** Panels of the widest strip. */
  private static final int STRIP_PANELS = 4;

  private final MemorySegment unpacked;

  /** A tile that hangs over the edge of its matrix. */
  final Buffer edge = new Buffer();

  /** Lines of a panel on the heap. */
  final Buffer lines = new Buffer();

  /** Codes of a row. */
  final IntBuffer codes = new IntBuffer();

  /** Second operand of a gated product. */
  final Buffer gated = new Buffer();

  /** Queries of an attention block. */
  final Buffer queries = new Buffer();

  /** Scores of an attention block and a tile of keys. */
  final Buffer scores = new Buffer();

  /** Position terms of such scores. */
  final Buffer positions = new Buffer();

  /** Queries of an attention block as they meet positions. */
  final Buffer positionQueries = new Buffer();

  /** Largest score of each query of an attention block. */
  final Buffer largest = new Buffer();

  /** Sum of each softmax of an attention block. */
  final Buffer totals = new Buffer();

  /** Results of an attention block. */
  final Buffer results = new Buffer();

  /** Scratch memory freed with {@code arena}. */
  Workspace(Arena arena) {
    this.unpacked =
        arena.allocate((long) STRIP_PANELS * UNPACKED_DEPTH * Panels.LINE_BYTES, Panels.LINE_BYTES);
  }

  /** Room for {@link #UNPACKED_DEPTH} lines of the panels of a strip. */
  MemorySegment unpacked() {
    return unpacked;
  }

  /** Elements of all arrays. */
  long elements() {
    return (long) codes.data.length
        + Stream.of(
                edge,
                lines,
                gated,
                queries,
                positionQueries,
                scores,
                positions,
                largest,
                totals,
                results)
            .mapToLong(buffer -> buffer.data.length)
            .sum();
  }

  /** A panel of bf16 on the heap. */
  final ShortBuffer halves = new ShortBuffer();

  /** An array of shorts that grows. */
  static final class ShortBuffer {
    private short[] data = {};

    /** At least {@code length} elements of unspecified value. */
    short[] of(int length) {
      if (data.length < length) {
        data = new short[length + length / 2];
      }
      return data;
    }
  }

  /** An array of ints that grows. */
  static final class IntBuffer {
    private int[] data = {};

    /** At least {@code length} elements of unspecified value. */
    int[] of(int length) {
      if (data.length < length) {
        data = new int[length + length / 2];
      }
      return data;
    }
  }

  /** An array that grows. */
  static final class Buffer {
    private float[] data = {};

    /** At least {@code length} elements of unspecified value. */
    float[] of(int length) {
      if (data.length < length) {
        data = new float[length + length / 2];
      }
      return data;
    }
  }
}
