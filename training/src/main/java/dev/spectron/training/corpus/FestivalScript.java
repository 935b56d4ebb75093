package dev.spectron.training.corpus;

import dev.spectron.core.error.TrainingException;
import java.util.Locale;

/**
 * A Scheme program for one festival process that does many utterances, as starting festival costs
 * more than speaking.
 *
 * <p>ked is spoken to WAV files. slt is only analysed to label files for {@code hts_engine}, which
 * changes its pitch.
 */
final class FestivalScript {
  /** File that receives the path of the slt voice. */
  static final String HTS_VOICE_FILE = "slt.path";

  private static final double KED_PITCH_HZ = 105;

  private final StringBuilder ked = new StringBuilder("(voice_ked_diphone)\n");
  private final StringBuilder slt =
      new StringBuilder(
          """
          (voice_cmu_us_slt_arctic_hts)
          (set! path (fopen "slt.path" "w"))
          (fwrite (cadr (assoc "-m" hts_engine_params)) path)
          (fclose path)
          (define (label text file)
            (let ((utt (eval (list 'Utterance 'Text text))))
              (Initialize utt) (Text utt) (Token_POS utt) (Token utt) (POS utt) (Phrasify utt) (Word utt) (Pauses utt)
              (Intonation utt) (PostLex utt) (Duration utt) (Int_Targets utt)
              (hts_dump_feats utt hts_feats_list file)))
          """);
  private int kedLines;
  private int sltLines;

  void speakKed(Utterance utterance, String wavFile) {
    kedLines++;
    ked.append(
        String.format(
            Locale.ROOT,
            """
            (set! int_lr_params '((target_f0_mean %.2f) (target_f0_std 15) (model_f0_mean 170) (model_f0_std 34)))
            (Parameter.set 'Duration_Stretch %.4f)
            (utt.save.wave (utt.synth (Utterance Text "%s")) "%s" 'riff)
            """,
            KED_PITCH_HZ * utterance.pitch(),
            1 / utterance.rate(),
            quotable(utterance.sentence()),
            wavFile));
  }

  void labelSlt(Utterance utterance, String labelFile) {
    sltLines++;
    slt.append("(label \"")
        .append(quotable(utterance.sentence()))
        .append("\" \"")
        .append(labelFile)
        .append("\")\n");
  }

  boolean isEmpty() {
    return kedLines + sltLines == 0;
  }

  int lines() {
    return kedLines + sltLines;
  }

  /** The whole program. */
  String text() {
    return (sltLines == 0 ? "" : slt.toString()) + (kedLines == 0 ? "" : ked.toString());
  }

  private static String quotable(String sentence) {
    if (sentence.indexOf('"') >= 0 || sentence.indexOf('\\') >= 0) {
      throw new TrainingException(
          "festival: expected a sentence without quotes and backslashes, found " + sentence);
    }
    return sentence;
  }
}
