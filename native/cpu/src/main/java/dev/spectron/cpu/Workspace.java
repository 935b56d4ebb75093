package dev.spectron.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

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

  /** Scores of an attention block. */
  final Buffer scores = new Buffer();

  /** Position terms of an attention block. */
  final Buffer positions = new Buffer();

  /** One over the sum of each softmax of an attention block. */
  final Buffer factors = new Buffer();

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
