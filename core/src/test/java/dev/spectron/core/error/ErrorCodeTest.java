package dev.spectron.core.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCodeTest {
  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void everyCodeHasAnIdOfItsOwnAMeaningAndANextStep(ErrorCode code) {
    assertThat(code.id()).matches("[a-z]+(\\.[a-z_]+)?").hasToString(code.toString());
    assertThat(ErrorCode.ofId(code.id())).isEqualTo(code);
    assertThat(code.meaning()).isNotBlank();
    assertThat(code.nextStep()).isNotBlank();
  }

  @Test
  void anExceptionWithoutACodeOfItsOwnHasThatOfItsType() {
    assertThat(new AudioException("a: b").code()).isEqualTo(ErrorCode.AUDIO_INVALID);
    assertThat(new BackendException("a: b").code()).isEqualTo(ErrorCode.BACKEND_FAILED);
    assertThat(new BundleException("a: b").code()).isEqualTo(ErrorCode.BUNDLE_INVALID);
    assertThat(new CapacityException("a: b").code()).isEqualTo(ErrorCode.CAPACITY_EXCEEDED);
    assertThat(new ShapeException("a: b").code()).isEqualTo(ErrorCode.SHAPE_MISMATCH);
    assertThat(new TrainingException("a: b").code()).isEqualTo(ErrorCode.TRAINING_FAILED);
    assertThat(new SpokenLmException("a: b").code()).isEqualTo(ErrorCode.OTHER);
  }

  @Test
  void anyFailureHasACode() {
    assertThat(ErrorCode.of(new AudioException("a: b", ErrorCode.AUDIO_EMPTY)))
        .isEqualTo(ErrorCode.AUDIO_EMPTY);
    assertThat(ErrorCode.of(new MisuseException("a: b", ErrorCode.MODEL_CLOSED)))
        .isEqualTo(ErrorCode.MODEL_CLOSED);
    assertThat(ErrorCode.of(new ArithmeticException("a"))).isEqualTo(ErrorCode.UNEXPECTED);
    assertThatThrownBy(() -> ErrorCode.ofId("audio.blue"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("error code: expected one of audio.missing, ")
        .hasMessageEndingWith(", found audio.blue");
  }
}
