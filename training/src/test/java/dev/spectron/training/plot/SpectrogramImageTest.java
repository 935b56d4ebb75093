package dev.spectron.training.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.error.ShapeException;
import dev.spectron.core.error.SpokenLmException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpectrogramImageTest {
  private static final int BINS = 40;

  @TempDir private Path folder;

  @Test
  void aToneIsALineAtItsFrequency() {
    float[] values = new float[100 * BINS];
    Arrays.fill(values, -9);
    int bin = 29;
    for (int t = 0; t < 100; t++) {
      values[t * BINS + bin] = 0;
    }
    BufferedImage image = new SpectrogramCanvas(List.of(panel("tone", values))).draw();
    int x = pixels(SpectrogramCanvas.LEFT + 200);
    double share = 1 - (bin + 0.5) / BINS;
    int y = pixels(SpectrogramCanvas.mapTop(0) + share * SpectrogramCanvas.MAP_HEIGHT);
    assertThat(red(image, x, y)).isGreaterThan(180);
    assertThat(red(image, x, y + 24)).isLessThan(40);
    assertThat(red(image, x, y - 24)).isLessThan(40);
  }

  @Test
  void aSecondIsEquallyLongInAllPanels() {
    SpectrogramPanel whole = panel("whole", new float[200 * BINS]);
    SpectrogramPanel half = panel("half", new float[100 * BINS]);
    BufferedImage image = new SpectrogramCanvas(List.of(whole, half)).draw();
    int width = SpectrogramCanvas.WIDTH - SpectrogramCanvas.LEFT - SpectrogramCanvas.RIGHT;
    int before = pixels(SpectrogramCanvas.LEFT + width / 2.0 - 5);
    int behind = pixels(SpectrogramCanvas.LEFT + width / 2.0 + 5);
    int upper = pixels(SpectrogramCanvas.mapTop(0) + 100);
    int lower = pixels(SpectrogramCanvas.mapTop(1) + 100);
    assertThat(image.getRGB(before, upper)).isEqualTo(image.getRGB(behind, upper));
    assertThat(image.getRGB(before, lower)).isNotEqualTo(image.getRGB(behind, lower));
    assertThat(image.getRGB(before, lower)).isEqualTo(image.getRGB(before, upper));
  }

  @Test
  void theFileIsAPicture() throws IOException {
    Path png = folder.resolve("plot.png");
    SpectrogramImage.write(
        png, List.of(panel("one frame", new float[BINS]), panel("x".repeat(5000), values())));
    BufferedImage image = ImageIO.read(png.toFile());
    assertThat(image.getWidth()).isEqualTo(pixels(SpectrogramCanvas.WIDTH));
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(png);
    }
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Path png = folder.resolve("none").resolve("plot.png");
    assertThatThrownBy(() -> SpectrogramImage.write(png, List.of(panel("tone", values()))))
        .isInstanceOf(SpokenLmException.class)
        .hasMessageStartingWith(png + ": cannot be written (")
        .hasMessageEndingWith("; check the folder, its permissions and the space left");
  }

  @Test
  void noFrameIsNoPicture() {
    assertThatThrownBy(() -> panel("nothing", new float[0]))
        .isInstanceOf(ShapeException.class)
        .hasMessage("plot: expected a positive multiple of 40 values, found 0");
  }

  private static float[] values() {
    float[] values = new float[50 * BINS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i);
    }
    return values;
  }

  private static SpectrogramPanel panel(String text, float[] values) {
    return new SpectrogramPanel("question", text, values, BINS, 0.0125, 20, 8000);
  }

  private static int pixels(double points) {
    return (int) Math.round(points * SpectrogramCanvas.PIXELS_PER_POINT);
  }

  private static int red(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) >> 16 & 0xff;
  }
}
