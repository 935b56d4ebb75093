package dev.spectron.core.backend;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Tensor;
import dev.spectron.core.tensor.Tokens;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The contract notices back ends that are wrong in ways back ends tend to be wrong. */
class PlantedBugTest {
  @Test
  void aMissingBiasIsNoticed() {
    isNoticed(
        PlantedBugs::linearAgreesForEverySize,
        new Bug() {
          @Override
          public Tensor linear(Tensor x, Weight weight, Weight bias) {
            return super.linear(x, weight, Weight.none());
          }
        });
  }

  @Test
  void anErrorInTheFourthDigitIsNoticed() {
    isNoticed(
        PlantedBugs::linearAgreesForEverySize,
        new Bug() {
          @Override
          public Tensor linear(Tensor x, Weight weight, Weight bias) {
            return super.scale(super.linear(x, weight, bias), 1.0001f);
          }
        });
  }

  @Test
  void anUnwrittenElementIsNoticed() {
    isNoticed(
        PlantedBugs::linearAgreesForEverySize,
        new Bug() {
          @Override
          public Tensor linear(Tensor x, Weight weight, Weight bias) {
            Tensor y = super.linear(x, weight, bias);
            float[] values = download(y);
            values[values.length - 1] = Float.NaN;
            return upload(values, y.shape());
          }
        });
  }

  @Test
  void paddingThatIsReadIsNoticed() {
    Bug bug =
        new Bug() {
          @Override
          public Tensor conv1d(
              Tensor x, Weight weight, Weight bias, Conv1dSpec spec, Lengths lengths) {
            return super.conv1d(x, weight, bias, spec, Lengths.full(x));
          }

          @Override
          public Tensor attention(
              Tensor q,
              Tensor k,
              Tensor v,
              AttentionSpec spec,
              Position position,
              Lengths lengths,
              KvCache.Layer cache) {
            return super.attention(q, k, v, spec, position, Lengths.full(q), cache);
          }
        };
    isNoticed(PlantedBugs::conv1dAgreesForEverySize, bug);
    isNoticed(PlantedBugs::conv1dAgreesForEveryGrouping, bug);
    isNoticed(PlantedBugs::everyMaskAgreesUnderEveryPosition, bug);
    isNoticed(PlantedBugs::aPaddedBatchEqualsItsRows, bug);
  }

  @Test
  void aBiasInThePaddingIsNoticed() {
    isNoticed(
        PlantedBugs::conv2dAgreesForEverySize,
        new Bug() {
          @Override
          public Tensor conv2d(
              Tensor x, Weight weight, Weight bias, Conv2dSpec spec, Lengths lengths) {
            Tensor y = super.conv2d(x, weight, bias, spec, lengths);
            float[] values = download(y);
            for (int i = 0; i < values.length; i++) {
              values[i] = values[i] == 0 ? 1e-6f : values[i];
            }
            return upload(values, y.shape());
          }
        });
  }

  @Test
  void aPrefixTakenAsCausalIsNoticed() {
    Bug bug = attention((spec, _) -> causal(spec), (_, position) -> position);
    isNoticed(PlantedBugs::everyMaskAgreesUnderEveryPosition, bug);
    isNoticed(PlantedBugs::aPrefixFilledAtOnceAndThenStepsEqualTheWhole, bug);
  }

  @Test
  void aMaskThatSeesTheFutureIsNoticed() {
    Bug bug = attention((spec, _) -> full(spec), (_, position) -> position);
    isNoticed(PlantedBugs::oddSizesAgree, bug);
    isNoticed(PlantedBugs::futureFramesDoNotChangePastOutput, bug);
  }

  @Test
  void aForgottenPositionIsNoticed() {
    Bug bug = attention((spec, _) -> spec, (_, _) -> new Position.None());
    isNoticed(PlantedBugs::everyMaskAgreesUnderEveryPosition, bug);
    isNoticed(PlantedBugs::everyHeadSharingAgreesUnderEveryPosition, bug);
    isNoticed(PlantedBugs::stepsOverACacheEqualTheWhole, bug);
  }

  @Test
  void aForgottenScaleIsNoticed() {
    Bug bug =
        attention(
            (spec, _) ->
                AttentionSpec.of(spec.nHeads(), spec.nKvHeads(), spec.headDim(), spec.mask()),
            (_, position) -> position);
    isNoticed(PlantedBugs::theScaleIsTheCallers, bug);
  }

  @Test
  void aCacheThatIsNotReadIsNoticed() {
    Bug bug =
        new Bug() {
          @Override
          public Tensor attention(
              Tensor q,
              Tensor k,
              Tensor v,
              AttentionSpec spec,
              Position position,
              Lengths lengths,
              KvCache.Layer cache) {
            return super.attention(q, k, v, spec, position, lengths, KvCache.Layer.none());
          }
        };
    isNoticed(PlantedBugs::stepsOverACacheEqualTheWhole, bug);
    isNoticed(PlantedBugs::longCachesEqualTheWhole, bug);
  }

  @Test
  void anotherGeluIsNoticed() {
    isNoticed(
        PlantedBugs::activationsAgreeFromTailToTail,
        new Bug() {
          @Override
          public Tensor activate(Tensor x, Activation activation) {
            boolean gelu = activation == Activation.GELU;
            return super.activate(x, gelu ? Activation.GELU_TANH : activation);
          }
        });
  }

  @Test
  void aFixedEpsilonIsNoticed() {
    Bug bug =
        new Bug() {
          @Override
          public Tensor layerNorm(Tensor x, Weight gain, Weight bias, float epsilon) {
            return super.layerNorm(x, gain, bias, 1e-5f);
          }
        };
    isNoticed(PlantedBugs::epsilonCounts, bug);
  }

  @Test
  void fusedOperationsThatDifferFromTheirPartsAreNoticed() {
    Bug bug =
        new Bug() {
          @Override
          public Tensor feedForward(
              Tensor x, Weight up, Weight upBias, Activation a, Weight down, Weight downBias) {
            return super.feedForward(x, up, upBias, Activation.TANH, down, downBias);
          }

          @Override
          public Tensor gatedFeedForward(
              Tensor x, Weight gate, Weight up, Activation activation, Weight down) {
            return super.gatedFeedForward(x, up, gate, activation, down);
          }
        };
    isNoticed(PlantedBugs::feedForwardEqualsItsParts, bug);
    isNoticed(PlantedBugs::gatedFeedForwardEqualsItsParts, bug);
  }

  @Test
  void framesCutAtTheWrongPlaceAreNoticed() {
    Bug bug =
        new Bug() {
          @Override
          public Tensor sliceTime(Tensor x, int[] starts, Lengths lengths) {
            return super.sliceTime(x, new int[starts.length], lengths);
          }

          @Override
          public Tensor concatTime(List<Tensor> parts, List<Lengths> lengths) {
            return super.concatTime(parts.reversed(), lengths.reversed());
          }

          @Override
          public Tensor embed(Tokens tokens, Weight table) {
            return super.embed(Tokens.of(0, 0, 0), table);
          }
        };
    isNoticed(PlantedBugs::sliceTimeCutsEachRowAtItsOwnPlace, bug);
    isNoticed(PlantedBugs::concatTimeJoinsValidFrames, bug);
    isNoticed(PlantedBugs::embedCopiesRows, bug);
  }

  @Test
  void aScopeThatFreesNothingIsNoticed() {
    isNoticed(
        PlantedBugs::aHundredStepsLeaveNoTensorBehind,
        new Bug() {
          @Override
          public Scope openScope() {
            return new Leaking(super.openScope());
          }
        });
  }

  @Test
  void aScopeThatKeepsNothingIsNoticed() {
    Bug bug =
        new Bug() {
          @Override
          public Scope openScope() {
            return new Forgetful(super.openScope());
          }
        };
    isNoticed(PlantedBugs::keptTensorsOutliveTheirScope, bug, IllegalStateException.class);
  }

  @Test
  void operationsInPlaceAreNoticed() {
    isNoticed(
        PlantedBugs::resultsDoNotChangeTheirOperands,
        new Bug() {
          @Override
          public Tensor scale(Tensor x, float factor) {
            double[] values = ReferenceTensor.of(x).values();
            for (int i = 0; i < values.length; i++) {
              values[i] *= factor;
            }
            return x;
          }
        });
  }

  private static void isNoticed(Consumer<PlantedBugs> test, Bug bug) {
    isNoticed(test, bug, AssertionError.class);
  }

  private static void isNoticed(
      Consumer<PlantedBugs> test, Bug bug, Class<? extends Throwable> failure) {
    assertThatThrownBy(() -> test.accept(new PlantedBugs(bug))).isInstanceOf(failure);
  }

  private static AttentionSpec causal(AttentionSpec spec) {
    return withMask(spec, new AttentionMask.Causal());
  }

  private static AttentionSpec full(AttentionSpec spec) {
    return withMask(spec, new AttentionMask.Full());
  }

  private static AttentionSpec withMask(AttentionSpec spec, AttentionMask mask) {
    return new AttentionSpec(spec.nHeads(), spec.nKvHeads(), spec.headDim(), spec.scale(), mask);
  }

  private interface SpecChange {
    AttentionSpec of(AttentionSpec spec, Position position);
  }

  private interface PositionChange {
    Position of(AttentionSpec spec, Position position);
  }

  private static Bug attention(SpecChange specs, PositionChange positions) {
    return new Bug() {
      @Override
      public Tensor attention(
          Tensor q,
          Tensor k,
          Tensor v,
          AttentionSpec spec,
          Position position,
          Lengths lengths,
          KvCache.Layer cache) {
        AttentionSpec other = specs.of(spec, position);
        return super.attention(q, k, v, other, positions.of(spec, position), lengths, cache);
      }
    };
  }

  /** The reference with one thing wrong. */
  private static class Bug extends ForwardingBackend {
    private final ReferenceBackend reference;

    Bug() {
      this(new ReferenceBackend());
    }

    private Bug(ReferenceBackend reference) {
      super(reference);
      this.reference = reference;
    }
  }

  private record Forgetful(Scope inner) implements Scope {
    @Override
    public Tensor keep(Tensor x) {
      return x;
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  private record Leaking(Scope inner) implements Scope {
    @Override
    public Tensor keep(Tensor x) {
      return inner.keep(x);
    }

    @Override
    public void close() {}
  }

  /** The contract on a faulty back end. */
  private static final class PlantedBugs extends BackendContract {
    private final Bug bug;

    PlantedBugs(Bug bug) {
      this.bug = bug;
      openBackend();
    }

    @Override
    protected Backend open() {
      return bug;
    }

    @Override
    protected int liveTensors(Backend backend) {
      return bug.reference.liveTensors();
    }
  }
}
