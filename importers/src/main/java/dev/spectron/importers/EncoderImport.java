package dev.spectron.importers;

import dev.spectron.conformer.ConformerConfig;
import dev.spectron.conformer.ConformerEncoder;
import dev.spectron.core.bundle.BundleWriter;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.layer.ParameterCount;
import dev.spectron.core.tensor.Shape;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Makes the {@code conformer} stage of a bundle of an open speech encoder, with the features that
 * it was trained on. Values are kept bit for bit; tensors go from file to file one at a time.
 */
public final class EncoderImport {
  private static final String STAGE = "conformer";

  private EncoderImport() {}

  /**
   * Imports a folder in the layout of Hugging Face transformers.
   *
   * @param source with {@code config.json} and safetensors
   * @param bundle where it appears; nothing may be there yet
   * @throws BundleException if a file is missing or malformed, the architecture is none that can be
   *     imported, or a tensor is missing, left over or of another shape
   */
  public static ImportReport write(Path source, Path bundle, ImportOptions options) {
    try (HubFolder folder = HubFolder.open(source)) {
      HubConfig hub = folder.config();
      EncoderArchitecture architecture = EncoderArchitecture.of(hub);
      ConformerConfig config = architecture.config(hub);
      Map<String, Shape> shapes =
          ParameterCount.shapes(weights -> ConformerEncoder.load(config, weights));
      StageTensors.Found found =
          StageTensors.find(
              folder,
              shapes,
              architecture.names(config, folder.names()),
              EncoderArchitecture::isNeedless);
      ImportReport report =
          new ImportReport(
              architecture.name().toLowerCase(Locale.ROOT),
              shapes.values().stream().mapToLong(Shape::elements).sum(),
              found.tensors().size(),
              found.needless(),
              Map.of());
      try (BundleWriter writer = new BundleWriter(bundle, options.name())) {
        writer.config("input_features", architecture.features(hub));
        writer.config(STAGE, config);
        writer.card(PartCard.of(STAGE, options, report, hub.values()));
        writer.weights(
            STAGE,
            Map.of(),
            found.tensors().values().stream().map(StageTensors.Tensor::stored).toList());
        writer.commit();
      }
      return report;
    }
  }
}
