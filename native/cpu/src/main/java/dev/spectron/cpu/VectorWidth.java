package dev.spectron.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The size of the vector registers that kernels are written for. A class per size, rather than a
 * field, is what makes the species a constant to the just-in-time compiler: as long as a process
 * opens one size only, the call {@link #floats()} has one possible target and folds away. A second
 * size in the same process still computes right, but boxes its vectors and is slow; tests do that,
 * programs should not.
 */
abstract sealed class VectorWidth {
  private final int lanes;

  private VectorWidth(int bits) {
    this.lanes = bits / Float.SIZE;
  }

  /** The width of that many bits: 128, 256 or 512. */
  static VectorWidth of(int bits) {
    return switch (bits) {
      case 128 -> new Bits128();
      case 256 -> new Bits256();
      case 512 -> new Bits512();
      default ->
          throw new IllegalArgumentException(
              "backend cpu: expected a vector width of 128, 256 or 512 bits, found " + bits);
    };
  }

  /** The widest of the three that this machine computes in one register. */
  static int preferredBits() {
    return Math.clamp(FloatVector.SPECIES_PREFERRED.vectorBitSize(), 128, 512);
  }

  /** Vectors of floats. */
  abstract VectorSpecies<Float> floats();

  /** Vectors of as many ints. */
  abstract VectorSpecies<Integer> ints();

  /** Floats in a vector. */
  int lanes() {
    return lanes;
  }

  /**
   * Vectors side by side in a tile of six rows: four where there are 32 registers (AVX-512, NEON),
   * two where there are 16 (AVX2).
   */
  abstract int tileVectors();

  private static final class Bits128 extends VectorWidth {
    private Bits128() {
      super(128);
    }

    @Override
    VectorSpecies<Float> floats() {
      return FloatVector.SPECIES_128;
    }

    @Override
    VectorSpecies<Integer> ints() {
      return IntVector.SPECIES_128;
    }

    @Override
    int tileVectors() {
      return 4;
    }
  }

  private static final class Bits256 extends VectorWidth {
    private Bits256() {
      super(256);
    }

    @Override
    VectorSpecies<Float> floats() {
      return FloatVector.SPECIES_256;
    }

    @Override
    VectorSpecies<Integer> ints() {
      return IntVector.SPECIES_256;
    }

    @Override
    int tileVectors() {
      return 2;
    }
  }

  private static final class Bits512 extends VectorWidth {
    private Bits512() {
      super(512);
    }

    @Override
    VectorSpecies<Float> floats() {
      return FloatVector.SPECIES_512;
    }

    @Override
    VectorSpecies<Integer> ints() {
      return IntVector.SPECIES_512;
    }

    @Override
    int tileVectors() {
      return 4;
    }
  }
}
